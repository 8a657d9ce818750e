package search

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// A lexicon is a sorted list of words with the documents that hold each.
type lexicon struct {
	text   string   // all words, one after the other
	ends   []uint32 // where each ends in text
	shared []uint8  // how many letters each begins with that the one before it begins with too
	lists  []posting
	upTo   []uint32 // where each word's list ends in lists
}

// A posting is a document and, in the lowest eight bits, the weightiest of its
// fields that holds the word.
type posting uint32

func (p posting) doc() int     { return int(p >> 8) }
func (p posting) field() uint8 { return uint8(p) }

func (l *lexicon) len() int { return len(l.ends) }

func (l *lexicon) word(i int) string {
	from := uint32(0)
	if i > 0 {
		from = l.ends[i-1]
	}
	return l.text[from:l.ends[i]]
}

func (l *lexicon) postings(i int) []posting {
	from := uint32(0)
	if i > 0 {
		from = l.upTo[i-1]
	}
	return l.lists[from:l.upTo[i]]
}

// find returns where word stands, or would.
func (l *lexicon) find(word string) (at int, found bool) {
	at = sort.Search(l.len(), func(i int) bool { return l.word(i) >= word })
	return at, at < l.len() && l.word(at) == word
}

// begun returns the range of the words that begin with prefix.
func (l *lexicon) begun(prefix string) (from, to int) {
	from, _ = l.find(prefix)
	rest := l.len() - from
	return from, from + sort.Search(rest, func(i int) bool { return !strings.HasPrefix(l.word(from+i), prefix) })
}

// near calls found for every word at most most single-letter changes and swaps
// of neighbours away from query (optimal string alignment), and where begun is
// set also for every word of which a beginning is.
//
// The words are walked in order. A row of the table of distances holds for all
// words that share the letters up to it, so that it is filled in once; and when
// all of a row is too far, so is every word that shares it.
func (l *lexicon) near(query []rune, most int, begun bool, found func(word, distance int, whole bool)) {
	query = query[:min(len(query), maxLetters)]
	w := walk{query: query, most: uint8(most), begun: begun}
	for j := range len(query) + 1 {
		w.rows[0][j] = uint8(j)
	}
	w.start[0] = uint8(len(query))
	none := maxLetters + 2
	for i, dead := 0, none; i < l.len(); i++ {
		depth := int(l.shared[i])
		if depth >= dead {
			continue
		}
		word := l.word(i)
		dead = none
		at := int(w.at[depth])
		for at < len(word) && depth < maxLetters {
			r, size := utf8.DecodeRuneInString(word[at:])
			at += size
			alive := w.step(depth, r)
			depth++
			w.at[depth] = uint8(at)
			if !alive {
				dead = depth
				break
			}
		}
		if d := w.rows[depth][len(query)]; dead == none && d <= w.most {
			found(i, int(d), true)
		} else if d := w.start[depth]; begun && d <= w.most {
			found(i, int(d), false)
		}
	}
}

// walk is the table of distances along the word that near has come to.
type walk struct {
	query []rune
	most  uint8
	begun bool
	rows  [maxLetters + 1][maxLetters + 1]uint8
	path  [maxLetters]rune
	at    [maxLetters + 1]uint8 // where in the word each of its letters begins
	start [maxLetters + 1]uint8 // the distance of the nearest of its beginnings
}

// step fills in the row after depth letters and r; false where all of it is
// too far. Cells further than most from the diagonal can't be near.
func (w *walk) step(depth int, r rune) (alive bool) {
	w.path[depth] = r
	last, row := &w.rows[depth], &w.rows[depth+1]
	n, k := len(w.query), int(w.most)
	from, to := max(depth+1-k, 1), min(depth+1+k, n)
	far := w.most + 1
	row[0] = uint8(min(depth+1, int(far)))
	if n > 0 && from > 1 {
		row[min(from-1, n)] = far
	}
	least := row[0]
	for j := from; j <= to; j++ {
		d := last[j-1]
		if w.query[j-1] != r {
			d++
			d = min(d, last[j]+1, row[j-1]+1)
			if depth > 0 && j > 1 && w.query[j-2] == r && w.query[j-1] == w.path[depth-1] {
				d = min(d, w.rows[depth-1][j-2]+1)
			}
		}
		d = min(d, far)
		row[j] = d
		least = min(least, d)
	}
	if to < n {
		row[to+1], row[n] = far, far
	}
	w.start[depth+1] = min(w.start[depth], row[n])
	return least <= w.most || w.begun && w.start[depth+1] <= w.most
}

// A gatherer collects words and their documents until they are sorted.
type gatherer struct {
	ids   map[string]uint32
	words []string
	last  []uint32 // the last document that held each word, plus one
	pairs []pair
}

type pair struct {
	word uint32
	posting
}

func newGatherer() *gatherer { return &gatherer{ids: map[string]uint32{}} }

// id is the number of word, a new one for a new word.
func (g *gatherer) id(word string) uint32 {
	id, known := g.ids[word]
	if !known {
		id = uint32(len(g.words))
		g.ids[word] = id
		g.words, g.last = append(g.words, word), append(g.last, 0)
	}
	return id
}

// add notes that field of doc holds the word; of several calls for one
// document the first counts.
func (g *gatherer) add(id uint32, doc int, field uint8) {
	if g.last[id] != uint32(doc)+1 {
		g.last[id] = uint32(doc) + 1
		g.pairs = append(g.pairs, pair{id, posting(doc<<8) | posting(field)})
	}
}

// lexicon sorts what was gathered. rank tells where each id has come to stand.
func (g *gatherer) lexicon() (l lexicon, rank []uint32) {
	sorted := slices.Clone(g.words)
	slices.Sort(sorted)
	l = lexicon{ends: make([]uint32, len(sorted)), shared: make([]uint8, len(sorted)), upTo: make([]uint32, len(sorted))}
	rank = make([]uint32, len(sorted))
	var text strings.Builder
	before := ""
	for i, word := range sorted {
		text.WriteString(word)
		l.ends[i], l.shared[i] = uint32(text.Len()), uint8(sharedLetters(before, word))
		rank[g.ids[word]] = uint32(i)
		before = word
	}
	l.text = text.String()
	for _, p := range g.pairs {
		l.upTo[rank[p.word]]++
	}
	next := make([]uint32, len(sorted))
	for i := 1; i < len(sorted); i++ {
		next[i] = l.upTo[i-1]
		l.upTo[i] += l.upTo[i-1]
	}
	l.lists = make([]posting, len(g.pairs))
	for _, p := range g.pairs {
		at := rank[p.word]
		l.lists[next[at]] = p.posting
		next[at]++
	}
	return l, rank
}

// sharedLetters counts the letters that a and b both begin with, up to maxLetters.
func sharedLetters(a, b string) int {
	n := 0
	for n < maxLetters && a != "" && b != "" {
		x, size := utf8.DecodeRuneInString(a)
		if y, _ := utf8.DecodeRuneInString(b); x != y {
			break
		}
		a, b, n = a[size:], b[size:], n+1
	}
	return n
}
