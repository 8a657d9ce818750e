package briefings

import (
	"cmp"
	"slices"
)

// Righted returns what s showed at its revision rev, as it stood and with what
// was found wrong in it set right, and the revisions that did so, oldest first.
//
// Wrong is what was corrected as it stood, or retracted and not restored. What
// was amended first was right at rev, whatever was wrong with the amendment;
// and what s did not show then can't have been wrong.
func (s *Snapshot) Righted(rev int) (was, now *Snapshot, fixes []Revision) {
	s = s.In("")
	if was = s.At(rev); was == nil {
		return nil, nil, nil
	}
	for id := range s.changed(was.Rev) {
		if was.Item(id) == nil {
			continue
		}
		if fix, ok := fixIn(s.shown(id, was.Rev)); ok {
			fixes = append(fixes, fix)
		}
	}
	if len(fixes) == 0 {
		return was, was, nil
	}
	slices.SortFunc(fixes, func(a, b Revision) int {
		return cmp.Or(cmp.Compare(a.Rev, b.Rev), cmp.Compare(a.Item.Head().ID, b.Item.Head().ID))
	})
	return was, Compile(was.Desk, was.base, slices.Concat(was.log, fixes)), fixes
}

// fixIn is the one of an item's later revisions, oldest first, that sets right
// what was shown before them.
func fixIn(later []Revision) (fix Revision, ok bool) {
	overtaken, before, had := false, Revision{}, false
	for _, r := range later {
		switch r.Op {
		case OpAmend:
			overtaken = true
		case OpCorrect:
			if !overtaken {
				fix, ok = r, true
			}
		case OpRetract:
			before, had = fix, ok
			fix, ok = r, true
		case OpRestore:
			fix, ok = before, had
		}
	}
	return fix, ok
}

// RightedSince reports whether anything was corrected, retracted or restored
// after the revision rev, so that [Snapshot.Righted] may tell something new.
func (s *Snapshot) RightedSince(rev int) bool {
	for of := s; of != nil; of = of.base {
		for _, r := range slices.Backward(of.log) {
			if s.placed(r, of).Rev <= rev {
				break
			}
			if r.Op == OpCorrect || r.Op == OpRetract || r.Op == OpRestore {
				return true
			}
		}
	}
	return false
}
