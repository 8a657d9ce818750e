package catalogue

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"sitrep/briefings"
)

// chunk reads the text of one item.
func (r *reader) chunk(c chunk) {
	d := &decoder{reader: r, chunk: c, id: c.id()}
	node := d.parse()
	if node == nil {
		r.ghost(c)
		return
	}
	d.id = ""
	d.item(node)
}

var idLine = regexp.MustCompile(`(?m)^(?:- | +)id: *["']?([a-z]+/[a-z0-9-]+)`)

// ghost stands in for an item that could not be read, so that nobody is told
// that the item doesn't exist.
func (r *reader) ghost(c chunk) {
	if id := c.id(); id != "" && r.places[id] == nil {
		r.keep(id, briefings.NewItem(id.Kind()), &place{file: c.file, line: int32(c.line), column: 1, broken: true})
	}
}

// id is the item's id where it can be told without parsing.
func (c chunk) id() briefings.ID {
	found := idLine.FindStringSubmatch(c.text)
	if found == nil {
		return ""
	}
	id, err := briefings.ParseID(found[1])
	if err != nil {
		return ""
	}
	return id
}

func (r *reader) keep(id briefings.ID, item briefings.Item, p *place) {
	item.Head().ID = id
	r.items = append(r.items, item)
	r.places[id] = p
}

// decoder turns the text of one item into values.
type decoder struct {
	*reader
	chunk chunk
	id    briefings.ID
	field string
}

func (d *decoder) bad(t *token.Token, format string, args ...any) {
	line, column := d.at(t)
	d.reader.bad(Fault{File: d.chunk.file, Line: line, Column: column, Item: d.id, Field: d.field, Say: fmt.Sprintf(format, args...)})
}

// at is where t stands in the file.
func (d *decoder) at(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return d.chunk.line, 1
	}
	return d.chunk.line + t.Position.Line - 1, max(t.Position.Column, 1)
}

// parse returns the one item of the chunk, nil where a fault was reported.
func (d *decoder) parse() ast.Node {
	tokens := lexer.Tokenize(d.chunk.text + "\n")
	if t, say := guard(tokens); t != nil {
		d.bad(t, "%s", say)
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var at *token.Token
		problem := "unknown trouble"
		if fault := new(yaml.SyntaxError); errors.As(err, &fault) {
			at, problem = fault.Token, fault.Message
		}
		d.bad(at, "%s", syntax(problem))
		return nil
	}
	if len(file.Docs) == 1 {
		if list, ok := file.Docs[0].Body.(*ast.SequenceNode); ok && len(list.Values) == 1 {
			return list.Values[0]
		}
	}
	d.bad(nil, "%s", syntax("no item is found here"))
	return nil
}

// item reads the keys of an item. One that can't be read doesn't hide the next.
func (d *decoder) item(node ast.Node) {
	m, ok := node.(*ast.MappingNode)
	if !ok {
		d.bad(node.GetToken(), `an item is made of keys and values; start it with "- id: kind/name"`)
		return
	}
	id, item := d.identify(m)
	if item == nil {
		return
	}
	fields := briefings.Fields(item)
	p := &place{file: d.chunk.file, line: int32(d.chunk.line), column: 1, fields: make([]spot, 0, min(len(m.Values), len(fields)))}
	for _, v := range m.Values {
		d.value(fields, v, p)
	}
	d.field = ""
	switch first := d.places[id]; {
	case id == "":
	case first != nil:
		at := p.at("id")
		d.reader.bad(Fault{
			File: p.file, Line: int(at.line), Column: int(at.column), Item: id, Field: "id",
			Say: fmt.Sprintf("is already used at %s:%d; give one of them another name", first.file, first.line),
		})
	default:
		d.keep(id, item, p)
	}
}

// identify finds the id. Where only the name in it is bad, the item is read all
// the same, under no id, for its other faults.
func (d *decoder) identify(m *ast.MappingNode) (briefings.ID, briefings.Item) {
	i := slices.IndexFunc(m.Values, func(v *ast.MappingValueNode) bool {
		key, _ := scalar(v.Key)
		return key == "id"
	})
	if i < 0 {
		d.bad(nil, "id is missing; start the item with id: kind/name, like id: figure/recovery-size")
		return "", nil
	}
	text, ok := scalar(m.Values[i].Value)
	if !ok {
		d.bad(m.Values[i].Key.GetToken(), "id must be kind/name, like figure/recovery-size")
		return "", nil
	}
	id, err := briefings.ParseID(text)
	if err == nil {
		d.id = id
		return id, briefings.NewItem(id.Kind())
	}
	item := briefings.NewItem(briefings.ID(text).Kind())
	if item == nil {
		d.bad(m.Values[i].Value.GetToken(), "id: %v%s", err, meant(briefings.ID(text).Kind(), briefings.Kinds()))
	}
	return "", item
}

// value reads one key of an item with fields, and its value, and notes where it stands.
func (d *decoder) value(fields []briefings.Field, v *ast.MappingValueNode, p *place) {
	d.field = ""
	key, ok := d.key(v)
	if !ok {
		return
	}
	i := slices.IndexFunc(fields, func(f briefings.Field) bool { return f.Name == key })
	if i < 0 {
		d.unknown(v, key, fieldNames(fields))
		return
	}
	if p.at(key) != nil {
		d.bad(v.Key.GetToken(), "%s stands here for the second time; remove one of them", key)
		return
	}
	d.field = key
	before := len(d.faults)
	d.into(v.Value, fields[i].Ptr)
	line, column := d.at(v.Key.GetToken())
	p.fields = append(p.fields, spot{name: fields[i].Name, line: int32(line), column: int32(column), bad: len(d.faults) > before || d.full()})
}

func (d *decoder) key(v *ast.MappingValueNode) (string, bool) {
	text, ok := scalar(v.Key)
	if !ok {
		d.bad(v.Key.GetToken(), "a key must be a word; write it without brackets")
	}
	return text, ok
}

func (d *decoder) unknown(v *ast.MappingValueNode, key string, known []string) {
	hint := meant(key, known)
	if hint == "" {
		hint = "; the keys are " + strings.Join(known, ", ")
	}
	d.bad(v.Key.GetToken(), "%q is no key here%s", clip(key), hint)
}

func fieldNames(fields []briefings.Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

// meant is a hint at the one of all that s most likely was to be.
func meant[T ~string](s T, all []T) string {
	if near := briefings.Nearest(string(s), all); near != "" {
		return fmt.Sprintf("; did you mean %q?", string(near))
	}
	return ""
}

// clip shortens what a message quotes.
func clip(s string) string {
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:39]) + "…"
	}
	return s
}
