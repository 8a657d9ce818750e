package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// posted plans, claims and records n messages of a subscription, each at the
// desk's revision rev, and finishes them as sent.
func posted(t *testing.T, s Store, name string, n, rev int) {
	t.Helper()
	planned(t, s, name, n)
	for range n {
		c := claim(t, s, "poster", wall(0))
		if err := s.Record(t.Context(), c, facts(c), rev); err != nil {
			t.Fatal(err)
		}
		if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Sent, Message: "m-" + c.Slot.ID, Rev: rev}); err != nil {
			t.Fatal(err)
		}
	}
}

func facts(c digests.Claim) digests.Composition {
	return digests.Composition{Subscription: c.Subscription, Slot: c.Slot, LastRev: c.LastRev, At: c.Slot.Due, Next: at(99)}
}

// ago is before everything that was posted.
func ago() time.Time { return at(0).Add(-time.Hour) }

func taken(t *testing.T, s Store, rev int, now time.Time) digests.Posting {
	t.Helper()
	p, err := s.Take(t.Context(), "1", rev, ago(), "corrector", now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func nothingToTake(t *testing.T, s Store, when string, rev int, since, now time.Time) {
	t.Helper()
	if p, err := s.Take(t.Context(), "1", rev, since, "any", now, time.Minute); !errors.Is(err, digests.ErrNothing) {
		t.Errorf("%s: got slot %q, %v, want nothing to take", when, p.Facts.Slot.ID, err)
	}
}

func testRecord(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 1)
	old := claim(t, s, "slow", wall(0))
	if err := s.Record(t.Context(), old, facts(old), 5); err != nil {
		t.Error(err)
	}
	c := claim(t, s, "quick", wall(2))
	if err := s.Record(t.Context(), old, facts(old), 6); !errors.Is(err, digests.ErrFenced) {
		t.Errorf("recording with an old claim: got %v, want fenced", err)
	}
	nothingToTake(t, s, "before it was sent", 9, ago(), wall(2))
	late := facts(c)
	late.Late, late.At = true, at(7)
	if err := s.Record(t.Context(), c, late, 7); err != nil {
		t.Error(err)
	}
	if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Sent, Message: "m1", Rev: 7}); err != nil {
		t.Error(err)
	}
	if err := s.Record(t.Context(), c, late, 8); !errors.Is(err, digests.ErrFenced) {
		t.Errorf("recording what was sent already: got %v, want fenced", err)
	}
	p := taken(t, s, 9, wall(2))
	late.Subscription.CreatedBy = "" // which is kept in one place alone
	same(t, "what was recorded last", p, digests.Posting{Facts: late, Rev: 7, Message: "m1", Seen: 7, Fence: 1})
}

func testBehind(t *testing.T, open Opener) {
	s := opened(t, open)
	behind := func(what string, since time.Time, want map[briefings.DeskID]int) {
		t.Helper()
		for _, desks := range [][]briefings.DeskID{nil, {"2", "1"}, many("1")} {
			got, err := s.Behind(t.Context(), since, desks)
			if err != nil {
				t.Error(err)
			}
			same(t, what, got, want)
		}
		if got, err := s.Behind(t.Context(), since, many("2")); err != nil || len(got) != 0 {
			t.Errorf("%s: of other desks got %v, %v, want none", what, got, err)
		}
	}
	behind("nothing posted", ago(), map[briefings.DeskID]int{})
	posted(t, s, "s", 2, 5)
	behind("two", ago(), map[briefings.DeskID]int{"1": 5})
	behind("all too old", at(1), map[briefings.DeskID]int{})
	pass := func(from, to int) {
		t.Helper()
		if err := s.Pass(t.Context(), "1", from, to); err != nil {
			t.Error(err)
		}
	}
	pass(6, 9)
	behind("passed by those seen later", ago(), map[briefings.DeskID]int{"1": 5})
	pass(5, 7)
	behind("passed", ago(), map[briefings.DeskID]int{"1": 7})
	pass(5, 6)
	behind("passed by a copy that knows less", ago(), map[briefings.DeskID]int{"1": 7})
}

// many are more desks than one query names, the last of which is last.
func many(last briefings.DeskID) []briefings.DeskID {
	var all []briefings.DeskID
	for i := range 1500 {
		all = append(all, briefings.DeskID(fmt.Sprint("other-", i)))
	}
	return append(all, last)
}

func testTake(t *testing.T, open Opener) {
	s := opened(t, open)
	nothingToTake(t, s, "nothing posted", 9, ago(), wall(0))
	posted(t, s, "s", 2, 5)
	nothingToTake(t, s, "seen at that revision", 5, ago(), wall(0))
	nothingToTake(t, s, "too old", 9, at(1), wall(0))
	if _, err := s.Take(t.Context(), "2", 9, ago(), "any", wall(0), time.Minute); !errors.Is(err, digests.ErrNothing) {
		t.Errorf("another desk: got %v, want nothing", err)
	}
	first := taken(t, s, 6, wall(0))
	if first.Facts.Slot.ID != "s-001" || first.Message != "m-s-001" || first.Facts.Subscription.Channel != "77" {
		t.Errorf("took %+v, want the newest, s-001", first)
	}
	if second := taken(t, s, 6, wall(0)); second.Facts.Slot.ID != "s-000" {
		t.Errorf("took %s, want s-000", second.Facts.Slot.ID)
	}
	nothingToTake(t, s, "all taken", 6, ago(), wall(0))
	again := taken(t, s, 6, wall(1))
	if again.Facts.Slot.ID != "s-001" || again.Fence != first.Fence+1 {
		t.Errorf("took %s with fence %d when its lease was over, want s-001 and %d", again.Facts.Slot.ID, again.Fence, first.Fence+1)
	}
	for what, err := range map[string]error{
		"Note": s.Note(t.Context(), first), "Settle": s.Settle(t.Context(), first), "Defer": s.Defer(t.Context(), first, wall(2)),
	} {
		if !errors.Is(err, digests.ErrFenced) {
			t.Errorf("%s of the old claim: got %v, want fenced", what, err)
		}
	}

	planned(t, s, "skipped", 1)
	c := claim(t, s, "poster", wall(0))
	if err := s.Record(t.Context(), c, facts(c), 5); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Failed, Message: "", Reason: "refused"}); err != nil {
		t.Fatal(err)
	}
	if p := taken(t, s, 6, wall(0)); p.Facts.Slot.ID != c.Slot.ID || p.Message != "" {
		t.Errorf("took %s with message %q, want what was never posted, to be let go", p.Facts.Slot.ID, p.Message)
	}
}

