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
type ConflictAbout string

// UnmarshalText accepts what conflicts are about.
func (a *ConflictAbout) UnmarshalText(text []byte) error {
	return choose(a, text, "subject of a conflict", "value", "attribution", "stance", "wording", "timing", "identity")
}

// ConflictState is how far a conflict is settled.
type ConflictState string

// The states.
const (
	OpenConflict ConflictState = "open"
	Preferred    ConflictState = "preferred"
	BothTrue     ConflictState = "both_true"
	Explained    ConflictState = "explained"
)

// UnmarshalText accepts the states.
func (s *ConflictState) UnmarshalText(text []byte) error {
	return choose(s, text, "state of a conflict", OpenConflict, Preferred, BothTrue, Explained)
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
	c.need("about", string(x.About), 20)
	c.need("state", string(x.State), 20)
	c.text("rationale", x.Rationale, 280)
	if x.State != OpenConflict && x.Rationale == "" {
		c.bad("rationale", "is missing; only an open conflict needs none")
	}
	if x.State == Preferred && !seen[x.Preferred] {
		c.bad("preferred", "must name one of the members")
	}
}
