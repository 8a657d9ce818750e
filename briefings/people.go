package briefings

import (
	"slices"
	"strings"
)

// FindActors returns the actors whose name, alias, label or id fits query, best
// first, at most most; all of them for a query without a letter or digit. Any
// script and any spelling among the aliases is found, and one typo in three
// letters forgiven.
func (s *Snapshot) FindActors(query string, most int) []*Actor {
	folded := Fold(clip(query, 100))
	if folded == "" {
		all := All[*Actor](s)
		return all[:min(most, len(all))]
	}
	byRank := make([][]*Actor, noMatch)
	for _, n := range s.named() {
		if rank := n.rank(folded); rank < noMatch {
			byRank[rank] = append(byRank[rank], n.actor)
		}
	}
	fitting := slices.Concat(byRank...)
	return fitting[:min(most, len(fitting))]
}

// named is an actor with all that it may be found by, folded.
type named struct {
	actor *Actor
	id    string
	names []name
}

type name struct {
	whole string
	parts [][]rune // its words, then all of it
}

func fold(actors []*Actor) []named {
	all := make([]named, len(actors))
	for i, a := range actors {
		all[i] = named{actor: a, id: Fold(string(a.ID))}
		for _, s := range slices.Concat([]string{a.Name}, a.Aliases, a.Refs) {
			n := name{whole: Fold(s)}
			for _, part := range append(strings.Fields(n.whole), n.whole) {
				n.parts = append(n.parts, []rune(part))
			}
			all[i].names = append(all[i].names, n)
		}
	}
	return all
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

// rank is how well the folded query fits n.
func (n named) rank(query string) int {
	if n.id == query {
		return wholeMatch
	}
	best := noMatch
	letters := []rune(query)
	for _, name := range n.names {
		best = min(best, name.rank(query, letters))
	}
	return best
}

func (n name) rank(query string, letters []rune) int {
	switch {
	case n.whole == query:
		return wholeMatch
	case strings.HasPrefix(n.whole, query):
		return startMatch
	case strings.Contains(n.whole, " "+query):
		return wordMatch
	case len(letters) > 2 && strings.Contains(n.whole, query):
		return innerMatch
	case len(letters) < 4:
		return noMatch
	}
	least := len(letters)/3 + 1
	for _, part := range n.parts {
		if apart(letters, part, least) < least {
			return typoMatch
		}
	}
	return noMatch
}

// Actor returns the one actor that query names: by id, label, name or alias,
// whole. Where none does, the nearest that query may have meant.
func (s *Snapshot) Actor(query string) (found, nearest *Actor) {
	folded := Fold(clip(query, 100))
	if folded == "" {
		return nil, nil
	}
	best := noMatch
	for _, n := range s.named() {
		switch rank := n.rank(folded); {
		case rank == wholeMatch:
			return n.actor, nil
		case rank < best:
			best, nearest = rank, n.actor
		}
	}
	return nil, nearest
}
