package briefings

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// sound is a desk with one item of every kind that breaks no rule. Each call
// makes a new one, for a test to break.
type sound struct {
	section    *Section
	event      *Event
	figure     *Figure
	rival      *Figure
	actor      *Actor
	position   *Position
	statement  *Statement
	plan       *Plan
	assessment *Assessment
	question   *Question
	source     *Source
	relay      *Source
	conflict   *Conflict
}

// soundDay is when the desk is judged.
func soundDay() time.Time { return time.Date(2026, time.January, 19, 8, 0, 0, 0, time.UTC) }

func newSound() *sound {
	day, _ := ParseEDTF("2026-01-19")
	head := func(id ID, ref string) Envelope {
		return Envelope{ID: id, Refs: []string{ref}, Sections: []string{"talks"}, Text: "A text.", AsOf: day, Sources: []Citation{{Source: "source/paper"}}}
	}
	return &sound{
		section:    &Section{Envelope: head("section/talks", "SEC1"), Command: "talks", Title: "Talks", Bluf: "They talk."},
		event:      &Event{Envelope: head("event/meeting", "E1"), Headline: "They meet", Type: MeetingEvent, Happened: Yes},
		figure:     &Figure{Envelope: head("figure/size", "F1"), Series: "plan.size", Value: "800", Qualifier: About, Unit: "dollars", Status: Claimed},
		rival:      &Figure{Envelope: head("figure/rival", "F2"), Series: "plan.size", Value: "8000", Qualifier: About, Unit: "dollars", Status: Claimed},
		actor:      &Actor{Envelope: head("actor/envoy", "A1"), Name: "An envoy", Is: Person, Tenures: []Tenure{{Role: "envoy"}}},
		position:   &Position{Envelope: head("position/envoy-plan", "P1"), Actor: "actor/envoy", Issue: "Plan", Stance: Supports},
		statement:  &Statement{Envelope: head("statement/envoy", "S1"), Speaker: "actor/envoy", Gist: "It goes well.", Attribution: Reported, Truth: Opinion},
		plan:       &Plan{Envelope: head("plan/plan", "DOC1"), Title: "The plan", Status: DraftPlan},
		assessment: &Assessment{Envelope: withBasis(head("assessment/deal", "J1")), Judgement: "A deal is near.", Author: "source/paper", Confidence: LowConfidence},
		question:   &Question{Envelope: head("question/when", "Q1"), Question: "When?", State: OpenQuestion},
		source:     &Source{Envelope: head("source/paper", "SRC1"), Title: "A paper"},
		relay:      &Source{Envelope: head("source/digest", "SRC2"), Title: "A digest", Relays: []ID{"source/paper"}},
		conflict:   &Conflict{Envelope: head("conflict/size", "C1"), Members: []ID{"figure/size", "figure/rival"}, About: ValueConflict, State: OpenConflict},
	}
}

func withBasis(e Envelope) Envelope {
	e.Basis = "One paper."
	return e
}

func (s *sound) items() []Item {
	return []Item{
		s.section, s.event, s.figure, s.rival, s.actor, s.position, s.statement, s.plan, s.assessment, s.question, s.source, s.relay, s.conflict,
	}
}

func TestCheckAcceptsASoundDesk(t *testing.T) {
	t.Parallel()
	items := newSound().items()
	if got := Check(items, soundDay()); len(got) > 0 {
		t.Errorf("Check found %v in a desk that breaks no rule", got)
	}
	for _, kind := range Kinds() {
		if !slices.ContainsFunc(items, func(i Item) bool { return i.Head().ID.Kind() == kind }) {
			t.Errorf("the desk has no %s, so its rules aren't tested", kind)
		}
	}
}

