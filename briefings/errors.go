package briefings

import (
	"errors"
	"fmt"
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
	// without a phrase there is only Say, mostly in English.
	Phrase string
	Args   map[string]any
}

func (e *UserError) Error() string { return fmt.Sprintf("%v: %s", e.Kind, e.Say) }

// Unwrap returns the kind.
func (e *UserError) Unwrap() error { return e.Kind }

// Tell makes a [UserError].
func Tell(kind error, say string) error { return &UserError{Kind: kind, Say: say} }

// TellAs makes a [UserError] that can be said in any language: phrase with args
// is what say is in English.
func TellAs(kind error, phrase string, args map[string]any, say string) error {
	return &UserError{Kind: kind, Say: say, Phrase: phrase, Args: args}
}
