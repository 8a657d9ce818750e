package briefings

import (
	"cmp"
	"slices"
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
		r.Hits = append(r.Hits, Hit{Item: s.read(f.items[h.Doc]), Score: h.Score, Field: h.Field})
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
		items = append(items, s.read(f.items[h.Doc]))
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
