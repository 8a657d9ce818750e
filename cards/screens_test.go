package cards

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/testenv"
)

func section(tb testing.TB, say Telling, command string) *briefings.Section {
	tb.Helper()
	s := say.Snapshot.Section(command)
	if s == nil {
		tb.Fatalf("the briefing has no section %s", command)
	}
	return s
}

// screens are the first screens of the bundled briefing, by name.
func screens(tb testing.TB) map[string]Card {
	tb.Helper()
	say := bundled(tb)
	all := map[string]Card{"actors": say.Actors()}
	for _, command := range []string{"talks", "energy", "plan", "recovery", "davos"} {
		all[command] = say.Section(section(tb, say, command))
	}
	return all
}

func TestFirstScreensFitAPhone(t *testing.T) {
	t.Parallel()
	for name, c := range screens(t) {
		if n := len(c.Blocks[1].Lines); name != "actors" && (n == 0 || n > 5) {
			t.Errorf("/%s has %d points below its bottom line, want at most 5:\n%s", name, n, c.Plain())
		}
		if got := shown(c); got > FirstScreen {
			t.Errorf("/%s answers with %d characters, at most %d were to be:\n%s", name, got, FirstScreen, c.Plain())
		}
	}
}

// TestScreensAreWhole: no phrase is missing, every highlight is there, and the
// bottom line comes first.
func TestScreensAreWhole(t *testing.T) {
	t.Parallel()
	say := bundled(t)
	for _, s := range say.Snapshot.Sections() {
		c := say.Section(s)
		plain := c.Plain()
		if missing := phrase.FindString(plain); missing != "" {
			t.Errorf("%s: it holds %q:\n%s", s.ID, missing, plain)
		}
		rows := strings.Split(plain, "\n")
		if !strings.HasPrefix(rows[0], strings.ToUpper(s.Title)) || rows[1] != s.Bluf {
			t.Errorf("%s: it begins %q, %q, want the title and the bottom line", s.ID, rows[0], rows[1])
		}
		if s.Trend != 0 && !strings.Contains(rows[0], s.TrendReason) {
			t.Errorf("%s: the title %q has a trend without its reason", s.ID, rows[0])
		}
		for _, id := range append(slices.Clone(s.Highlights), s.Watch...) {
			if ref := say.Snapshot.Item(id).Head().Ref(); !strings.Contains(plain, ref) {
				t.Errorf("%s: %s is nowhere in\n%s", s.ID, ref, plain)
			}
		}
		if n := shown(say.Sources(s, Leaf{})); n > MostText {
			t.Errorf("%s: its sources take %d characters", s.ID, n)
		}
	}
	for _, a := range briefings.All[*briefings.Actor](say.Snapshot) {
		c := say.Actor(a)
		if plain := c.Plain(); phrase.MatchString(plain) || !strings.Contains(plain, a.Name) || shown(c) > MostText {
			t.Errorf("%s: %q", a.ID, plain)
		}
		if label := say.ActorLabel(a); len([]rune(label)) > 100 || !strings.Contains(label, a.Name) {
			t.Errorf("%s is listed as %q", a.ID, label)
		}
	}
}

func TestEverybodyIsOnTheActorsScreenOnce(t *testing.T) {
	t.Parallel()
	say := bundled(t)
	c := say.Actors()
	plain := c.Plain()
	people := 0
	for _, a := range briefings.All[*briefings.Actor](say.Snapshot) {
		if !a.Human() {
			continue
		}
		people++
		if n := strings.Count(plain, a.Name+", "); n != 1 {
			t.Errorf("%s stands there %d times, want once:\n%s", a.Name, n, plain)
		}
	}
	if len(c.Selects[0].Options) != min(people, 25) {
		t.Errorf("%d people to choose from, want %d", len(c.Selects[0].Options), min(people, 25))
	}
	for _, o := range c.Selects[0].Options {
		if item := say.Snapshot.Item(briefings.ID(o.Value)); item == nil || len([]rune(o.Label)) > 100 || len([]rune(o.Description)) > 100 {
			t.Errorf("option %+v", o)
		}
	}
}

