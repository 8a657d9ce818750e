package briefings

import (
	"cmp"
	"slices"
	"strings"
)

// FindActors returns the actors whose name, alias or label fits query, best
// first, at most most; all of them for an empty query. Any script and any
// spelling among the aliases is found, and one typo in three letters forgiven.
func (s *Snapshot) FindActors(query string, most int) []*Actor {
	all := All[*Actor](s)
	folded := Fold(clip(query, 100))
	if folded == "" {
		return all[:min(most, len(all))]
	}
	ranks := make(map[ID]int, len(all))
	fitting := slices.DeleteFunc(all, func(a *Actor) bool {
		ranks[a.ID] = a.rank(folded)
		return ranks[a.ID] == noMatch
	})
	slices.SortStableFunc(fitting, func(a, b *Actor) int { return cmp.Compare(ranks[a.ID], ranks[b.ID]) })
	return fitting[:min(most, len(fitting))]
}

// The ranks of a match, best first.
const (
	wholeMatch = iota
	startMatch
	wordMatch
	innerMatch
	typoMatch
	noMatch
)

// rank is how well the folded query fits a.
func (a *Actor) rank(query string) int {
	best := noMatch
	for _, name := range append([]string{a.Name, string(a.ID)}, append(a.Aliases, a.Refs...)...) {
		best = min(best, rankName(Fold(name), query))
	}
	return best
}

func rankName(name, query string) int {
	switch at := strings.Index(name, query); {
	case name == query:
		return wholeMatch
	case at == 0:
		return startMatch
	case at > 0 && name[at-1] == ' ':
		return wordMatch
	case at > 0 && len(query) > 2:
		return innerMatch
	}
	least := len([]rune(query))/3 + 1
	for _, word := range append(strings.Fields(name), name) {
		if len(query) > 3 && distance(query, word, least) < least {
			return typoMatch
		}
	}
	return noMatch
}

// Actor returns the one actor that query names: by id, label, name or alias,
// whole. Where none does, the nearest that query may have meant.
func (s *Snapshot) Actor(query string) (found, nearest *Actor) {
	for _, a := range s.FindActors(query, MaxItems) {
		if a.rank(Fold(query)) == wholeMatch {
			return a, nil
		}
		if nearest == nil {
			nearest = a
		}
	}
	return nil, nearest
}