// testTakeOnce has eight copies correct forty messages.
func testTakeOnce(t *testing.T, open Opener) {
	const copies, messages = 8, 40
	s := opened(t, open)
	posted(t, s, "s", messages, 1)
	var mu sync.Mutex
	by := map[string]int{}
	for _, err := range together(copies, func(i int) error {
		for {
			p, err := s.Take(t.Context(), "1", 2, ago(), fmt.Sprint(i), wall(0), time.Minute)
			mu.Lock()
			done := len(by) == messages
			if err == nil {
				by[p.Facts.Slot.ID]++
			}
			mu.Unlock()
			switch {
			case done:
				return nil
			case errors.Is(err, digests.ErrNothing): // perhaps another took the same
			case err != nil:
				return err
			default:
				p.Seen = 2
				if err := s.Settle(t.Context(), p); err != nil {
					return err
				}
			}
		}
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	for i := range messages {
		if n := by[slotID("s", i)]; n != 1 {
			t.Errorf("message %d was taken %d times", i, n)
		}
	}
}

func testProgress(t *testing.T, open Opener) {
	s := opened(t, open)
	posted(t, s, "s", 1, 5)
	p := taken(t, s, 6, wall(0))
	p.Corrected, p.Marks, p.Owing, p.OwedSince = 6, "a b", 6, wall(1)
	if err := s.Note(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	nothingToTake(t, s, "a copy that knows less than was shown", 5, ago(), wall(1))
	again := taken(t, s, 7, wall(1))
	want := p
	want.Fence++
	same(t, "after a copy died", again, want)

	again.Told, again.Owing, again.Seen = "a b", 0, 7
	if err := s.Settle(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	nothingToTake(t, s, "settled", 7, ago(), wall(9))
	if err := s.Note(t.Context(), again); !errors.Is(err, digests.ErrFenced) {
		t.Errorf("Note when all is settled: got %v, want fenced", err)
	}
	last := taken(t, s, 8, wall(9))
	want = again
	want.Fence++
	same(t, "the next time", last, want)
	last.Over, last.Outcome, last.Seen = true, "deleted", 8
	if err := s.Settle(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	nothingToTake(t, s, "over", 99, ago(), wall(99))
	followed, err := s.Followed(t.Context(), "1", "s")
	if err != nil {
		t.Error(err)
	}
	same(t, "what is told of it", followed, map[string]digests.Followed{"s-000": {Corrected: 6, Outcome: "deleted"}})
	if other, err := s.Followed(t.Context(), "2", "s"); err != nil || len(other) != 0 {
		t.Errorf("another server is told %v, %v, want nothing", other, err)
	}
}

func testDefer(t *testing.T, open Opener) {
	s := opened(t, open)
	posted(t, s, "s", 2, 5)
	p := taken(t, s, 6, wall(0))
	p.Outcome = "rate limited"
	if err := s.Defer(t.Context(), p, wall(9)); err != nil {
		t.Fatal(err)
	}
	nothingToTake(t, s, "the channel is held back", 6, ago(), wall(8))
	again := taken(t, s, 6, wall(9))
	if again.Facts.Slot.ID != p.Facts.Slot.ID || again.Tries != 1 || again.Outcome != p.Outcome {
		t.Errorf("took %+v, want the same with one try more", again)
	}
	again.Seen, again.Outcome = 6, ""
	if err := s.Settle(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if p := taken(t, s, 7, wall(9)); p.Facts.Slot.ID != again.Facts.Slot.ID || p.Tries != 0 {
		t.Errorf("took %s after %d tries, want the same after none", p.Facts.Slot.ID, p.Tries)
	}
}

func testForget(t *testing.T, open Opener) {
	s := opened(t, open)
	posted(t, s, "s", 2, 5)
	if err := s.ForgetPostings(t.Context(), at(1)); err != nil {
		t.Fatal(err)
	}
	if p := taken(t, s, 6, wall(0)); p.Facts.Slot.ID != "s-001" {
		t.Errorf("took %s, want the one that was not forgotten", p.Facts.Slot.ID)
	}
	nothingToTake(t, s, "forgotten", 6, ago(), wall(0))
	p := taken(t, s, 6, wall(2))
	p.Seen, p.Corrected, p.Marks = 6, 6, "F1"
	if err := s.Settle(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := s.ForgetPostings(t.Context(), at(9)); err != nil {
		t.Fatal(err)
	}
	nothingToTake(t, s, "all forgotten", 9, ago(), wall(9))
	followed, err := s.Followed(t.Context(), "1", "s")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "that a message was corrected is kept", followed, map[string]digests.Followed{"s-001": {Corrected: 6}})
}
