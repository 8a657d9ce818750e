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

// A Query is what is looked for among the items of a snapshot. Every field but
// Text narrows it down; the zero Query finds all that isn't retracted.
type Query struct {
	Text      string // in any script and spelling; much of it may be wrong
	Kind      Kind
	Section   string // its key
	Status    string // as in the file form, whatever the kind calls it
	Source    ID
	From, To  EDTF // the days between which an item's date, or some of it, lies
	Retracted bool // whether retracted items are found too
	Limit     int  // of hits, at most 100; 0 means 25
}

// Results are the items that fit a [Query].
type Results struct {
	Hits   []Hit // best first; of equals sections first, then by label
	Total  int
	Facets Facets
	// Instead are words that may have been meant where no item holds the ones
	// that were typed.
	Instead []string
}

// A Hit is an item that fits a query.
type Hit struct {
	Item  Item
	Score float32
	Field string // where the word that decided stands, as in the file form; "people" for an actor it names
}

// Facets count all hits of a query, most frequent first. An item in two
// sections counts in both, and so for dates (months like 2026-01) and sources.
type Facets struct {
	Kind, Section, Status, Date, Source []search.Count
}

// Search finds the items that fit q.
func (s *Snapshot) Search(q Query) Results {
	f := s.finder()
	found := f.Search(search.Query{
		Text: q.Text, Where: q.where(), Keep: f.keep(q), Limit: min(cmp.Or(max(q.Limit, 0), 25), 100), Count: true,
	})
	r := Results{Total: found.Total, Instead: found.Instead, Facets: Facets{
		Kind: found.Facets["kind"], Section: found.Facets["section"], Status: found.Facets["status"],
		Date: found.Facets["date"], Source: found.Facets["source"],
	}}
	for _, h := range found.Hits {
		r.Hits = append(r.Hits, Hit{Item: f.items[h.Doc], Score: h.Score, Field: h.Field})
	}
	return r
}

// Suggest lists at most limit items that what has been typed so far may become,
// of those that keep holds of; nil keeps all. For nothing typed it lists what
// comes first in the briefing.
func (s *Snapshot) Suggest(typed string, limit int, keep func(Item) bool) []Item {
	f := s.finder()
	found := f.Search(search.Query{Text: typed, Limit: max(limit, 0), Begun: true, Keep: func(doc int) bool {
		return doc < f.live && (keep == nil || keep(f.items[doc]))
	}})
	var items []Item
	for _, h := range found.Hits {
		items = append(items, f.items[h.Doc])
	}
	return items
}

// finder is the index of a snapshot with the items behind its documents.
type finder struct {
	*search.Index
	items []Item
	live  int // so many of items come first and are not retracted
	dates []span
}

// span is an item's date in days since 1970.
type span struct{ first, last int32 }

func newFinder(s *Snapshot) *finder {
	items := s.inReadingOrder()
	f := &finder{live: len(items)}
	f.items = append(items, s.Retracted()...)
	f.dates = make([]span, len(f.items))
	for i, item := range f.items {
		f.dates[i] = spanOf(dated(item))
	}
	f.Index = search.Compile(fields(), f.documents(s))
	return f
}

// inReadingOrder lists the sections, then what their first screens show, then
// everything else by label.
func (s *Snapshot) inReadingOrder() []Item {
	var order []Item
	seen := map[ID]bool{}
	add := func(item Item) {
		if item != nil && !seen[item.Head().ID] {
			seen[item.Head().ID] = true
			order = append(order, item)
		}
	}
	sections := s.Sections()
	for _, section := range sections {
		add(section)
	}
	for _, section := range sections {
		for _, id := range slices.Concat(section.Highlights, section.Watch) {
			add(s.Item(id))
		}
	}
	for _, item := range s.ordered {
		add(item)
	}
	return order
}

func (q Query) where() []search.Facet {
	var where []search.Facet
	for _, f := range []search.Facet{
		{Name: "kind", Value: string(q.Kind)},
		{Name: "section", Value: q.Section},
		{Name: "status", Value: q.Status},
		{Name: "source", Value: string(q.Source)},
	} {
		if f.Value != "" {
			where = append(where, f)
		}
	}
	return where
}

func (f *finder) keep(q Query) func(doc int) bool {
	from, bounded := q.From.First()
	to, limited := q.To.Last()
	return func(doc int) bool {
		if doc >= f.live && !q.Retracted {
			return false
		}
		date := f.dates[doc]
		return (!bounded || date.last >= days(from)) && (!limited || date.first <= days(to))
	}
}

func days(t time.Time) int32 { return int32(t.Unix() / (24 * 60 * 60)) }

// never is the day of what has no date: it lies after every first day asked
// for and before every last one in no case.
const never = 1 << 30

func spanOf(e EDTF) span {
	if e.IsZero() {
		return span{first: never, last: -never}
	}
	s := span{first: -never, last: never}
	if first, ok := e.First(); ok {
		s.first = days(first)
	}
	if last, ok := e.Last(); ok {
		s.last = days(last)
	}
	return s
}

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
