package briefings

func assessmentRules() []rule {
	const id = "assessment/deal"
	return []rule{
		missing(id, "judgement", func(s *sound, v string) { s.assessment.Judgement = v }),
		tooLong(id, "judgement", 200, func(s *sound, v string) { s.assessment.Judgement = v }),
		{"likelihood and confidence in one sentence", func(s *sound) { s.assessment.Judgement = "It is very likely, with high confidence." }, id + ": judgement: speaks of likelihood and confidence in one sentence; write a sentence for each, or use the fields"},
		{"in two sentences", func(s *sound) { s.assessment.Judgement = "It is very likely. Confidence is high." }, ""},
		{"judged by a plan", func(s *sound) { s.assessment.Author = "plan/plan" }, id + ": author: names plan/plan, but must name one of these kinds: actor, source"},
		{"likelihood that does not exist", func(s *sound) { s.assessment.Likelihood = 8 }, id + ": likelihood: is 8, which is none of them; choose one of remote, very unlikely, unlikely, roughly even, likely, very likely, almost certain"},
		{"no confidence", func(s *sound) { s.assessment.Confidence = 0 }, id + ": confidence: is missing; choose one of high, moderate, low"},
		{"no basis", func(s *sound) { s.assessment.Basis = "" }, id + ": basis: is missing; say what the confidence rests on"},
		{"no basis to infer from", func(s *sound) { s.assessment.Basis, s.assessment.Origin = "", Inferred }, id + ": basis: is missing; say what the item is inferred from"},
		tooLong(id, "alternatives", 200, func(s *sound, v string) { s.assessment.Alternatives = []string{v} }),
		tooLong(id, "resolved_as", 200, func(s *sound, v string) { s.assessment.ResolvedAs = v }),
		{"resolved by nobody's word", func(s *sound) {
			s.assessment.ResolvedAs, s.assessment.Origin, s.assessment.Sources = "It came.", Derived, nil
		}, id + ": resolved_as: says how it came out, but nothing shows that; cite a source"},
	}
}
