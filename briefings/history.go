package briefings

import (
	"cmp"
	"slices"
	"sort"
	"time"
)

// place is the desk's Rev that shows the catalogue's rev: those of its own that
// were made on an older catalogue came before.
func (s *Snapshot) place(rev int) int { return rev + sort.SearchInts(s.bases, rev) }

// placed is a revision of of, which is s or the catalogue below it, as s counts.
func (s *Snapshot) placed(r Revision, of *Snapshot) Revision {
	if of != s {
		r.Rev = s.place(r.Rev)
	}
	return r
}

// each calls f with every revision of the item, newest first, as s counts; the
// desk's own first, then those of the catalogue below.
func (s *Snapshot) each(id ID, f func(r Revision, own bool)) {
	for of := s; of != nil; of = of.base {
		i, ok := of.items[id]
		if !ok {
			continue
		}
		for ; i >= 0; i = of.before[i] {
			f(s.placed(of.log[i], of), of == s)
		}
	}
}

// History returns every recorded version of the item, the desk's own and the
// catalogue's, oldest first; none for an id that never was.
func (s *Snapshot) History(id ID) []Revision {
	var all []Revision
	s.each(id, func(r Revision, _ bool) { all = append(all, r) })
	slices.SortFunc(all, func(a, b Revision) int { return cmp.Compare(a.Rev, b.Rev) })
	return all
}

// Version is the item as it stood at the desk's revision rev, nil where it was
// not there or retracted then.
func (s *Snapshot) Version(id ID, rev int) Item {
	var found *Revision
	s.each(id, func(r Revision, _ bool) {
		if r.Rev <= rev && found == nil {
			found = &r
		}
	})
	if found == nil || found.Op == OpRetract {
		return nil
	}
	return found.Item
}

// Retracted returns the items that were retracted, as they were, by id;
// [Snapshot.Revision] tells when and why.
func (s *Snapshot) Retracted() []Item {
	var all []Item
	for of := s; of != nil; of = of.base {
		for id, i := range of.items {
			if _, newest := s.newest(id); newest == of && of.log[i].Op == OpRetract {
				all = append(all, of.log[i].Item)
			}
		}
	}
	slices.SortFunc(all, func(a, b Item) int { return cmp.Compare(a.Head().ID, b.Head().ID) })
	return all
}

// Suggested returns the catalogue's newest version of each item that the desk
// changed itself, where the catalogue's was recorded later and differs: what
// waits for a moderator, in the order of ids. Confirming, amending or
// correcting the desk's own version settles it.
func (s *Snapshot) Suggested() []Revision {
	if s.base == nil {
		return nil
	}
	var all []Revision
	for id, i := range s.items {
		own := s.log[i]
		r, _ := s.base.newest(id)
		if r == nil || s.place(r.Rev) <= own.Rev || (r.Op == OpRetract && own.Op == OpRetract) {
			continue
		}
		if equal, err := Equal(r.Item, own.Item); err != nil || !equal || (r.Op == OpRetract) != (own.Op == OpRetract) {
			all = append(all, s.placed(*r, s.base))
		}
	}
	slices.SortFunc(all, func(a, b Revision) int { return cmp.Compare(a.Item.Head().ID, b.Item.Head().ID) })
	return all
}

// Begin is when the first of what s shows was recorded; before it nothing was known.
func (s *Snapshot) Begin() time.Time {
	begin := s.RecordedAt
	for of := s; of != nil; of = of.base {
		if len(of.log) > 0 && of.log[0].RecordedAt.Before(begin) {
			begin = of.log[0].RecordedAt
		}
	}
	return begin
}

// Known returns s as it stood at t, what was recorded later left out: what
// anybody would have been answered then. It is nil where nothing was recorded yet.
func (s *Snapshot) Known(t time.Time) *Snapshot {
	if t.Before(s.Begin()) {
		return nil
	}
	own := countUntil(s.log, t)
	if s.base == nil {
		return s.cut(0, own)
	}
	base := countUntil(s.base.log, t)
	// What follows something left out is left out as well, should two copies'
	// clocks have differed.
	if own < len(s.bases) {
		base = min(base, s.bases[own])
	}
	for own > 0 && s.bases[own-1] > base {
		own--
	}
	return s.cut(base, own)
}

// countUntil counts the Revs of log that were recorded by t.
func countUntil(log []Revision, t time.Time) int {
	n, last := 0, 0
	for _, r := range log {
		if r.RecordedAt.After(t) {
			break
		}
		if r.Rev != last {
			n, last = n+1, r.Rev
		}
	}
	return n
}

// At returns s as it stood at its revision rev, nil before the first one.
func (s *Snapshot) At(rev int) *Snapshot {
	switch {
	case rev < 1 && s.Rev > 0:
		return nil
	case rev >= s.Rev:
		return s.In("")
	case s.base == nil:
		return s.cut(0, rev)
	}
	own := 0
	for own < len(s.bases) && s.bases[own]+own+1 <= rev {
		own++
	}
	return s.cut(rev-own, own)
}

// cut is s with only the first base Revs of the catalogue and own of its own.
func (s *Snapshot) cut(base, own int) *Snapshot {
	below := s.base
	if below != nil && base < below.Rev {
		below = below.cut(0, base)
	}
	if below == s.base && own == len(s.bases) {
		return s.In("")
	}
	n, revs := 0, 0
	for ; n < len(s.log); n++ {
		if n == 0 || s.log[n].Rev != s.log[n-1].Rev {
			revs++
		}
		if revs > own {
			break
		}
	}
	return Compile(s.Desk, below, s.log[:n:n])
}

// ValidAt returns s with only what is true on day, by the calendar of the place
// an item speaks of: an item whose valid span, as exactly as it is known,
// holds that day, and every item that names no span. What it leaves out is not
// found by id or label; its history stays.
func (s *Snapshot) ValidAt(day time.Time) *Snapshot {
	s = s.In("")
	v := *s
	v.ordered, v.hidden = nil, map[ID]bool{}
	for _, item := range s.ordered {
		if holds(item.Head().Valid, day) {
			v.ordered = append(v.ordered, item)
		} else {
			v.hidden[item.Head().ID] = true
		}
	}
	v.index()
	return &v
}

// holds reports whether span, unless it is empty, takes in day.
func holds(span EDTF, day time.Time) bool {
	day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	first, begins := span.First()
	last, ends := span.Last()
	return (!begins || !day.Before(first)) && (!ends || !day.After(last))
}
