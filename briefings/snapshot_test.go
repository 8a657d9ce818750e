package briefings_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sitrep/briefings"
)

// content is a desk's content as text: every item that is not retracted, in order.
func content(tb interface{ Fatal(...any) }, snap *briefings.Snapshot) string {
	data, err := json.Marshal(snap.Items())
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// TestKnownIsWhatWasAnswered publishes changes at random, with a clock that
// jumps, and asks for every moment what was known then: it must be what was
// answered at that moment.
func TestKnownIsWhatWasAnswered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	clock := begin()
	r.now = func() time.Time { return clock }
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		desk, s := briefings.DeskID(fmt.Sprint(run)), r.copy(forgetful{})
		clock = begin()
		snap := snapshot(t, s, desk)
		answered := []*briefings.Snapshot{snap}
		for i := range rapid.IntRange(0, 6).Draw(rt, "changes") {
			clock = clock.Add(time.Duration(rapid.IntRange(-90, 90).Draw(rt, "minutes")) * time.Minute)
			next, err := s.Publish(context.Background(), batch(desk, step(t, rt, snap, i)))
			if err != nil {
				rt.Fatal(err)
			}
			snap, answered = next, append(answered, next)
		}
		for _, at := range answered {
			for _, late := range []time.Duration{-time.Millisecond, 0, time.Millisecond} {
				moment := at.RecordedAt.Add(late)
				var want *briefings.Snapshot
				for _, a := range answered {
					if !a.RecordedAt.After(moment) {
						want = a // the last change that was recorded by then
					}
				}
				got := snap.Known(moment)
				if got == nil || want == nil {
					if got != nil || want != nil {
						rt.Errorf("known at %s: got %v, want %v", moment, got, want)
					}
					continue
				}
				if got.Rev != want.Rev || !got.RecordedAt.Equal(want.RecordedAt) || content(rt, got) != content(rt, want) {
					rt.Errorf("known at %s: got revision %d of %s, want %d of %s", moment, got.Rev, got.RecordedAt, want.Rev, want.RecordedAt)
				}
			}
		}
	})
}

// step is some change that the rules allow: figure/ten comes and goes, the
// others change their value.
func step(t *testing.T, rt *rapid.T, snap *briefings.Snapshot, i int) briefings.Change {
	id := rapid.SampledFrom([]briefings.ID{"figure/one", "figure/two", "figure/ten", "figure/ten"}).Draw(rt, "item")
	c := amendment(t, snap, id, fmt.Sprint(i+2))
	c.Reason = "So it is."
	switch {
	case id == "figure/ten" && snap.Item(id) != nil:
		c.Op, c.Item = briefings.OpRetract, snap.Item(id)
	case id == "figure/ten":
		c.Op, c.Item = briefings.OpRestore, snap.Revision(id).Item
	}
	return c
}

func TestKnownBeforeTheBeginning(t *testing.T) {
	t.Parallel()
	s := newRig(t).copy(forgetful{})
	for _, tt := range []struct {
		at   time.Time
		want bool
	}{{begin().Add(-time.Nanosecond), false}, {begin(), true}, {begin().AddDate(50, 0, 0), true}} {
		if got := snapshot(t, s, "1").Known(tt.at); (got != nil) != tt.want {
			t.Errorf("known at %s: got %v, want something %t", tt.at, got, tt.want)
		}
	}
}

