package briefings

func positionRules() []rule {
	const id = "position/envoy-plan"
	return []rule{
		{"no actor", func(s *sound) { s.position.Actor = "" }, id + ": actor: is missing; write the id of an item, like actor/name"},
		{"of a source", func(s *sound) { s.position.Actor = "source/paper" }, id + ": actor: names source/paper, but must name one of these kinds: actor"},
		missing(id, "issue", func(s *sound, v string) { s.position.Issue = v }),
		tooLong(id, "issue", 60, func(s *sound, v string) { s.position.Issue = v }),
		{"no stance", func(s *sound) { s.position.Stance = 0 }, id + ": stance: is missing; choose one of supports, conditional, opposes, ambivalent, no_comment, not_stated, other"},
		{"not stated is a stance", func(s *sound) { s.position.Stance = NotStated }, ""},
		{"other without a text", func(s *sound) { s.position.Stance, s.position.Text = OtherStance, "" }, id + ": text: is missing; write it"},
		tooLong(id, "conditions", 140, func(s *sound, v string) { s.position.Conditions = v }),
		{"no condition", func(s *sound) { s.position.Stance = ConditionalStance }, id + ": conditions: is missing; say what the stance depends on"},
		{"rests on a figure", func(s *sound) { s.position.Statements = []ID{"figure/size"} }, id + ": statements: names figure/size, but must name one of these kinds: statement"},
	}
}