func TestCheckEnvelope(t *testing.T) {
	t.Parallel()
	runRules(t, []rule{
		{"same id twice", func(s *sound) { s.question.ID, s.event.ID = "event/meeting", "event/meeting" }, "event/meeting: id: event/meeting is used twice; give one of them another name"},
		{"no label", func(s *sound) { s.event.Refs = nil }, "event/meeting: refs: is missing; give the item a short label such as F10"},
		{"bad label", func(s *sound) { s.event.Refs = []string{"E1", "event one and more words"} }, `event/meeting: refs: "event one and more …" is no label; write up to four letters and up to five digits, like F10`},
		{"label of another", func(s *sound) { s.event.Refs = []string{"SEC1"} }, "event/meeting: refs: section/talks already has the label SEC1; choose another"},
		{"no section", func(s *sound) { s.event.Sections = nil }, "event/meeting: sections: is missing; name at least one section"},
		{"no section is needed", func(s *sound) { s.actor.Sections, s.source.Sections, s.conflict.Sections = nil, nil, nil }, ""},
		{"unknown section", func(s *sound) { s.event.Sections = []string{"talk"} }, `event/meeting: sections: names the section "talk", which does not exist; there are talks`},
		{"no text", func(s *sound) { s.event.Text = " " }, "event/meeting: text: is missing; write it"},
		{"no text is needed", func(s *sound) { s.section.Text, s.source.Text, s.question.Text = "", "", "" }, ""},
		{"text at its longest", func(s *sound) { s.event.Text = strings.Repeat("ї", 280) }, ""},
		{"text too long", func(s *sound) { s.event.Text = strings.Repeat("ї", 281) }, "event/meeting: text: has 281 characters, at most 280 fit; shorten it"},
		{"text not UTF-8", func(s *sound) { s.event.Text = "a\xff" }, "event/meeting: text: is not valid UTF-8; save it as UTF-8"},
		{"text with a line break", func(s *sound) { s.event.Text = "a\nb" }, "event/meeting: text: holds a line break; write it as one line"},
		{"text that turns the direction", func(s *sound) { s.event.Text = "a\u202eb" }, "event/meeting: text: holds the invisible character U+202E; remove it"},
		{"caveat too long", func(s *sound) { s.source.Caveat = strings.Repeat("a", 141) }, "source/paper: caveat: has 141 characters, at most 140 fit; shorten it"},
		{"figure without a date", func(s *sound) { s.figure.AsOf = EDTF{} }, "figure/size: as_of: is missing; give the date the content speaks for, like 2026-01-19"},
		{"position without a date", func(s *sound) { s.position.AsOf = EDTF{} }, "position/envoy-plan: as_of: is missing; give the date the content speaks for, like 2026-01-19"},
		{"event without a date", func(s *sound) { s.event.AsOf = EDTF{} }, ""},
		{"review by a month", func(s *sound) { s.event.ReviewBy, _ = ParseEDTF("2026-02") }, "event/meeting: review_by: must be a day, like 2026-01-31"},
		{"derived without a basis", func(s *sound) { s.event.Origin = Derived }, "event/meeting: basis: is missing; say what the item is derived from"},
		{"inferred without a basis", func(s *sound) { s.event.Origin = Inferred }, "event/meeting: basis: is missing; say what the item is inferred from"},
		{"external without a basis", func(s *sound) { s.event.Origin = External }, ""},
		{"basis too long", func(s *sound) { s.event.Basis = strings.Repeat("a", 281) }, "event/meeting: basis: has 281 characters, at most 280 fit; shorten it"},
		{"no source", func(s *sound) { s.event.Sources = nil }, "event/meeting: sources: is missing; cite at least one source"},
		{"derived needs no source", func(s *sound) { s.event.Sources, s.event.Origin, s.event.Basis = nil, Derived, "Counted." }, ""},
		{"source that isn't there", func(s *sound) { s.event.Sources[0].Source = "source/papers" }, "event/meeting: sources: names source/papers, which does not exist; did you mean source/paper?"},
		{"source that is none", func(s *sound) { s.event.Sources[0].Source = "actor/envoy" }, "event/meeting: sources: names actor/envoy, but must name one of these kinds: source"},
		{"locator too long", func(s *sound) { s.event.Sources[0].Locator = strings.Repeat("a", 81) }, "event/meeting: sources: has 81 characters, at most 80 fit; shorten it"},
		{"unknown language", func(s *sound) { s.event.Translations = map[string]map[string]string{"pl": {"text": "a"}} }, `event/meeting: translations: "pl" is no language of sitrep; use uk, de or fr`},
		{"translation of what isn't shown", func(s *sound) { s.event.Translations = map[string]map[string]string{"uk": {"id": "a"}} }, `event/meeting: translations: "id" is not translated; use text, bluf, headline, title, definition, why, question, caveat or name`},
		{"empty translation", func(s *sound) { s.event.Translations = map[string]map[string]string{"uk": {"text": ""}} }, "event/meeting: translations: is missing; write it"},
	})
}

