package briefings_test

import (
	"slices"
	"strings"
	"testing"

	"sitrep/briefings"
)

// newborn is a figure that the catalogue of these tests does not have.
func newborn(t *testing.T, id briefings.ID, ref string) briefings.Change {
	t.Helper()
	item, err := briefings.Clone(items(t)[2])
	if err != nil {
		t.Fatal(err)
	}
	item.Head().ID, item.Head().Refs = id, []string{ref}
	return briefings.Change{Item: item, Op: briefings.OpCreate}
}

// conflict is a new item that names others.
func conflict(members ...briefings.ID) briefings.Change {
	return briefings.Change{Op: briefings.OpCreate, Item: &briefings.Conflict{
		Envelope: briefings.Envelope{ID: "conflict/new", Refs: []string{"C9"}, Text: "They differ."},
		Members:  members, About: briefings.ValueConflict, State: briefings.OpenConflict,
	}}
}

func retraction(snap *briefings.Snapshot, id briefings.ID) briefings.Change {
	return briefings.Change{Item: snap.Item(id), Op: briefings.OpRetract, Reason: "It was never so.", Seen: snap.ItemRev(id)}
}

func TestBatchIsOneRevision(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	before := snapshot(t, s, "1")
	b := batch("1",
		conflict("figure/new", "figure/newer"), // names what comes after it
		newborn(t, "figure/new", "F90"), newborn(t, "figure/newer", "F91"),
		amendment(t, before, "figure/ten", "5"),
		retraction(before, "question/next"))
	b.ApprovedBy = "43"
	tried, err := s.Try(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if got := snapshot(t, r.copy(forgetful{}), "1"); got.Rev != before.Rev || content(t, snapshot(t, s, "1")) != content(t, before) {
		t.Errorf("after a trial: got revision %d with other content, want %d as before", got.Rev, before.Rev)
	}
	published, err := s.Publish(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	recorded := snapshot(t, r.copy(forgetful{}), "1")
	if content(t, tried) != content(t, published) || content(t, recorded) != content(t, published) {
		t.Error("what was tried, published and recorded differ")
	}
	for i, rev := range recorded.Own() {
		if rev.Rev != before.Rev+1 || rev.ApprovedBy != "43" || rev.RecordedBy != "42" || rev.Op != b.Changes[i].Op {
			t.Errorf("change %d: got %+v, want all under revision %d in their order", i, rev, before.Rev+1)
		}
	}
	if got := valueOf(recorded, "figure/ten"); got != "5" || recorded.Item("question/next") != nil || recorded.ByRef("F91") == nil {
		t.Errorf("got value %q, question %v, F91 %v", got, recorded.Item("question/next"), recorded.ByRef("F91"))
	}
}

func TestBatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	snap := snapshot(t, s, "1")
	broken := newborn(t, "figure/new", "F90")
	broken.Item.(*briefings.Figure).Value = "many"
	for _, tt := range []struct {
		name    string
		changes []briefings.Change
		say     []string
	}{
		{"nothing", nil, []string{"nothing to publish"}},
		{"one of two is broken", []briefings.Change{amendment(t, snap, "figure/ten", "5"), broken}, []string{"figure/new: value"}},
		{"one item twice", []briefings.Change{amendment(t, snap, "figure/ten", "5"), amendment(t, snap, "figure/ten", "6")}, []string{"figure/ten", "twice"}},
		{"one label twice", []briefings.Change{newborn(t, "figure/new", "F90"), newborn(t, "figure/newer", "f90")}, []string{"figure/newer: refs", "figure/new"}},
		{"a reference to nothing", []briefings.Change{conflict("figure/one", "figure/new")}, []string{"members", "figure/new"}},
		{"a reference to what goes", []briefings.Change{conflict("figure/ten", "figure/one"), retraction(snap, "figure/ten")}, []string{"members", "figure/ten"}},
		{"what others still name", []briefings.Change{retraction(snap, "figure/two"), retraction(snap, "figure/ten")}, []string{"F2, F10", "C1"}},
	} {
		if _, err := s.Publish(t.Context(), batch("1", tt.changes...)); !told(err, briefings.ErrInvalid) {
			t.Errorf("%s: got %v, want a mistake", tt.name, err)
		} else {
			for _, part := range tt.say {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%s: got %q, want %q in it", tt.name, err, part)
				}
			}
		}
	}
	if got := snapshot(t, r.copy(forgetful{}), "1"); got.Rev != snap.Rev {
		t.Errorf("revision %d was recorded, want none", got.Rev)
	}
	together := []briefings.Change{retraction(snap, "conflict/one-two"), retraction(snap, "figure/two")}
	if _, err := s.Publish(t.Context(), batch("1", together...)); err != nil {
		t.Errorf("an item with the only one that names it: got %v, want both gone", err)
	}
}

