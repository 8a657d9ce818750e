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
	c.texts("aka", p.Aka, 20, 80)
	c.optional("version_of", p.VersionOf, KindPlan)
	c.line("version_of")
	if p.Points < 0 || p.Points > 1000 {
		c.bad("points", "fault.points_range", "are {{.Number}}, which no plan has; write a number from 0 to 1000", args{"Number": p.Points})
	}
	c.links("authors", p.Authors, maxNamed, KindActor)
	c.chosen("status", p.Status)
}
