package briefings

// A Position is where an actor stands on an issue. A cell that no position
// fills is "not stated", which is not neutral.
type Position struct {
	Envelope   `yaml:",inline"`
	Actor      ID     `json:"actor"`
	Issue      string `json:"issue"`
	Stance     Stance `json:"stance"`
	Conditions string `json:"conditions,omitempty"`
	Statements []ID   `json:"statements,omitempty"`
}

// Stance is how an actor stands to an issue.
type Stance string

// The stances. Other is for what is no yes or no.
const (
	Supports          Stance = "supports"
	ConditionalStance Stance = "conditional"
	Opposes           Stance = "opposes"
	Ambivalent        Stance = "ambivalent"
	NoComment         Stance = "no_comment"
	NotStated         Stance = "not_stated"
	OtherStance       Stance = "other"
)

// UnmarshalText accepts the stances.
func (s *Stance) UnmarshalText(text []byte) error {
	return choose(s, text, "stance", Supports, ConditionalStance, Opposes, Ambivalent, NoComment, NotStated, OtherStance)
}

func (p *Position) check(c *checker) {
	c.link("actor", p.Actor, KindActor)
	c.need("issue", p.Issue, 60)
	c.need("stance", string(p.Stance), 20)
	c.text("conditions", p.Conditions, 140)
	if p.Stance == ConditionalStance && p.Conditions == "" {
		c.bad("conditions", "is missing; say what the stance depends on")
	}
	c.links("statements", p.Statements, KindStatement)
}
