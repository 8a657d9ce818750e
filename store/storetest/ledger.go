package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"sitrep/digests"
)

// wall is the wall clock of the claims, far from the slots' own times.
func wall(n int) time.Time { return at(n).AddDate(1, 0, 0) }

func claim(t *testing.T, s Store, owner string, now time.Time) digests.Claim {
	t.Helper()
	c, err := s.Claim(t.Context(), owner, now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func nothing(t *testing.T, s Store, when string, now time.Time) {
	t.Helper()
	if c, err := s.Claim(t.Context(), "any", now, time.Minute); !errors.Is(err, digests.ErrNothing) {
		t.Errorf("%s: got slot %q, %v, want nothing to claim", when, c.Slot.ID, err)
	}
}

func testClaim(t *testing.T, open Opener) {
	s := opened(t, open)
	nothing(t, s, "an empty ledger", wall(0))
	planned(t, s, "s", 2)
	got := claim(t, s, "one", wall(1))
	want := digests.Claim{
		Slot:         digests.Slot{ID: "s-000", Subscription: "s", Due: at(0), State: digests.Claimed},
		Subscription: subscription("s", "1", at(2)),
		Fence:        1,
		Until:        wall(2),
		FirstClaimed: wall(1),
	}
	same(t, "the oldest", got, want)
	done := digests.Slot{State: digests.Sent, Message: "9001", Rev: 5}
	if err := s.Finish(t.Context(), got, done); err != nil {
		t.Error(err)
	}
	if next := claim(t, s, "two", wall(1)); next.Slot.ID != "s-001" || next.LastRev != 5 {
		t.Errorf("got slot %s and last rev %d, want s-001 and 5", next.Slot.ID, next.LastRev)
	}
	nothing(t, s, "all claimed", wall(1))
}

// testClaimOnePerChannel has three subscriptions, two of them for one channel.
func testClaimOnePerChannel(t *testing.T, open Opener) {
	s := opened(t, open)
	for i, channel := range []digests.ChannelID{"77", "77", "78"} {
		o := subscription(slotID("s", i), "1", at(0))
		o.Channel = channel
		if err := s.Subscribe(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		slot := digests.Slot{ID: slotID("slot", i), Subscription: o.ID, Due: at(i), State: digests.Planned}
		if err := s.Plan(t.Context(), o, []digests.Slot{slot}, at(9)); err != nil {
			t.Fatal(err)
		}
	}
	first := claim(t, s, "one", wall(0))
	if other := claim(t, s, "two", wall(0)); first.Slot.ID != "slot-000" || other.Slot.ID != "slot-002" {
		t.Errorf("claimed %s and %s, want slot-000 and the other channel's slot-002", first.Slot.ID, other.Slot.ID)
	}
	nothing(t, s, "both channels are busy", wall(0))
	if err := s.Finish(t.Context(), first, digests.Slot{State: digests.Sent}); err != nil {
		t.Fatal(err)
	}
	if next := claim(t, s, "one", wall(0)); next.Slot.ID != "slot-001" {
		t.Errorf("claimed %s, want slot-001, whose channel is free again", next.Slot.ID)
	}
	if late := claim(t, s, "three", wall(1)); late.Slot.ID != "slot-001" || late.Fence != 2 {
		t.Errorf("claimed %s with fence %d, want slot-001 again, whose lease is over", late.Slot.ID, late.Fence)
	}
}

// testClaimAtOnce has two copies, whose clocks are apart so that each chooses
// another digest of the same channel, claim in the same instant, again and again.
func testClaimAtOnce(t *testing.T, open Opener) {
	const rounds = 100
	s := opened(t, open)
	for i := range 2 {
		if err := s.Subscribe(t.Context(), subscription(slotID("s", i), "1", at(0))); err != nil {
			t.Fatal(err)
		}
	}
	next := at(0)
	for round := range rounds {
		for i := range 2 {
			o := subscription(slotID("s", i), "1", next)
			slot := digests.Slot{ID: fmt.Sprint(round, "-", i), Subscription: o.ID, Due: at(2*round + i), State: digests.Planned}
			if err := s.Plan(t.Context(), o, []digests.Slot{slot}, at(round+1)); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				if err := s.Retry(t.Context(), claim(t, s, "any", wall(0)), wall(5), "not yet"); err != nil {
					t.Fatal(err)
				}
			}
		}
		next = at(round + 1)
		claims := make([]digests.Claim, 2)
		lost := 0
		for i, err := range together(2, func(i int) (err error) {
			claims[i], err = s.Claim(t.Context(), fmt.Sprint(i), wall(6-2*i), time.Hour)
			return err
		}) {
			switch {
			case errors.Is(err, digests.ErrNothing):
				lost++
				claims[i] = digests.Claim{}
			case err != nil:
				t.Fatal(err)
			}
		}
		if lost != 1 {
			t.Fatalf("round %d: got claims %q and %q for one channel, want one of them", round, claims[0].Slot.ID, claims[1].Slot.ID)
		}
		for _, c := range claims {
			if c.Slot.ID == "" {
				continue
			}
			if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Sent}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Finish(t.Context(), claim(t, s, "any", wall(6)), digests.Slot{State: digests.Sent}); err != nil {
			t.Fatal(err)
		}
	}
}

// testClaimOnce has eight copies empty a ledger of two hundred slots, in eight channels.
func testClaimOnce(t *testing.T, open Opener) {
	const copies, slots = 8, 200
	s := opened(t, open)
	for i := range copies {
		o := subscription(slotID("s", i), "1", at(0))
		o.Channel = digests.ChannelID(slotID("channel", i))
		if err := s.Subscribe(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		var own []digests.Slot
		for n := i; n < slots; n += copies {
			own = append(own, digests.Slot{ID: slotID("s", n), Subscription: o.ID, Due: at(n), State: digests.Planned})
		}
		if err := s.Plan(t.Context(), o, own, at(slots)); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	by := map[string]int{}
	for _, err := range together(copies, func(i int) error {
		for {
			c, err := s.Claim(t.Context(), fmt.Sprint(i), wall(0), time.Minute)
			if errors.Is(err, digests.ErrNothing) {
				return nil
			}
			if err != nil {
				return err
			}
			mu.Lock()
			by[fmt.Sprint(c.Slot.ID, " fence ", c.Fence)]++
			mu.Unlock()
			if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Sent, Rev: i + 1}); err != nil {
				return err
			}
		}
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	for i := range slots {
		if n := by[slotID("s", i)+" fence 1"]; n != 1 {
			t.Errorf("slot %d was claimed %d times", i, n)
		}
	}
	if len(by) != slots {
		t.Errorf("got %d claims, want %d", len(by), slots)
	}
	nothing(t, s, "all sent", wall(999))
}

// testFence has a copy come back after its lease ran out and another took over.
func testFence(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 1)
	old := claim(t, s, "slow", wall(1))
	nothing(t, s, "just before the lease ends", old.Until.Add(-time.Millisecond))
	holds(t, s, "past its lease, but nobody took over", old, true)
	late := claim(t, s, "quick", old.Until)
	if late.Fence <= old.Fence || !late.FirstClaimed.Equal(old.FirstClaimed) {
		t.Errorf("got fence %d after %d, first claimed %s, want a higher one and %s",
			late.Fence, old.Fence, late.FirstClaimed, old.FirstClaimed)
	}
	holds(t, s, "the old claim", old, false)
	holds(t, s, "the new claim", late, true)
	sent := digests.Slot{State: digests.Sent, Message: "1"}
	if err := s.Finish(t.Context(), old, sent); !errors.Is(err, digests.ErrFenced) {
		t.Errorf("the old claim's Finish: got %v, want fenced", err)
	}
	if err := s.Retry(t.Context(), old, wall(0), ""); !errors.Is(err, digests.ErrFenced) {
		t.Errorf("the old claim's Retry: got %v, want fenced", err)
	}
	for _, state := range []digests.State{digests.Planned, digests.Claimed, "", "gone"} {
		says(t, s.Finish(t.Context(), late, digests.Slot{State: state}), "not final")
	}
	for _, when := range []string{"once", "again"} {
		if err := s.Finish(t.Context(), late, sent); err != nil {
			t.Errorf("the new claim's Finish, %s: %v", when, err)
		}
	}
	other := digests.Slot{State: digests.Failed, Reason: "changed my mind"}
	if err := s.Finish(t.Context(), late, other); !errors.Is(err, digests.ErrFenced) {
		t.Errorf("Finish in other words: got %v, want fenced", err)
	}
	if err := s.Retry(t.Context(), late, wall(0), ""); !errors.Is(err, digests.ErrFenced) {
		t.Errorf("Retry when all is done: got %v, want fenced", err)
	}
	holds(t, s, "a finished claim", late, false)
	nothing(t, s, "a final slot", wall(999))
	hasSlots(t, s, []digests.Slot{{ID: "s-000", Subscription: "s", Due: at(0), State: digests.Sent, Message: "1", Channel: "77"}})
}

func holds(t *testing.T, s Store, what string, c digests.Claim, want bool) {
	t.Helper()
	if got, err := s.Holds(t.Context(), c); err != nil || got != want {
		t.Errorf("%s: Holds = %t, %v, want %t", what, got, err, want)
	}
}

func testRetry(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 2)
	first := claim(t, s, "one", wall(0))
	if err := s.Retry(t.Context(), first, wall(9), "rate limited"); err != nil {
		t.Fatal(err)
	}
	holds(t, s, "given back", first, false)
	if c := claim(t, s, "two", wall(1)); c.Slot.ID != "s-001" {
		t.Errorf("got %s, want the one that is not held back", c.Slot.ID)
	}
	nothing(t, s, "held back", wall(1))
	again := claim(t, s, "one", wall(9))
	want := digests.Slot{
		ID: "s-000", Subscription: "s", Due: at(0), State: digests.Claimed, Reason: "rate limited", Tries: 1,
	}
	same(t, "the second try", again.Slot, want)
	if again.Fence <= first.Fence || !again.FirstClaimed.Equal(wall(0)) {
		t.Errorf("got fence %d after %d, first claimed %s, want a higher one and %s",
			again.Fence, first.Fence, again.FirstClaimed, wall(0))
	}
}

func testSlots(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 3)
	other := subscription("o", "2", at(0))
	if err := s.Subscribe(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	foreign := []digests.Slot{{ID: "foreign", Subscription: "o", Due: at(9), State: digests.Planned}}
	if err := s.Plan(t.Context(), other, foreign, at(10)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		most int
		want []string
	}{
		{0, nil},
		{2, []string{"s-002", "s-001"}},
		{9, []string{"s-002", "s-001", "s-000"}},
	} {
		slots, err := s.Slots(t.Context(), "1", "", tt.most)
		if err != nil {
			t.Errorf("at most %d: %v", tt.most, err)
		}
		var got []string
		for _, slot := range slots {
			got = append(got, slot.ID)
		}
		same(t, fmt.Sprintf("at most %d", tt.most), got, tt.want)
	}
}

func testWaiting(t *testing.T, open Opener) {
	s := opened(t, open)
	waits := func(what string, want time.Time) {
		t.Helper()
		if got, err := s.Waiting(t.Context()); err != nil || !got.Equal(want) {
			t.Errorf("%s: Waiting = %s, %v, want %s", what, got, err, want)
		}
	}
	waits("without slots", time.Time{})
	planned(t, s, "s", 1)
	waits("planned", at(0))
	c := claim(t, s, "one", wall(0))
	waits("claimed", c.Until)
	if err := s.Retry(t.Context(), c, wall(7), "away"); err != nil {
		t.Fatal(err)
	}
	waits("held back", wall(7))
	c = claim(t, s, "one", wall(7))
	if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Sent, Message: "1"}); err != nil {
		t.Fatal(err)
	}
	waits("sent", time.Time{})
}

