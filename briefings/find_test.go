package briefings_test

import (
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
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
			for _, s := range tt.of {
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