// TestNewItemsAreNotUnseen: what a desk adds to a section shows, conflicts and
// other sections' items don't.
func TestNewItemsAreNotUnseen(t *testing.T) {
	t.Parallel()
	s := &briefings.Section{Command: "war", Title: "War", Bluf: "It goes on.", Highlights: []briefings.ID{"figure/f1"}}
	s.ID, s.Refs = "section/war", []string{"SEC1"}
	say := telling(t, s, figure(t, "F1", "1"))
	var own []briefings.Revision
	for i, f := range []struct{ ref, in string }{{"F2", "war"}, {"F3", "peace"}, {"F1", "war"}, {"F4", "war"}, {"F4", "peace"}} {
		added := figure(t, f.ref, "7")
		added.Sections = []string{f.in}
		own = append(own, briefings.Revision{Rev: i + 2, Item: added, Op: briefings.OpAmend, RecordedAt: say.Now})
	}
	itself := *s
	itself.Sections = []string{"war"}
	own = append(own, briefings.Revision{Rev: 9, Item: &itself, Op: briefings.OpAmend, RecordedAt: say.Now})
	say.Snapshot = briefings.Compile("1", say.Snapshot, own)
	plain := say.Section(s).Plain()
	if strings.Count(plain, "F1") != 1 || strings.Count(plain, "F2") != 1 || strings.ContainsAny(plain, "34") || strings.Contains(plain, "SEC1") {
		t.Errorf("want F1 and F2 once, and neither F3, F4 nor SEC1 in\n%s", plain)
	}
}

func TestFlagIsStruckOnceExpired(t *testing.T) {
	t.Parallel()
	s := &briefings.Section{Title: "War", Bluf: "It goes on.", RiskAlert: &briefings.Flag{Text: "Frost.", Expires: edtf(t, "2026-01-31")}}
	s.ID, s.Refs = "section/war", []string{"SEC1"}
	say := telling(t, s)
	for _, tt := range []struct {
		now    string
		struck bool
	}{{"2026-01-31T23:59:59Z", false}, {"2026-02-01T00:00:01Z", true}} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		say.Now = now
		last := lines(say.Section(s))
		text := string(last[len(last)-1].Text)
		if got := strings.HasPrefix(text, "~~") && strings.HasSuffix(text, "~~"); got != tt.struck || !strings.Contains(text, "Frost.") || !strings.Contains(text, "31 Jan 2026") {
			t.Errorf("at %s: got %q, want it struck %t, with its text and day", tt.now, text, tt.struck)
		}
	}
}

func TestFooter(t *testing.T) {
	t.Parallel()
	paper := &briefings.Source{Title: "A paper", URL: "https://example.org"}
	paper.ID, paper.Refs = "source/paper", []string{"S1"}
	old, young := figure(t, "F1", "1"), figure(t, "F2", "2")
	old.AsOf, young.AsOf = edtf(t, "2025-11"), edtf(t, "2026-01-18")
	old.Sources = []briefings.Citation{{Source: "source/paper"}, {Source: "source/gone"}}
	say := telling(t, paper, old, young)
	for _, tt := range []struct {
		name      string
		ids       []briefings.ID
		days      int
		want, not []string
	}{
		{"fresh", []briefings.ID{"figure/f1", "figure/f2", "figure/none"}, 0, []string{"18 Jan 2026", "rev 1", "2 sources"}, []string{"overdue", "stale"}},
		{"due", []briefings.ID{"figure/f1", "figure/f2"}, 4, []string{"overdue"}, []string{"stale"}},
		{"stale", []briefings.ID{"figure/f1", "figure/f2"}, 7, []string{"overdue", "2 stale"}, nil},
		{"one stale", []briefings.ID{"figure/f2"}, 7, []string{"1 stale item"}, []string{"items", "source"}},
		{"nothing dated", []briefings.ID{"source/paper"}, 7, []string{"19 Jan 2026"}, []string{"overdue"}},
		{"nothing", nil, 7, []string{"19 Jan 2026", "rev 1"}, []string{"source", "stale"}},
	} {
		late := say
		late.Now = say.Now.AddDate(0, 0, tt.days)
		got := Join(late.FooterOf(tt.ids), "\n").Plain()
		for _, part := range tt.want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: %q lacks %q", tt.name, got, part)
			}
		}
		for _, part := range tt.not {
			if strings.Contains(got, part) {
				t.Errorf("%s: %q holds %q", tt.name, got, part)
			}
		}
	}
}

