package briefings

import (
	"fmt"
	"slices"
	"strings"
)

func envelopeRules() []rule {
	const id = "event/meeting"
	refs := func(refs ...string) func(*sound) { return func(s *sound) { s.event.Refs = refs } }
	text := func(text string) func(*sound) { return func(s *sound) { s.event.Text = text } }
	const dated = ": as_of: is missing; give the date the content speaks for, like 2026-01-19"
	return []rule{
		{"same id twice", func(s *sound) {
			other := *s.event
			other.Refs = []string{"E2"}
			s.more = []Item{&other}
		}, id + ": id: event/meeting is used twice; give one of them another name"},
		{"id of another kind", func(s *sound) { s.event.ID = "statement/meeting" }, "statement/meeting: id: is of the kind statement, but the fields are those of another; give the item an id of its own kind"},
		{"id of no form", func(s *sound) { s.event.ID = "event/A" }, `event/A: id: "event/A" is no id; write kind/name in lower case with hyphens, like figure/recovery-size`},
		{"no label", refs(), id + ": refs: is missing; give the item a short label such as F10"},
		{"bad label", refs("E1", "event one and more words"), id + `: refs: "event one and more …" is no label; write up to four letters and up to five digits, like F10`},
		{"label in small letters", refs("e1"), id + `: refs: "e1" is no label; write up to four letters and up to five digits, like F10`},
		{"label of another", refs("SEC1"), id + ": refs: section/talks already has the label SEC1; choose another"},
		{"many labels", func(s *sound) {
			for i := range 20 {
				s.event.Refs = append(s.event.Refs, fmt.Sprintf("X%d", i))
			}
		}, id + ": refs: lists 21 labels, at most 20 fit; remove some"},
		{"no section", func(s *sound) { s.event.Sections = nil }, id + ": sections: is missing; name at least one section"},
		{"no section is needed", func(s *sound) { s.actor.Sections, s.source.Sections, s.conflict.Sections = nil, nil, nil }, ""},
		{"unknown section", func(s *sound) { s.event.Sections = []string{"talk"} }, id + `: sections: names the section "talk", which does not exist; choose from talks`},
		{"section twice", func(s *sound) { s.event.Sections = []string{"talks", "talks"} }, id + `: sections: names "talks" twice; remove one of them`},
		{"many sections", func(s *sound) { s.event.Sections = slices.Repeat(s.event.Sections, 21) }, id + ": sections: names 21 sections, at most 20 fit; remove some"},
		missing(id, "text", func(s *sound, v string) { s.event.Text = v }),
		{"no text is needed", func(s *sound) { s.section.Text, s.source.Text, s.question.Text = "", "", "" }, ""},
		asLong("text", 280, func(s *sound, v string) { s.event.Text = v }),
		tooLong(id, "text", 280, func(s *sound, v string) { s.event.Text = v }),
		tooLong("source/paper", "text", 280, func(s *sound, v string) { s.source.Text = v }),
		{"text not UTF-8", text("a\xff"), id + ": text: is not valid UTF-8; save it as UTF-8"},
		{"text with a line break", text("a\nb"), id + ": text: holds a line break; write it as one line"},
		{"text with a bell", text("a\ab"), id + ": text: holds the invisible character U+0007; remove it"},
		{"text that turns the direction", text("a\u202eb"), id + ": text: holds the invisible character U+202E; remove it"},
		{"text with a line separator", text("a\u2028b"), id + ": text: holds the invisible character U+2028; remove it"},
		{"text with a letter of private use", text("a\ue000b"), id + ": text: holds the invisible character U+E000; remove it"},
		{"text with a joined picture", text("👩\u200d🚒 \u0645\u200c\u0646"), ""},
		{"text that mixes likelihood and confidence", text("Unlikely, with low confidence; more is not known."), id + ": text: speaks of likelihood and confidence in one sentence; write a sentence for each, or use the fields"},
		{"text of another confidence", text("A likely deal; confidence in the markets rose."), ""},
		tooLong("source/paper", "caveat", 140, func(s *sound, v string) { s.source.Caveat = v }),
		{"figure without a date", func(s *sound) { s.figure.AsOf = EDTF{} }, "figure/size" + dated},
		{"position without a date", func(s *sound) { s.position.AsOf = EDTF{} }, "position/envoy-plan" + dated},
		{"assessment without a date", func(s *sound) { s.assessment.AsOf = EDTF{} }, "assessment/deal" + dated},
		{"event without a date", func(s *sound) { s.event.AsOf = EDTF{} }, ""},
		{"as of tomorrow", func(s *sound) { s.event.AsOf = date("2026-01-20") }, id + ": as_of: 2026-01-20 has not come yet; write a date up to 2026-01-19"},
		{"as of then and ever since", func(s *sound) { s.event.AsOf = date("2026-01-19/..") }, id + ": as_of: 2026-01-19/.. has no end; write a date up to 2026-01-19"},
		{"as of this month", func(s *sound) { s.event.AsOf = date("2026-01") }, ""},
		{"valid in years to come", func(s *sound) { s.figure.Valid = date("2026/2036") }, ""},
		{"review by a month", func(s *sound) { s.event.ReviewBy = date("2026-02") }, id + ": review_by: is no single day; write one, like 2026-01-31"},
		{"review by several days", func(s *sound) { s.event.ReviewBy = date("2026-01-30/2026-01-31") }, id + ": review_by: is no single day; write one, like 2026-01-31"},
		{"review before the content", func(s *sound) { s.event.ReviewBy = date("2026-01-18") }, id + ": review_by: lies before as_of; write a later day"},
		{"review in time", func(s *sound) { s.event.ReviewBy = date("2026-01-31") }, ""},
	}
}

