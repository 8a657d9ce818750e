package briefings

func eventRules() []rule {
	const id = "event/meeting"
	return []rule{
		missing(id, "headline", func(s *sound, v string) { s.event.Headline = v }),
		tooLong(id, "headline", 100, func(s *sound, v string) { s.event.Headline = v }),
		{"no type", func(s *sound) { s.event.Type = 0 }, id + ": type: is missing; choose one of meeting, strike, outage, supply, statement, report, decision, appointment, background, gathering"},
		{"no word whether it happened", func(s *sound) { s.event.Happened = 0 }, id + ": happened: is missing; choose one of yes, no, ongoing, scheduled, cancelled, moved, unknown"},
		{"happened in the future", func(s *sound) { s.event.Valid = date("2026-01-20/2026-01-23") }, id + ": happened: is yes, but 2026-01-20/2026-01-23 has not come yet; set it to scheduled, or mend valid"},
		{"goes on into the future", func(s *sound) { s.event.Valid, s.event.Happened = date("2026-01-18/2026-01-23"), Ongoing }, ""},
		{"scheduled for the future", func(s *sound) { s.event.Valid, s.event.Happened = date("2027"), Scheduled }, ""},
		tooLong(id, "place", 80, func(s *sound, v string) { s.event.Place = v }),
		tooLong(id, "control", 80, func(s *sound, v string) { s.event.Control = v }),
		tooLong(id, "outcome", 200, func(s *sound, v string) { s.event.Outcome = v }),
		tooLong(id, "condition", 140, func(s *sound, v string) { s.event.Condition = v }),
		{"participant that is a plan", func(s *sound) { s.event.Participants = []ID{"plan/plan"} }, id + ": participants: names plan/plan, but must name one of these kinds: actor"},
		{"zone", func(s *sound) { s.event.Zone = "Europe/Zuerich" }, id + `: zone: "Europe/Zuerich" is no time zone; write an IANA name like Europe/Zurich`},
		{"this machine's zone", func(s *sound) { s.event.Zone = "Local" }, id + `: zone: "Local" is no time zone; write an IANA name like Europe/Zurich`},
		{"zone that leaves its folder", func(s *sound) { s.event.Zone = "../../etc/passwd" }, id + `: zone: "../../etc/passwd" is no time zone; write an IANA name like Europe/Zurich`},
		{"zone at length", func(s *sound) { s.event.Zone = "Europe/./Kyiv" }, id + `: zone: "Europe/./Kyiv" is no time zone; write an IANA name like Europe/Zurich`},
		{"zone, sound", func(s *sound) { s.event.Zone = "Europe/Kyiv" }, ""},
		{"key date without a certainty", func(s *sound) { s.event.Key = true }, id + ": certainty: is missing; say how firmly the key date stands: choose one of fixed, announced, expected, conditional, inferred"},
		{"certainty that does not exist", func(s *sound) { s.event.Certainty = 9 }, id + ": certainty: is 9, which is none of them; choose one of fixed, announced, expected, conditional, inferred"},
		{"fixed date without a date", func(s *sound) { s.event.Key, s.event.Certainty = true, Fixed }, id + ": valid: is missing; give the fixed date, or choose another certainty"},
		{"announced without a date", func(s *sound) { s.event.Key, s.event.Certainty = true, Announced }, ""},
		{"conditional date without the condition", func(s *sound) { s.event.Key, s.event.Certainty = true, Conditional }, id + ": condition: is missing; say what the date depends on"},
	}
}
