package catalogue

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
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

func TestBundledIsCanonical(t *testing.T) {
	t.Parallel()
	for name, got := range Write(readBundled(t).items) {
		testenv.Golden(t, filepath.Join("bundled", name), got)
	}
}

// Every numbered line of the checklist that the briefing was made from is in
// it. Only dates that the article doesn't give are not: D10 to D12.
func TestBundledIsComplete(t *testing.T) {
	t.Parallel()
	b := readBundled(t)
	for letters, last := range map[string]int{
		"A": 36, "C": 26, "D": 9, "DOC": 7, "E": 26, "F": 20, "J": 14, "P": 31, "Q": 17, "S": 27, "SRC": 8,
	} {
		for i := range last {
			ref := fmt.Sprintf("%s%d", letters, i+1)
			if b.byRef[ref] == nil {
				t.Errorf("no item carries the label %s", ref)
			}
		}
	}
	for _, ref := range []string{"D10", "D11", "D12"} {
		if item := b.byRef[ref]; item != nil {
			t.Errorf("%s carries %s, a date that the article doesn't give", item.Head().ID, ref)
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
	byID := map[briefings.ID]briefings.Item{}
	for _, item := range b.items {
		byID[item.Head().ID] = item
	}
	for _, ref := range []string{"SEC1", "SEC2"} {
		s := at[*briefings.Section](t, b, ref)
		n := len(s.Title) + len(s.Bluf) + len(s.Trend.String()) + len(s.TrendReason)
		for _, id := range s.Highlights {
			line := byID[id].Head().Text
			if f, ok := byID[id].(*briefings.Figure); ok {
				line = f.Value + f.Unit + f.Definition + f.Area + string(f.SaidBy)
			}
			if got := utf8.RuneCountInString(line); got > 140 {
				t.Errorf("the line of %s has %d characters, want at most 140", id, got)
			}
			n += utf8.RuneCountInString(line)
			if slices.Contains([]briefings.Kind{briefings.KindFigure, briefings.KindPosition}, id.Kind()) {
				n += utf8.RuneCountInString(byID[id].Head().Caveat)
			}
		}
		if n > 960 {
			t.Errorf("the texts of /%s have %d characters, want at most 960", s.Command, n)
		}
	}
}

// texts calls f with every text of item and the name of its field.
func texts(t *testing.T, item briefings.Item, f func(field, text string)) {
	t.Helper()
	data, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	walk("", value, f)
}

func walk(field string, value any, f func(field, text string)) {
	switch v := value.(type) {
	case string:
		f(field, v)
	case []any:
		for _, entry := range v {
			walk(field, entry, f)
		}
	case map[string]any:
		for key, entry := range v {
			walk(key, entry, f)
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
	for _, item := range b.items {
		all := ""
		texts(t, item, func(_, text string) { all += text + "\n" })
		if (strings.Contains(all, "8,000") || strings.Contains(all, "8000 ")) && !strings.Contains(all, " 800") {
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

func TestBundledUsesItsOwnWords(t *testing.T) {
	t.Parallel()
	path := os.Getenv("SITREP_ARTICLE")
	if path == "" {
		if slices.Contains(strings.Split(os.Getenv("SITREP_TEST_REQUIRE"), ","), "article") {
			t.Fatal("SITREP_ARTICLE doesn't name the article's text, and SITREP_TEST_REQUIRE asks for it")
		}
		t.Skip("SITREP_ARTICLE doesn't name the article's text; set it to an absolute path to compare with it")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const run = 8
	article := words(string(data))
	known := map[string]bool{}
	for i := range max(len(article)-run+1, 0) {
		known[strings.Join(article[i:i+run], " ")] = true
	}
	if len(known) < 1000 {
		t.Fatalf("%s has %d runs of words, too few to be the article", path, len(known))
	}
	for _, item := range readBundled(t).items {
		texts(t, item, func(field, text string) {
			if field == "url" {
				return
			}
			own := words(text)
			for i := range max(len(own)-run+1, 0) {
				if s := strings.Join(own[i:i+run], " "); known[s] != (field == "quote") {
					t.Errorf("%s: %s: %q shared with the article: %t", item.Head().ID, field, s, known[s])
				}
			}
		})
	}
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
