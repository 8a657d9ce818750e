package cards

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
)

// bundled words the briefing that every installation starts from.
func bundled(tb testing.TB) Telling {
	tb.Helper()
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		tb.Fatal(err)
	}
	t := telling(tb, items...)
	t.Snapshot = briefings.Compile(briefings.Catalogue, t.Snapshot, nil) // nobody's own changes
	t.Now = catalogue.RecordedAt()
	return t
}

// phrase matches the id of a phrase that is missing.
var phrase = regexp.MustCompile(`\b(status|line|said_by|number|conflict|likelihood|confidence|date|month|footer|section|actors|sources|trend)\.[a-z_0-9]+|<no value>|%!`)

func TestEveryItemHasItsLine(t *testing.T) {
	t.Parallel()
	say := bundled(t)
	kinds := map[briefings.Kind]bool{}
	for _, item := range say.Snapshot.Items() {
		h := item.Head()
		kinds[h.ID.Kind()] = true
		line := say.Line(h.ID)
		plain := line.Plain()
		if strings.Contains(strings.Replace(plain, "\nConfidence:", "", 1), "\n") || strings.TrimSpace(plain) != plain || plain == "" {
			t.Errorf("%s: %q is no single line", h.ID, plain)
		}
		if !strings.Contains(plain, h.Ref()) {
			t.Errorf("%s: %q lacks the label %s", h.ID, plain, h.Ref())
		}
		if h.Caveat != "" && !strings.Contains(plain, "⚠ "+h.Caveat) {
			t.Errorf("%s: %q lacks the caveat %q", h.ID, plain, h.Caveat)
		}
		if missing := phrase.FindString(plain); missing != "" {
			t.Errorf("%s: %q holds %q", h.ID, plain, missing)
		}
	}
	for _, kind := range briefings.Kinds() {
		if !kinds[kind] {
			t.Errorf("the bundled briefing holds no %s, so its line is untested", kind)
		}
	}
	if got := say.Line("figure/none"); got != "" {
		t.Errorf("no such item: got %q, want nothing", got)
	}
}

// TestFactAndJudgementLookDifferent: each figure's status has its glyph and its
// word, and an assessment names whose view it is.
func TestFactAndJudgementLookDifferent(t *testing.T) {
	t.Parallel()
	say := bundled(t)
	for _, f := range briefings.All[*briefings.Figure](say.Snapshot) {
		plain := say.Line(f.ID).Plain()
		glyph, word, _ := strings.Cut(say.Words.Say("status."+f.Status.String()), " ")
		if say.openConflict(f.ID) {
			glyph = "⚠"
		}
		if !strings.HasPrefix(plain, glyph+" ") || !strings.Contains(plain, word) {
			t.Errorf("%s: %q lacks %s at its start or the word %s", f.ID, plain, glyph, word)
		}
		if f.SaidBy != "" && !strings.Contains(plain, say.Snapshot.Name(f.SaidBy)) {
			t.Errorf("%s: %q does not say who says so", f.ID, plain)
		}
	}
	for _, a := range briefings.All[*briefings.Assessment](say.Snapshot) {
		plain := say.Line(a.ID).Plain()
		if !strings.HasPrefix(plain, "◇ ") || !strings.Contains(plain, say.Snapshot.Name(a.Author)) {
			t.Errorf("%s: %q lacks ◇ or its author", a.ID, plain)
		}
	}
}

// TestMembersOfOpenConflictsAreMarked: shown alone, each carries ⚠ and its
// rival or what the conflict is about.
func TestMembersOfOpenConflictsAreMarked(t *testing.T) {
	t.Parallel()
	say := bundled(t)
	members := 0
	for _, x := range briefings.All[*briefings.Conflict](say.Snapshot) {
		for _, m := range x.Members {
			if x.State != briefings.OpenConflict && x.State != briefings.Preferred {
				continue
			}
			members++
			plain := say.Line(m).Plain()
			tells := strings.Contains(plain, x.Text)
			for _, rival := range x.Members {
				tells = tells || (rival != m && strings.Contains(plain, say.Snapshot.Item(rival).Head().Ref()))
			}
			if !strings.Contains(plain, "⚠") || !tells {
				t.Errorf("%s in %s: %q lacks ⚠, or says neither its rival nor %q", m, x.ID, plain, x.Text)
			}
		}
	}
	if members < 2 {
		t.Errorf("the bundled briefing has %d members of open conflicts, so nothing was tested", members)
	}
}

