package sandbox

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// spot is one place in a request's body. Faults are noted where they are, and all of them
// are told at once, as Discord does.
type spot struct {
	parent *spot
	key    string
	faults []fault
	kids   map[string]*spot
}

type fault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (s *spot) at(key string) *spot {
	if kid := s.kids[key]; kid != nil {
		return kid
	}
	return &spot{parent: s, key: key}
}

func (s *spot) index(i int) *spot { return s.at(strconv.Itoa(i)) }

// fail notes a fault and hooks the place into the tree; places without faults never are.
func (s *spot) fail(code, format string, args ...any) {
	s.faults = append(s.faults, fault{code, fmt.Sprintf(format, args...)})
	for p := s; p.parent != nil; p = p.parent {
		if p.parent.kids == nil {
			p.parent.kids = map[string]*spot{}
		}
		p.parent.kids[p.key] = p
	}
}

// root is the place from which the whole request's faults are told.
func (s *spot) root() *spot {
	for s.parent != nil {
		s = s.parent
	}
	return s
}

func (s *spot) clean() bool { return len(s.faults) == 0 && len(s.kids) == 0 }

// err is nil for a body without faults.
func (s *spot) err() error {
	if s.clean() {
		return nil
	}
	return &apiError{Status: 400, Code: 50035, Message: "Invalid Form Body", Errors: s}
}

func (s *spot) MarshalJSON() ([]byte, error) {
	tree := map[string]any{}
	for key, kid := range s.kids {
		tree[key] = kid
	}
	if len(s.faults) > 0 {
		tree["_errors"] = s.faults
	}
	return json.Marshal(tree)
}

// first is one fault in words with its path, for logs and reasons.
func (s *spot) first(path string) string {
	if len(s.faults) > 0 {
		return strings.TrimPrefix(path, ".") + ": " + s.faults[0].Message
	}
	least := ""
	for key := range s.kids {
		if least == "" || key < least {
			least = key
		}
	}
	return s.kids[least].first(path + "." + least)
}

type kind int

const (
	anyValue kind = iota
	textValue
	wholeValue
	numberValue
	truthValue
	listValue
	objectValue
	idValue
	linkValue
	// blankValue is a key that clients send along empty where it means nothing.
	blankValue
)

// field says what a key of an object may hold. For text and lists min and max count; for
// numbers they bound. A max of 0 sets no upper bound.
type field struct {
	name     string
	kind     kind
	min, max int
	need     bool
	// unique refuses a list that holds a value twice.
	unique bool
	each   func(*spot, any)
}

