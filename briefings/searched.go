package briefings

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"sitrep/briefings/search"
)

// dated is the date by which people look for an item: when it holds, was said
// or published, or else what day it speaks for.
func dated(item Item) EDTF {
	own := EDTF{}
	switch x := item.(type) {
	case *Statement:
		own = x.SaidOn
	case *Source:
		own = x.Published
	case *Question:
		own = x.WatchDate
	}
	h := item.Head()
	return cmp.Or(own, h.Valid, h.AsOf)
}

// statusOf is how far an item holds or has come, in its kind's own terms.
func statusOf(item Item) string {
	switch x := item.(type) {
	case *Event:
		return x.Happened.String()
	case *Figure:
		return x.Status.String()
	case *Statement:
		return x.Truth.String()
	case *Plan:
		return x.Status.String()
	case *Question:
		return x.State.String()
	case *Conflict:
		return x.State.String()
	case *Position:
		return x.Stance.String()
	case *Assessment:
		return x.Confidence.String()
	}
	return ""
}

func facets(item Item) []search.Facet {
	h := item.Head()
	all := []search.Facet{{Name: "kind", Value: string(h.ID.Kind())}}
	add := func(name, value string) {
		f := search.Facet{Name: name, Value: value}
		if value != "" && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	add("status", statusOf(item))
	for _, section := range h.Sections {
		add("section", section)
	}
	for _, cited := range h.Sources {
		add("source", string(cited.Source))
	}
	for month := range months(dated(item)) {
		add("date", month)
	}
	return all
}

// months yields the months that e lies in, at most 24 of them; of an open
// interval its one end.
func months(e EDTF) iter.Seq[string] {
	return func(yield func(string) bool) {
		first, bounded := e.First()
		last, limited := e.Last()
		if !bounded {
			first = last
		}
		if !limited {
			last = first
		}
		if !bounded && !limited {
			return
		}
		month := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC)
		for n := 0; n < 24 && !month.After(last); n++ {
			if !yield(month.Format("2006-01")) {
				return
			}
			month = month.AddDate(0, 1, 0)
		}
	}
}

// weightOf lets the kinds that answer most questions go first among equals.
func weightOf(k Kind) float32 {
	switch k {
	case KindSection, KindActor:
		return 1.2
	case KindEvent, KindFigure, KindPlan:
		return 1.1
	case KindConflict, KindSource:
		return .8
	}
	return 1
}

// fields are the parts of items that are searched, by their names in the file
// form, the weightiest first; a part that isn't listed counts as "other".
func fields() []search.Field {
	return []search.Field{
		{Name: "refs", Weight: 5, As: search.Label},
		{Name: "name", Weight: 5, As: search.Name},
		{Name: "aliases", Weight: 5, As: search.Name},
		{Name: "title", Weight: 4, As: search.Name},
		{Name: "aka", Weight: 4, As: search.Name},
		{Name: "publisher", Weight: 4, As: search.Name},
		{Name: "command", Weight: 4, As: search.Name},
		{Name: "headline", Weight: 4},
		{Name: "question", Weight: 4},
		{Name: "judgement", Weight: 4},
		{Name: "issue", Weight: 4},
		{Name: "bluf", Weight: 3},
		{Name: "text", Weight: 3},
		{Name: "quote", Weight: 3},
		{Name: "gist", Weight: 3},
		{Name: "place", Weight: 3},
		{Name: "definition", Weight: 2},
		{Name: "outcome", Weight: 2},
		{Name: "other", Weight: 1.5},
		{Name: "people", Weight: 1},
		{Name: "id", Weight: 1},
	}
}

// documents yields what of each item is searched.
func (f *finder) documents(s *Snapshot) iter.Seq[search.Document] {
	places := map[string]uint8{}
	for i, field := range fields() {
		places[field.Name] = uint8(i)
	}
	return func(yield func(search.Document) bool) {
		for _, item := range f.items {
			w := wording{places: places, snapshot: s}
			w.item(item)
			if !yield(search.Document{Weight: weightOf(item.Head().ID.Kind()), Texts: w.texts, Facets: facets(item)}) {
				return
			}
		}
	}
}

// wording collects the texts of an item.
type wording struct {
	places   map[string]uint8
	snapshot *Snapshot
	texts    []search.Text
}

func (w *wording) item(item Item) {
	for _, f := range Fields(item) {
		w.part(f)
	}
	w.add("id", item.Head().ID.name())
	slices.SortStableFunc(w.texts, func(a, b search.Text) int { return cmp.Compare(a.Field, b.Field) })
}

func (w *wording) part(f Field) {
	switch v := f.Ptr.(type) {
	case *string:
		if f.Name != "url" {
			w.add(f.Name, *v)
		}
	case *[]string:
		if f.Name != "sections" {
			w.add(f.Name, *v...)
		}
	case *ID:
		w.people(*v)
	case *[]ID:
		w.people(*v...)
	case **Flag:
		if *v != nil {
			w.add(f.Name, (*v).Text)
		}
	case *[]Tenure:
		for _, t := range *v {
			w.add(f.Name, t.Role)
		}
	case *map[string]map[string]string:
		for _, language := range slices.Sorted(maps.Keys(*v)) {
			for _, name := range slices.Sorted(maps.Keys((*v)[language])) {
				w.add(name, (*v)[language][name])
			}
		}
	}
}

func (w *wording) add(name string, texts ...string) {
	place, listed := w.places[name]
	if !listed {
		place = w.places["other"]
	}
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			w.texts = append(w.texts, search.Text{Field: place, Words: text})
		}
	}
}

// people lets an item be found by every spelling of the actors it names.
func (w *wording) people(ids ...ID) {
	for _, id := range ids {
		if a, ok := w.snapshot.Item(id).(*Actor); ok {
			w.add("people", a.Name)
			w.add("people", a.Aliases...)
		}
	}
}
