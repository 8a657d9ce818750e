package briefings

import (
	"cmp"
	"slices"
	"time"
)

// Freshness is how much an item's content may be relied on at a time. It is
// derived, never recorded.
type Freshness int

// The degrees. ReviewDue means that somebody should have looked at the item
// again; Stale, that this is overdue by a whole window more; Historical, that
// its sections are closed, so that nobody need.
const (
	Fresh Freshness = iota
	ReviewDue
	Stale
	Historical
)

// String is the word for it.
func (f Freshness) String() string {
	switch f {
	case ReviewDue:
		return "review due"
	case Stale:
		return "stale"
	case Historical:
		return "historical"
	}
	return "fresh"
}

// Freshness tells how fresh the item is at now, counted from its last change or
// confirmation. An item without a window, and one that is not there, is fresh.
func (s *Snapshot) Freshness(id ID, now time.Time) Freshness {
	item := s.Item(id)
	switch {
	case item == nil:
		return Fresh
	case s.closed(item, now):
		return Historical
	}
	by, window, ok := s.review(item)
	switch {
	case !ok || !now.After(by):
		return Fresh
	case now.After(by.Add(window)):
		return Stale
	}
	return ReviewDue
}

// review is when the item is to be looked at again and the window that ends
// then; false where it never is.
func (s *Snapshot) review(item Item) (by time.Time, window time.Duration, ok bool) {
	h := item.Head()
	r := s.Revision(h.ID)
	days := h.ID.Kind().reviewDays()
	by, ok = r.RecordedAt.AddDate(0, 0, days), days > 0
	if last, dated := h.ReviewBy.Last(); dated {
		day := last.AddDate(0, 0, 1)
		// what was due before a confirmation is settled by it
		if r.Op != OpConfirm || day.After(r.RecordedAt) {
			by, ok = day, true
		}
	}
	return by, max(by.Sub(r.RecordedAt), 0), ok // the day may have passed before it was recorded
}

// A Review is an item that somebody should have looked at again.
type Review struct {
	Item Item
	By   time.Time // when that was due
}

// PastReview returns what is past its review at now, that which waits longest
// first. Nobody need look at what is historical.
func (s *Snapshot) PastReview(now time.Time) []Review {
	var all []Review
	for _, item := range s.Items() {
		if f := s.Freshness(item.Head().ID, now); f == ReviewDue || f == Stale {
			by, _, _ := s.review(item)
			all = append(all, Review{Item: item, By: by})
		}
	}
	slices.SortStableFunc(all, func(a, b Review) int {
		return cmp.Or(a.By.Compare(b.By), byRef(a.Item.Head().Ref(), b.Item.Head().Ref()))
	})
	return all
}

// closed reports whether all sections that the item belongs to are.
func (s *Snapshot) closed(item Item, now time.Time) bool {
	if section, ok := item.(*Section); ok {
		return section.closed(now)
	}
	keys := item.Head().Sections
	for _, key := range keys {
		section, ok := s.Item(SectionID(key)).(*Section)
		if !ok || !section.closed(now) {
			return false
		}
	}
	return len(keys) > 0
}

// closed reports whether the section is retired, or the last day on which it was
// kept up is over.
func (s *Section) closed(now time.Time) bool {
	if s.Retired != nil {
		return true
	}
	last, ok := s.Closed.Last()
	return ok && !now.Before(last.AddDate(0, 0, 1))
}

// reviewDays is the window after which an item of this kind is looked at
// again; 0 for kinds without one.
func (k Kind) reviewDays() int {
	switch k {
	case KindFigure:
		return 3
	case KindAssessment:
		return 7
	case KindPosition:
		return 14
	case KindActor:
		return 90
	}
	return 0
}
