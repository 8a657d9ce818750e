package search

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// What a word scores by how it was found. Near ones lie so far below that the
// weights of fields (at most 5 to 1) don't lift one over a word as written.
const (
	exact       = 1
	stemmed     = .8
	sounded     = .6
	begun       = .4
	soundBegun  = .2
	oneOff      = .12
	othersOff   = .04
	soundOff    = .05
	twoOff      = .025
	begunOneOff = .02
)

// finding is one query under way.
type finding struct {
	*Index
	q       Query
	where   []uint32
	scores  []score // by document, over all words
	best    []score // by document, of the word under way
	touched []int32 // the documents in best
	found   []int32 // the documents in scores
	instead []string
	misses  int // words that were looked for as misspelt
}

type score struct {
	sum   float32
	top   uint8 // 2 where a label is in the query, 1 where the query is a whole name
	words uint8
	field uint8
}

func (f *finding) keeps(doc int) bool {
	for _, place := range f.where {
		if !slices.Contains(f.has(doc), place) {
			return false
		}
	}
	return f.q.Keep == nil || f.q.Keep(doc)
}

// note lets the documents of a list have the word, found as well as quality.
func (f *finding) note(list []posting, quality float32) {
	for _, p := range list {
		field := f.fields[p.field()]
		if field.As == Label && quality < begun {
			continue // a label next to the one that was typed is another item's
		}
		s := &f.best[p.doc()]
		value := quality * field.Weight
		if value <= s.sum {
			continue
		}
		if s.sum == 0 {
			f.touched = append(f.touched, int32(p.doc()))
		}
		s.sum, s.field = value, p.field()
		if field.As == Label && quality == exact {
			s.top = 2
		}
	}
}

// word looks one word up in every form.
func (f *finding) word(word string, unfinished bool) {
	f.noteWord(&f.words, word, exact)
	if s := stem(word); s != word {
		f.noteWord(&f.words, s, stemmed)
		f.noteWord(&f.stems, s, stemmed)
	} else {
		f.noteWord(&f.stems, word, stemmed)
	}
	heard := sound(word)
	f.noteWord(&f.sounds, heard, sounded)
	known := len(f.touched) > 0
	letters := []rune(word)
	if unfinished || len(letters) > 3 {
		from, to := f.words.begun(word)
		for i := from; i < to; i++ {
			f.note(f.words.postings(i), begun)
		}
	}
	if unfinished && heard != "" {
		from, to := f.sounds.begun(heard)
		for i := from; i < to; i++ {
			f.note(f.sounds.postings(i), soundBegun)
		}
	}
	if !f.plenty() && f.misses < maxWords/2 && !strings.ContainsFunc(word, unicode.IsDigit) {
		f.misses++
		f.misspelt(letters, heard, unfinished, known)
	}
	f.close()
}

func (f *finding) noteWord(l *lexicon, word string, quality float32) {
	if at, found := l.find(word); found && word != "" {
		f.note(l.postings(at), quality)
	}
}

// plenty reports whether the word under way has been found in enough documents
// that q keeps.
func (f *finding) plenty() bool {
	n := 0
	for _, doc := range f.touched {
		if f.keeps(int(doc)) {
			if n++; n == enough {
				return true
			}
		}
	}
	return false
}

// misspelt looks for the words that were meant: one letter off for words of up
// to five letters, two for longer ones.
func (f *finding) misspelt(letters []rune, heard string, unfinished, known bool) {
	if len(letters) < 2 {
		return
	}
	most := 1
	if len(letters) > 5 {
		most = 2
	}
	nearest, least, often := -1, most+1, 0
	f.words.near(letters, most, unfinished && len(letters) > 3, func(word, distance int, whole bool) {
		list := f.words.postings(word)
		switch {
		case !whole && distance <= 1:
			f.note(list, begunOneOff)
		case !whole:
		case distance <= 1:
			f.note(list, othersOff)
			f.note(f.weightiest(list), oneOff)
		default:
			f.note(list, twoOff)
		}
		if whole && (distance < least || distance == least && len(list) > often) {
			nearest, least, often = word, distance, len(list)
		}
	})
	if len(heard) > 4 {
		f.sounds.near([]rune(heard), 1, false, func(word, _ int, _ bool) {
			f.note(f.sounds.postings(word), soundOff)
		})
	}
	if nearest >= 0 && !known && len(f.instead) < meant {
		f.instead = append(f.instead, f.spelling[nearest])
	}
}

// weightiest is the one of a list that q keeps and in which the word weighs
// most: of every word that may have been meant, it goes before the others.
func (f *finding) weightiest(list []posting) []posting {
	at, most := -1, float32(0)
	for i, p := range list {
		if w := f.fields[p.field()].Weight * f.weights[p.doc()]; w > most && f.keeps(p.doc()) {
			at, most = i, w
		}
	}
	if at < 0 {
		return nil
	}
	return list[at : at+1]
}

// close adds the word under way to the scores. A rare word counts up to some
// four times what one does that most documents hold.
func (f *finding) close() {
	rarity := 1 + float32(math.Log2(float64(f.Len())/float64(max(len(f.touched), 1))))/4
	for _, doc := range f.touched {
		s, best := &f.scores[doc], &f.best[doc]
		if s.words == 0 {
			f.found = append(f.found, doc)
		}
		if best.sum*rarity > s.sum {
			s.field = best.field
		}
		s.sum += best.sum * rarity
		s.words++
		s.top = max(s.top, best.top)
		*best = score{}
	}
	f.touched = f.touched[:0]
}

// whole puts those first whose name the query is.
func (f *finding) whole(asked string) {
	at, found := f.names.find(asked)
	if !found {
		return
	}
	for _, p := range f.names.postings(at) {
		f.scores[p.doc()].top = max(f.scores[p.doc()].top, 1)
	}
}
