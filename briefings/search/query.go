package search

import (
	"cmp"
	"slices"
	"strings"
)

// A Query is what is looked for.
type Query struct {
	Text  string             // at most 256 characters and 16 words of it count
	Where []Facet            // a hit has all of them
	Keep  func(doc int) bool // and is kept; nil keeps all
	Begun bool               // the last word may be unfinished, and misspelt so far
	Limit int                // of hits
	Count bool               // whether facets are wanted
}

// Results are what was found.
type Results struct {
	Hits    []Hit // best first; of equals the earlier document first
	Total   int
	Facets  map[string][]Count // of all hits, by facet's name, the most frequent first
	Instead []string           // words that words no document holds may have been meant to be
}

// A Hit is a document that was found.
type Hit struct {
	Doc   int
	Score float32
	Field string // where its weightiest word stands; empty for a query without words
}

// A Count is how many hits have a facet's value.
type Count struct {
	Value string
	N     int
}

const (
	maxRunes = 256 // of a query
	maxWords = 16  // of a query
	enough   = 5   // documents: a word with as many isn't taken for a misspelt one
	meant    = 3   // words proposed instead
)

// Search finds the documents that hold the words of q: those with all of its
// words first, and none with fewer than half. A query without words finds all
// that q keeps.
func (x *Index) Search(q Query) Results {
	f := finding{Index: x, q: q}
	where, possible := x.places(q.Where)
	if !possible {
		return Results{}
	}
	f.where = where
	text := clip(q.Text)
	asked := askedFor(text)
	if len(asked) == 0 {
		return f.all()
	}
	f.scores = make([]score, x.Len())
	f.best = make([]score, x.Len())
	for i, word := range asked {
		f.word(word, q.Begun && i == len(asked)-1)
	}
	f.whole(Fold(text))
	return f.results(len(asked))
}

// clip is the part of a query's text that counts.
func clip(text string) string {
	n := 0
	for at := range text {
		if n++; n > maxRunes {
			return text[:at]
		}
	}
	return text
}

// askedFor are the words of a query, folded, each once; without those that
// stand in every text where there are others.
func askedFor(text string) []string {
	var all, telling []string
	for raw := range words(text) {
		folded := foldWord(raw)
		if folded == "" || slices.Contains(all, folded) || len(all) == maxWords {
			continue
		}
		all = append(all, folded)
		if !common(folded) {
			telling = append(telling, folded)
		}
	}
	if len(telling) > 0 {
		return telling
	}
	return all
}

// common holds of words that say nothing of what is looked for.
func common(folded string) bool {
	switch folded {
	case "a", "an", "and", "are", "as", "at", "be", "by", "did", "do", "does", "for", "from", "has", "have", "how", "in", "is",
		"it", "its", "of", "on", "or", "that", "the", "this", "to", "was", "were", "what", "when", "where", "which", "will", "with":
		return true
	case "а", "або", "в", "вид", "для", "до", "е", "з", "за", "и", "на", "не", "по", "про", "та", "те", "у", "це", "чи", "що", "як", "яки":
		return true
	}
	return false
}

// places are the facets' places in x.facets; false where a document can't have
// them, because none does.
func (x *Index) places(where []Facet) ([]uint32, bool) {
	var places []uint32
	for _, facet := range where {
		at := slices.Index(x.facets, facet)
		if at < 0 {
			return nil, false
		}
		places = append(places, uint32(at))
	}
	return places, true
}

// has lists the places of doc's facets.
func (x *Index) has(doc int) []uint32 {
	from := uint32(0)
	if doc > 0 {
		from = x.upTo[doc-1]
	}
	return x.ofDoc[from:x.upTo[doc]]
}

// results keeps, counts and orders what was found.
func (f *finding) results(asked int) Results {
	r := Results{Instead: f.instead}
	counts := f.counter()
	for _, d := range f.found {
		doc := int(d)
		s := &f.scores[doc]
		if int(s.words)*2 < asked && s.top == 0 || !f.keeps(doc) {
			continue
		}
		s.sum *= f.weights[doc]
		r.Total++
		f.count(counts, doc)
		r.Hits = f.insert(r.Hits, doc)
	}
	r.Facets = f.facetsOf(counts)
	return r
}

// insert puts doc among the hits, where it belongs to the best.
func (f *finding) insert(hits []Hit, doc int) []Hit {
	s := f.scores[doc]
	at, _ := slices.BinarySearchFunc(hits, doc, func(h Hit, doc int) int {
		t := f.scores[h.Doc]
		return cmp.Or(cmp.Compare(s.top, t.top), cmp.Compare(s.words, t.words), cmp.Compare(s.sum, t.sum), cmp.Compare(h.Doc, doc))
	})
	if at >= f.q.Limit {
		return hits
	}
	if len(hits) == f.q.Limit {
		hits = hits[:len(hits)-1]
	}
	return slices.Insert(hits, at, Hit{Doc: doc, Score: s.sum, Field: f.fields[s.field].Name})
}

// all is the result of a query without words.
func (f *finding) all() Results {
	var r Results
	counts := f.counter()
	for doc := range f.Len() {
		if !f.keeps(doc) {
			continue
		}
		r.Total++
		f.count(counts, doc)
		if len(r.Hits) < f.q.Limit {
			r.Hits = append(r.Hits, Hit{Doc: doc})
		}
	}
	r.Facets = f.facetsOf(counts)
	return r
}

// counter has a count for every facet, none where none is wanted.
func (f *finding) counter() []int {
	if !f.q.Count {
		return nil
	}
	return make([]int, len(f.facets))
}

func (f *finding) count(counts []int, doc int) {
	if counts == nil {
		return
	}
	for _, place := range f.has(doc) {
		counts[place]++
	}
}

func (f *finding) facetsOf(counts []int) map[string][]Count {
	if counts == nil {
		return nil
	}
	facets := map[string][]Count{}
	for place, n := range counts {
		if n > 0 {
			facet := f.facets[place]
			facets[facet.Name] = append(facets[facet.Name], Count{facet.Value, n})
		}
	}
	for _, counted := range facets {
		slices.SortFunc(counted, func(a, b Count) int {
			return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Value, b.Value))
		})
	}
	return facets
}
