package briefings

import (
	"slices"
	"strings"

	"sitrep/briefings/search"
)

// FindActors returns the actors whose name, alias, label or text what was typed
// so far fits, best first, at most most; all of them, by label, for a query
// without a letter or digit.
func (s *Snapshot) FindActors(query string, most int) []*Actor {
	f := s.finder()
	found := f.Search(search.Query{
		Text: query, Limit: max(most, 0), Begun: true, Where: []search.Facet{{Name: "kind", Value: string(KindActor)}},
		Keep: func(doc int) bool { return doc < f.live },
	})
	var actors []*Actor
	for _, h := range found.Hits {
		actors = append(actors, s.read(f.items[h.Doc]).(*Actor))
	}
	return actors
}

// Actor returns the one actor that query names: by id, label, name or alias,
// whole. Where none does, the nearest that query may have meant.
func (s *Snapshot) Actor(query string) (found, nearest *Actor) {
	folded := Fold(clip(query, 100))
	if folded == "" {
		return nil, nil
	}
	if a, ok := s.Item(ID(strings.ToLower(strings.TrimSpace(query)))).(*Actor); ok {
		return a, nil
	}
	for _, a := range s.FindActors(query, 25) {
		if slices.ContainsFunc(slices.Concat(s.Names(a.ID), a.Aliases, a.Refs), func(name string) bool { return Fold(name) == folded }) {
			return a, nil
		}
		if nearest == nil {
			nearest = a
		}
	}
	return nil, nearest
}
