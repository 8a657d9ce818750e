package catalogue

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sitrep/briefings"
)

// width is where lines are broken, in characters, if they can be.
const width = 100

// writer writes the small part of YAML that the form needs, so that its bytes
// depend on nobody else's taste.
type writer struct{ b strings.Builder }

func (w *writer) item(item briefings.Item) {
	lead := "- "
	for _, f := range briefings.Fields(item) {
		if w.field(lead, f.Name, 2, reflect.ValueOf(f.Ptr).Elem()) {
			lead = "  "
		}
	}
}

// field writes "key: value" after lead, whose width is indent, and reports
// whether there was anything to write.
func (w *writer) field(lead, key string, indent int, v reflect.Value) bool {
	v = reflect.Indirect(v)
	if !v.IsValid() || v.IsZero() || (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0 {
		return false
	}
	key = flowWord(key)
	w.b.WriteString(lead + key + ":")
	room := width - indent - utf8.RuneCountInString(key) - 2
	switch {
	case single(v):
		w.scalar(inline(v), indent, room)
	case v.Kind() == reflect.Slice:
		w.list(v, indent, room)
	case v.Kind() == reflect.Map:
		w.b.WriteByte('\n')
		w.table(v, indent+2)
	default:
		w.b.WriteByte('\n')
		w.record(strings.Repeat(" ", indent+2), indent+2, v)
	}
	return true
}

// single reports whether v is one value, not a list or a table.
func single(v reflect.Value) bool {
	if _, ok := v.Interface().(encoding.TextMarshaler); ok {
		return true
	}
	switch v.Kind() {
	case reflect.String, reflect.Int, reflect.Bool:
		return true
	}
	return false
}

// word is a scalar: its text, and whether it stays as it is.
type word struct {
	text string
	bare bool
}

func inline(v reflect.Value) word {
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		text, err := m.MarshalText()
		if err != nil {
			panic(err) // no value that can be read returns one
		}
		return word{text: string(text)}
	}
	if v.Kind() == reflect.String {
		return word{text: v.String()}
	}
	return word{text: fmt.Sprint(v.Interface()), bare: true}
}

func (w *writer) scalar(s word, indent, room int) {
	if s.bare {
		w.b.WriteString(" " + s.text + "\n")
		return
	}
	text := s.text
	if !plain(text) {
		text = strconv.Quote(text)
	}
	if utf8.RuneCountInString(text) <= room || !foldable(s.text) {
		w.b.WriteString(" " + text + "\n")
		return
	}
	w.b.WriteString(" >-\n")
	for _, line := range fold(s.text, width-indent-2) {
		w.b.WriteString(strings.Repeat(" ", indent+2) + line + "\n")
	}
}

func (w *writer) list(v reflect.Value, indent, room int) {
	pad := strings.Repeat(" ", indent+2)
	if flow, ok := flowList(v); ok && utf8.RuneCountInString(flow) <= room {
		w.b.WriteString(" " + flow + "\n")
		return
	}
	w.b.WriteByte('\n')
	for i := range v.Len() {
		entry := v.Index(i)
		flow, ok := flowRecord(entry)
		switch {
		case single(entry):
			w.b.WriteString(pad + "-")
			w.scalar(inline(entry), indent+2, width-indent-4)
		case ok && utf8.RuneCountInString(flow) <= width-indent-4:
			w.b.WriteString(pad + "- " + flow + "\n")
		default:
			w.record(pad+"- ", indent+4, entry)
		}
	}
}

// record writes the fields of a struct, the first one after lead.
func (w *writer) record(lead string, indent int, v reflect.Value) {
	empty := true
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if w.field(lead, name, indent, v.Field(i)) {
			lead, empty = strings.Repeat(" ", indent), false
		}
	}
	if empty {
		w.b.WriteString(lead + "{}\n")
	}
}

func (w *writer) table(v reflect.Value, indent int) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		lead := strings.Repeat(" ", indent)
		if w.field(lead, key.String(), indent, v.MapIndex(key)) {
			continue
		}
		empty := "{}"
		if v.Type().Elem().Kind() == reflect.String {
			empty = `""`
		}
		w.b.WriteString(lead + flowWord(key.String()) + ": " + empty + "\n")
	}
}

// flowList is v on one line, false where its entries are no single values.
func flowList(v reflect.Value) (string, bool) {
	words := make([]string, v.Len())
	for i := range words {
		entry := v.Index(i)
		if !single(entry) {
			return "", false
		}
		words[i] = flowWord(inline(entry).text)
	}
	return "[" + strings.Join(words, ", ") + "]", true
}

func flowRecord(v reflect.Value) (string, bool) {
	if v.Kind() != reflect.Struct {
		return "", false
	}
	var pairs []string
	for i := range v.NumField() {
		f := v.Field(i)
		if !single(f) {
			return "", false
		}
		if f.IsZero() {
			continue
		}
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		text := inline(f)
		if !text.bare {
			text.text = flowWord(text.text)
		}
		pairs = append(pairs, name+": "+text.text)
	}
	return "{" + strings.Join(pairs, ", ") + "}", true
}

// flowWord quotes s unless it can stand bare between brackets.
func flowWord(s string) string {
	if plain(s) && !strings.ContainsAny(s, ",?&") {
		return s
	}
	return strconv.Quote(s)
}

// plain reports whether s can stand without quotes and be taken for a text by
// every reader of YAML.
func plain(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(first) || strings.HasSuffix(s, " ") {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" ,.;/()%'’–—-_+&°?!$€", r) {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity":
		return false
	}
	return true
}

// foldable reports whether breaking s at its spaces and joining it again gives s.
func foldable(s string) bool {
	return s != "" && strings.Join(strings.Fields(s), " ") == s &&
		strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// fold breaks s at spaces into lines of at most most characters where it can.
func fold(s string, most int) []string {
	var lines []string
	line := ""
	for w := range strings.SplitSeq(s, " ") {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > most {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(lines, line)
}
