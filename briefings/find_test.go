package briefings_test

import (
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/briefings/search"
)

// bundled is the briefing that sitrep comes with.
func bundled(tb testing.TB) *briefings.Snapshot {
	tb.Helper()
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		tb.Fatal(err)
	}
	return compiled(items)
}

// compiled is a desk of these items.
func compiled(items []briefings.Item) *briefings.Snapshot {
	revs := make([]briefings.Revision, len(items))
	for i, item := range items {
		revs[i] = briefings.Revision{Rev: 1, Item: item, RecordedAt: begin()}
	}
	return briefings.Compile("1", nil, revs)
}

// A holding tells which items hold a word or a name.
type holding map[string]map[briefings.ID]bool

func (h holding) note(s string, id briefings.ID) {
	if h[s] == nil {
		h[s] = map[briefings.ID]bool{}
	}
	h[s][id] = true
}

// lettered are its words of letters alone, in an order that depends on nothing.
func (h holding) lettered(seed uint64) []string {
	all := slices.DeleteFunc(slices.Sorted(maps.Keys(h)), func(s string) bool {
		return !strings.ContainsFunc(s, unicode.IsLetter) || strings.ContainsFunc(s, unicode.IsDigit)
	})
	rand.New(rand.NewPCG(seed, seed)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// held lists what every name and every word of the texts is held by.
func held(snap *briefings.Snapshot) (names, words holding) {
	names, words = holding{}, holding{}
	for _, item := range snap.Items() {
		id := item.Head().ID
		note := func(field, text string) {
			if slices.Contains([]string{"name", "aliases", "title", "aka", "publisher"}, field) && text != "" {
				names.note(text, id)
			}
			for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' }) {
				words.note(briefings.Fold(word), id)
			}
		}
		for _, field := range briefings.Fields(item) {
			switch v := field.Ptr.(type) {
			case *string:
				if field.Name != "url" {
					note(field.Name, *v)
				}
			case *[]string:
				for _, text := range *v {
					if field.Name != "refs" && field.Name != "sections" {
						note(field.Name, text)
					}
				}
			}
		}
		for _, texts := range item.Head().Translations {
			for field, text := range texts {
				note(field, text)
			}
		}
	}
	return names, words
}

// edits yields s with one letter less, with two neighbours swapped, and with
// one more and one other letter of its script: at each place all of the first
// two, and of the last two as many as letters says, drawn by a fixed seed.
func edits(s string, letters int) iter.Seq[string] {
	alphabet := []rune("abcdefghijklmnopqrstuvwxyz")
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		alphabet = []rune("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
	}
	draw := rand.New(rand.NewPCG(uint64(len(s)), 1))
	return func(yield func(string) bool) {
		all := []rune(s)
		for i := range len(all) + 1 {
			before, rest := string(all[:i]), all[i:]
			inside := len(rest) > 0 && unicode.IsLetter(rest[0])
			if inside && !yield(before+string(rest[1:])) {
				return
			}
			if inside && len(rest) > 1 && unicode.IsLetter(rest[1]) && rest[0] != rest[1] &&
				!yield(before+string(rest[1])+string(rest[0])+string(rest[2:])) {
				return
			}
			for _, n := range draw.Perm(len(alphabet))[:min(letters, len(alphabet))] {
				if !yield(before + string(alphabet[n]) + string(rest)) {
					return
				}
				if inside && unicode.ToLower(rest[0]) != alphabet[n] && !yield(before+string(alphabet[n])+string(rest[1:])) {
					return
				}
			}
		}
	}
}

// TestMisspeltIsFound is the search's promise: every single-letter edit of every
// name and of 500 words finds an item that holds it among the first five, in at
// least 98 of 100 cases. Of the letters that can be put in or put in place of
// another, four are drawn at every place.
func TestMisspeltIsFound(t *testing.T) {
	t.Parallel()
	snap := bundled(t)
	names, words := held(snap)
	for _, tt := range []struct {
		what string
		held holding
		of   []string
	}{
		{"names", names, names.lettered(1)},
		{"words", words, words.lettered(2)[:500]},
	} {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			tried, missed := 0, map[string]int{}
			for i, s := range tt.of {
				if underRace && i%10 != 0 {
					continue // that takes thirty times as long and looks for races, not for words
				}
				for edited := range edits(s, 4) {
					tried++
					hits := snap.Search(briefings.Query{Text: edited, Limit: 5}).Hits
					if !slices.ContainsFunc(hits, func(h briefings.Hit) bool { return tt.held[s][h.Item.Head().ID] }) {
						missed[s]++
					}
				}
			}
			total := 0
			for _, n := range missed {
				total += n
			}
			share := 100 - 100*float64(total)/float64(tried)
			t.Logf("%.2f %% of %d edits of %d %s find their item among the first five", share, tried, len(tt.of), tt.what)
			if share < 98 {
				t.Errorf("%.2f %% is too little, want 98; missed: %v", share, missed)
			}
		})
	}
}

