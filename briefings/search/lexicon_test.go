package search

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func gathered(words ...string) *lexicon {
	g := newGatherer()
	for i, word := range words {
		g.add(g.id(word), i, 0)
	}
	l, _ := g.lexicon()
	return &l
}

func TestLexicon(t *testing.T) {
	t.Parallel()
	g := newGatherer()
	for _, note := range []struct {
		word  string
		doc   int
		field uint8
	}{{"ракета", 0, 3}, {"strike", 0, 1}, {"strike", 0, 2}, {"strike", 7, 2}, {"str", 2, 0}, {"strikes", 1, 255}} {
		g.add(g.id(note.word), note.doc, note.field)
	}
	l, rank := g.lexicon()
	var words []string
	for i := range l.len() {
		words = append(words, l.word(i))
	}
	if want := []string{"str", "strike", "strikes", "ракета"}; !slices.Equal(words, want) {
		t.Errorf("words are %v, want %v", words, want)
	}
	if want := []uint32{3, 1, 0, 2}; !slices.Equal(rank, want) {
		t.Errorf("ranks are %v, want %v", rank, want)
	}
	if want := []uint8{0, 3, 6, 0}; !slices.Equal(l.shared, want) {
		t.Errorf("shared letters are %v, want %v", l.shared, want)
	}
	var held [][2]int
	at, found := l.find("strike")
	if !found {
		t.Fatal("strike is not found")
	}
	for _, p := range l.postings(at) {
		held = append(held, [2]int{p.doc(), int(p.field())})
	}
	if want := [][2]int{{0, 1}, {7, 2}}; !slices.Equal(held, want) {
		t.Errorf("strike is held by %v, want %v: the first field of each", held, want)
	}
	for _, tt := range []struct {
		prefix string
		want   [2]int
	}{{"", [2]int{0, 4}}, {"str", [2]int{0, 3}}, {"strik", [2]int{1, 3}}, {"р", [2]int{3, 4}}, {"x", [2]int{3, 3}}, {"я", [2]int{4, 4}}} {
		if from, to := l.begun(tt.prefix); [2]int{from, to} != tt.want {
			t.Errorf("words that begin with %q are %d to %d, want %v", tt.prefix, from, to, tt.want)
		}
	}
	if _, found := l.find("strik"); found {
		t.Error("a beginning counts as a word")
	}
	if empty := gathered(); empty.len() != 0 {
		t.Errorf("an empty lexicon has %d words", empty.len())
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	l := gathered("davos", "davis", "avos", "dvaos", "davo", "davoss", "xdavos", "paris", "давос", "dav", "da")
	for _, tt := range []struct {
		query string
		most  int
		begun bool
		want  map[string]int
	}{
		{"davos", 0, false, map[string]int{"davos": 0}},
		{"davos", 1, false, map[string]int{"davos": 0, "davis": 1, "avos": 1, "dvaos": 1, "davo": 1, "davoss": 1, "xdavos": 1}},
		{"pris", 1, false, map[string]int{"paris": 1}},
		{"адвос", 1, false, map[string]int{"давос": 1}},
		{"pars", 1, true, map[string]int{"paris": 1}},
		{"pra", 1, true, map[string]int{"paris~": 1}},
		{"zzzzz", 2, true, map[string]int{}},
		{"", 1, false, map[string]int{}},
		{"", 2, false, map[string]int{"da": 2}},
	} {
		got := map[string]int{}
		l.near([]rune(tt.query), tt.most, tt.begun, func(word, distance int, whole bool) {
			if name := l.word(word); whole {
				got[name] = distance
			} else {
				got[name+"~"] = distance
			}
		})
		if !maps.Equal(got, tt.want) {
			t.Errorf("near %q by %d are %v, want %v", tt.query, tt.most, got, tt.want)
		}
	}
}

// apart is the distance by the definition: the whole table.
func apart(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			switch {
			case i == 0 || j == 0:
				rows[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				rows[i][j] = rows[i-1][j-1]
			default:
				rows[i][j] = 1 + min(rows[i-1][j-1], rows[i-1][j], rows[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// TestNearByDefinition compares the walk with the whole table for every word.
func TestNearByDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfDistinct(rapid.StringMatching(`[abж]{1,7}|a{30,32}`), rapid.ID[string]).Draw(t, "words")
		query := []rune(rapid.StringMatching(`[abж]{0,8}|a{29,40}`).Draw(t, "query"))
		most, begun := rapid.IntRange(0, 3).Draw(t, "most"), rapid.Bool().Draw(t, "begun")
		l := gathered(words...)
		got := map[string][2]int{}
		l.near(query, most, begun, func(word, distance int, whole bool) {
			kind := 0
			if !whole {
				kind = 1
			}
			got[l.word(word)] = [2]int{distance, kind}
		})
		want := map[string][2]int{}
		query = query[:min(len(query), maxLetters)]
		for _, word := range words {
			letters := []rune(word)
			if d := apart(query, letters); d <= most {
				want[word] = [2]int{d, 0}
				continue
			}
			least := most + 1
			for n := range len(letters) + 1 {
				least = min(least, apart(query, letters[:n]))
			}
			if begun && least <= most {
				want[word] = [2]int{least, 1}
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("near %q by %d (begun %t) among %q are %v, want %v", string(query), most, begun, words, got, want)
		}
	})
}