// judge checks an object's keys against fields, unknown keys included, and returns the
// object, which is empty where v is none.
func judge(at *spot, v any, fields []field) map[string]any {
	obj, ok := v.(map[string]any)
	if !ok {
		at.fail("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return map[string]any{}
	}
	known := make(map[string]bool, len(fields))
	for _, f := range fields {
		known[f.name] = true
		value, there := obj[f.name]
		if !there || value == nil {
			if f.need {
				at.at(f.name).fail("BASE_TYPE_REQUIRED", "This field is required")
			}
			continue
		}
		f.judge(at.at(f.name), value)
	}
	for key := range obj {
		if !known[key] {
			at.at(key).fail("UNKNOWN_KEY", "Discord documents no such field here.")
		}
	}
	return obj
}

func (f field) judge(at *spot, v any) {
	switch f.kind {
	case textValue:
		f.judgeText(at, v)
	case wholeValue, numberValue:
		f.judgeNumber(at, v)
	case truthValue:
		if _, ok := v.(bool); !ok {
			at.fail("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
		}
	case listValue:
		f.judgeList(at, v)
	case idValue:
		if _, ok := idOf(v); !ok {
			at.fail("NUMBER_TYPE_COERCE", "Value %q is not snowflake.", short(v))
		}
	case linkValue:
		f.judgeLink(at, v)
	case blankValue:
		if !blank(v) {
			at.fail("UNKNOWN_KEY", "This field can't be used here.")
		}
	case anyValue, objectValue:
		if f.each != nil {
			f.each(at, v)
		}
	}
}

func (f field) judgeText(at *spot, v any) {
	s, ok := v.(string)
	if !ok {
		at.fail("STRING_TYPE_CONVERT", "Could not interpret %q as string.", short(v))
		return
	}
	f.judgeLength(at, utf8.RuneCountInString(strings.TrimSpace(s)))
	if f.each != nil {
		f.each(at, s)
	}
}

func (f field) judgeLength(at *spot, n int) {
	switch {
	case f.need && f.min > 0 && n == 0:
		at.fail("BASE_TYPE_REQUIRED", "This field is required")
	case f.min > 0 && f.max > 0 && (n < f.min || n > f.max):
		at.fail("BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", f.min, f.max)
	case f.max > 0 && n > f.max:
		at.fail("BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", f.max)
	case n < f.min:
		at.fail("BASE_TYPE_MIN_LENGTH", "Must be %d or more in length.", f.min)
	}
}

func (f field) judgeNumber(at *spot, v any) {
	n, ok := numberOf(v)
	if !ok || f.kind == wholeValue && n != math.Trunc(n) {
		at.fail("NUMBER_TYPE_COERCE", "Value %q is not int.", short(v))
		return
	}
	if f.max != 0 && n > float64(f.max) {
		at.fail("NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", f.max)
	}
	if n < float64(f.min) {
		at.fail("NUMBER_TYPE_MIN", "int value should be greater than or equal to %d.", f.min)
	}
	if f.each != nil {
		f.each(at, v)
	}
}

func (f field) judgeList(at *spot, v any) {
	list, ok := v.([]any)
	if !ok {
		at.fail("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
		return
	}
	f.judgeLength(at, len(list))
	seen := map[string]bool{}
	for i, item := range list {
		if f.each != nil {
			f.each(at.index(i), item)
		}
		if key := fmt.Sprint(item); f.unique && seen[key] {
			at.index(i).fail("SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value")
		} else {
			seen[key] = true
		}
	}
}

func (f field) judgeLink(at *spot, v any) {
	s, ok := v.(string)
	if !ok {
		at.fail("STRING_TYPE_CONVERT", "Could not interpret %q as string.", short(v))
		return
	}
	f.judgeLength(at, utf8.RuneCountInString(s))
	if f.each != nil {
		f.each(at, s)
		return
	}
	judgeScheme(at, s, "http", "https")
}

// judgeScheme refuses what isn't a link of one of the schemes; an empty string passes as
// no link.
func judgeScheme(at *spot, s string, schemes ...string) {
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" && u.Opaque == "" {
		at.fail("URL_TYPE_INVALID_URL", "Not a well formed URL.")
		return
	}
	for _, want := range schemes {
		if u.Scheme == want {
			return
		}
	}
	at.fail("URL_TYPE_INVALID_SCHEME", "Scheme %q must be one of ('%s').", u.Scheme, strings.Join(schemes, "', '"))
}

func numberOf(v any) (float64, bool) {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Float64()
		return n, err == nil
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}

// intOf reads a whole number, and 0 from anything else.
func intOf(v any) int {
	n, ok := numberOf(v)
	if !ok || math.Abs(n) > 1<<53 {
		return 0
	}
	return int(n)
}

func textOf(v any) string { s, _ := v.(string); return s }

func listOf(v any) []any { l, _ := v.([]any); return l }

func objectOf(v any) map[string]any { m, _ := v.(map[string]any); return m }

func truthOf(v any) bool { b, _ := v.(bool); return b }

// idOf reads a snowflake from a string or a bare number.
func idOf(v any) (string, bool) {
	s := textOf(v)
	if n, ok := v.(json.Number); ok {
		s = n.String()
	}
	_, ok := snowflake(s)
	return s, ok
}

func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	n, ok := numberOf(v)
	return ok && n == 0
}

// short quotes an offending value without letting it fill the answer.
func short(v any) string {
	s := fmt.Sprint(v)
	if utf8.RuneCountInString(s) > 40 {
		return string([]rune(s)[:40]) + "…"
	}
	return s
}