func TestRetractHides(t *testing.T) {
	t.Parallel()
	s := newRig(t).copy(forgetful{})
	c := amendment(t, snapshot(t, s, "1"), "figure/ten", "1")
	c.Op, c.Reason = briefings.OpRetract, "It was a typing error."
	snap, err := s.Publish(t.Context(), batch("1", c))
	if err != nil {
		t.Fatal(err)
	}
	if got := snap.Item("figure/ten"); got != nil {
		t.Errorf("Item: got %v, want nil", got)
	}
	if got := snap.ByRef("F10"); got != nil {
		t.Errorf("ByRef: got %v, want nil", got)
	}
	if strings.Contains(content(t, snap), "figure/ten") || len(briefings.All[*briefings.Figure](snap)) != 2 {
		t.Error("it is still listed")
	}
	if got := snap.Freshness("figure/ten", begin().AddDate(1, 0, 0)); got != briefings.Fresh {
		t.Errorf("Freshness: got %s: nobody need look at it again", got)
	}
	if got := snap.Revision("figure/ten"); got.Op != briefings.OpRetract || got.Reason == "" || got.Item == nil {
		t.Errorf("Revision: got %+v, want the tombstone with its reason", got)
	}

	// Its label is free again, and then always names the item that took it.
	heir := amendment(t, snap, "figure/two", "5")
	heir.Item.Head().Refs = []string{"F2", "F10"}
	if snap, err = s.Publish(t.Context(), batch("1", heir)); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		known := briefings.Compile("1", s.Base(), snap.Own()).Known(begin().AddDate(1, 0, 0))
		if got := known.ByRef("f10 "); got == nil || got.Head().ID != "figure/two" {
			t.Fatalf("the label after somebody else took it: got %v, want figure/two", got)
		}
	}
	back := amendment(t, snap, "figure/ten", "1")
	back.Op = briefings.OpRestore
	if _, err := s.Publish(t.Context(), batch("1", back)); !told(err, briefings.ErrInvalid) {
		t.Errorf("restored while another item has its label: got %v, want a mistake", err)
	}
}

func TestItemsAreInLabelOrder(t *testing.T) {
	t.Parallel()
	refs := []string{"F10", "F2", "A1", "F1", "SEC1", "S2", "F100", "E3", "F20"}
	want := []string{"A1", "E3", "F1", "F2", "F10", "F20", "F100", "S2", "SEC1"}
	revs := make([]briefings.Revision, len(refs))
	for i, ref := range refs {
		head := briefings.Envelope{ID: briefings.ID("question/q" + ref), Refs: []string{ref}}
		revs[i] = briefings.Revision{Rev: i + 1, Item: &briefings.Question{Envelope: head}}
	}
	var got []string
	for _, item := range briefings.Compile("1", nil, revs).Items() {
		got = append(got, item.Head().Ref())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLookingUp(t *testing.T) {
	t.Parallel()
	snap := snapshot(t, newRig(t).copy(forgetful{}), "1")
	for ref, want := range map[string]briefings.ID{"F1": "figure/one", "f1": "figure/one", " f10 ": "figure/ten", "F3": "", "": "", "figure/one": ""} {
		var got briefings.ID
		if item := snap.ByRef(ref); item != nil {
			got = item.Head().ID
		}
		if got != want {
			t.Errorf("ByRef(%q) = %q, want %q", ref, got, want)
		}
	}
	for id, want := range map[briefings.ID]string{
		"section/war": "War", "source/paper": "A paper", "figure/one": "What F1 says.", "question/next": "What comes next?", "figure/none": "figure/none",
	} {
		if got := snap.Name(id); got != want {
			t.Errorf("Name(%s) = %q, want %q", id, got, want)
		}
	}
	for id, want := range map[briefings.ID]int{"figure/one": 1, "figure/two": 1, "figure/ten": 0, "figure/none": 0} {
		if got := len(snap.Conflicts(id)); got != want {
			t.Errorf("%s is in %d conflicts, want %d", id, got, want)
		}
	}
	if got := snap.Section("war"); got == nil || got.Key() != "war" || snap.Section("peace") != nil {
		t.Errorf("Section: got %v and %v, want war and nil", got, snap.Section("peace"))
	}
	if got := snap.ItemRev("figure/none"); got != 0 {
		t.Errorf("ItemRev of nothing = %d, want 0", got)
	}
}

func TestSectionsAreInTheirOwnOrder(t *testing.T) {
	t.Parallel()
	var revs []briefings.Revision
	for i, order := range []int{3, 1, 2, 1} {
		head := briefings.Envelope{ID: briefings.ID(fmt.Sprintf("section/s%d", i)), Refs: []string{fmt.Sprintf("SEC%d", i)}}
		revs = append(revs, briefings.Revision{Rev: 1, Item: &briefings.Section{Envelope: head, Order: order}})
	}
	var got []briefings.ID
	for _, s := range briefings.Compile("1", nil, revs).Sections() {
		got = append(got, s.ID)
	}
	if want := []briefings.ID{"section/s1", "section/s3", "section/s2", "section/s0"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
