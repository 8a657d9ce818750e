package storetest

import (
	"errors"
	"testing"
	"time"

	"sitrep/digests"
)

// untold expects the slot that is told of next, "" for none.
func untold(t *testing.T, s Store, when string, now time.Time, want string) digests.Notice {
	t.Helper()
	n, err := s.Untold(t.Context(), now, time.Minute)
	if errors.Is(err, digests.ErrNothing) != (want == "") || err != nil && want != "" || n.Slot.ID != want {
		t.Errorf("%s: got slot %q, %v, want %q", when, n.Slot.ID, err, want)
	}
	return n
}

func testNotices(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 4)
	untold(t, s, "all is to come", wall(0), "")
	c := claim(t, s, "one", wall(0))
	if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Sent, Message: "1"}); err != nil {
		t.Fatal(err)
	}
	untold(t, s, "what was sent", wall(0), "")
	for range digests.TriesUntold {
		untold(t, s, "a slot tried less than three times", wall(0), "")
		c = claim(t, s, "one", wall(0))
		if err := s.Retry(t.Context(), c, wall(0), "rate limited"); err != nil {
			t.Fatal(err)
		}
	}
	n := untold(t, s, "tried three times", wall(0), "s-001")
	if n.Tells != 1 || n.Slot.Reason != "rate limited" || n.Subscription.CreatedBy != "42" {
		t.Errorf("got %+v, want the first telling of a slot that was rate limited, for user 42", n)
	}
	untold(t, s, "somebody is about it", wall(0), "")
	if n := untold(t, s, "the lease is over", wall(1), "s-001"); n.Tells != 2 {
		t.Errorf("told %d times, want 2", n.Tells)
	}
	if err := s.Told(t.Context(), "s-001", digests.ToldCreator); err != nil {
		t.Fatal(err)
	}
	untold(t, s, "told", wall(9), "")
	c = claim(t, s, "one", wall(9))
	if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Failed, Reason: "no"}); err != nil {
		t.Fatal(err)
	}
	untold(t, s, "told before it failed for good", wall(9), "")
}

// testTellOnce has eight copies look for what to tell at once.
func testTellOnce(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 1)
	if err := s.Finish(t.Context(), claim(t, s, "one", wall(0)), digests.Slot{State: digests.Failed, Reason: "no"}); err != nil {
		t.Fatal(err)
	}
	got := 0
	for _, err := range together(8, func(int) error { _, err := s.Untold(t.Context(), wall(0), time.Minute); return err }) {
		switch {
		case err == nil:
			got++
		case !errors.Is(err, digests.ErrNothing):
			t.Error(err)
		}
	}
	if got != 1 {
		t.Errorf("%d copies are to tell, want 1", got)
	}
}

// testPauseFailing finishes slots as told, "f" failed, "s" sent, "k" skipped.
func testPauseFailing(t *testing.T, open Opener) {
	for _, tt := range []struct {
		name, states string
		since        int // the first minute of the schedule
		paused       bool
	}{
		{"two", "ff", 0, false},
		{"three", "fff", 0, true},
		{"skipped ones don't count", "fkfkf", 0, true},
		{"one between got out", "ffsff", 0, false},
		{"three after one that got out", "sfff", 0, true},
		{"some before it was resumed", "ffff", 2, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := opened(t, open)
			name := tt.name
			o := subscription(name, "1", at(0))
			o.Since = at(tt.since)
			if err := s.Subscribe(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			for i, state := range tt.states {
				slot := digests.Slot{ID: slotID(name, i), Subscription: name, Due: at(i), State: digests.Planned}
				if err := s.Plan(t.Context(), o, []digests.Slot{slot}, o.NextDue); err != nil {
					t.Fatal(err)
				}
				done := digests.Slot{State: map[rune]digests.State{'f': digests.Failed, 's': digests.Sent, 'k': digests.Skipped}[state]}
				if err := s.Finish(t.Context(), claim(t, s, "one", wall(0)), done); err != nil {
					t.Fatal(err)
				}
			}
			kept, err := s.Subscriptions(t.Context(), "1")
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range kept {
				if k.ID == name && (k.Paused == digests.PausedFailing && k.NextDue.IsZero()) != tt.paused {
					t.Errorf("paused %q, next due %s, want paused %t", k.Paused, k.NextDue, tt.paused)
				}
			}
		})
	}
}
