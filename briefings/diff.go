package briefings

import (
	"cmp"
	"slices"
)

// A Difference is how one item differs between two points in a desk's history.
type Difference struct {
	ID        ID
	Outcome   Outcome
	Old, New  Item // nil where it was, or is, not there; Old is the tombstone of what was restored
	Fields    []FieldChange
	Revisions []Revision // that came in between, oldest first, with their reasons
}

// A FieldChange is one field before and after, worded by [Show].
type FieldChange struct {
	Name     string // as in the file form
	Old, New string
}

// Outcome is what became of an item between two points, in one word.
type Outcome = Choice[outcomes]

// The outcomes. Of several that apply the first in this order is told: that
// something is gone, back or new; that what was read was wrong, which readers
// must learn even where the world has moved on since; that a question stands
// no longer; that the world changed; that somebody looked and it still holds.
const (
	OutcomeRetracted Outcome = iota + 1
	OutcomeRestored
	OutcomeAdded
	OutcomeCorrected
	OutcomeAnswered
	OutcomeAmended
	OutcomeConfirmed
)

type outcomes struct{}

func (outcomes) lexicon() (what, words string) {
	return "outcome", "retracted|restored|added|corrected|answered|amended|confirmed"
}

// Diff tells how to differs from from, two views of one desk's history such as
// [Snapshot.Known] and [Snapshot.At] give, whichever is the older; nil is the
// view before anything was recorded. What changed and was changed back is no
// difference, and neither is what came and went in between. It is in the order
// of the newest revisions, then of ids; empty where nothing changed.
func Diff(from, to *Snapshot) []Difference {
	if to == nil || (from != nil && from.Rev > to.Rev) {
		from, to = to, from
	}
	if to == nil {
		return nil
	}
	to = to.In("") // that a text is translated is no difference
	since := 0
	if from != nil {
		from, since = from.In(""), from.Rev
	}
	var all []Difference
	for id := range to.changed(since) {
		if d, ok := difference(from, to, id, since); ok {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.last(), b.last()), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func (d Difference) last() int { return d.Revisions[len(d.Revisions)-1].Rev }

// changed are the items with a revision after since.
func (s *Snapshot) changed(since int) map[ID]bool {
	ids := map[ID]bool{}
	for of := s; of != nil; of = of.base {
		for _, r := range of.log {
			if s.placed(r, of).Rev > since {
				ids[r.Item.Head().ID] = true
			}
		}
	}
	return ids
}

// difference compares one item; false where readers see the same.
func difference(from, to *Snapshot, id ID, since int) (Difference, bool) {
	d := Difference{ID: id, New: to.Item(id), Revisions: to.shown(id, since)}
	was := Revision{}
	if from != nil {
		was, d.Old = from.Revision(id), from.Item(id)
	}
	if len(d.Revisions) == 0 {
		return d, false // the desk's own version hid what the catalogue did
	}
	switch {
	case d.Old == nil && d.New == nil:
		return d, false
	case d.New == nil:
		d.Outcome = OutcomeRetracted
		return d, true
	case d.Old == nil && was.Rev == 0:
		d.Outcome = OutcomeAdded
		return d, true
	case d.Old == nil:
		d.Outcome, d.Old = OutcomeRestored, was.Item
	default:
		d.Outcome = d.between()
	}
	d.Fields = CompareFields(d.Old, d.New)
	return d, len(d.Fields) > 0 || d.Outcome == OutcomeRestored || d.has(OpConfirm)
}

// between is the outcome for an item that is there at both points.
func (d Difference) between() Outcome {
	was, question := d.Old.(*Question)
	switch {
	case d.has(OpCorrect):
		return OutcomeCorrected
	case question && was.State == OpenQuestion && d.New.(*Question).State != OpenQuestion:
		return OutcomeAnswered
	case len(CompareFields(d.Old, d.New)) == 0:
		return OutcomeConfirmed
	}
	return OutcomeAmended
}

func (d Difference) has(op Op) bool {
	return slices.ContainsFunc(d.Revisions, func(r Revision) bool { return r.Op == op })
}

// shown are the item's revisions after since that readers of the desk got to
// see, oldest first: once the desk has its own version, none of the catalogue's.
func (s *Snapshot) shown(id ID, since int) []Revision {
	var all []Revision
	first := 0 // the desk's first own Rev of it
	s.each(id, func(r Revision, own bool) {
		if own {
			first = r.Rev
		}
		if r.Rev > since && (own || first == 0 || r.Rev < first) {
			all = append(all, r)
		}
	})
	slices.SortStableFunc(all, func(a, b Revision) int { return cmp.Compare(a.Rev, b.Rev) })
	return all
}
