package briefings

import (
	"path"
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
type EventType = Choice[eventTypes]

// The types.
const (
	MeetingEvent EventType = iota + 1
	StrikeEvent
	OutageEvent
	SupplyEvent
	StatementEvent
	ReportEvent
	DecisionEvent
	AppointmentEvent
	BackgroundEvent
	GatheringEvent
)

type eventTypes struct{}

func (eventTypes) lexicon() (what, words string) {
	return "type of event", "meeting|strike|outage|supply|statement|report|decision|appointment|background|gathering"
}

// Happened is whether it did.
type Happened = Choice[happenings]

// The states of happening.
const (
	Yes Happened = iota + 1
	No
	Ongoing
	Scheduled
	Cancelled
	Moved
	Unknown
)

type happenings struct{}

func (happenings) lexicon() (what, words string) {
	return "state of happening", "yes|no|ongoing|scheduled|cancelled|moved|unknown"
}

// Certainty is how firmly a key date stands.
type Certainty = Choice[certainties]

// The certainties.
const (
	Fixed Certainty = iota + 1
	Announced
	Expected
	Conditional
	InferredDate
)

type certainties struct{}

func (certainties) lexicon() (what, words string) {
	return "certainty", "fixed|announced|expected|conditional|inferred"
}

func (e *Event) check(c *checker) {
	c.need("headline", e.Headline, 100)
	c.chosen("type", e.Type)
	c.chosen("happened", e.Happened)
	c.text("place", e.Place, 80)
	c.text("control", e.Control, 80)
	c.text("outcome", e.Outcome, 200)
	c.text("condition", e.Condition, 140)
	c.links("participants", e.Participants, maxNamed, KindActor)
	if first, ok := e.Valid.First(); ok && first.After(c.latest) && (e.Happened == Yes || e.Happened == Ongoing) {
		c.bad("happened", "fault.happened_early", "is {{.Happened}}, but {{.Valid}} has not come yet; set it to scheduled, or mend valid", args{"Happened": e.Happened, "Valid": e.Valid})
	}
	if e.Zone != "" && !c.zone(e.Zone) {
		c.bad("zone", "fault.no_zone", `"{{.Text}}" is no time zone; write an IANA name like Europe/Zurich`, args{"Text": quoted(e.Zone, 40)})
	}
	c.choice("certainty", e.Certainty)
	if !e.Key {
		return
	}
	if e.Valid.IsZero() && e.Certainty == Fixed {
		c.bad("valid", "fault.no_fixed_date", "is missing; give the fixed date, or choose another certainty")
	}
	if e.Certainty == 0 {
		c.bad("certainty", "fault.no_certainty", "is missing; say how firmly the key date stands: choose one of {{.List}}", args{"List": e.Certainty.listed()})
	}
	if e.Certainty == Conditional && e.Condition == "" {
		c.bad("condition", "fault.no_condition", "is missing; say what the date depends on")
	}
}

// zone reports whether name is an IANA zone. Each is looked up once: that
// reads a file, of which Europe/./Kyiv would be another.
func (c *checker) zone(name string) bool {
	exists, asked := c.zones[name]
	if !asked {
		_, err := time.LoadLocation(name)
		exists = err == nil && name != "Local" && path.Clean(name) == name
		c.zones[name] = exists
	}
	return exists
}