// library is a desk whose items differ in all that a query can ask for.
func library(tb testing.TB) *briefings.Snapshot {
	tb.Helper()
	head := func(id briefings.ID, ref, text, valid string, sections ...string) briefings.Envelope {
		var when briefings.EDTF // undated where valid is empty
		if err := when.UnmarshalText([]byte(valid)); err != nil {
			tb.Fatal(err)
		}
		return briefings.Envelope{
			ID: id, Refs: []string{ref}, Text: text, Valid: when, Sections: sections, Sources: []briefings.Citation{{Source: "source/paper"}},
		}
	}
	zelenskyy := &briefings.Actor{
		Envelope: briefings.Envelope{ID: "actor/zelenskyy", Refs: []string{"A1"}}, Name: "Volodymyr Zelenskyy", Is: briefings.Person,
		Aliases: []string{"Зеленський"}, Tenures: []briefings.Tenure{{Role: "President"}},
	}
	said := &briefings.Statement{Envelope: head("statement/said", "S1", "Guarantees first.", ""), Speaker: "actor/zelenskyy", Truth: briefings.Opinion}
	said.SaidOn = edtf(tb, "2026-01-18")
	strike := &briefings.Event{Envelope: head("event/strike", "E1", "Hit the grid.", "2026-01-17", "war"), Headline: "Strike on Kharkiv", Happened: briefings.Yes}
	strike.Translations = map[string]map[string]string{"uk": {"headline": "Удар по Харкову"}}
	summit := &briefings.Event{Envelope: head("event/summit", "E2", "Leaders meet at Davos.", "2025-12/2026-02", "war", "talks"), Headline: "Summit", Happened: briefings.Scheduled}
	outage := &briefings.Figure{Envelope: head("figure/outage", "F1", "Homes without power.", "", "war"), Status: briefings.Disputed}
	outage.AsOf = edtf(tb, "2026-01")
	open := &briefings.Event{Envelope: head("event/open", "E3", "The war goes on.", "2022/..", "war"), Headline: "War", Happened: briefings.Ongoing}
	return compiled([]briefings.Item{
		zelenskyy, said, strike, summit, outage, open,
		&briefings.Section{
			Envelope: briefings.Envelope{ID: "section/war", Refs: []string{"SEC1"}}, Command: "war", Title: "The war", Order: 1,
			Highlights: []briefings.ID{"figure/outage"}, RiskAlert: &briefings.Flag{Text: "Deep frost"},
		},
		&briefings.Source{Envelope: briefings.Envelope{ID: "source/paper", Refs: []string{"SRC1"}}, Title: "A paper", URL: "https://example.org/davos"},
	})
}

func refs(r briefings.Results) string {
	var all []string
	for _, h := range r.Hits {
		all = append(all, h.Item.Head().Ref())
	}
	return strings.Join(all, " ")
}