// TestRetractedStaysItself brings an item back as it was, and no other in its place.
func TestRetractedStaysItself(t *testing.T) {
	t.Parallel()
	s := newRig(t).copy(forgetful{})
	gone, err := s.Publish(t.Context(), batch("1", retraction(snapshot(t, s, "1"), "figure/ten")))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		change func(*briefings.Change)
		say    string
	}{
		{"created anew", func(c *briefings.Change) { c.Op, c.Seen = briefings.OpCreate, 0 }, "never used again"},
		{"created anew, knowing so", func(c *briefings.Change) { c.Op = briefings.OpCreate }, "never used again"},
		{"amended", func(c *briefings.Change) { c.Item.(*briefings.Figure).Value = "7" }, "It was never so."},
		{"confirmed", func(c *briefings.Change) { c.Op = briefings.OpConfirm }, "restore it first"},
		{"retracted again", func(c *briefings.Change) { c.Op, c.Reason = briefings.OpRetract, "Again." }, "restore it first"},
		{"restored as something else", func(c *briefings.Change) {
			c.Op, c.Item.(*briefings.Figure).Value = briefings.OpRestore, "7"
		}, "as it was"},
	} {
		c := amendment(t, gone, "figure/ten", "1")
		tt.change(&c)
		if _, err := s.Publish(t.Context(), batch("1", c)); !told(err, briefings.ErrInvalid) || !strings.Contains(err.Error(), tt.say) {
			t.Errorf("%s: got %v, want a mistake that says %q", tt.name, err, tt.say)
		}
	}
	back := amendment(t, gone, "figure/ten", "1")
	back.Op = briefings.OpRestore
	snap, err := s.Publish(t.Context(), batch("1", back))
	if err != nil || valueOf(snap, "figure/ten") != "1" {
		t.Errorf("restored: got %v, %v", snap, err)
	}
}

// TestConfirmationMovesReviewDate may set the next one, and nothing else.
func TestConfirmationMovesReviewDate(t *testing.T) {
	t.Parallel()
	s := newRig(t).copy(forgetful{})
	c := amendment(t, snapshot(t, s, "1"), "figure/ten", "1")
	c.Op, c.Item.Head().ReviewBy = briefings.OpConfirm, edtf(t, "2026-03-01")
	snap, err := s.Publish(t.Context(), batch("1", c))
	if err != nil {
		t.Fatal(err)
	}
	if got := snap.Item("figure/ten").Head().ReviewBy.String(); got != "2026-03-01" {
		t.Errorf("got the review date %s, want the new one", got)
	}
}

// TestPublishLeavesTheCallersBatch hands one batch to two desks.
func TestPublishLeavesTheCallersBatch(t *testing.T) {
	t.Parallel()
	s := newRig(t).copy(forgetful{})
	c := retraction(snapshot(t, s, "1"), "figure/ten")
	c.Reason = " It was never so. "
	changes := []briefings.Change{c}
	was := slices.Clone(changes)
	for _, desk := range []briefings.DeskID{"1", "2"} {
		if _, err := s.Publish(t.Context(), batch(desk, changes...)); err != nil {
			t.Errorf("desk %s: %v", desk, err)
		}
	}
	if changes[0].Reason != was[0].Reason || changes[0].Item != was[0].Item {
		t.Errorf("got %+v, want the batch as it was handed over", changes[0])
	}
}