// TestStaleComesLast: what nobody vouches for any more is marked, comes after
// the rest and is counted; nothing of it is dropped.
func TestStaleComesLast(t *testing.T) {
	t.Parallel()
	s := &briefings.Section{Command: "war", Title: "War", Bluf: "It goes on.", Highlights: []briefings.ID{"figure/f1", "position/p1", "figure/f2"}}
	s.ID, s.Refs = "section/war", []string{"SEC1"}
	p := &briefings.Position{Issue: "Land"}
	p.ID, p.Refs, p.Text, p.Sections = "position/p1", []string{"P1"}, "One says no.", []string{"war"}
	one, two := figure(t, "F1", "1"), figure(t, "F2", "2")
	one.Sections, two.Sections = []string{"war"}, []string{"war"}
	for _, tt := range []struct {
		name   string
		days   int
		closed string
		order  []string
		marks  []string // of each line, in that order
		counts string
	}{
		{"fresh", 0, "", []string{"F1", "P1", "F2"}, []string{"", "", ""}, ""},
		{"overdue", 4, "", []string{"F1", "P1", "F2"}, []string{"", "", ""}, "review overdue"},
		{"figures are stale", 7, "", []string{"P1", "F1", "F2"}, []string{"", "⌛ stale", "⌛ stale"}, "2 stale items"},
		{"all are stale", 40, "", []string{"F1", "P1", "F2"}, []string{"⌛ stale", "⌛ stale", "⌛ stale"}, "3 stale items"},
		{"the section is closed", 40, "2026-01-25", []string{"F1", "P1", "F2"}, []string{"⌛ historical", "⌛ historical", "⌛ historical"}, "3 historical items"},
	} {
		of := *s
		if tt.closed != "" {
			of.Closed = edtf(t, tt.closed)
		}
		say := telling(t, &of, one, p, two)
		say.Now = say.Now.AddDate(0, 0, tt.days)
		c := say.Section(&of)
		lines := c.Blocks[1].Lines
		if len(lines) != len(tt.order) {
			t.Errorf("%s: got %d lines, want all %d", tt.name, len(lines), len(tt.order))
			continue
		}
		for i, ref := range tt.order {
			plain := lines[i].Text.Plain()
			if !strings.Contains(plain, ref) || strings.Contains(plain, "⌛") != (tt.marks[i] != "") || !strings.HasSuffix(plain, tt.marks[i]) {
				t.Errorf("%s: line %d is %q, want %s marked %q", tt.name, i, plain, ref, tt.marks[i])
			}
		}
		if foot := Join(c.Footer, " ").Plain(); !strings.Contains(foot, tt.counts) || strings.Contains(foot, "stale") != strings.Contains(tt.counts, "stale") {
			t.Errorf("%s: the footer is %q, want %q in it", tt.name, foot, tt.counts)
		}
	}
}

// TestFirstScreensGolden shows a change of wording as a difference to review.
func TestFirstScreensGolden(t *testing.T) {
	t.Parallel()
	for name, c := range screens(t) {
		testenv.Golden(t, filepath.Join("testdata", name+".txt"), []byte(c.Plain()))
	}
}