func TestSnapshotSearch(t *testing.T) {
	t.Parallel()
	snap := library(t)
	for _, tt := range []struct {
		name string
		q    briefings.Query
		want string
	}{
		{"a name, and what its bearer said", briefings.Query{Text: "зеленского"}, "A1 S1"},
		{"a translation", briefings.Query{Text: "удари"}, "E1"},
		{"a role", briefings.Query{Text: "president"}, "A1"},
		{"a flag", briefings.Query{Text: "frost"}, "SEC1"},
		{"an id", briefings.Query{Text: "figure/outage"}, "F1"},
		{"a text, and no link", briefings.Query{Text: "davos"}, "E2"},
		{"a label in a sentence", briefings.Query{Text: "f1 at Davos?"}, "F1 E2"},
		{"of a kind", briefings.Query{Text: "war", Kind: briefings.KindEvent}, "E3"},
		{"of a section", briefings.Query{Section: "talks"}, "E2"},
		{"of a status", briefings.Query{Status: "disputed"}, "F1"},
		{"of a source", briefings.Query{Source: "source/paper", Kind: briefings.KindStatement}, "S1"},
		{"of a source that none cites", briefings.Query{Source: "source/other"}, ""},
		{"from a day", briefings.Query{From: edtf(t, "2026-01-18")}, "F1 E2 E3 S1"},
		{"to a day", briefings.Query{To: edtf(t, "2026-01-16")}, "F1 E2 E3"},
		{"of a day", briefings.Query{From: edtf(t, "2026-01-17"), To: edtf(t, "2026-01-17")}, "F1 E1 E2 E3"},
		{"of a year", briefings.Query{To: edtf(t, "2022")}, "E3"},
		{"at most two", briefings.Query{Limit: 2}, "SEC1 F1"},
		{"everything, as it is read", briefings.Query{}, "SEC1 F1 A1 E1 E2 E3 S1 SRC1"},
	} {
		if got := refs(snap.Search(tt.q)); got != tt.want {
			t.Errorf("%s: found %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := snap.Search(briefings.Query{Text: "davso"}); !slices.Equal(got.Instead, []string{"Davos"}) || got.Hits[0].Field != "text" {
		t.Errorf("davso: %q instead, found in %q; want Davos, text", got.Instead, got.Hits[0].Field)
	}
	if got := compiled(nil).Search(briefings.Query{Text: "davos"}); got.Total != 0 || len(got.Hits) != 0 {
		t.Errorf("an empty desk finds %+v", got)
	}
}

func TestSnapshotSearchCounts(t *testing.T) {
	t.Parallel()
	got := library(t).Search(briefings.Query{Section: "war", Limit: 1})
	want := briefings.Facets{
		Kind:    []search.Count{{Value: "event", N: 3}, {Value: "figure", N: 1}},
		Section: []search.Count{{Value: "war", N: 4}, {Value: "talks", N: 1}},
		Status:  []search.Count{{Value: "disputed", N: 1}, {Value: "ongoing", N: 1}, {Value: "scheduled", N: 1}, {Value: "yes", N: 1}},
		Date: []search.Count{
			{Value: "2026-01", N: 3}, {Value: "2022-01", N: 1}, {Value: "2025-12", N: 1}, {Value: "2026-02", N: 1},
		},
		Source: []search.Count{{Value: "source/paper", N: 4}},
	}
	if got.Total != 4 || len(got.Hits) != 1 || !reflect.DeepEqual(got.Facets, want) {
		t.Errorf("%d hits with %+v, want 4 with %+v", got.Total, got.Facets, want)
	}
}

func TestSnapshotSearchesRetracted(t *testing.T) {
	t.Parallel()
	base := library(t)
	snap := briefings.Compile("1", base, []briefings.Revision{
		{Rev: 2, Op: briefings.OpRetract, Item: base.Item("event/summit"), RecordedAt: begin()},
	})
	for _, tt := range []struct {
		snap      *briefings.Snapshot
		retracted bool
		want      string
	}{{base, false, "E2"}, {snap, false, ""}, {snap, true, "E2"}} {
		if got := refs(tt.snap.Search(briefings.Query{Text: "davos", Retracted: tt.retracted})); got != tt.want {
			t.Errorf("retracted ones too %t: found %q, want %q", tt.retracted, got, tt.want)
		}
	}
	if got := snap.Suggest("davos", 5, nil); len(got) != 0 {
		t.Errorf("a retracted item is suggested: %v", got[0].Head().ID)
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	snap := library(t)
	event := func(item briefings.Item) bool { return item.Head().ID.Kind() == briefings.KindEvent }
	for _, tt := range []struct {
		typed string
		limit int
		keep  func(briefings.Item) bool
		want  string
	}{
		{"", 3, nil, "SEC1 F1 A1"},
		{"", 25, event, "E1 E2 E3"},
		{"su", 25, nil, "E2"},
		{"зел", 25, nil, "A1 S1"},
		{"e", 25, event, "E1 E2 E3"},
		{"e2", 25, nil, "E2"},
		{"war", 25, event, "E3"},
		{"war", 0, nil, ""},
		{"war", -1, nil, ""},
	} {
		var got []string
		for _, item := range snap.Suggest(tt.typed, tt.limit, tt.keep) {
			got = append(got, item.Head().Ref())
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q suggests %q, want %q", tt.typed, got, tt.want)
		}
	}
}

// TestSearchIsShared: ten thousand desks that changed nothing search in one index.
func TestSearchIsShared(t *testing.T) {
	base := library(t)
	base.Search(briefings.Query{Text: "davos"})
	desks := make([]*briefings.Snapshot, 10_000)
	grown := testing.AllocsPerRun(1, func() {
		for i := range desks {
			desks[i] = briefings.Compile(briefings.DeskID(fmt.Sprint(i)), base, nil)
			desks[i].Suggest("davos", 1, nil)
		}
	})
	if perDesk := grown / 10_000; perDesk > 40 {
		t.Errorf("a desk's first search takes %.0f allocations, want the few of a search in an index that is there", perDesk)
	}
}

func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	snap := bundled(t)
	for _, text := range []string{
		strings.Repeat("zelensky talks ", 700), strings.Repeat("?!", 5000), strings.Repeat("\x00", 10_000), "\u202e\u202eдавос\u202c",
		strings.Repeat("👍🏽", 2000), "d" + strings.Repeat("\u0301", 10_000), strings.Repeat("xq zj ", 2000),
	} {
		if got := snap.Search(briefings.Query{Text: text, Limit: 1 << 40}); len(got.Hits) > 100 {
			t.Errorf("%.20q finds %d, want at most 100", text, len(got.Hits))
		}
	}
}
