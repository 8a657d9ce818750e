package briefings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// An Item is one piece of a briefing: a pointer to one of the structs named
// like the kinds. Items reached through a [Snapshot] must not be changed;
// [Clone] gives a copy that may.
type Item interface {
	// Head is the envelope that every kind has.
	Head() *Envelope

	check(*checker)
}

// Envelope is what every kind has in common.
type Envelope struct {
	ID           ID                           `json:"id"`
	Refs         []string                     `json:"refs"`
	Sections     []string                     `json:"sections,omitempty"`
	Text         string                       `json:"text,omitempty"`
	Caveat       string                       `json:"caveat,omitempty"`
	Valid        EDTF                         `json:"valid,omitzero"`
	AsOf         EDTF                         `json:"as_of,omitzero"`
	ReviewBy     EDTF                         `json:"review_by,omitzero"`
	Origin       Origin                       `json:"origin,omitempty"`
	Basis        string                       `json:"basis,omitempty"`
	Sources      []Citation                   `json:"sources,omitempty"`
	Translations map[string]map[string]string `json:"translations,omitempty"`
}

// Head returns e itself.
func (e *Envelope) Head() *Envelope { return e }

// Ref is the label shown to people: the first one.
func (e *Envelope) Ref() string {
	if len(e.Refs) == 0 {
		return string(e.ID)
	}
	return e.Refs[0]
}

// A Citation links an item to the source that carries it.
type Citation struct {
	Source      ID          `json:"source"`
	Locator     string      `json:"locator,omitempty"`
	Credibility Credibility `json:"credibility,omitempty"`
	Role        SourceRole  `json:"role,omitempty"`
}

// ParseItem reads the JSON form of an item that [json.Marshal] writes. Unknown
// fields are errors; the rules between items are not checked.
func ParseItem(data []byte) (Item, error) {
	var head struct {
		ID ID `json:"id"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("briefings: read item: %w", err)
	}
	item := NewItem(head.ID.Kind())
	if item == nil {
		return nil, errors.New("briefings: read item: it has no id")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(item); err != nil {
		return nil, fmt.Errorf("briefings: read item %s: %w", head.ID, err)
	}
	return item, nil
}

// Clone returns a deep copy of item.
func Clone(item Item) (Item, error) {
	data, err := json.Marshal(item)
	if err != nil {
		return nil, fmt.Errorf("briefings: copy %s: %w", item.Head().ID, err)
	}
	return ParseItem(data)
}

// Equal reports whether a and b say the same in every field; the error means
// that one of them holds what no item may.
func Equal(a, b Item) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, fmt.Errorf("briefings: compare %s: %w", a.Head().ID, err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		return false, fmt.Errorf("briefings: compare %s: %w", b.Head().ID, err)
	}
	return bytes.Equal(x, y), nil
}

// A Field is one named part of an item.
type Field struct {
	Name string // as in the file form: "said_by"
	Ptr  any    // pointer to the value, of the struct field's type
}

// Fields lists the parts of item in the order of the file form, the envelope
// first.
func Fields(item Item) []Field {
	const most = 32 // more than any kind has
	return appendFields(make([]Field, 0, most), reflect.ValueOf(item).Elem())
}

func appendFields(all []Field, v reflect.Value) []Field {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			all = appendFields(all, v.Field(i))
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		all = append(all, Field{Name: name, Ptr: v.Field(i).Addr().Interface()})
	}
	return all
}
