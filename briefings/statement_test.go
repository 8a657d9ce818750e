package briefings

func statementRules() []rule {
	const id = "statement/envoy"
	return []rule{
		{"said by a plan", func(s *sound) { s.statement.Speaker = "plan/plan" }, id + ": speaker: names plan/plan, but must name one of these kinds: actor, source"},
		{"no speaker", func(s *sound) { s.statement.Speaker = "" }, id + ": speaker: is missing; name the speaker, or set attribution to unidentified or unattributed"},
		{"nobody is named", func(s *sound) { s.statement.Speaker, s.statement.Attribution = "", Unattributed }, ""},
		tooLong(id, "channel", 80, func(s *sound, v string) { s.statement.Channel = v }),
		{"said tomorrow", func(s *sound) { s.statement.SaidOn = date("2026-01-20") }, id + ": said_on: 2026-01-20 has not come yet; write a date up to 2026-01-19"},
		{"said some day this month", func(s *sound) { s.statement.SaidOn = date("2026-01~") }, ""},
		{"said until tomorrow", func(s *sound) { s.statement.SaidOn = date("2026-01-18/2026-01-20") }, id + ": said_on: 2026-01-18/2026-01-20 has not come yet; write a date up to 2026-01-19"},
		tooLong(id, "quote", 199, func(s *sound, v string) { s.statement.Quote = v }),
		asLong("quote", 199, func(s *sound, v string) { s.statement.Quote = v }),
		tooLong(id, "gist", 200, func(s *sound, v string) { s.statement.Gist = v }),
		{"says nothing", func(s *sound) { s.statement.Gist = "" }, id + ": gist: is missing; write what was said in your own words, or quote it"},
		{"about itself", func(s *sound) { s.statement.About = []ID{id} }, id + ": about: names the item itself; name another, or remove it"},
		{"no attribution", func(s *sound) { s.statement.Attribution = 0 }, id + ": attribution: is missing; choose one of confirmed, reported, unidentified, unattributed"},
		{"no truth", func(s *sound) { s.statement.Truth = 0 }, id + ": truth: is missing; choose one of not_checkable, opinion, forecast, claimed, confirmed, disputed, contradicted, superseded"},
	}
}
