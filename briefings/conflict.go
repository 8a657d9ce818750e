package briefings

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
	seen := map[ID]bool{}
	for _, m := range x.Members {
		c.link("members", m)
		seen[m] = true
	}
	if len(seen) < 2 {
		c.bad("members", "a conflict holds at least two items against each other; name another, or write a caveat instead")
	}
	c.chosen("about", x.About)
	c.chosen("state", x.State)
	c.text("rationale", x.Rationale, 280)
	if x.State != OpenConflict && x.Rationale == "" {
		c.bad("rationale", "is missing; only an open conflict needs none")
	}
	if x.State == Preferred && !seen[x.Preferred] {
		c.bad("preferred", "must name one of the members")
	}
}