func TestCheckCredibility(t *testing.T) {
	t.Parallel()
	const want = "event/meeting: sources: credibility 1 needs two independent sources; cite another one or grade it 2"
	third := func(s *sound) *Source {
		other := &Source{Envelope: s.source.Envelope, Title: "Another paper"}
		other.ID, other.Refs = "source/other", []string{"SRC3"}
		s.relay.ID, s.relay.Refs, s.relay.Relays = other.ID, other.Refs, nil
		return other
	}
	cite := func(s *sound, cited ...Citation) {
		cited[0].Credibility = 1
		s.event.Sources = cited
	}
	runRules(t, []rule{
		{"one source", func(s *sound) { cite(s, Citation{Source: "source/paper"}) }, want},
		{"the same one twice", func(s *sound) { cite(s, Citation{Source: "source/paper"}, Citation{Source: "source/paper"}) }, want},
		{"one relays the other", func(s *sound) { cite(s, Citation{Source: "source/paper"}, Citation{Source: "source/digest"}) }, want},
		{"the other is background", func(s *sound) {
			third(s)
			cite(s, Citation{Source: "source/paper"}, Citation{Source: "source/other", Role: Background})
		}, want},
		{"two independent ones", func(s *sound) {
			third(s)
			cite(s, Citation{Source: "source/paper"}, Citation{Source: "source/other", Role: Primary})
		}, ""},
		{"grade 2 with one", func(s *sound) { s.event.Sources[0].Credibility = 2 }, ""},
	})
}

