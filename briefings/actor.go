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
	if len(a.Aliases) > 40 {
		c.bad("aliases", "lists %d spellings, at most 40 fit; remove some", len(a.Aliases))
	}
	for _, alias := range a.Aliases {
		c.need("aliases", alias, 80)
	}
	for _, t := range a.Tenures {
		c.need("tenures", t.Role, 100)
		c.optional("tenures", t.Body, KindActor)
	}
}