func testTally(t *testing.T, open Opener) {
	s := opened(t, open)
	check := func(when string, since, now time.Time, overdue time.Time, planned, claimed, sent int) {
		t.Helper()
		states, oldest, err := s.Tally(t.Context(), since, now)
		if err != nil {
			t.Fatal(err)
		}
		same(t, when, states, map[digests.State]int{digests.Planned: planned, digests.Claimed: claimed, digests.Sent: sent, digests.Skipped: 0, digests.Failed: 0})
		if !oldest.Equal(overdue) {
			t.Errorf("%s: the oldest overdue slot is of %v, want %v", when, oldest, overdue)
		}
	}
	check("an empty ledger", at(0), at(9), time.Time{}, 0, 0, 0)
	planned(t, s, "s", 3)
	check("nothing due yet", at(0), at(0).Add(-1), time.Time{}, 3, 0, 0)
	check("all planned", at(0), at(9), at(0), 3, 0, 0)
	c := claim(t, s, "one", wall(0))
	check("one claimed", at(0), at(9), at(0), 2, 1, 0)
	if err := s.Finish(t.Context(), c, digests.Slot{State: digests.Sent, Message: "m", Rev: 1}); err != nil {
		t.Fatal(err)
	}
	check("one sent", at(0), at(9), at(1), 2, 0, 1)
	check("only the last", at(2), at(9), at(1), 1, 0, 0)
}
