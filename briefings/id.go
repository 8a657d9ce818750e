package briefings

import (
	"regexp"
	"strings"
)

// A DeskID names a desk: the Discord server's id, or [Catalogue].
type DeskID string

// Catalogue is the desk every other one starts from. Nobody asks it questions
// but people without a server, and only start-up changes it.
const Catalogue DeskID = "catalogue"

// A UserID names a person by their Discord id, or a part of sitrep by a word.
type UserID string

// An ID is "kind/kebab-name", at most 64 bytes, never reused.
type ID string

var idPattern = regexp.MustCompile(`^[a-z]+/[a-z0-9]+(-[a-z0-9]+)*$`)

// ParseID checks the form of s and that its kind exists; the error is a [Message].
func ParseID(s string) (ID, error) {
	if wrong := checkID(s); wrong.Say != "" {
		return "", wrong
	}
	return ID(s), nil
}

// checkID is what is wrong with an id; it says nothing where all is well.
func checkID(s string) Message {
	switch {
	case len(s) > 64 || !idPattern.MatchString(s):
		return message("fault.bad_id", `"{{.Text}}" is no id; write kind/name in lower case with hyphens, like figure/recovery-size`, args{"Text": quoted(s, 64)})
	case NewItem(ID(s).Kind()) == nil:
		return message("fault.no_kind", `"{{.Text}}" has no known kind before the slash; the kinds are {{.List}}`, args{"Text": s, "List": join(Kinds())})
	}
	return Message{}
}

// Kind is the part before the slash.
func (id ID) Kind() Kind {
	kind, _, _ := strings.Cut(string(id), "/")
	return Kind(kind)
}

// UnmarshalText is [ParseID].
func (id *ID) UnmarshalText(text []byte) (err error) {
	*id, err = ParseID(string(text))
	return err
}

// A Kind is what an item is. NewItem tells which kinds exist.
type Kind string

// The kinds of items.
const (
	KindSection    Kind = "section"
	KindEvent      Kind = "event"
	KindFigure     Kind = "figure"
	KindActor      Kind = "actor"
	KindPosition   Kind = "position"
	KindStatement  Kind = "statement"
	KindPlan       Kind = "plan"
	KindAssessment Kind = "assessment"
	KindQuestion   Kind = "question"
	KindSource     Kind = "source"
	KindConflict   Kind = "conflict"
)

// Kinds lists every kind in the order documents use.
func Kinds() []Kind {
	return []Kind{
		KindSection, KindEvent, KindFigure, KindActor, KindPosition, KindStatement,
		KindPlan, KindAssessment, KindQuestion, KindSource, KindConflict,
	}
}

// NewItem returns an empty item of kind k, nil for an unknown kind.
func NewItem(k Kind) Item {
	switch k {
	case KindSection:
		return new(Section)
	case KindEvent:
		return new(Event)
	case KindFigure:
		return new(Figure)
	case KindActor:
		return new(Actor)
	case KindPosition:
		return new(Position)
	case KindStatement:
		return new(Statement)
	case KindPlan:
		return new(Plan)
	case KindAssessment:
		return new(Assessment)
	case KindQuestion:
		return new(Question)
	case KindSource:
		return new(Source)
	case KindConflict:
		return new(Conflict)
	}
	return nil
}
