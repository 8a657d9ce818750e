package briefings

func conflictRules() []rule {
	const id = "conflict/size"
	members := func(ids ...ID) func(*sound) { return func(s *sound) { s.conflict.Members = ids } }
	settled := func(state ConflictState, preferred ID, rationale string) func(*sound) {
		return func(s *sound) {
			s.conflict.State, s.conflict.Preferred, s.conflict.Rationale = state, preferred, rationale
		}
	}
	const two = id + ": members: a conflict holds at least two items against each other; name another, or write a caveat instead"
	const kinds = ", but must name one of these kinds: event, figure, actor, position, statement, plan, assessment"
	return []rule{
		{"one member", members("figure/size"), two},
		{"no member", members(), two},
		{"one member twice", members("figure/size", "figure/size"), id + ": members: names figure/size twice; remove one of them"},
		{"a section as a member", members("figure/size", "section/talks"), id + ": members: names section/talks" + kinds},
		{"a source as a member", members("figure/size", "source/paper"), id + ": members: names source/paper" + kinds},
		{"a question as a member", members("figure/size", "question/when"), id + ": members: names question/when" + kinds},
		{"itself as a member", members("figure/size", id), id + ": members: names the item itself; name another, or remove it"},
		{"members of two kinds", members("figure/size", "statement/envoy"), ""},
		{"no subject", func(s *sound) { s.conflict.About = 0 }, id + ": about: is missing; choose one of value, attribution, stance, wording, timing, identity"},
		{"no state", settled(0, "", "A slip."), id + ": state: is missing; choose one of open, preferred, both_true, explained"},
		tooLong(id, "rationale", 280, func(s *sound, v string) { s.conflict.Rationale = v }),
		{"settled without a reason", settled(BothTrue, "", ""), id + ": rationale: is missing; say why, which only an open conflict need not"},
		{"preferred is no member", settled(Preferred, "plan/plan", "A slip."), id + ": preferred: is none of the members; name the one that is preferred"},
		{"nothing is preferred", settled(Preferred, "", "A slip."), id + ": preferred: is none of the members; name the one that is preferred"},
		{"preferred while open", settled(OpenConflict, "figure/size", ""), id + ": preferred: is set although state is open; set state to preferred, or remove it"},
		{"preferred", settled(Preferred, "figure/size", "A slip."), ""},
	}
}
