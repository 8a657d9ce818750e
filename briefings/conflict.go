package briefings

import "slices"

// A Conflict holds items side by side that cannot, or seem not to, hold
// together. It never overwrites any of them.
type Conflict struct {
	Envelope  `yaml:",inline"`
	Members   []ID          `json:"members"`
	About     ConflictAbout `json:"about"`
	State     ConflictState `json:"state"`
	Preferred ID            `json:"preferred,omitempty"`
	Rationale string        `json:"rationale,omitempty"`
}

// ConflictAbout is what the members differ on.
type ConflictAbout = Choice[conflictAbouts]

// The subjects.
const (
	ValueConflict ConflictAbout = iota + 1
	AttributionConflict
	StanceConflict
	WordingConflict
	TimingConflict
	IdentityConflict
)

type conflictAbouts struct{}

func (conflictAbouts) lexicon() (what, words string) {
	return "subject of a conflict", "value|attribution|stance|wording|timing|identity"
}

// ConflictState is how far a conflict is settled.
type ConflictState = Choice[conflictStates]

// The states.
const (
	OpenConflict ConflictState = iota + 1
	Preferred
	BothTrue
	Explained
)

type conflictStates struct{}

func (conflictStates) lexicon() (what, words string) {
	return "state of a conflict", "open|preferred|both_true|explained"
}

func (x *Conflict) check(c *checker) {
	c.links("members", x.Members, maxNamed, KindEvent, KindFigure, KindActor, KindPosition, KindStatement, KindPlan, KindAssessment)
	if len(x.Members) < 2 {
		c.bad("members", "fault.few_members", "a conflict holds at least two items against each other; name another, or write a caveat instead")
	}
	c.chosen("about", x.About)
	c.chosen("state", x.State)
	c.text("rationale", x.Rationale, 280)
	if x.State != OpenConflict && x.Rationale == "" {
		c.bad("rationale", "fault.no_rationale", "is missing; say why, which only an open conflict need not")
	}
	switch is := slices.Contains(x.Members, x.Preferred); {
	case x.State == Preferred && !is:
		c.bad("preferred", "fault.preferred_stranger", "is none of the members; name the one that is preferred")
	case x.State != Preferred && x.Preferred != "":
		c.bad("preferred", "fault.preferred_unasked", "is set although state is {{.State}}; set state to preferred, or remove it", args{"State": x.State})
	}
}
