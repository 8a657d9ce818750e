package briefings

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
	more       []Item // what a test adds
}

// soundDay is when the desk is judged.
func soundDay() time.Time { return time.Date(2026, time.January, 19, 8, 0, 0, 0, time.UTC) }

func newSound() *sound {
	head := func(id ID, ref string) Envelope {
		return Envelope{ID: id, Refs: []string{ref}, Sections: []string{"talks"}, Text: "A text.", AsOf: date("2026-01-19"), Sources: []Citation{{Source: "source/paper"}}}
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
		source:     &Source{Envelope: uncited(head("source/paper", "SRC1")), Title: "A paper"},
		relay:      &Source{Envelope: head("source/digest", "SRC2"), Title: "A digest", Relays: []ID{"source/paper"}},
		conflict:   &Conflict{Envelope: head("conflict/size", "C1"), Members: []ID{"figure/size", "figure/rival"}, About: ValueConflict, State: OpenConflict},
	}
}

// date is what a test knows to be one.
func date(s string) EDTF {
	e, err := ParseEDTF(s)
	if err != nil {
		panic(err)
	}
	return e
}

func uncited(e Envelope) Envelope {
	e.Sources = nil
	return e
}

func withBasis(e Envelope) Envelope {
	e.Basis = "One paper."
	return e
}

func (s *sound) items() []Item {
	return append([]Item{
		s.section, s.event, s.figure, s.rival, s.actor, s.position, s.statement, s.plan, s.assessment, s.question, s.source, s.relay, s.conflict,
	}, s.more...)
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

// A rule is how a sound desk is broken, and the one fault that follows; no
// fault where want is empty.
type rule struct {
	name  string
	broke func(*sound)
	want  string
}

// tooLong is the rule that a text of id holds at most most characters.
func tooLong(id, field string, most int, set func(*sound, string)) rule {
	return rule{
		field + " too long", func(s *sound) { set(s, strings.Repeat("ї", most+1)) },
		fmt.Sprintf("%s: %s: has %d characters, at most %d fit; shorten it", id, field, most+1, most),
	}
}

// asLong is that as many are no fault.
func asLong(field string, most int, set func(*sound, string)) rule {
	return rule{field + " at its longest", func(s *sound) { set(s, strings.Repeat("ї", most)) }, ""}
}

// missing is the rule that id must have a text in field.
func missing(id, field string, set func(*sound, string)) rule {
	return rule{"no " + field, func(s *sound) { set(s, " ") }, fmt.Sprintf("%s: %s: is missing; write it", id, field)}
}

// rules are the tables of all kinds.
func rules() map[string][]rule {
	return map[string][]rule{
		"envelope": envelopeRules(), "provenance": provenanceRules(), "translations": translationRules(),
		"section": sectionRules(), "event": eventRules(), "figure": figureRules(), "actor": actorRules(), "position": positionRules(),
		"statement": statementRules(), "plan": planRules(), "assessment": assessmentRules(), "question": questionRules(),
		"source": sourceRules(), "conflict": conflictRules(),
	}
}

// faults are those of the sound desk once it is broken.
func (r rule) faults() []Fault {
	s := newSound()
	r.broke(s)
	return Check(s.items(), soundDay())
}

func TestRules(t *testing.T) {
	t.Parallel()
	for group, list := range rules() {
		for _, tt := range list {
			t.Run(group+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				var got []string
				for _, f := range tt.faults() {
					got = append(got, f.Error())
				}
				if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
					t.Errorf("Check (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestCheckIsBounded(t *testing.T) {
	t.Parallel()
	got := Check(tooMany(), soundDay())
	if len(got) != maxFaults+1 {
		t.Errorf("Check found %d faults, want %d and one that there are more", len(got), maxFaults)
	}
	if last, want := got[len(got)-1], "there are more than these 1000 faults; mend them first, then check again"; last.Item != "" || last.Say != want {
		t.Errorf("the last fault is %v, want %s", last, want)
	}
	if want := "a desk holds at most 20000 items, these are 20001; remove some"; got[0].Say != want {
		t.Errorf("the first fault is %q, want %q", got[0].Say, want)
	}
}

// tooMany is one item more than a desk holds, each with several faults.
func tooMany() []Item {
	items := make([]Item, MaxItems+1)
	for i := range items {
		items[i] = &Source{Envelope: Envelope{ID: ID(fmt.Sprintf("source/s%d", i))}, Relays: []ID{"source/zzzz"}}
	}
	return items
}