func figure(tb testing.TB, ref, value string) *briefings.Figure {
	f := &briefings.Figure{Value: value, Qualifier: briefings.Exact, Unit: "x", Status: briefings.Claimed}
	f.ID, f.Refs, f.AsOf = briefings.ID("figure/"+strings.ToLower(ref)), []string{ref}, edtf(tb, "2026-01-19")
	return f
}

func TestConflictStates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		state    briefings.ConflictState
		f1, f2   []string // what their lines hold
		f1n, f2n []string // and what they don't
	}{
		{briefings.OpenConflict, []string{"⚠ How many? C1"}, []string{"⚠ How many? C1"}, nil, nil},
		{briefings.Preferred, []string{"⚠", "2 x F2"}, []string{"⚠", "1 x F1"}, []string{"How many?"}, []string{"How many?"}},
		{briefings.BothTrue, nil, nil, []string{"⚠"}, []string{"⚠"}},
		{briefings.Explained, nil, nil, []string{"⚠"}, []string{"⚠"}},
	} {
		x := &briefings.Conflict{Members: []briefings.ID{"figure/f1", "figure/f2", "figure/gone"}, State: tt.state, Preferred: "figure/f1"}
		x.ID, x.Refs, x.Text = "conflict/c", []string{"C1"}, "How many?"
		say := telling(t, figure(t, "F1", "1"), figure(t, "F2", "2"), x)
		for i, id := range []briefings.ID{"figure/f1", "figure/f2"} {
			plain := say.Line(id).Plain()
			for _, part := range [][]string{tt.f1, tt.f2}[i] {
				if !strings.Contains(plain, part) {
					t.Errorf("%s, %s: %q lacks %q", tt.state, id, plain, part)
				}
			}
			for _, part := range [][]string{tt.f1n, tt.f2n}[i] {
				if strings.Contains(plain, part) {
					t.Errorf("%s, %s: %q holds %q", tt.state, id, plain, part)
				}
			}
		}
	}
}

