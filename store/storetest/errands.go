package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// sent has every planned slot sent, the i-th with the message "m<i>".
func sent(t *testing.T, s Store, n int) {
	t.Helper()
	for i := range n {
		c := claim(t, s, "one", wall(0))
		if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Sent, Message: fmt.Sprint("m", i), Rev: i + 1}); err != nil {
			t.Fatal(err)
		}
	}
}

func errand(t *testing.T, s Store, now time.Time) digests.Errand {
	t.Helper()
	e, err := s.NextErrand(t.Context(), now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func noErrand(t *testing.T, s Store, when string, now time.Time) {
	t.Helper()
	if e, err := s.NextErrand(t.Context(), now, time.Minute); !errors.Is(err, digests.ErrNothing) {
		t.Errorf("%s: got %s of slot %q, %v, want nothing to be done", when, e.Kind, e.Slot.ID, err)
	}
}

func testErrands(t *testing.T, open Opener) {
	s := opened(t, open)
	noErrand(t, s, "an empty ledger", at(99))
	planned(t, s, "s", 1)
	noErrand(t, s, "nothing posted yet", at(99))
	sent(t, s, 1)
	publish := errand(t, s, at(1))
	same(t, "the first", publish, digests.Errand{
		Kind:         digests.Publish,
		Slot:         digests.Slot{ID: "s-000", Subscription: "s", Due: at(0), State: digests.Sent, Message: "m0", Channel: "77", Rev: 1},
		Subscription: subscription("s", "1", at(1)),
	})
	thread := errand(t, s, at(1))
	if thread.Kind != digests.StartThread || thread.Slot != publish.Slot {
		t.Errorf("the second: got %s of slot %s, want its thread", thread.Kind, thread.Slot.ID)
	}
	noErrand(t, s, "both under way", at(1))
	if again := errand(t, s, at(2)); again != publish {
		t.Errorf("nobody came back: got %s, want what was begun first", again.Kind)
	}
	if err := s.Done(t.Context(), publish, at(2)); err != nil {
		t.Error(err)
	}
	if err := s.PutOff(t.Context(), thread, at(7)); err != nil {
		t.Error(err)
	}
	noErrand(t, s, "one done, one put off", at(6))
	if again := errand(t, s, at(7)); again.Kind != digests.StartThread {
		t.Errorf("put off: got %s, want the thread again", again.Kind)
	}
	for _, why := range []string{"No thread.", "Said twice."} {
		if err := s.GiveUp(t.Context(), thread, why); err != nil {
			t.Error(err)
		}
	}
	if err := s.GiveUp(t.Context(), publish, "It is done."); err != nil {
		t.Error(err)
	}
	noErrand(t, s, "all ended", at(99))
	want := thread.Slot
	want.Reason = "No thread."
	hasSlots(t, s, []digests.Slot{want})
}

// testErrandsOnce has eight copies look for a hundred errands at once.
func testErrandsOnce(t *testing.T, open Opener) {
	const copies, slots = 8, 50
	s := opened(t, open)
	planned(t, s, "s", slots)
	sent(t, s, slots)
	got := make([][]string, copies)
	for _, err := range together(copies, func(i int) error {
		for misses := 0; misses < 2*slots; { // of two that choose the same one, the second gets none
			e, err := s.NextErrand(t.Context(), at(0), time.Hour)
			switch {
			case errors.Is(err, digests.ErrNothing):
				misses++
			case err != nil:
				return err
			default:
				got[i] = append(got[i], fmt.Sprint(e.Slot.ID, e.Kind))
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	all := slices.Concat(got...)
	slices.Sort(all)
	if n := len(slices.Compact(slices.Clone(all))); n != 2*slots || len(all) != n {
		t.Errorf("%d errands were taken, %d different ones, want each of %d once", len(all), n, 2*slots)
	}
}

func testPublishesPerHour(t *testing.T, open Opener) {
	s := opened(t, open)
	const slots = digests.PublishesPerHour + 1
	planned(t, s, "s", slots)
	sent(t, s, slots)
	counts := map[digests.ErrandKind]int{}
	for range digests.PublishesPerHour + slots {
		e := errand(t, s, at(0))
		if counts[e.Kind]++; e.Kind == digests.Publish && counts[e.Kind] > digests.PublishesPerHour {
			t.Fatal("one more was to be published than Discord takes")
		}
		if err := s.Done(t.Context(), e, at(0)); err != nil {
			t.Fatal(err)
		}
	}
	noErrand(t, s, "within the hour", at(59))
	elsewhere := subscription("o", "2", at(0))
	elsewhere.Channel, elsewhere.Thread = "78", false
	if err := s.Subscribe(t.Context(), elsewhere); err != nil {
		t.Fatal(err)
	}
	slot := []digests.Slot{{ID: "o", Subscription: "o", Due: at(0), State: digests.Planned}}
	if err := s.Plan(t.Context(), elsewhere, slot, at(9)); err != nil {
		t.Fatal(err)
	}
	sent(t, s, 1)
	if e := errand(t, s, at(59)); e.Slot.ID != "o" {
		t.Errorf("another channel: got slot %s, want its own", e.Slot.ID)
	}
	if e := errand(t, s, at(60)); e.Kind != digests.Publish || counts[e.Kind] != digests.PublishesPerHour {
		t.Errorf("an hour later: got %s after %d, want the last one published", e.Kind, counts[e.Kind])
	}
}

func testRecall(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 3)
	sent(t, s, 2)
	recall := func(desk briefings.DeskID, slot string) error {
		return s.Recall(t.Context(), desk, slot, "42", "posted by mistake")
	}
	for what, err := range map[string]error{
		"another server's": recall("2", "s-001"), "one still to be sent": recall("1", "s-002"), "none": recall("1", "nope"),
	} {
		if !errors.Is(err, briefings.ErrNotFound) {
			t.Errorf("%s: got %v, want not found", what, err)
		}
	}
	if err := recall("1", "s-001"); err != nil {
		t.Fatal(err)
	}
	if err := s.Recall(t.Context(), "1", "s-001", "43", "again"); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("twice: got %v, want not found", err)
	}
	if rev, err := s.Shown(t.Context(), "s"); err != nil || rev != 1 {
		t.Errorf("shown: got revision %d, %v, want that of the message that is still there, 1", rev, err)
	}
	for range 2 {
		if e := errand(t, s, at(5)); e.Slot.ID != "s-000" {
			t.Errorf("got the %s of slot %s, want nothing done about the one that was taken back", e.Kind, e.Slot.ID)
		}
	}
	noErrand(t, s, "what is left", at(5))
	if c := claim(t, s, "one", wall(999)); c.Slot.ID != "s-002" || c.LastRev != 1 {
		t.Errorf("got slot %s after revision %d, want s-002 after 1", c.Slot.ID, c.LastRev)
	}
	nothing(t, s, "what was taken back", wall(999))
	// the log of a server tells of it, also once the subscription has ended
	if err := s.Unsubscribe(t.Context(), "1", "s"); err != nil {
		t.Fatal(err)
	}
	slots, err := s.Slots(t.Context(), "1", "", 100)
	if err != nil || len(slots) != 3 || slots[1].Recalled != "posted by mistake" || slots[1].RecalledBy != "42" || slots[1].State != digests.Sent {
		t.Errorf("got %+v, %v, want three, the second taken back by 42", slots, err)
	}
}
