package briefings

func questionRules() []rule {
	const id = "question/when"
	const circle = ": answered_by: leads back to the item itself; remove one of the links of the circle"
	return []rule{
		missing(id, "question", func(s *sound, v string) { s.question.Question = v }),
		tooLong(id, "question", 160, func(s *sound, v string) { s.question.Question = v }),
		tooLong(id, "why", 160, func(s *sound, v string) { s.question.Why = v }),
		tooLong(id, "would_answer", 160, func(s *sound, v string) { s.question.WouldAnswer = v }),
		{"no state", func(s *sound) { s.question.State = 0 }, id + ": state: is missing; choose one of open, answered, moot"},
		{"answered by nothing", func(s *sound) { s.question.State = Answered }, id + ": answered_by: is missing; name the item that answers the question"},
		{"open and answered", func(s *sound) { s.question.AnsweredBy = []ID{"event/meeting"} }, id + ": answered_by: names an answer although state is open; set state to answered, or remove it"},
		{"answered", func(s *sound) { s.question.State, s.question.AnsweredBy = Answered, []ID{"event/meeting"} }, ""},
		{"answered by itself", func(s *sound) { s.question.State, s.question.AnsweredBy = Answered, []ID{id} }, id + ": answered_by: names the item itself; name another, or remove it"},
		{"answered in a circle", func(s *sound) {
			other := *s.question
			other.ID, other.Refs, other.State, other.AnsweredBy = "question/other", []string{"Q2"}, Answered, []ID{id}
			s.question.State, s.question.AnsweredBy = Answered, []ID{other.ID}
			s.more = []Item{&other}
		}, id + circle + "\nquestion/other" + circle},
	}
}
