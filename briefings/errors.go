package briefings

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The kinds of a [UserError], and what stores report.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
	// ErrStale means that what a change was made from is no longer the newest.
	ErrStale = errors.New("stale")
	// ErrUnavailable means that a part sitrep needs is away for now.
	ErrUnavailable = errors.New("unavailable")
)

// A UserError is a mistake that the person can mend. Say is written for them,
// names the next step, and is the only error text that Discord ever shows.
type UserError struct {
	Say  string
	Kind error // ErrNotFound, ErrInvalid, ErrStale or ErrUnavailable

	// Phrase and Args say the same in any language, as package words has it;
	// without a phrase or faults there is only Say.
	Phrase string
	Args   map[string]any
	// Faults are the rules that were broken. Say has them too, one a line,
	// behind what the phrase says.
	Faults []Fault
}

func (e *UserError) Error() string { return fmt.Sprintf("%v: %s", e.Kind, e.Say) }

// Unwrap returns the kind.
func (e *UserError) Unwrap() error { return e.Kind }

// Tell makes a [UserError].
func Tell(kind error, say string) error { return &UserError{Kind: kind, Say: say} }

// TellAs makes a [UserError] that can be said in any language: english is the
// phrase in English, and args the parameters of both.
func TellAs(kind error, phrase string, args map[string]any, english string) error {
	return &UserError{Kind: kind, Say: fill(english, args), Phrase: phrase, Args: args}
}

// Refuse makes a [UserError] of faults in what somebody filled in.
func Refuse(faults []Fault) error { return tellFaults(Message{}, faults) }

// FaultOf is what the UnmarshalText of a field returned as a fault of that field.
func FaultOf(field string, err error) Fault {
	wrong := Message{Say: err.Error()}
	errors.As(err, &wrong)
	return Fault{Field: field, Message: wrong}
}

// tellFaults makes a [UserError] of faults, behind lead where that says
// something, in at most 1,000 characters of English.
func tellFaults(lead Message, faults []Fault) error {
	const most = 1000
	e := &UserError{Kind: ErrInvalid, Say: lead.Say, Phrase: lead.Phrase, Args: lead.Args}
	for _, f := range faults {
		line := f.line()
		if len(e.Faults) > 0 && utf8.RuneCountInString(e.Say+line) >= most {
			break
		}
		e.Faults = append(e.Faults, f)
		e.Say = strings.TrimPrefix(e.Say+"\n"+line, "\n")
	}
	e.Say = clip(e.Say, most)
	return e
}

// line is a fault as a sentence, behind the item and the field that it names.
func (f Fault) line() string {
	end := "."
	if strings.HasSuffix(f.Say, "?") {
		end = ""
	}
	switch {
	case f.Item != "":
		return fmt.Sprintf("%s: %s: %s%s", f.Item, f.Field, f.Say, end)
	case f.Field != "":
		return fmt.Sprintf("%s: %s%s", f.Field, f.Say, end)
	}
	return fmt.Sprintf("Nothing was saved: %s%s", f.Say, end)
}
