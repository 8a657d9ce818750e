package briefings

import "strings"

func figureRules() []rule {
	const id = "figure/size"
	value := func(value string, q Qualifier, unit, currency string) func(*sound) {
		return func(s *sound) {
			s.figure.Value, s.figure.Qualifier, s.figure.Unit, s.figure.Currency = value, q, unit, currency
		}
	}
	const number = " is no number; write digits only, with a point for decimals, like 800000000000 or -18.5"
	const below = "; write 0 or more, or use a unit that goes below: °C, °F, %, percentage points, or set a currency"
	return []rule{
		{"series", func(s *sound) { s.figure.Series = "Size" }, id + `: series: "Size" is no series; write lower case with dots, like outage.households`},
		{"no qualifier", func(s *sound) { s.figure.Qualifier = 0 }, id + ": qualifier: is missing; choose one of exact, about, at_least, more_than, at_most, up_to, share, several"},
		{"no value", value("", About, "x", ""), id + ": value: is missing; write the number, or use the qualifier several"},
		{"several without a value", value("", Several, "x", ""), ""},
		{"several with a value", value("3", Several, "x", ""), id + ": value: is given, but several stands for a number that nobody gave; remove it, or choose another qualifier"},
		{"value with letters", value("800 bn", About, "x", ""), id + `: value: "800 bn"` + number},
		{"value as a power", value("1e9", About, "x", ""), id + `: value: "1e9"` + number},
		{"value as a huge power", value("1e999999999", About, "x", ""), id + `: value: "1e999999999"` + number},
		{"value in other digits", value("８", About, "x", ""), id + `: value: "８"` + number},
		{"value without end", value(strings.Repeat("9", 25), About, "x", ""), id + `: value: "` + strings.Repeat("9", 25) + `"` + number},
		{"value with too fine an end", value("0."+strings.Repeat("1", 13), About, "x", ""), id + `: value: "0.1111111111111"` + number},
		{"longest value", value(strings.Repeat("9", 24)+"."+strings.Repeat("9", 12), About, "x", ""), ""},
		{"fewer than none", value("-1", Exact, "attacks", ""), id + ": value: -1 is below zero, and attacks are counted" + below},
		{"below zero by very little", value("-0.000000000001", Exact, "years", ""), id + ": value: -0.000000000001 is below zero, and years are counted" + below},
		{"frost", value("-18.5", Exact, "°C", ""), ""},
		{"a loss", value("-5", Exact, "dollars", "USD"), ""},
		{"a fall", value("-2.5", About, "% against 2025", ""), ""},
		{"share over the whole", value("100.1", Share, "% of Kyiv", ""), id + ": value: 100.1 is no share; write per cent from 0 to 100"},
		{"share below nothing", value("-1", Share, "% of Kyiv", ""), id + ": value: -1 is no share; write per cent from 0 to 100"},
		{"the whole", value("100", Share, "% of Kyiv", ""), ""},
		missing(id, "unit", func(s *sound, v string) { s.figure.Unit = v }),
		tooLong(id, "unit", 40, func(s *sound, v string) { s.figure.Unit = v }),
		{"currency as a sign", value("1", Exact, "dollars", "$"), id + `: currency: "$" is no currency of ISO 4217; write its three capital letters, like USD`},
		{"currency in small letters", value("1", Exact, "dollars", "usd"), id + `: currency: "usd" is no currency of ISO 4217; write its three capital letters, like USD`},
		{"currency that does not exist", value("1", Exact, "dollars", "QQQ"), id + `: currency: "QQQ" is no currency of ISO 4217; write its three capital letters, like USD`},
		{"currency, sound", value("1", Exact, "hryvnias", "UAH"), ""},
		tooLong(id, "area", 80, func(s *sound, v string) { s.figure.Area = v }),
		tooLong(id, "definition", 140, func(s *sound, v string) { s.figure.Definition = v }),
		{"inflicted by a paper", func(s *sound) { s.figure.InflictedBy = "source/paper" }, id + ": inflicted_by: names source/paper, but must name one of these kinds: actor"},
		{"said by an event", func(s *sound) { s.figure.SaidBy = "event/meeting" }, id + ": said_by: names event/meeting, but must name one of these kinds: actor, source"},
		{"no status", func(s *sound) { s.figure.Status = 0 }, id + ": status: is missing; choose one of claimed, confirmed, disputed, contradicted"},
		{"status that does not exist", func(s *sound) { s.figure.Status = 9 }, id + ": status: is 9, which is none of them; choose one of claimed, confirmed, disputed, contradicted"},
	}
}
