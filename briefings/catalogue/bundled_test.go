package catalogue

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sitrep/briefings"
	"sitrep/testenv"
)

// bundle reads the bundled briefing and looks items up by label.
type bundle struct {
	items []briefings.Item
	byRef map[string]briefings.Item
}

func readBundled(t *testing.T) bundle {
	t.Helper()
	items, err := Read(Bundled(), RecordedAt())
	if err != nil {
		t.Fatal(err)
	}
	b := bundle{items: items, byRef: map[string]briefings.Item{}}
	for _, item := range items {
		for _, ref := range item.Head().Refs {
			b.byRef[ref] = item
		}
	}
	return b
}

// at is the item with the label, of the kind that T is.
func at[T briefings.Item](t *testing.T, b bundle, ref string) T {
	t.Helper()
	item, ok := b.byRef[ref].(T)
	if !ok {
		t.Fatalf("%s is a %T, want another kind", ref, b.byRef[ref])
	}
	return item
}

func (b bundle) item(t *testing.T, id briefings.ID) briefings.Item {
	t.Helper()
	i := slices.IndexFunc(b.items, func(item briefings.Item) bool { return item.Head().ID == id })
	if i < 0 {
		t.Fatalf("there is no %s", id)
	}
	return b.items[i]
}

func TestBundledIsCanonical(t *testing.T) {
	t.Parallel()
	for name, got := range Write(readBundled(t).items) {
		testenv.Golden(t, filepath.Join("bundled", name), got)
	}
}

// Every numbered line of the checklist that the briefing was made from is in
// it, and no other. D12 is left out: those dates are known only from elsewhere.
func TestBundledIsComplete(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	want := map[string]bool{}
	for letters, last := range map[string]int{
		"A": 36, "C": 26, "D": 11, "DOC": 7, "E": 26, "F": 20, "J": 14, "M": 6, "P": 31, "Q": 17, "S": 27, "SEC": 5, "SRC": 8,
	} {
		for i := range last {
			ref := fmt.Sprintf("%s%d", letters, i+1)
			want[ref] = true
			if b.byRef[ref] == nil {
				t.Errorf("no item carries the label %s", ref)
			}
		}
	}
	for ref, item := range b.byRef {
		if !want[ref] {
			t.Errorf("%s carries %s, which is no line of the checklist", item.Head().ID, ref)
		}
	}
}

