package briefings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// CompareFields lists the fields in which two versions of an item differ, in
// the order of the file form. before may be nil for an item that is new.
func CompareFields(before, after Item) []FieldChange {
	if before == nil {
		before = NewItem(after.Head().ID.Kind())
	}
	now := Fields(after)
	var all []FieldChange
	for i, f := range Fields(before) {
		old, errOld := json.Marshal(f.Ptr)
		current, errNew := json.Marshal(now[i].Ptr)
		if errOld != nil || errNew != nil || !bytes.Equal(old, current) {
			all = append(all, FieldChange{Name: f.Name, Old: Show(f.Ptr), New: Show(now[i].Ptr)})
		}
	}
	return all
}

// Show words the value of a [Field] on one line for people, always in the same
// way; it is empty where nothing was written. Most of it is what somebody
// wrote, so it is to be escaped.
func Show(ptr any) string { return show(reflect.ValueOf(ptr)) }

func show(v reflect.Value) string {
	if !v.IsValid() || v.IsZero() {
		return ""
	}
	if text, ok := v.Interface().(fmt.Stringer); ok && v.Kind() != reflect.Pointer {
		return text.String()
	}
	switch v.Kind() {
	case reflect.Pointer:
		return show(v.Elem())
	case reflect.Bool:
		return "yes"
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Slice:
		return showList(v)
	case reflect.Map:
		return showMap(v)
	case reflect.Struct:
		return showRecord(v)
	}
	return v.String()
}

func showList(v reflect.Value) string {
	parts := make([]string, v.Len())
	for i := range parts {
		parts[i] = show(v.Index(i))
	}
	if v.Type().Elem().Kind() == reflect.Struct {
		return strings.Join(parts, "; ")
	}
	return strings.Join(parts, ", ")
}

func showMap(v reflect.Value) string {
	var parts []string
	for _, key := range v.MapKeys() {
		parts = append(parts, key.String()+": "+show(v.MapIndex(key)))
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

// showRecord names every part that is written: "role: President, from: 2019".
func showRecord(v reflect.Value) string {
	var parts []string
	for i := range v.NumField() {
		if text := show(v.Field(i)); text != "" {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			parts = append(parts, name+": "+text)
		}
	}
	return strings.Join(parts, ", ")
}