func provenanceRules() []rule {
	const id = "event/meeting"
	const alone = id + ": sources: credibility 1 needs two independent sources; cite another one or grade it 2"
	cite := func(cited ...Citation) func(*sound) {
		return func(s *sound) {
			cited := slices.Clone(cited)
			cited[0].Credibility = 1
			s.event.Sources = cited
			other := *s.source
			other.ID, other.Refs = "source/other", []string{"SRC3"}
			both := other
			both.ID, both.Refs, both.Relays = "source/both", []string{"SRC4"}, []ID{"source/paper", "source/other"}
			s.more = []Item{&other, &both}
		}
	}
	paper, digest, other, both := Citation{Source: "source/paper"}, Citation{Source: "source/digest"}, Citation{Source: "source/other"}, Citation{Source: "source/both"}
	return []rule{
		{"origin that does not exist", func(s *sound) { s.event.Origin = 5 }, id + ": origin: is 5, which is none of them; choose one of stated, derived, inferred, external"},
		{"derived without a basis", func(s *sound) { s.event.Origin = Derived }, id + ": basis: is missing; say what the item is derived from"},
		{"inferred without a basis", func(s *sound) { s.event.Origin = Inferred }, id + ": basis: is missing; say what the item is inferred from"},
		{"external without a basis", func(s *sound) { s.event.Origin = External }, ""},
		tooLong(id, "basis", 280, func(s *sound, v string) { s.event.Basis = v }),
		{"basis that mixes likelihood and confidence", func(s *sound) { s.event.Basis = "Almost certain at high confidence" }, id + ": basis: speaks of likelihood and confidence in one sentence; write a sentence for each, or use the fields"},
		{"no source", func(s *sound) { s.event.Sources = nil }, id + ": sources: is missing; cite at least one source"},
		{"derived needs no source", func(s *sound) { s.event.Sources, s.event.Origin, s.event.Basis = nil, Derived, "Counted." }, ""},
		{"many sources", func(s *sound) { s.event.Sources = slices.Repeat(s.event.Sources, 21) }, id + ": sources: cites 21 sources, at most 20 fit; remove some"},
		{"source that isn't there", func(s *sound) { s.event.Sources[0].Source = "source/papers" }, id + ": sources: names source/papers, which does not exist; did you mean source/paper?"},
		{"source that is none", func(s *sound) { s.event.Sources[0].Source = "actor/envoy" }, id + ": sources: names actor/envoy, but must name one of these kinds: source"},
		{"source twice alike", func(s *sound) { s.event.Sources = slices.Repeat(s.event.Sources, 2) }, id + ": sources: cites source/paper twice alike; remove one, or give them different locators"},
		tooLong(id, "sources", 80, func(s *sound, v string) { s.event.Sources[0].Locator = v }),
		{"role that does not exist", func(s *sound) { s.event.Sources[0].Role = 4 }, id + ": sources: is 4, which is none of them; choose one of primary, relays, background"},
		{"credibility that does not exist", func(s *sound) { s.event.Sources[0].Credibility = 7 }, id + ": sources: credibility 7 does not exist; write a digit from 1 (confirmed by independent sources) to 6 (cannot be judged)"},
		{"grade 2 with one source", func(s *sound) { s.event.Sources[0].Credibility = 2 }, ""},
		{"grade 1 with one source", cite(paper), alone},
		{"the same one twice", cite(paper, paper), alone},
		{"one relays the other", cite(paper, digest), alone},
		{"both relay a third", cite(digest, both), alone},
		{"the other is background", cite(paper, Citation{Source: "source/other", Role: Background}), alone},
		{"the other is cited as a relay", cite(paper, Citation{Source: "source/other", Role: Relays}), alone},
		{"two independent ones", cite(paper, Citation{Source: "source/other", Role: Primary}), ""},
		{"two independent ones and what relays both", cite(both, paper, other), ""},
	}
}

func translationRules() []rule {
	const id = "event/meeting"
	in := func(tag, field, text string) func(*sound) {
		return func(s *sound) { s.event.Translations = map[string]map[string]string{tag: {field: text}} }
	}
	return []rule{
		{"sound", in("uk", "headline", "Зустріч"), ""},
		{"unknown language", in("pl", "text", "a"), id + `: translations: "pl" is no language of sitrep; use uk, de or fr`},
		{"of what isn't shown", in("uk", "id", "a"), id + `: translations: "id" is not translated; use text, bluf, headline, title, definition, why, question, caveat, name, trend_reason, condition, conditions, unit, place, area, side, issue`},
		{"of what the kind lacks", in("uk", "bluf", "a"), id + ": translations: an item of the kind event has no bluf to translate; remove it"},
		{"empty", in("uk", "text", ""), id + ": translations: uk.text is missing; write it"},
		{"longer than the field", in("de", "headline", strings.Repeat("a", 101)), id + ": translations: de.headline has 101 characters, at most 100 fit; shorten it"},
		{"that turns the direction", in("fr", "text", "a\u202eb"), id + ": translations: fr.text holds the invisible character U+202E; remove it"},
	}
}
