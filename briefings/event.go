package briefings

import (
	"cmp"
	"time"
)

// An Event is something that happened, did not, or is to come. With Key set it
// is a key date, which digests may count down to.
type Event struct {
	Envelope     `yaml:",inline"`
	Headline     string    `json:"headline"`
	Type         EventType `json:"type"`
	Happened     Happened  `json:"happened"`
	Place        string    `json:"place,omitempty"`
	Control      string    `json:"control,omitempty"` // who holds the place
	Participants []ID      `json:"participants,omitempty"`
	Outcome      string    `json:"outcome,omitempty"` // or "unknown"
	Key          bool      `json:"key,omitempty"`
	Certainty    Certainty `json:"certainty,omitempty"`
	Condition    string    `json:"condition,omitempty"`
	Zone         string    `json:"zone,omitempty"` // IANA
	AllDay       bool      `json:"all_day,omitempty"`
}

// EventType is what sort of thing happened.
type EventType string

// UnmarshalText accepts the types.
func (t *EventType) UnmarshalText(text []byte) error {
	return choose(t, text, "type of event", "meeting", "strike", "outage", "supply", "statement", "report",
		"decision", "appointment", "background", "gathering")
}

// Happened is whether it did.
type Happened string

// The states of happening.
const (
	Yes       Happened = "yes"
	No        Happened = "no"
	Ongoing   Happened = "ongoing"
	Scheduled Happened = "scheduled"
	Cancelled Happened = "cancelled"
	Moved     Happened = "moved"
	Unknown   Happened = "unknown"
)

// UnmarshalText accepts the states.
func (h *Happened) UnmarshalText(text []byte) error {
	return choose(h, text, "state of happening", Yes, No, Ongoing, Scheduled, Cancelled, Moved, Unknown)
}

// Certainty is how firmly a key date stands.
type Certainty string

// The certainties.
const (
	Fixed        Certainty = "fixed"
	Announced    Certainty = "announced"
	Expected     Certainty = "expected"
	Conditional  Certainty = "conditional"
	InferredDate Certainty = "inferred"
)

// UnmarshalText accepts the certainties.
func (ct *Certainty) UnmarshalText(text []byte) error {
	return choose(ct, text, "certainty", Fixed, Announced, Expected, Conditional, InferredDate)
}

func (e *Event) check(c *checker) {
	c.need("headline", e.Headline, 100)
	c.need("type", string(e.Type), 20)
	c.need("happened", string(e.Happened), 20)
	c.text("place", e.Place, 80)
	c.text("control", e.Control, 80)
	c.text("outcome", e.Outcome, 200)
	c.text("condition", e.Condition, 140)
	c.links("participants", e.Participants, KindActor)
	if _, err := time.LoadLocation(cmp.Or(e.Zone, "UTC")); err != nil || e.Zone == "Local" {
		c.bad("zone", "%q is no time zone; write an IANA name like Europe/Zurich", clip(e.Zone, 40))
	}
	if !e.Key {
		return
	}
	if e.Certainty == "" {
		c.bad("certainty", "is missing; a key date says how firmly it stands")
	}
	if e.Certainty == Conditional && e.Condition == "" {
		c.bad("condition", "is missing; say what the date depends on")
	}
}