// The edges of the graph of meetings are the participants of events.
func TestBundledMeetings(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	for _, tt := range []struct {
		ref, event   string
		happened     briefings.Happened
		participants string
	}{
		{"M1", "E17", briefings.Yes, "A2 A3 A4 A6 A7 A8"},
		{"M2", "E5", briefings.Yes, "A34 A35"},
		{"M3", "E4", briefings.Yes, "A14 A15"},
		{"M4", "E24", briefings.Scheduled, "A1 A5 A22"},
		{"M5", "E26", briefings.No, "A13 A14 A15"},
		{"M6", "M6", briefings.No, "A13 A16"},
	} {
		e := at[*briefings.Event](t, b, tt.ref)
		var got []string
		for _, id := range e.Participants {
			got = append(got, b.item(t, id).Head().Ref())
		}
		slices.SortFunc(got, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
		if e != b.byRef[tt.event] || e.Happened != tt.happened || strings.Join(got, " ") != tt.participants {
			t.Errorf("%s is %s, %s, of %v; want %s, %s, of %s", tt.ref, e.Ref(), e.Happened, got, tt.event, tt.happened, tt.participants)
		}
	}
}

// A key date says how firmly it stands; none has a time of day, and only what
// the article leaves open has no date.
func TestBundledKeyDates(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	for _, tt := range []struct {
		ref, valid string
		certainty  briefings.Certainty
		origin     briefings.Origin
		zone       string
	}{
		{"D1", "2025-11", briefings.Fixed, 0, ""},
		{"D2", "2025-12~", briefings.Fixed, 0, "Europe/Moscow"},
		{"D3", "2026-01-17~", briefings.Fixed, 0, "America/New_York"},
		{"D4", "2026-01-19", briefings.Fixed, 0, ""},
		{"D5", "2026-01-19/2026-01-23", briefings.Announced, briefings.External, "Europe/Zurich"},
		{"D6", "2026-01-19/2026-01-23", briefings.Conditional, briefings.External, "Europe/Zurich"},
		{"D7", "2026-01-19/2026-01-23", briefings.Announced, briefings.External, "Europe/Zurich"},
		{"D8", "2026-01-19/2026-01-23", briefings.Announced, briefings.External, "Europe/Zurich"},
		{"D9", "2029-01-20", briefings.InferredDate, briefings.Inferred, "America/New_York"},
		{"D10", "", briefings.InferredDate, briefings.Inferred, ""},
		{"D11", "2026-02-24", briefings.InferredDate, briefings.Inferred, "Europe/Kyiv"},
	} {
		e := at[*briefings.Event](t, b, tt.ref)
		if !e.Key || !e.AllDay || e.Valid.String() != tt.valid || e.Certainty != tt.certainty || e.Origin != tt.origin || e.Zone != tt.zone {
			t.Errorf("%s is key %t, all day %t, %q, %s, %q, %q; want an all-day key date %q, %s, %q, %q",
				tt.ref, e.Key, e.AllDay, e.Valid, e.Certainty, e.Origin, e.Zone, tt.valid, tt.certainty, tt.origin, tt.zone)
		}
	}
	for _, item := range b.items {
		if e, ok := item.(*briefings.Event); ok && e.Key && !slices.ContainsFunc(e.Refs, func(ref string) bool { return strings.HasPrefix(ref, "D") }) {
			t.Errorf("%s is a key date without a label D", e.ID)
		}
	}
}

func TestBundledPeople(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	for _, tt := range []struct{ ref, name, side, alias string }{
		{"A1", "Donald Trump", "US", "Трамп"},
		{"A2", "Steve Witkoff", "US", "Віткофф"},
		{"A3", "Jared Kushner", "US", "Кушнер"},
		{"A4", "Daniel Driscoll", "US", "Дрісколл"},
		{"A5", "Volodymyr Zelenskyy", "Ukraine", "Zelensky"},
		{"A6", "Kyrylo Budanov", "Ukraine", "Kirill Budanov"},
		{"A7", "Rustem Umerov", "Ukraine", "Умєров"},
		{"A8", "Davyd Arakhamia", "Ukraine", "David Arakhamia"},
		{"A9", "Denys Shmyhal", "Ukraine", "Denis Shmyhal"},
		{"A10", "Unnamed senior Ukrainian official", "Ukraine", "senior Ukrainian official"},
		{"A11", "Vladimir Putin", "Russia", "Путін"},
		{"A12", "Dmitry Peskov", "Russia", "Пєсков"},
	} {
		a := at[*briefings.Actor](t, b, tt.ref)
		if a.Name != tt.name || a.Side != tt.side || !a.Human() || len(a.Tenures) == 0 || !slices.Contains(a.Aliases, tt.alias) {
			t.Errorf("%s is %q of %q, human %t, roles %v, also written %q; want %q of %q with a role, also written %q",
				tt.ref, a.Name, a.Side, a.Human(), a.Tenures, a.Aliases, tt.name, tt.side, tt.alias)
		}
	}
	humans := 0
	for _, item := range b.items {
		if a, ok := item.(*briefings.Actor); ok && a.Human() {
			humans++
		}
	}
	if humans != 12 {
		t.Errorf("the briefing has %d people, want 12", humans)
	}
}

func TestBundledTalksSayWhoMetWhom(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	e := at[*briefings.Event](t, b, "E17")
	for _, name := range []string{"Budanov", "Umerov", "Arakhamia", "Witkoff", "Kushner", "Driscoll"} {
		if !strings.Contains(e.Text, name) {
			t.Errorf("E17's text %q doesn't name %s", e.Text, name)
		}
	}
	if got := len(e.Participants); got != 6 {
		t.Errorf("E17 has %d participants, want 6", got)
	}
	if talks := at[*briefings.Section](t, b, "SEC1"); !slices.Contains(talks.Highlights, e.ID) {
		t.Errorf("highlights of talks are %v, want %s among them", talks.Highlights, e.ID)
	}
}

// The first screen is made of these texts; what surrounds them takes a quarter more.
func TestBundledFirstScreensAreShort(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	for _, item := range b.items {
		s, ok := item.(*briefings.Section)
		if !ok {
			continue
		}
		n := len(s.Title) + len(s.Bluf) + len(s.Trend.String()) + len(s.TrendReason)
		for _, id := range s.Highlights {
			line := b.item(t, id).Head().Text
			if f, ok := b.item(t, id).(*briefings.Figure); ok {
				line = f.Value + f.Unit + f.Definition + f.Area + string(f.SaidBy)
			}
			if got := utf8.RuneCountInString(line); got > 140 {
				t.Errorf("the line of %s has %d characters, want at most 140", id, got)
			}
			n += utf8.RuneCountInString(line)
			if slices.Contains([]briefings.Kind{briefings.KindFigure, briefings.KindPosition}, id.Kind()) {
				n += utf8.RuneCountInString(b.item(t, id).Head().Caveat)
			}
		}
		if n > 960 {
			t.Errorf("the texts of /%s have %d characters, want at most 960", s.Command, n)
		}
	}
}

func TestBundledOutagesAreNobodysStrikes(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	clash := at[*briefings.Conflict](t, b, "C7")
	if clash.State != briefings.OpenConflict || clash.About != briefings.AttributionConflict {
		t.Errorf("C7 is %s about %s, want open about attribution", clash.State, clash.About)
	}
	for _, ref := range []string{"F1", "F2", "E18", "E19"} {
		h := b.byRef[ref].Head()
		if !slices.Contains(clash.Members, h.ID) {
			t.Errorf("C7 holds %v, want %s (%s) among them", clash.Members, h.ID, ref)
		}
		if !strings.Contains(h.Caveat, "o not add to damage from Russian strikes") {
			t.Errorf("caveat of %s is %q, want the warning against adding it up", ref, h.Caveat)
		}
		if strings.Contains(h.Text, "strike") || strings.Contains(h.Text, "attack") {
			t.Errorf("text of %s is %q, want no cause in it", ref, h.Text)
		}
	}
	for _, ref := range []string{"F1", "F2"} {
		f := at[*briefings.Figure](t, b, ref)
		if f.InflictedBy != "" || f.SaidBy != "" || f.Status != briefings.Disputed {
			t.Errorf("%s is inflicted by %q, said by %q and %s; want nobody, nobody, disputed", ref, f.InflictedBy, f.SaidBy, f.Status)
		}
		if struck := at[*briefings.Figure](t, b, "F5"); f.Series == struck.Series || f.Unit == struck.Unit {
			t.Errorf("%s shares series %q or unit %q with the attacks, so that they could be added", ref, f.Series, f.Unit)
		}
	}
	for _, ref := range []string{"E18", "E19"} {
		if e := at[*briefings.Event](t, b, ref); len(e.Participants) > 0 || e.Type != briefings.OutageEvent {
			t.Errorf("%s is a %s with %v, want an outage with nobody", ref, e.Type, e.Participants)
		}
	}
	if area := at[*briefings.Figure](t, b, "F2").Area; !strings.Contains(area, "occupied") {
		t.Errorf("area of F2 is %q, want it to say occupied", area)
	}
}

func TestBundledPrefers800(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	small, big := at[*briefings.Figure](t, b, "F10"), at[*briefings.Figure](t, b, "F9")
	if small.Value != "800000000000" || big.Value != "8000000000000" || small.Series != big.Series || small.Currency != big.Currency {
		t.Errorf("F10 is %s %s of %s, F9 %s %s of %s; want 800 bn and 8000 bn of one series and currency",
			small.Value, small.Currency, small.Series, big.Value, big.Currency, big.Series)
	}
	clash := at[*briefings.Conflict](t, b, "C1")
	if clash.State != briefings.Preferred || clash.Preferred != small.ID || !slices.Equal(clash.Members, []briefings.ID{small.ID, big.ID}) {
		t.Errorf("C1 is %s %s of %v, want F10 preferred over F9", clash.State, clash.Preferred, clash.Members)
	}
	smaller := regexp.MustCompile(`(^|[^0-9,])800\b`)
	for _, item := range b.items {
		all := ""
		texts(t, item, func(_, text string) { all += text + "\n" })
		if (strings.Contains(all, "8,000") || strings.Contains(all, "8000 ")) && !smaller.MatchString(all) {
			t.Errorf("%s has 8,000 without its rival 800: %s", item.Head().ID, all)
		}
	}
}

func TestBundledArticleFiveIsNoAuthority(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	s := at[*briefings.Statement](t, b, "S21")
	if s.Attribution != briefings.Unidentified || s.Speaker.Kind() != briefings.KindSource || s.Head().Caveat == "" {
		t.Errorf("S21 is %s, by %q, caveat %q; want unidentified, by a source, with a caveat", s.Attribution, s.Speaker, s.Head().Caveat)
	}
	if grade := at[*briefings.Source](t, b, "SRC6").Grade(); grade != briefings.GradeF {
		t.Errorf("SRC6 is graded %s, want F", grade)
	}
	if p := at[*briefings.Position](t, b, "P2"); p.Caveat == "" || len(p.Statements) > 0 {
		t.Errorf("P2 rests on %v with caveat %q; want no statement, for it is the article's own narration, and a caveat", p.Statements, p.Caveat)
	}
	for _, item := range b.items {
		texts(t, item, func(field, text string) {
			if strings.Contains(text, "Article 5") && !slices.Contains([]string{"S21", "SRC6", "Q16"}, item.Head().Ref()) {
				t.Errorf("%s: %s is %q, want no mention of Article 5", item.Head().ID, field, text)
			}
		})
	}
}

func TestBundledNextWeekIsAnchored(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	s := at[*briefings.Statement](t, b, "S3")
	if !s.SaidOn.IsZero() || !strings.Contains(s.Caveat, "counts from the day he spoke") {
		t.Errorf("S3 was said on %q with caveat %q, want no date and what next week counts from", s.SaidOn, s.Caveat)
	}
	for _, item := range b.items {
		h := item.Head()
		texts(t, item, func(field, text string) {
			if strings.Contains(strings.ToLower(text), "next week") && h.Ref() != "S3" && h.Ref() != "C8" {
				t.Errorf("%s: %s is %q, want no relative date", h.ID, field, text)
			}
		})
	}
	for _, item := range b.items {
		h := item.Head()
		if late, ok := h.Valid.Last(); ok && late.After(RecordedAt()) && h.Origin != briefings.External && h.Origin != briefings.Inferred {
			t.Errorf("%s is dated %s, after the article, and marked %q; want external or inferred", h.ID, h.Valid, cmp.Or(h.Origin, briefings.Stated))
		}
	}
}
