package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// A Fault is one thing that Discord would refuse, or silently ignore.
type Fault struct {
	Path   string // in the body, such as .components[0].label; "" is the body itself
	Reason string
}

func (f *Fault) Error() string {
	if f.Path == "" {
		return "body " + f.Reason
	}
	return f.Path + " " + f.Reason
}

type faults struct{ found []error }

func (f *faults) add(path, format string, args ...any) {
	f.found = append(f.found, &Fault{path, fmt.Sprintf(format, args...)})
}

func (f *faults) join() error { return errors.Join(f.found...) }

// schema adds what a schema found wrong; err is of its Validate.
func (f *faults) schema(err error) {
	if err == nil {
		return
	}
	invalid := new(jsonschema.ValidationError)
	if !errors.As(err, &invalid) {
		f.add("", "can't be judged: %v", err)
		return
	}
	for _, leaf := range leaves(invalid) {
		f.found = append(f.found, leaf)
	}
}

// leaves turns the tree of a validation error into the faults that matter: of a
// union it follows the alternative that was meant.
func leaves(e *jsonschema.ValidationError) []*Fault {
	if len(e.Causes) == 0 {
		return []*Fault{{pathOf(e.InstanceLocation), reason(e.ErrorKind)}}
	}
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		return meant(e)
	}
	var all []*Fault
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// meant returns the faults of the alternative with the fewest, leaving out
// those of another type.
func meant(e *jsonschema.ValidationError) []*Fault {
	at := pathOf(e.InstanceLocation)
	var best []*Fault
	for _, cause := range e.Causes {
		these := leaves(cause)
		if !ofAnotherType(cause, len(e.InstanceLocation)) && (best == nil || len(these) < len(best)) {
			best = these
		}
	}
	if best == nil {
		return []*Fault{{at, "is of a type that is not allowed here"}}
	}
	return best
}

// ofAnotherType says whether an alternative failed because the value isn't what
// it is for: it has another JSON type, or another number in its type field.
func ofAnotherType(e *jsonschema.ValidationError, depth int) bool {
	switch e.ErrorKind.(type) {
	case *kind.Type:
		return len(e.InstanceLocation) == depth
	case *kind.Enum, *kind.Const:
		return len(e.InstanceLocation) == depth+1 && e.InstanceLocation[depth] == "type"
	case *kind.OneOf, *kind.AnyOf:
		return false
	}
	for _, cause := range e.Causes {
		if ofAnotherType(cause, depth) {
			return true
		}
	}
	return false
}

func reason(k jsonschema.ErrorKind) string {
	return "is wrong: " + k.LocalizedString(message.NewPrinter(language.English))
}

func pathOf(location []string) string {
	var b strings.Builder
	for _, step := range location {
		if _, err := strconv.Atoi(step); err == nil {
			fmt.Fprintf(&b, "[%s]", step)
		} else {
			b.WriteString("." + step)
		}
	}
	return b.String()
}

// The following read a decoded body without caring whether it is well formed:
// what has the wrong type is the schema's to report.

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func integer(v any) int64 {
	n, ok := v.(json.Number)
	if !ok {
		return 0
	}
	i, err := n.Int64()
	if err != nil {
		return 0
	}
	return i
}
