package briefings

import (
	"fmt"
	"slices"
	"testing"
)

func sectionRules() []rule {
	const id = "section/talks"
	second := func(s *sound) *Section {
		other := *s.section
		other.ID, other.Refs, other.Command = "section/more", []string{"SEC2"}, "more"
		s.more = []Item{&other}
		return &other
	}
	return []rule{
		{"command", func(s *sound) { s.section.Command = "Talks!" }, id + `: command: "Talks!" can't be a slash command; write up to 32 lower-case letters, digits, - or _`},
		{"command in Cyrillic", func(s *sound) { s.section.Command = "переговори" }, ""},
		{"command is sitrep's", func(s *sound) { s.section.Command = "brief" }, id + ": command: /brief is a command of sitrep itself; choose another name"},
		{"command of another", func(s *sound) { second(s).Command = "talks" }, "section/more: command: /talks already belongs to section/talks; choose another name"},
		{"a second section", func(s *sound) { second(s) }, ""},
		missing(id, "title", func(s *sound, v string) { s.section.Title = v }),
		tooLong(id, "title", 60, func(s *sound, v string) { s.section.Title = v }),
		missing(id, "bluf", func(s *sound, v string) { s.section.Bluf = v }),
		tooLong(id, "bluf", 200, func(s *sound, v string) { s.section.Bluf = v }),
		asLong("bluf", 200, func(s *sound, v string) { s.section.Bluf = v }),
		tooLong(id, "why", 160, func(s *sound, v string) { s.section.Why = v }),
		{"trend without a reason", func(s *sound) { s.section.Trend = Improved }, id + ": trend_reason: is missing; say why, since a trend is never shown without its reason"},
		{"reason without a trend", func(s *sound) { s.section.TrendReason = "so" }, id + ": trend: is missing; choose one of deteriorated, unchanged, improved, or remove trend_reason"},
		{"trend that does not exist", func(s *sound) { s.section.Trend, s.section.TrendReason = 4, "so" }, id + ": trend: is 4, which is none of them; choose one of deteriorated, unchanged, improved"},
		tooLong(id, "trend_reason", 120, func(s *sound, v string) { s.section.Trend, s.section.TrendReason = Improved, v }),
		{"flag without an end", func(s *sound) { s.section.RiskAlert = &Flag{Text: "Frost"} }, id + ": risk_alert: has no end; set expires to the last day it counts, like 2026-01-31"},
		{"flag with an open end", func(s *sound) { s.section.RiskAlert = &Flag{Text: "Frost", Expires: date("2026-01-31/..")} }, id + ": risk_alert: has no end; set expires to the last day it counts, like 2026-01-31"},
		{"flag that ended before", func(s *sound) { s.section.Opportunity = &Flag{Text: "Talks", Expires: date("2026-01-18")} }, id + ": opportunity: expires before the section's as_of; write a later day, or remove it"},
		{"flag that ends that day", func(s *sound) { s.section.Opportunity = &Flag{Text: "Talks", Expires: date("2026-01-19")} }, ""},
		{"flag without a text", func(s *sound) { s.section.Opportunity = &Flag{Expires: date("2026-02")} }, id + ": opportunity: is missing; write it"},
		{"order", func(s *sound) { s.section.Order = -1 }, id + ": order: -1 is out of range; write a number from 0 to 1000"},
		{"colour", func(s *sound) { s.section.Colour = "#0072b2" }, id + `: colour: "#0072b2" is no colour; write six hexadecimal digits, like 0072B2`},
		{"closed", func(s *sound) { s.section.Closed = date("2026-01") }, id + `: closed: must be a day; write it like 2026-01-31`},
		{"closed on a day", func(s *sound) { s.section.Closed = date("2026-01-31") }, ""},
		{"retired", func(s *sound) { s.section.Retired = &Retirement{Reason: "It is over."} }, ""},
		{"retired for no reason", func(s *sound) { s.section.Retired = &Retirement{} }, id + ": retired: is missing; write it"},
		{"retired for itself", func(s *sound) { s.section.Retired = &Retirement{Reason: "It is over.", Instead: id} }, id + ": retired: names the item itself; name another, or remove it"},
		{"retired for no section", func(s *sound) { s.section.Retired = &Retirement{Reason: "It is over.", Instead: "figure/size"} }, id + ": retired: names figure/size, but must name one of these kinds: section"},
		{"many highlights", func(s *sound) { s.section.Highlights = slices.Repeat([]ID{"figure/size"}, 31) }, id + ": highlights: names 31 items, at most 30 fit; remove some"},
		{"highlight that isn't there", func(s *sound) { s.section.Highlights = []ID{"figure/zzz"} }, id + ": highlights: names figure/zzz, which does not exist; name one that does, or remove it"},
		{"highlight twice", func(s *sound) { s.section.Highlights = []ID{"figure/size", "figure/size"} }, id + ": highlights: names figure/size twice; remove one of them"},
		{"highlight of itself", func(s *sound) { s.section.Highlights = []ID{id} }, id + ": highlights: names the item itself; name another, or remove it"},
		{"watch that is no question", func(s *sound) { s.section.Watch = []ID{"figure/size"} }, id + ": watch: names figure/size, but must name one of these kinds: question, event"},
		{"watch that is no key date", func(s *sound) { s.section.Watch = []ID{"event/meeting"} }, id + ": watch: names event/meeting, which is no key date; set its key to true, or remove it here"},
	}
}

// tooManySections are one more than may have a slash command, and a retired one.
func tooManySections() []Item {
	var all []Item
	for n := range MaxSections + 2 {
		s := &Section{
			Envelope: Envelope{ID: ID(fmt.Sprintf("section/s%d", n)), Refs: []string{fmt.Sprintf("SEC%d", n)}},
			Command:  fmt.Sprintf("s%d", n), Title: "T", Bluf: "B",
		}
		if n == 0 {
			s.Retired = &Retirement{Reason: "It is over."}
		}
		all = append(all, s)
	}
	return all
}

func TestSectionsAreBounded(t *testing.T) {
	t.Parallel()
	all := tooManySections()
	got := Check(all, soundDay())
	if want := "a desk holds at most 80 sections that are not retired, these are 81; retire some"; len(got) != 1 || got[0].Say != want {
		t.Errorf("got %v, want %q", got, want)
	}
	if got := Check(all[1:MaxSections+1], soundDay()); len(got) != 0 {
		t.Errorf("as many as may be: got %v, want none", got)
	}
}
