package briefings

// A Plan is a document that is drafted, negotiated or signed.
type Plan struct {
	Envelope  `yaml:",inline"`
	Title     string     `json:"title"`
	Aka       []string   `json:"aka,omitempty"`
	VersionOf ID         `json:"version_of,omitempty"`
	Points    int        `json:"points,omitempty"`
	Authors   []ID       `json:"authors,omitempty"`
	Status    PlanStatus `json:"status"`
}

// PlanStatus is how far a plan has come.
type PlanStatus = Choice[planStatuses]

// The statuses, as a plan goes through them.
const (
	ConceptPlan PlanStatus = iota + 1
	DraftPlan
	NegotiatingPlan
	AgreedPlan
	SignedPlan
	DeadPlan
)

type planStatuses struct{}

func (planStatuses) lexicon() (what, words string) {
	return "status of a plan", "concept|draft|negotiating|agreed|signed|dead"
}

func (p *Plan) check(c *checker) {
	c.need("title", p.Title, 100)
	for _, aka := range p.Aka {
		c.need("aka", aka, 80)
	}
	c.optional("version_of", p.VersionOf, KindPlan)
	if p.VersionOf == p.ID {
		c.bad("version_of", "names the plan itself; name the one it was made from")
	}
	if p.Points < 0 || p.Points > 1000 {
		c.bad("points", "must lie between 0 and 1000")
	}
	c.links("authors", p.Authors, KindActor)
	c.chosen("status", p.Status)
}
