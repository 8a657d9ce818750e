package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unknownKeys adds a fault for every key that none of the schemas for value
// names. A schema that names no keys at all leaves them free.
func (d *Description) unknownKeys(f *faults, schemas []map[string]any, value any, path string) {
	var s shape
	for _, schema := range schemas {
		d.shape(&s, schema, value)
	}
	for i, element := range list(value) {
		d.unknownKeys(f, s.items, element, fmt.Sprintf("%s[%d]", path, i))
	}
	o := object(value)
	for _, key := range slices.Sorted(maps.Keys(o)) {
		switch named, ok := s.properties[key]; {
		case ok:
			d.unknownKeys(f, named, o[key], path+"."+key)
		case len(s.others) > 0:
			d.unknownKeys(f, s.others, o[key], path+"."+key)
		case len(s.properties) > 0 && !s.open:
			f.add(path+"."+key, "is a key that Discord doesn't know")
		}
	}
}

// A shape is what all schemas that may apply to a value say of its parts.
type shape struct {
	properties map[string][]map[string]any
	items      []map[string]any
	others     []map[string]any // of additionalProperties
	open       bool             // any other key will do
}

func (d *Description) shape(s *shape, schema map[string]any, value any) {
	schema = d.resolve(schema)
	for name, property := range object(schema["properties"]) {
		if s.properties == nil {
			s.properties = make(map[string][]map[string]any)
		}
		s.properties[name] = append(s.properties[name], object(property))
	}
	if items := object(schema["items"]); items != nil {
		s.items = append(s.items, items)
	}
	switch more := schema["additionalProperties"].(type) {
	case bool:
		s.open = s.open || more
	case map[string]any:
		s.others = append(s.others, more)
	}
	for _, keyword := range []string{"allOf", "oneOf", "anyOf"} {
		for _, part := range list(schema[keyword]) {
			if kindAllowed(d.resolve(object(part)), object(value)["type"]) {
				d.shape(s, object(part), value)
			}
		}
	}
}

// kindAllowed says whether a schema may be meant for an object of that type:
// Discord tells the members of a union apart by the number in their type field.
func kindAllowed(schema map[string]any, kind any) bool {
	allowed := list(object(object(schema["properties"])["type"])["enum"])
	return len(allowed) == 0 || slices.ContainsFunc(allowed, func(a any) bool { return fmt.Sprint(a) == fmt.Sprint(kind) })
}

// resolve follows a reference within the description; an unknown one resolves
// to a schema that says nothing.
func (d *Description) resolve(schema map[string]any) map[string]any {
	for range 8 { // references in a circle must not hang a test
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		target := d.doc
		for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			target = object(target[step])
		}
		schema = target
	}
	return schema
}
