package briefings

import "slices"

// terms are the words of an item that others share with it, by field: lists are
// grouped and narrowed by them. Somebody translates each of them once, at any
// item, and every item that has it is shown with that, so that none is parted
// from its like.
func terms(item Item) []Field {
	switch x := item.(type) {
	case *Actor:
		return []Field{{"side", &x.Side}}
	case *Event:
		return []Field{{"place", &x.Place}}
	case *Figure:
		return []Field{{"area", &x.Area}}
	case *Position:
		return []Field{{"issue", &x.Issue}}
	}
	return nil
}

// isTerm reports whether items share what a field holds.
func isTerm(field string) bool {
	return slices.Contains([]string{"side", "place", "area", "issue"}, field)
}

// A term is what a field holds as recorded.
type term struct{ field, recorded string }

// termsIn are the translations of terms into a language; of several the one
// counts that comes first.
func termsIn(items []Item, tag string) map[term]string {
	all := map[term]string{}
	for _, item := range items {
		texts := item.Head().Translations[tag]
		if len(texts) == 0 {
			continue
		}
		for _, f := range terms(item) {
			of := term{f.Name, *f.Ptr.(*string)}
			if word := texts[f.Name]; word != "" && all[of] == "" {
				all[of] = word
			}
		}
	}
	return all
}

// Spellings are what a side, place, area or issue, as any view shows it, is
// called in every language: as recorded first.
func (s *Snapshot) Spellings(field, shown string) []string {
	if s.recorded != nil {
		s = s.recorded
	}
	of := term{field, shown}
	for _, tag := range Languages() {
		for t, word := range s.localised[tag]().terms {
			if t.field == field && word == shown {
				of = t
			}
		}
	}
	all := []string{of.recorded}
	for _, tag := range Languages() {
		if word := s.localised[tag]().terms[of]; word != "" {
			all = append(all, word)
		}
	}
	return all
}