func TestCheckKinds(t *testing.T) {
	t.Parallel()
	runRules(t, []rule{
		{"section's command", func(s *sound) { s.section.Command = "Talks!" }, `section/talks: command: "Talks!" can't be a slash command; write up to 32 lower-case letters, digits, - or _`},
		{"section's command in Cyrillic", func(s *sound) { s.section.Command = "переговори" }, ""},
		{"section's command is taken", func(s *sound) { s.section.Command = "brief" }, "section/talks: command: /brief is a command of sitrep itself; choose another name"},
		{"section without a bottom line", func(s *sound) { s.section.Bluf = "" }, "section/talks: bluf: is missing; write it"},
		{"section's bottom line too long", func(s *sound) { s.section.Bluf = strings.Repeat("a", 201) }, "section/talks: bluf: has 201 characters, at most 200 fit; shorten it"},
		{"trend without a reason", func(s *sound) { s.section.Trend = Improved }, "section/talks: trend_reason: is missing; a trend is never shown without its reason"},
		{"flag without an end", func(s *sound) { s.section.RiskAlert = &Flag{Text: "Frost"} }, "section/talks: risk_alert: needs expires, the last day it counts, like 2026-01-31"},
		{"flag without a text", func(s *sound) { s.section.Opportunity = &Flag{Expires: s.figure.AsOf} }, "section/talks: opportunity: is missing; write it"},
		{"colour", func(s *sound) { s.section.Colour = "#0072b2" }, `section/talks: colour: "#0072b2" is no colour; write six hexadecimal digits, like 0072B2`},
		{"many highlights", func(s *sound) { s.section.Highlights = slices.Repeat([]ID{"figure/size"}, 31) }, "section/talks: highlights: names 31 items, at most 30 fit; remove some"},
		{"highlight that isn't there", func(s *sound) { s.section.Highlights = []ID{"figure/zzz"} }, "section/talks: highlights: names figure/zzz, which does not exist"},
		{"watch that is no question", func(s *sound) { s.section.Watch = []ID{"figure/size"} }, "section/talks: watch: names figure/size, but must name one of these kinds: question, event"},
		{"event without a headline", func(s *sound) { s.event.Headline = "" }, "event/meeting: headline: is missing; write it"},
		{"event's participant", func(s *sound) { s.event.Participants = []ID{"plan/plan"} }, "event/meeting: participants: names plan/plan, but must name one of these kinds: actor"},
		{"event's zone", func(s *sound) { s.event.Zone = "Europe/Zuerich" }, `event/meeting: zone: "Europe/Zuerich" is no time zone; write an IANA name like Europe/Zurich`},
		{"event in this machine's zone", func(s *sound) { s.event.Zone = "Local" }, `event/meeting: zone: "Local" is no time zone; write an IANA name like Europe/Zurich`},
		{"key date without a certainty", func(s *sound) { s.event.Key = true }, "event/meeting: certainty: is missing; a key date says how firmly it stands"},
		{"conditional date without the condition", func(s *sound) { s.event.Key, s.event.Certainty = true, Conditional }, "event/meeting: condition: is missing; say what the date depends on"},
		{"figure's series", func(s *sound) { s.figure.Series = "Size" }, `figure/size: series: "Size" is no series; write lower case with dots, like outage.households`},
		{"figure without a value", func(s *sound) { s.figure.Value = "" }, "figure/size: value: is missing; write the number, or use the qualifier several"},
		{"several needs no value", func(s *sound) { s.figure.Value, s.figure.Qualifier = "", Several }, ""},
		{"figure's value", func(s *sound) { s.figure.Value = "800 bn" }, `figure/size: value: "800 bn" is no number; write digits only, with a point for decimals, like 800000000000 or -18.5`},
		{"figure's value, negative", func(s *sound) { s.figure.Value = "-18.5" }, ""},
		{"figure's currency", func(s *sound) { s.figure.Currency = "$" }, `figure/size: currency: "$" is no currency; write three capital letters, like USD`},
		{"figure's speaker", func(s *sound) { s.figure.SaidBy = "event/meeting" }, "figure/size: said_by: names event/meeting, but must name one of these kinds: actor, source"},
		{"actor without a name", func(s *sound) { s.actor.Name = "" }, "actor/envoy: name: is missing; write it"},
		{"actor's spellings", func(s *sound) { s.actor.Aliases = slices.Repeat([]string{"a"}, 41) }, "actor/envoy: aliases: lists 41 spellings, at most 40 fit; remove some"},
		{"actor's body", func(s *sound) { s.actor.Tenures[0].Body = "plan/plan" }, "actor/envoy: tenures: names plan/plan, but must name one of these kinds: actor"},
		{"position's actor", func(s *sound) { s.position.Actor = "" }, "position/envoy-plan: actor: is missing; write the id of an item, like actor/name"},
		{"condition is missing", func(s *sound) { s.position.Stance = ConditionalStance }, "position/envoy-plan: conditions: is missing; say what the stance depends on"},
		{"statement says nothing", func(s *sound) { s.statement.Gist = "" }, "statement/envoy: gist: is missing; write what was said in your own words, or quote it"},
		{"long quote", func(s *sound) { s.statement.Quote = strings.Repeat("a", 200) }, "statement/envoy: quote: has 200 characters, at most 199 fit; shorten it"},
		{"statement without a speaker", func(s *sound) { s.statement.Speaker = "" }, "statement/envoy: speaker: is missing; name the speaker, or set attribution to unidentified or unattributed"},
		{"nobody is named", func(s *sound) { s.statement.Speaker, s.statement.Attribution = "", Unattributed }, ""},
		{"plan of itself", func(s *sound) { s.plan.VersionOf = "plan/plan" }, "plan/plan: version_of: names the plan itself; name the one it was made from"},
		{"plan's points", func(s *sound) { s.plan.Points = -1 }, "plan/plan: points: must lie between 0 and 1000"},
		{"assessment without a basis", func(s *sound) { s.assessment.Basis = "" }, "assessment/deal: basis: is missing; say what the confidence rests on"},
		{"assessment's author", func(s *sound) { s.assessment.Author = "plan/plan" }, "assessment/deal: author: names plan/plan, but must name one of these kinds: actor, source"},
		{"answered by nothing", func(s *sound) { s.question.State = Answered }, "question/when: answered_by: is missing; name the item that answers the question"},
		{"source's link", func(s *sound) { s.source.URL = "javascript:alert(1)" }, "source/paper: url: is no link to a web page; write it with https:// and at most 400 characters"},
		{"source's link with a password", func(s *sound) { s.source.URL = "https://a:b@example.org/" }, "source/paper: url: is no link to a web page; write it with https:// and at most 400 characters"},
		{"source's link, sound", func(s *sound) { s.source.URL = "https://example.org/a?b=c" }, ""},
		{"conflict with one member", func(s *sound) { s.conflict.Members = []ID{"figure/size", "figure/size"} }, "conflict/size: members: a conflict holds at least two items against each other; name another, or write a caveat instead"},
		{"conflict settled without a reason", func(s *sound) { s.conflict.State = BothTrue }, "conflict/size: rationale: is missing; only an open conflict needs none"},
		{"preferred is no member", func(s *sound) {
			s.conflict.State, s.conflict.Rationale, s.conflict.Preferred = Preferred, "A slip.", "plan/plan"
		}, "conflict/size: preferred: must name one of the members"},
	})
}

