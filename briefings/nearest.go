package briefings

import "sitrep/briefings/search"

// Fold is [search.Fold], the form in which names are compared.
func Fold(s string) string { return search.Fold(s) }

// Nearest returns the one of all that s most likely was meant to be, empty
// where none is near: one typo in three letters is forgiven.
func Nearest[T ~string](s string, all []T) T {
	var best T
	folded := Fold(clip(s, 64))
	least := len([]rune(folded))/3 + 1
	for _, a := range all {
		if d := distance(folded, Fold(string(a)), least); d < least {
			best, least = a, d
		}
	}
	return best
}

// distance is the number of single-letter changes and swaps of neighbours
// between a and b (optimal string alignment), or most where it is at least that.
func distance(a, b string, most int) int { return apart([]rune(a), []rune(b), most) }

// apart is distance for letters.
func apart(x, y []rune, most int) int {
	if d := len(x) - len(y); d >= most || -d >= most {
		return most
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := btoi(x[i] != y[j])
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], most)
}
