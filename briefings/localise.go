package briefings

import (
	"reflect"
	"slices"
	"sync"
)

// localised is what a snapshot shows in one language in place of its own.
type localised struct {
	items     map[ID]Item // those that have a translation
	ordered   []Item
	conflicts map[ID][]*Conflict
	terms     map[term]string
}

// Languages are the languages that items may be translated into, as BCP 47
// tags; what they are written in is English.
func Languages() []string { return []string{"uk", "de", "fr"} }

// In is the snapshot as people read it in a language: translated texts stand in
// the place of the English ones, which stay where there is none. For any other
// language, "en" among them, it is the snapshot as it was recorded. History,
// revisions and what differs between two snapshots are told of the recorded
// texts, whichever view they are asked of.
func (s *Snapshot) In(tag string) *Snapshot {
	if s.recorded != nil {
		s = s.recorded
	}
	made := s.localised[tag]
	if made == nil {
		return s
	}
	l, v := made(), *s
	v.recorded, v.local, v.ordered, v.conflicts = s, l.items, l.ordered, l.conflicts
	return &v
}

// localise prepares the views of s, each made once and only when it is asked for.
func (s *Snapshot) localise() {
	s.localised = map[string]func() *localised{}
	for _, tag := range Languages() {
		s.localised[tag] = sync.OnceValue(func() *localised { return s.localisedIn(tag) })
	}
}

// localisedIn copies the items that have a translation, or a term that has one,
// and shares all others.
func (s *Snapshot) localisedIn(tag string) *localised {
	l := &localised{items: map[ID]Item{}, ordered: s.ordered, conflicts: s.conflicts, terms: termsIn(s.ordered, tag)}
	for i, item := range s.ordered {
		if len(item.Head().Translations[tag]) == 0 && !l.has(terms(item)) {
			continue
		}
		if len(l.items) == 0 {
			l.ordered = slices.Clone(s.ordered)
		}
		l.ordered[i] = l.translate(item, tag)
		l.items[item.Head().ID] = l.ordered[i]
	}
	l.conflicts = conflictsIn(l.ordered)
	return l
}

// has reports whether one of these terms is translated.
func (l *localised) has(of []Field) bool {
	return slices.ContainsFunc(of, func(f Field) bool { return l.terms[term{f.Name, *f.Ptr.(*string)}] != "" })
}

// translate is a copy of item with the texts of a language; all but its texts
// it shares with item.
func (l *localised) translate(item Item, tag string) Item {
	copied := reflect.New(reflect.TypeOf(item).Elem())
	copied.Elem().Set(reflect.ValueOf(item).Elem())
	translated := copied.Interface().(Item)
	texts := item.Head().Translations[tag]
	for _, f := range Fields(translated) {
		if text, ok := f.Ptr.(*string); ok && texts[f.Name] != "" && !isTerm(f.Name) {
			*text = texts[f.Name]
		}
	}
	for _, f := range terms(translated) {
		text := f.Ptr.(*string)
		if word := l.terms[term{f.Name, *text}]; word != "" {
			*text = word
		}
	}
	return translated
}

// read is item as this view shows it.
func (s *Snapshot) read(item Item) Item {
	if local, ok := s.local[item.Head().ID]; ok {
		return local
	}
	return item
}

// Names are what an item may be called, in every language: its name, title or
// headline as recorded first, then each translation of it; none for what has
// none of these.
func (s *Snapshot) Names(id ID) []string {
	item := s.In("").Item(id)
	if item == nil {
		return nil
	}
	var names []string
	for _, f := range Fields(item) {
		text, ok := f.Ptr.(*string)
		if !ok || *text == "" || !slices.Contains([]string{"name", "title", "headline"}, f.Name) {
			continue
		}
		names = append(names, *text)
		for _, tag := range Languages() {
			if t := item.Head().Translations[tag][f.Name]; t != "" {
				names = append(names, t)
			}
		}
	}
	return names
}

// Untranslated reports whether the item with id has a text that readers of a
// language get in English: one that is not translated, or can't be. It is false
// for English itself. Units are left to whoever counts with them.
func (s *Snapshot) Untranslated(id ID, tag string) bool {
	recorded := s.In("").Item(id)
	if recorded == nil || !slices.Contains(Languages(), tag) {
		return false
	}
	texts, shown := recorded.Head().Translations[tag], Fields(s.In(tag).Item(id))
	for i, f := range Fields(recorded) {
		text, ok := f.Ptr.(*string)
		switch {
		case !ok || *text == "" || !slices.Contains(prose(), f.Name) || texts[f.Name] != "":
		case *shown[i].Ptr.(*string) == *text: // else another item translates the term
			return true
		}
	}
	return false
}

// prose are the texts that people read: those that may be translated, and those
// that are in English for everybody.
func prose() []string {
	all := append(translatable(), "judgement", "gist", "quote", "would_answer", "rationale")
	return slices.DeleteFunc(all, func(field string) bool { return field == "unit" })
}