// TestLikelihoodAndConfidenceNeverShareASentence is rule 2 of what a briefing
// is made of.
func TestLikelihoodAndConfidenceNeverShareASentence(t *testing.T) {
	t.Parallel()
	author := &briefings.Source{Title: "A paper"}
	author.ID, author.Refs = "source/paper", []string{"S1"}
	for _, likelihood := range []briefings.Likelihood{
		0, briefings.Remote, briefings.VeryUnlikely, briefings.Unlikely, briefings.RoughlyEven, briefings.Likely, briefings.VeryLikely, briefings.AlmostCertain,
	} {
		for _, confidence := range []briefings.Confidence{briefings.HighConfidence, briefings.ModerateConfidence, briefings.LowConfidence} {
			a := &briefings.Assessment{Judgement: "They sign.", Author: "source/paper", Likelihood: likelihood, Confidence: confidence}
			a.ID, a.Refs, a.Basis = "assessment/a", []string{"J1"}, "Two reports."
			plain := telling(t, author, a).Line(a.ID).Plain()
			low, high := briefings.Band(likelihood)
			band := fmt.Sprintf("%d–%d %%", low, high)
			if likelihood != 0 && (!strings.Contains(plain, band) || !strings.Contains(plain, likelihood.String())) {
				t.Errorf("%s: %q lacks its term or its band %s", likelihood, plain, band)
			}
			if likelihood == 0 && strings.Contains(plain, "%") {
				t.Errorf("none: %q has a band", plain)
			}
			for _, sentence := range strings.Split(plain, "\n") { // confidence stands on a line of its own
				if strings.Contains(sentence, "Confidence") && (strings.Contains(sentence, "%") || strings.Contains(sentence, "Likelihood")) {
					t.Errorf("%q has both", sentence)
				}
			}
			if !strings.Contains(plain, confidence.String()) || !strings.Contains(plain, "Two reports") || strings.Contains(plain, "..") {
				t.Errorf("%q lacks its confidence or its basis, or ends twice", plain)
			}
		}
	}
	for _, a := range briefings.All[*briefings.Assessment](bundled(t).Snapshot) {
		if strings.Contains(strings.ToLower(a.Judgement), "confidence") {
			t.Errorf("%s: the judgement %q speaks of confidence", a.ID, a.Judgement)
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	position := func(ref, issue, text string) *briefings.Position {
		p := &briefings.Position{Issue: issue}
		p.ID, p.Refs, p.Text = briefings.ID("position/"+strings.ToLower(ref)), []string{ref}, text
		return p
	}
	x := &briefings.Conflict{Members: []briefings.ID{"figure/f1", "figure/f2"}, State: briefings.OpenConflict}
	x.ID, x.Refs, x.Text = "conflict/c", []string{"C1"}, "How many?"
	say := telling(t, figure(t, "F1", "1"), figure(t, "F2", "2"), x,
		position("P1", "Land", "One says no."), position("P2", "Land", "One says yes."), position("P3", "Money", "All say yes."), position("P4", "", "Nothing is the issue."))
	for _, tt := range []struct {
		name string
		ids  []briefings.ID
		want []string // a part of each line
	}{
		{"positions side by side share a line", []briefings.ID{"position/p1", "position/p2", "position/p3"}, []string{"Land: One says no. P1 One says yes. P2", "Money: All"}},
		{"positions apart don't", []briefings.ID{"position/p1", "figure/f1", "position/p2"}, []string{"P1", "F1", "P2"}},
		{"rival figures side by side share a line", []briefings.ID{"figure/f1", "figure/f2", "position/p3"}, []string{"F2 ⚠ How many? C1", "P3"}},
		{"a conflict is told once", []briefings.ID{"figure/f1", "position/p3", "figure/f2"}, []string{"⚠ How many? C1", "P3", "⚠ C1"}},
		{"what is not there is left out", []briefings.ID{"figure/none", "figure/f1"}, []string{"F1"}},
		{"a position without an issue", []briefings.ID{"position/p4", "position/p4"}, []string{"P4", "P4"}},
		{"none", nil, nil},
	} {
		got := say.Lines(tt.ids)
		if len(got) != len(tt.want) {
			t.Errorf("%s: got %d lines %v, want %d", tt.name, len(got), got, len(tt.want))
			continue
		}
		for i, part := range tt.want {
			if plain := got[i].Text.Plain(); !strings.Contains(plain, part) || strings.Contains(plain, "\n") {
				t.Errorf("%s: line %d is %q, want %q in it", tt.name, i, plain, part)
			}
		}
	}
}

// TestRivalsTogetherLoseNothing: figures that share a line each keep their
// label, who says so, their caveat and the mark of a correction.
func TestRivalsTogetherLoseNothing(t *testing.T) {
	t.Parallel()
	x := &briefings.Conflict{Members: []briefings.ID{"figure/f1", "figure/f2"}, State: briefings.OpenConflict}
	x.ID, x.Refs, x.Text = "conflict/c", []string{"C1"}, "How many?"
	anna := &briefings.Actor{Name: "Anna Berg", Is: briefings.Person}
	anna.ID, anna.Refs = "actor/anna", []string{"A1"}
	one, two := figure(t, "F1", "1"), figure(t, "F2", "2")
	one.SaidBy, one.Caveat, two.Caveat = "actor/anna", "Undated.", "No source."
	say := telling(t, anna, one, two, x)
	say.Snapshot = briefings.Compile("1", say.Snapshot, []briefings.Revision{{Rev: 2, Item: two, Op: briefings.OpCorrect, Reason: "Miscounted.", RecordedAt: say.Now}})
	got := say.Lines([]briefings.ID{"figure/f1", "figure/f2"})
	if len(got) != 1 {
		t.Fatalf("got %d lines, want one", len(got))
	}
	plain := got[0].Text.Plain()
	for _, part := range []string{"⚠ ", "F1", "F2", "Anna Berg", "Undated.", "No source.", "How many? C1", "✎", "Miscounted."} {
		if n := strings.Count(plain, part); n < 1 || (part != "⚠ " && n > 1) {
			t.Errorf("%q has %q %d times", plain, part, n)
		}
	}
}

func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	base := telling(t, figure(t, "F1", "1"))
	for _, tt := range []struct {
		op     briefings.Op
		reason string
		want   []string
	}{
		{briefings.OpCorrect, "It was *miscounted*.", []string{"✎", "20 Jan 2026", "It was *miscounted*."}},
		{briefings.OpAmend, "New count.", []string{"✎", "20 Jan 2026", "New count."}},
		{briefings.OpAmend, "", []string{"✎", "20 Jan 2026"}},
		{briefings.OpConfirm, "", nil},
		{briefings.OpCreate, "", nil},
	} {
		say := base
		say.Snapshot = briefings.Compile("1", base.Snapshot, []briefings.Revision{{
			Rev: 2, Item: figure(t, "F1", "2"), Op: tt.op, Reason: tt.reason, RecordedAt: time.Date(2026, 1, 20, 9, 0, 0, 0, time.UTC),
		}})
		plain := say.Line("figure/f1").Plain()
		for _, part := range tt.want {
			if !strings.Contains(plain, part) {
				t.Errorf("%s %q: %q lacks %q", tt.op, tt.reason, plain, part)
			}
		}
		if len(tt.want) == 0 && strings.Contains(plain, "✎") {
			t.Errorf("%s: %q is marked as changed", tt.op, plain)
		}
	}
}

// TestHostileTextStaysText puts markup in every text of an item of each kind.
func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	const nasty = "@everyone **x** [a](https://e.example) <@1>\n# h"
	say := bundled(t)
	for _, item := range say.Snapshot.Items() {
		hostile, err := briefings.Clone(item)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range briefings.Fields(hostile) {
			if text, ok := f.Ptr.(*string); ok && f.Name != "currency" && f.Name != "value" && f.Name != "zone" {
				*text = nasty
			}
		}
		own := say
		own.Snapshot = briefings.Compile("1", say.Snapshot, []briefings.Revision{{Rev: 2, Item: hostile, Op: briefings.OpCorrect, Reason: nasty, RecordedAt: say.Now}})
		line := strings.Replace(string(own.Line(hostile.Head().ID)), "\nConfidence:", "", 1)
		for _, mark := range []string{"@everyone", "**x**", "[a](", "://", "<@", "\n", "<no value>"} {
			if strings.Contains(strings.ReplaceAll(line, `\<`, ""), mark) {
				t.Errorf("%s: %q holds %q", item.Head().ID, line, mark)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	event := briefings.Event{Headline: "A forum", Type: briefings.GatheringEvent, Happened: briefings.Scheduled}
	event.ID, event.Refs, event.Text = "event/e1", []string{"E1"}, "They meet."
	dated := func(e *briefings.Event) { e.Valid = edtf(t, "2026-01-19/2026-01-23") }
	for _, tt := range []struct {
		name   string
		change func(*briefings.Event)
		want   string
	}{
		{"neither day nor place", func(*briefings.Event) {}, "They meet. E1"},
		{"no text", func(e *briefings.Event) { e.Text = "" }, "A forum E1"},
		{"day and place", func(e *briefings.Event) { dated(e); e.Place = "Davos" }, "19–23 Jan 2026, Davos: They meet. E1"},
		{
			"a day from elsewhere says so itself", func(e *briefings.Event) { dated(e); e.Origin, e.Place = briefings.External, "Davos" },
			"19–23 Jan 2026 (from outside the article), Davos: They meet. E1",
		},
		{"from elsewhere, undated", func(e *briefings.Event) { e.Origin = briefings.External }, "They meet. (from outside the article) E1"},
		{"an inferred day", func(e *briefings.Event) { dated(e); e.Origin = briefings.Inferred }, "19–23 Jan 2026 (inferred, not from any report): They meet. E1"},
		{"what it depends on", func(e *briefings.Event) { e.Condition = "All agree." }, "They meet. Condition: All agree. E1"},
		{"not to be", func(e *briefings.Event) { e.Happened, e.Outcome = briefings.No, "unknown" }, "They meet. (it did not happen) Outcome not reported. E1"},
		{"what came of it", func(e *briefings.Event) { e.Outcome = "A paper." }, "They meet. Outcome: A paper. E1"},
	} {
		e := event
		tt.change(&e)
		if got := telling(t, &e).Line(e.ID).Plain(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestStatements(t *testing.T) {
	t.Parallel()
	anna := &briefings.Actor{Name: "Anna Berg", Is: briefings.Person}
	anna.ID, anna.Refs = "actor/anna", []string{"A1"}
	statement := briefings.Statement{Gist: "It is late.", Attribution: briefings.Reported, Truth: briefings.Opinion}
	statement.ID, statement.Refs = "statement/s1", []string{"S1"}
	for _, tt := range []struct {
		name   string
		change func(*briefings.Statement)
		want   string
	}{
		{"speaker", func(s *briefings.Statement) { s.Speaker = anna.ID }, "Anna Berg: It is late. — reported, an opinion S1"},
		{"speaker and to whom", func(s *briefings.Statement) { s.Speaker, s.Channel = anna.ID, "A paper" }, "Anna Berg (A paper): It is late. — reported, an opinion S1"},
		{"a quote", func(s *briefings.Statement) { s.Speaker, s.Quote = anna.ID, "Late!" }, "Anna Berg: “Late!” — reported, an opinion S1"},
		{"nobody", func(s *briefings.Statement) { s.Attribution = briefings.Unattributed }, "It is late. — nobody named, an opinion S1"},
	} {
		s := statement
		tt.change(&s)
		if got := telling(t, anna, &s).Line(s.ID).Plain(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
