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
type Stance = Choice[stances]

// The stances. Other is for what is no yes or no.
const (
	Supports Stance = iota + 1
	ConditionalStance
	Opposes
	Ambivalent
	NoComment
	NotStated
	OtherStance
)

type stances struct{}

func (stances) lexicon() (what, words string) {
	return "stance", "supports|conditional|opposes|ambivalent|no_comment|not_stated|other"
}

func (p *Position) check(c *checker) {
	c.link("actor", p.Actor, KindActor)
	c.need("issue", p.Issue, 60)
	c.chosen("stance", p.Stance)
	c.text("conditions", p.Conditions, 140)
	if p.Stance == ConditionalStance && p.Conditions == "" {
		c.bad("conditions", "fault.no_conditions", "is missing; say what the stance depends on")
	}
	c.links("statements", p.Statements, maxNamed, KindStatement)
}
