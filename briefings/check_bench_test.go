package briefings

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkCheck judges desks of as many items as one may hold: sound ones, and
// ones made so that judging them takes as long as it can.
func BenchmarkCheck(b *testing.B) {
	for _, tt := range []struct {
		name string
		item func(i int) Item
	}{
		{"sound", soundItem},
		{"heaps of relays", heapedSource},
		{"heaps of answers", heapedQuestion},
		{"lines of versions", linedPlan},
		{"long unknown names", strayed},
		{"zones written at length", zonedEvent},
		{"numbers with exponents", exponentFigure},
		{"long texts", longEvent},
	} {
		b.Run(tt.name, func(b *testing.B) {
			items := make([]Item, MaxItems)
			for i := range items {
				items[i] = tt.item(i)
			}
			b.ReportAllocs()
			for b.Loop() {
				Check(items, soundDay())
			}
		})
	}
}

func benchHead(kind Kind, i int) Envelope {
	return Envelope{
		ID: ID(fmt.Sprintf("%s/n%05d", kind, i)), Refs: []string{fmt.Sprintf("N%d", i)}, Sections: []string{"n00000"},
		Text: "A text.", AsOf: date("2026-01-19"), Sources: []Citation{{Source: "source/n00001"}},
	}
}

// common are the first two items of each desk: the section and the source that
// the others name.
func common(i int) Item {
	switch i {
	case 0:
		return &Section{Envelope: benchHead(KindSection, 0), Command: "talks", Title: "Talks", Bluf: "They talk."}
	case 1:
		return &Source{Envelope: uncited(benchHead(KindSource, 1)), Title: "A paper"}
	}
	return nil
}

func soundItem(i int) Item {
	switch {
	case i < 2:
		return common(i)
	case i%3 == 0:
		return &Event{Envelope: benchHead(KindEvent, i), Headline: "They meet", Type: MeetingEvent, Happened: Yes, Zone: "Europe/Kyiv"}
	case i%3 == 1:
		return &Figure{Envelope: benchHead(KindFigure, i), Series: "plan.size", Value: "800", Qualifier: About, Unit: "dollars", Status: Claimed}
	}
	return &Statement{Envelope: benchHead(KindStatement, i), Speaker: "source/n00001", Gist: "It goes well.", Attribution: Reported, Truth: Opinion}
}

// heap are the ids of up to 50 items that i names, out of 100 that name each
// other as often as they can without a circle.
func heap(kind Kind, i int) (ids []ID) {
	const first, last = 2, 101
	for at := min(i-1, last); at >= max(first, min(i-1, last)-maxNamed+1); at-- {
		ids = append(ids, ID(fmt.Sprintf("%s/n%05d", kind, at)))
	}
	return ids
}

func heapedSource(i int) Item {
	if i < 2 {
		return common(i)
	}
	s := &Source{Envelope: benchHead(KindSource, i), Title: "A digest", Relays: heap(KindSource, i)}
	s.Sources = nil
	for k := range maxCited - 1 {
		s.Sources = append(s.Sources, Citation{Source: ID(fmt.Sprintf("source/n%05d", 102+(i+k+1)%(MaxItems-102))), Credibility: 1})
	}
	s.Sources = append(s.Sources, Citation{Source: "source/n00001", Credibility: 1})
	return s
}

func heapedQuestion(i int) Item {
	if i < 2 {
		return common(i)
	}
	q := &Question{Envelope: benchHead(KindQuestion, i), Question: "When?", State: OpenQuestion, AnsweredBy: heap(KindQuestion, i)}
	if len(q.AnsweredBy) > 0 {
		q.State = Answered
	}
	return q
}

func linedPlan(i int) Item {
	if i < 2 {
		return common(i)
	}
	p := &Plan{Envelope: benchHead(KindPlan, i), Title: "The plan", Status: DraftPlan}
	if i%100 != 2 {
		p.VersionOf = ID(fmt.Sprintf("plan/n%05d", i-1))
	}
	return p
}

// strayed are actors with names as long as they can be, all alike far from
// those that events name.
func strayed(i int) Item {
	if i < 2 {
		return common(i)
	}
	if i < 2+maxHints {
		e := &Event{Envelope: benchHead(KindEvent, i), Headline: "They meet", Type: MeetingEvent, Happened: Yes}
		e.Participants = []ID{ID(fmt.Sprintf("actor/%s%02d", strings.Repeat("cb-d", 13), i))}
		return e
	}
	a := &Actor{Envelope: benchHead(KindActor, i), Name: "An envoy", Is: Person}
	a.ID = ID(fmt.Sprintf("actor/%s%05d", strings.Repeat("cb-a", 13), i))
	return a
}

func zonedEvent(i int) Item {
	if i < 2 {
		return common(i)
	}
	return &Event{
		Envelope: benchHead(KindEvent, i), Headline: "They meet", Type: MeetingEvent, Happened: Yes,
		Zone: "Europe/" + strings.Repeat("./", i%100) + strings.Repeat("/", i/100) + "Kyiv",
	}
}

func exponentFigure(i int) Item {
	if i < 2 {
		return common(i)
	}
	return &Figure{Envelope: benchHead(KindFigure, i), Series: "plan.size", Value: "1e999999", Qualifier: About, Unit: "dollars", Status: Claimed}
}

func longEvent(i int) Item {
	if i < 2 {
		return common(i)
	}
	e := &Event{
		Envelope: benchHead(KindEvent, i), Headline: strings.Repeat("ї", 100), Type: MeetingEvent, Happened: Yes, Place: strings.Repeat("ї", 80),
		Control: strings.Repeat("ї", 80), Outcome: strings.Repeat("ї", 200), Condition: strings.Repeat("ї", 140),
	}
	e.Text, e.Caveat, e.Basis = strings.Repeat("ї", 280), strings.Repeat("ї", 140), strings.Repeat("ї", 280)
	for range 19 {
		e.Refs = append(e.Refs, fmt.Sprintf("%s%d", strings.Repeat("O", len(e.Refs)%4+1), i*5+len(e.Refs)/4))
	}
	return e
}
