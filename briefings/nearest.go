package briefings

import (
	"iter"
	"math/bits"

	"sitrep/briefings/search"
)

// Fold is [search.Fold], the form in which names are compared.
func Fold(s string) string { return search.Fold(s) }

// Nearest returns the one of all that s most likely was meant to be, empty
// where none is near: one typo in three letters is forgiven.
func Nearest[T ~string](s string, all []T) T {
	return nearest(s, func(yield func(T, string) bool) {
		for _, a := range all {
			if !yield(a, Fold(string(a))) {
				return
			}
		}
	})
}

// nearest is [Nearest] among names that come with their folded forms.
func nearest[T ~string](s string, all iter.Seq2[T, string]) T {
	var best T
	p := newPattern(Fold(clip(s, 64)))
	least := p.letters/3 + 1
	for a, folded := range all {
		if d := p.distance(folded, least); d < least {
			best, least = a, d
		}
	}
	return best
}

// A pattern is a word that many are compared with: for each letter, the
// places where it stands, as bits. Letters after the 64th are left out.
type pattern struct {
	letters int
	ascii   [128]uint64
	others  map[rune]uint64
}

func newPattern(word string) *pattern {
	p := &pattern{others: map[rune]uint64{}}
	for _, r := range word {
		switch {
		case p.letters == 64:
			return p
		case r < 128:
			p.ascii[r] |= 1 << p.letters
		default:
			p.others[r] |= 1 << p.letters
		}
		p.letters++
	}
	return p
}

// distance is the number of single-letter changes and swaps of neighbours
// between the pattern and word (optimal string alignment), or most where it is
// at least that. It goes through word once, with a column of the table of
// distances in the bits of a few numbers (Hyyrö, "A bit-vector algorithm for
// computing Levenshtein and Damerau edit distances", 2003).
func (p *pattern) distance(word string, most int) int {
	if p.letters-len(word) >= most { // bytes, at least as many as letters
		return most
	}
	d, longest := p.letters, p.letters+most-1
	last := bits.RotateLeft64(1, p.letters-1)
	more, less := ^uint64(0), uint64(0) // where a cell is one above the cell before it, or one below
	var same, before uint64
	letters := 0
	for _, r := range word {
		if letters++; letters > longest {
			return most
		}
		var at uint64
		if r < 128 {
			at = p.ascii[r]
		} else {
			at = p.others[r]
		}
		swapped := (^same & at) << 1 & before
		same = ((at&more + more) ^ more) | at | less | swapped
		up, down := less|^(same|more), same&more
		if p.letters > 0 {
			d += btoi(up&last != 0) - btoi(down&last != 0)
		} else {
			d++
		}
		up, down = up<<1|1, down<<1
		more, less = down|^(same|up), up&same
		before = at
	}
	return min(d, most)
}
