package briefings

// An Assessment is somebody's judgement, never a fact and never sitrep's own.
// Its envelope's basis is what the confidence rests on.
type Assessment struct {
	Envelope     `yaml:",inline"`
	Judgement    string     `json:"judgement"`
	Author       ID         `json:"author"`
	Likelihood   Likelihood `json:"likelihood,omitempty"`
	Confidence   Confidence `json:"confidence"`
	Alternatives []string   `json:"alternatives,omitempty"`
	ResolvedAs   string     `json:"resolved_as,omitempty"`
}

func (a *Assessment) check(c *checker) {
	c.need("judgement", a.Judgement, 200)
	c.link("author", a.Author, KindActor, KindSource)
	c.chosen("confidence", a.Confidence)
	if a.Basis == "" && a.Origin != Derived && a.Origin != Inferred { // of which that is said already
		c.bad("basis", "fault.no_confidence_basis", "is missing; say what the confidence rests on")
	}
	c.choice("likelihood", a.Likelihood)
	c.oneSentence("judgement", a.Judgement)
	c.texts("alternatives", a.Alternatives, 10, 200)
	c.text("resolved_as", a.ResolvedAs, 200)
	if a.ResolvedAs != "" && len(a.Sources) == 0 {
		c.bad("resolved_as", "fault.resolved_unsourced", "says how it came out, but nothing shows that; cite a source")
	}
}
