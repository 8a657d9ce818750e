package catalogue

import (
	"encoding"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// maxLength is how long a list may be.
const maxLength = 200

// into reads node into what ptr points at: one of the types that the fields of
// items have.
func (d *decoder) into(node ast.Node, ptr any) {
	v := reflect.ValueOf(ptr).Elem()
	if null, ok := node.(*ast.NullNode); ok {
		d.bad(null.Token, "is empty; write a value, or remove the line")
		return
	}
	if u, ok := ptr.(encoding.TextUnmarshaler); ok {
		if text, ok := d.text(node); ok {
			if err := u.UnmarshalText([]byte(text)); err != nil {
				d.bad(node.GetToken(), "%v", err)
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		text, _ := d.text(node)
		v.SetString(text)
	case reflect.Int, reflect.Bool:
		d.plain(node, v)
	case reflect.Slice:
		d.list(node, v)
	case reflect.Struct:
		d.record(node, v)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.into(node, v.Interface())
	case reflect.Map:
		d.table(node, v)
	default:
		panic("catalogue: no item has a field of type " + v.Type().String())
	}
}

// scalar is the text of a single value, as it was written: 2026 and 1.50 are
// texts as much as "2026" and "1.50" are.
func scalar(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n"), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func (d *decoder) text(node ast.Node) (string, bool) {
	text, ok := scalar(node)
	if !ok {
		d.bad(node.GetToken(), "must be one text; put it in quotes if it holds [ ] { } or a colon")
	}
	return text, ok
}

func (d *decoder) plain(node ast.Node, v reflect.Value) {
	text, ok := d.text(node)
	if !ok {
		return
	}
	if v.Kind() == reflect.Bool {
		if text != "true" && text != "false" {
			d.bad(node.GetToken(), "%q is neither true nor false; write one of them", clip(text))
		}
		v.SetBool(text == "true")
		return
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || strconv.FormatInt(n, 10) != text { // 010 is eight to some readers
		d.bad(node.GetToken(), "%q is no whole number; write digits only, like 20", clip(text))
	}
	v.SetInt(n)
}

func (d *decoder) list(node ast.Node, v reflect.Value) {
	s, ok := node.(*ast.SequenceNode)
	if !ok {
		d.bad(node.GetToken(), `must be a list; write [A, B], or one entry per line after "- "`)
		return
	}
	if len(s.Values) > maxLength {
		d.bad(node.GetToken(), "lists %d entries, at most %d fit; remove some", len(s.Values), maxLength)
		return
	}
	for _, entry := range s.Values {
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		d.into(entry, v.Index(v.Len()-1).Addr().Interface())
	}
}

func (d *decoder) mapping(node ast.Node) []*ast.MappingValueNode {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	d.bad(node.GetToken(), "must be keys and values; write one per line, indented, like key: value")
	return nil
}

// record reads a struct by the names of the file form.
func (d *decoder) record(node ast.Node, v reflect.Value) {
	known := make(map[string]reflect.Value, v.NumField())
	names := make([]string, v.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		known[names[i]] = v.Field(i)
	}
	seen := map[string]bool{}
	for _, pair := range d.mapping(node) {
		key, ok := d.key(pair)
		switch {
		case !ok:
		case !known[key].IsValid():
			d.unknown(pair, key, names)
		case seen[key]:
			d.bad(pair.Key.GetToken(), "%s stands here for the second time; remove one of them", key)
		default:
			d.into(pair.Value, known[key].Addr().Interface())
		}
		seen[key] = true
	}
}

func (d *decoder) table(node ast.Node, v reflect.Value) {
	v.Set(reflect.MakeMap(v.Type()))
	for _, pair := range d.mapping(node) {
		key, ok := d.key(pair)
		if !ok {
			continue
		}
		name := reflect.ValueOf(key)
		if v.MapIndex(name).IsValid() {
			d.bad(pair.Key.GetToken(), "%q stands here for the second time; remove one of them", clip(key))
			continue
		}
		value := reflect.New(v.Type().Elem())
		d.into(pair.Value, value.Interface())
		v.SetMapIndex(name, value.Elem())
	}
}
