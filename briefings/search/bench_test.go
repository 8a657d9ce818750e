package search

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// bytes is about what the index occupies, the strings of its documents left out.
func (x *Index) bytes() int {
	n := 16*cap(x.spelling) + 4*cap(x.weights) + 32*cap(x.facets) + 4*cap(x.ofDoc) + 4*cap(x.upTo)
	for _, l := range []lexicon{x.words, x.stems, x.sounds, x.names} {
		n += len(l.text) + 4*cap(l.ends) + cap(l.shared) + 4*cap(l.lists) + 4*cap(l.upTo)
	}
	return n
}

// A language makes words up, of syllables, so that many lie close together as
// real ones do; the longer the list, the longer they are.
type language struct {
	draw  *rand.Rand
	words []string
	known map[string]bool
}

func (l *language) coin() string {
	consonants, vowels := strings.Split("b c d f g h k l m n p r s t v z st tr pr kr sh ch", " "), strings.Split("a e i o u ia ou", " ")
	if l.draw.IntN(4) == 0 {
		consonants, vowels = strings.Split("б в г д ж з к л м н п р с т х ч ш ст пр кр", " "), strings.Split("а е и і о у я ь ів", " ")
	}
	for {
		var b strings.Builder
		for range 1 + l.draw.IntN(3) + l.draw.IntN(2) {
			b.WriteString(consonants[l.draw.IntN(len(consonants))] + vowels[l.draw.IntN(len(vowels))])
		}
		if l.draw.IntN(2) == 0 {
			b.WriteString(consonants[l.draw.IntN(len(consonants))])
		}
		if word := b.String(); !l.known[word] {
			l.known[word] = true
			return word
		}
	}
}

// next is the next word of a text: a new one as often as keeps the vocabulary
// at 44 n^0.5 of n words (Heaps' law, about as in Reuters-RCV1 by Manning,
// Raghavan and Schütze, 2008), else an old one, the older the likelier.
func (l *language) next(n int) string {
	if float64(len(l.words)) < 44*math.Sqrt(float64(n)) {
		l.words = append(l.words, l.coin())
		return l.words[len(l.words)-1]
	}
	return l.words[int(math.Pow(float64(len(l.words)), l.draw.Float64()))-1]
}

// generated yields items of about 30 words each, one in ten an actor's with a
// name and four other spellings.
func generated(items int) iter.Seq[Document] {
	return func(yield func(Document) bool) {
		l := &language{draw: rand.New(rand.NewPCG(1, 2)), known: map[string]bool{}}
		n := 0
		phrase := func(words int) string {
			var all []string
			for range words {
				n++
				all = append(all, l.next(n))
			}
			return strings.Join(all, " ")
		}
		for i := range items {
			d := Document{Weight: 1, Texts: []Text{{label, fmt.Sprintf("F%d", i)}}, Facets: []Facet{
				{"kind", fmt.Sprint(i % 11)},
				{"section", fmt.Sprint(i % 7)},
				{"status", fmt.Sprint(i % 5)},
				{"date", fmt.Sprint(i % 30)},
				{"source", fmt.Sprint(i % 200)},
			}}
			if i%10 == 0 {
				for range 5 {
					d.Texts = append(d.Texts, Text{name, l.coin() + " " + l.coin()})
				}
			}
			d.Texts = append(d.Texts, Text{title, phrase(6)}, Text{text, phrase(20 + l.draw.IntN(10))})
			if !yield(d) {
				return
			}
		}
	}
}

// asked are queries of one to four words of the index, two in three of them
// misspelt, and one in ten of nothing that is known.
func asked(x *Index, n int) []string {
	draw := rand.New(rand.NewPCG(3, 4))
	var all []string
	for range n {
		var words []string
		for range 1 + draw.IntN(4) {
			word := []rune(x.words.word(draw.IntN(x.words.len())))
			if at := draw.IntN(len(word)); draw.IntN(3) > 0 {
				word[at] = rune('a' + draw.IntN(26))
			}
			words = append(words, string(word))
		}
		if draw.IntN(10) == 0 {
			words = []string{"qqxyzzyq", "wwxyzzyw"}
		}
		all = append(all, strings.Join(words, " "))
	}
	return all
}

// typed are the beginnings of words, as somebody types them.
func typed(x *Index, n int) []string {
	all := asked(x, n)
	draw := rand.New(rand.NewPCG(5, 6))
	for i, s := range all {
		letters := []rune(s)
		all[i] = string(letters[:1+draw.IntN(min(len(letters), 8))])
	}
	return all
}

func sizes(b *testing.B, f func(b *testing.B, items int)) {
	for _, items := range []int{1000, 5000, 20000} {
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) { f(b, items) })
	}
}

// percentiles reports how long the middle one and the slowest but 1 in 100 of
// these queries take, each the best of three times: others use the machine too.
func percentiles(b *testing.B, all []string, ask func(string)) {
	var took []time.Duration
	for _, s := range all {
		best := time.Hour
		for range 3 {
			began := time.Now()
			ask(s)
			best = min(best, time.Since(began))
		}
		took = append(took, best)
	}
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", p))
	}
}

func BenchmarkCompile(b *testing.B) {
	sizes(b, func(b *testing.B, items int) {
		docs := slices.Collect(generated(items))
		var x *Index
		b.ReportAllocs()
		for b.Loop() {
			x = Compile(sample(), slices.Values(docs))
		}
		b.ReportMetric(float64(x.bytes())/1e6, "index-MB")
		b.ReportMetric(float64(x.words.len()), "words")
	})
}

func benchmarkQueries(b *testing.B, queries func(*Index, int) []string, ask func(*Index, string)) {
	sizes(b, func(b *testing.B, items int) {
		x := Compile(sample(), generated(items))
		all := queries(x, 1000)
		runtime.GC() // what compiling left behind is none of a query's cost
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			ask(x, all[i%len(all)])
		}
		percentiles(b, all, func(s string) { ask(x, s) })
	})
}

func BenchmarkSearch(b *testing.B) {
	benchmarkQueries(b, asked, func(x *Index, s string) { x.Search(Query{Text: s, Limit: 10, Count: true}) })
}

func BenchmarkSuggest(b *testing.B) {
	benchmarkQueries(b, typed, func(x *Index, s string) { x.Search(Query{Text: s, Limit: 25, Begun: true}) })
}

// BenchmarkNear looks one misspelt word up among all.
func BenchmarkNear(b *testing.B) {
	benchmarkQueries(b, asked, func(x *Index, s string) {
		word, _, _ := strings.Cut(s, " ")
		x.words.near([]rune(word), 2, false, func(int, int, bool) {})
	})
}
