package briefings

// An Actor is a person, a state or a body.
type Actor struct {
	Envelope `yaml:",inline"`
	Name     string    `json:"name"`
	Aliases  []string  `json:"aliases,omitempty"` // every other spelling, in any script
	Is       ActorType `json:"is"`
	Side     string    `json:"side,omitempty"`
	Tenures  []Tenure  `json:"tenures,omitempty"` // newest first
}

// A Tenure is a role that somebody holds or held.
type Tenure struct {
	Role string `json:"role"`
	Body ID     `json:"body,omitempty"`
	From EDTF   `json:"from,omitzero"`
	To   EDTF   `json:"to,omitzero"`
}

// ActorType is what sort of actor it is.
type ActorType = Choice[actorTypes]

// The types that screens tell apart.
const (
	Person ActorType = iota + 1
	StateActor
	BodyActor
	PartyActor
	MilitaryActor
	OrganisationActor
	MediaActor
	GroupActor
	ProposedActor
	Unnamed
)

type actorTypes struct{}

func (actorTypes) lexicon() (what, words string) {
	return "type of actor", "person|state|body|party|military|organisation|media|group|proposed|unnamed"
}

// Human reports whether the actor is one human being, named or not.
func (a *Actor) Human() bool { return a.Is == Person || a.Is == Unnamed }

func (a *Actor) check(c *checker) {
	c.need("name", a.Name, 80)
	c.chosen("is", a.Is)
	c.text("side", a.Side, 40)
	c.texts("aliases", a.Aliases, 40, 80)
	if len(a.Tenures) > 20 {
		c.bad("tenures", "fault.many_roles", "lists {{.Number}} roles, at most 20 fit; remove some", args{"Number": len(a.Tenures)})
		return
	}
	for _, t := range a.Tenures {
		c.need("tenures", t.Role, 100)
		c.optional("tenures", t.Body, KindActor)
		switch from, to := t.From, t.To; {
		case from.IsInterval() || to.IsInterval():
			c.bad("tenures", "fault.tenure_interval", "from and to are one date each; write them without a slash, like 2026-01-19")
		case !from.IsZero() && !to.IsZero() && to.ends(from):
			c.bad("tenures", "fault.tenure_reversed", "from {{.From}} comes after to {{.To}}; write the earlier date as from", args{"From": from, "To": to})
		}
	}
}