// A rule is how a sound desk is broken, and the one fault that follows; no
// fault where want is empty.
type rule struct {
	name  string
	broke func(*sound)
	want  string
}

func runRules(t *testing.T, rules []rule) {
	t.Helper()
	for _, tt := range rules {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSound()
			tt.broke(s)
			var got []string
			for _, f := range Check(s.items(), soundDay()) {
				got = append(got, f.Error())
			}
			if report := strings.Join(got, "\n"); report != tt.want {
				t.Errorf("Check found %q, want %q", report, tt.want)
			}
		})
	}
}

func TestCheckSectionsShareNoCommand(t *testing.T) {
	t.Parallel()
	s := newSound()
	other := *s.section
	other.ID, other.Refs = "section/more", []string{"SEC2"}
	got := Check(append(s.items(), &other), soundDay())
	want := Fault{Item: "section/more", Field: "command", Say: "/talks already belongs to section/talks; choose another name"}
	if !slices.Equal(got, []Fault{want}) {
		t.Errorf("Check found %v, want %v", got, want)
	}
}

func TestCheckIsBounded(t *testing.T) {
	t.Parallel()
	var items []Item
	for i := range MaxItems + 1 {
		items = append(items, &Source{Envelope: Envelope{ID: ID(fmt.Sprintf("source/s%d", i))}, Relays: []ID{"source/zzzz"}})
	}
	got := Check(items, soundDay())
	if len(got) != maxFaults {
		t.Errorf("Check found %d faults, want %d at most", len(got), maxFaults)
	}
	if want := "a desk holds at most 20000 items, these are 20001; remove some"; got[0].Say != want {
		t.Errorf("the first fault is %q, want %q", got[0].Say, want)
	}
}
