package storetest

import (
	"errors"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

func testSubscriptions(t *testing.T, open Opener) {
	s := opened(t, open)
	if next, err := s.NextDue(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("without any: next due %s, %v, want none", next, err)
	}
	newer, older := subscription("a", "1", at(5)), subscription("b", "1", at(9))
	newer.CreatedAt = at(1)
	for _, o := range []digests.Subscription{newer, older, subscription("c", "2", at(3)), subscription("d", "2", time.Time{})} {
		if err := s.Subscribe(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Subscribe(t.Context(), older); err == nil {
		t.Error("an id was taken twice")
	}
	got, err := s.Subscriptions(t.Context(), "1")
	if err != nil {
		t.Error(err)
	}
	same(t, "oldest first", got, []digests.Subscription{older, newer})
	if next, err := s.NextDue(t.Context()); err != nil || !next.Equal(at(3)) {
		t.Errorf("next due %s, %v, want %s", next, err, at(3))
	}
}

func testDue(t *testing.T, open Opener) {
	s := opened(t, open)
	for name, due := range map[string]time.Time{"a": at(5), "b": at(3), "c": at(3), "d": at(9), "never": {}} {
		if err := s.Subscribe(t.Context(), subscription(name, "1", due)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		now  time.Time
		most int
		want []string
	}{
		{"before all", at(3).Add(-time.Millisecond), 9, nil},
		{"on the dot, most overdue first", at(5), 9, []string{"b", "c", "a"}},
		{"at most two", at(9), 2, []string{"b", "c"}},
	} {
		due, err := s.Due(t.Context(), tt.now, tt.most)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		var got []string
		for _, o := range due {
			got = append(got, o.ID)
		}
		same(t, tt.name, got, tt.want)
	}
}

// testPlan has eight copies plan the same slots at once, which must be once.
func testPlan(t *testing.T, open Opener) {
	s := opened(t, open)
	o := subscription("s", "1", at(1))
	if err := s.Subscribe(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	slots := []digests.Slot{
		{ID: "x", Subscription: "s", Due: at(1), State: digests.Skipped, Reason: "too late"},
		{ID: "y", Subscription: "s", Due: at(2), State: digests.Planned},
	}
	for _, err := range together(8, func(int) error { return s.Plan(t.Context(), o, slots, at(3)) }) {
		if err != nil {
			t.Error(err)
		}
	}
	stale := []digests.Slot{{ID: "z", Subscription: "s", Due: at(7), State: digests.Planned}}
	if err := s.Plan(t.Context(), o, stale, at(8)); err != nil {
		t.Error(err)
	}
	want := []digests.Slot{slots[1], slots[0]}
	hasSlots(t, s, want)
	if next, err := s.NextDue(t.Context()); err != nil || !next.Equal(at(3)) {
		t.Errorf("next due %s, %v, want %s", next, err, at(3))
	}

	o.NextDue = at(3)
	again := []digests.Slot{{ID: "other", Subscription: "s", Due: at(2), State: digests.Planned}}
	if err := s.Plan(t.Context(), o, again, at(4)); err != nil {
		t.Error(err)
	}
	hasSlots(t, s, want) // the slot of that moment is there, under its first id
	o.NextDue = at(4)
	foreign := []digests.Slot{{ID: "w", Subscription: "elsewhere", Due: at(9), State: digests.Planned}}
	says(t, s.Plan(t.Context(), o, foreign, at(9)), "elsewhere")
	claimed := []digests.Slot{{ID: "w", Subscription: "s", Due: at(9), State: digests.Claimed}}
	says(t, s.Plan(t.Context(), o, claimed, at(9)), "plan subscription s")
	if next, err := s.NextDue(t.Context()); err != nil || !next.Equal(at(4)) {
		t.Errorf("refused: next due %s, %v, want it where it was, %s", next, err, at(4))
	}
	if err := s.Plan(t.Context(), o, nil, time.Time{}); err != nil {
		t.Error(err)
	}
	if next, err := s.NextDue(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("never again: next due %s, %v, want none", next, err)
	}
}

func hasSlots(t *testing.T, s Store, want []digests.Slot) {
	t.Helper()
	got, err := s.Slots(t.Context(), "1", "", 100)
	if err != nil {
		t.Error(err)
	}
	same(t, "slots", got, want)
}

func testUnsubscribe(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 2)
	sent := claim(t, s, "one", wall(0))
	if err := s.Finish(t.Context(), sent, digests.Slot{State: digests.Sent, Message: "1"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Unsubscribe(t.Context(), "2", "s"); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("another server's: got %v, want not found", err)
	}
	if err := s.Unsubscribe(t.Context(), "1", "s"); err != nil {
		t.Fatal(err)
	}
	if err := s.Unsubscribe(t.Context(), "1", "s"); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("the second time: got %v, want not found", err)
	}
	nothing(t, s, "what was still to be sent", wall(999))
	if next, err := s.NextDue(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("next due %s, %v, want none", next, err)
	}
	if left, err := s.Subscriptions(t.Context(), "1"); err != nil || len(left) != 0 {
		t.Errorf("listed: %v, %v, want none", left, err)
	}
}

func testAmend(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 2)
	sent := claim(t, s, "one", wall(0))
	if err := s.Finish(t.Context(), sent, digests.Slot{State: digests.Sent, Message: "1", Rev: 4}); err != nil {
		t.Fatal(err)
	}
	changed := subscription("s", "1", time.Time{})
	changed.Channel, changed.Kind, changed.At, changed.Zone, changed.Days, changed.Cron = "78", "cron", "", "UTC", "", "0 9 * * *"
	changed.Date, changed.Offsets, changed.Sections, changed.Locale, changed.Quiet = "", "", "", "de", "nothing"
	changed.Mention, changed.Thread, changed.Publish = "", false, false
	changed.Grace, changed.Paused, changed.Since = time.Hour, "by hand", at(7)
	foreign := changed
	foreign.Desk = "2"
	if err := s.Amend(t.Context(), foreign); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("another server's: got %v, want not found", err)
	}
	if err := s.Amend(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	got, err := s.Subscriptions(t.Context(), "1")
	if err != nil {
		t.Error(err)
	}
	same(t, "amended", got, []digests.Subscription{changed})
	nothing(t, s, "paused", wall(999))
	if rev, err := s.Shown(t.Context(), "s"); err != nil || rev != 4 {
		t.Errorf("shown: got revision %d, %v, want 4", rev, err)
	}
	if rev, err := s.Shown(t.Context(), "never"); err != nil || rev != 0 {
		t.Errorf("never shown: got revision %d, %v, want 0", rev, err)
	}
	// what is paused is planned by hand all the same, and only by who has seen that
	slot := []digests.Slot{{ID: "now", Subscription: "s", Due: at(9), State: digests.Planned}}
	if err := s.Plan(t.Context(), subscription("s", "1", at(2)), slot, at(3)); err != nil {
		t.Error(err)
	}
	nothing(t, s, "planned by who has not seen it", wall(999))
	if err := s.Plan(t.Context(), changed, slot, time.Time{}); err != nil {
		t.Error(err)
	}
	if c := claim(t, s, "one", wall(0)); c.Slot.ID != "now" || c.LastRev != 4 {
		t.Errorf("got slot %s after revision %d, want now after 4", c.Slot.ID, c.LastRev)
	}
	if err := s.Unsubscribe(t.Context(), "1", "s"); err != nil {
		t.Fatal(err)
	}
	if err := s.Amend(t.Context(), changed); !errors.Is(err, briefings.ErrNotFound) {
		t.Errorf("an ended one: got %v, want not found", err)
	}
}

func testCountdowns(t *testing.T, open Opener) {
	s := opened(t, open)
	want := []digests.Subscription{subscription("a", "1", at(5)), subscription("b", "2", time.Time{})}
	paused, other, ended := subscription("c", "1", time.Time{}), subscription("d", "1", at(1)), subscription("e", "1", at(1))
	paused.Paused = "by hand"
	for i, o := range append(want, paused, other, ended) {
		if o.ID != "d" {
			o.Kind = digests.CountdownKind
		}
		if i < len(want) {
			want[i] = o
		}
		if err := s.Subscribe(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Unsubscribe(t.Context(), "1", "e"); err != nil {
		t.Fatal(err)
	}
	for _, desks := range [][]briefings.DeskID{nil, {"1", "2"}, append(many("1"), "2")} {
		got, err := s.Countdowns(t.Context(), desks)
		if err != nil {
			t.Error(err)
		}
		same(t, "countdowns", got, want)
	}
	if got, err := s.Countdowns(t.Context(), []briefings.DeskID{"3"}); err != nil || len(got) != 0 {
		t.Errorf("of another desk got %v, %v, want none", got, err)
	}
}

func testChanged(t *testing.T, open Opener) {
	s := opened(t, open)
	changed := func(since time.Time) map[briefings.DeskID]digests.DeskChange {
		t.Helper()
		all, err := s.Changed(t.Context(), since)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	same(t, "before any", changed(time.Time{}), map[briefings.DeskID]digests.DeskChange{})
	for _, desk := range []briefings.DeskID{"1", "2", briefings.Catalogue} {
		if err := s.Publish(t.Context(), desk, 0, []briefings.Revision{revision(1, "a", "?")}); err != nil {
			t.Fatal(err)
		}
	}
	first := changed(time.Time{})
	if len(first) != 3 || first["1"].Version == 0 || first["1"].At.IsZero() {
		t.Fatalf("got %v, want all three", first)
	}
	same(t, "since then", changed(first["1"].At), map[briefings.DeskID]digests.DeskChange{briefings.Catalogue: first[briefings.Catalogue]})
	same(t, "since right before", changed(first["1"].At.Add(-time.Millisecond)), first)
	if err := s.Publish(t.Context(), "2", 1, []briefings.Revision{revision(2, "a", "?")}); err != nil {
		t.Fatal(err)
	}
	if again := changed(time.Time{}); again["2"].Version == first["2"].Version {
		t.Errorf("desk 2 is at %v before and after a change", again["2"])
	}
}

func testForgetSlots(t *testing.T, open Opener) {
	s := opened(t, open)
	posted(t, s, "s", 4, 5)
	planned(t, s, "w", 1)
	posted(t, s, "e", 2, 5)
	left := func(id string) []string {
		t.Helper()
		slots, err := s.Slots(t.Context(), "1", id, 99)
		if err != nil {
			t.Fatal(err)
		}
		all := []string{}
		for _, slot := range slots {
			all = append(all, slot.ID)
		}
		return all
	}
	forget := func(before time.Time) {
		t.Helper()
		if err := s.ForgetSlots(t.Context(), before); err != nil {
			t.Fatal(err)
		}
	}
	forget(at(2))
	same(t, "what was due since", left("s"), []string{"s-003", "s-002"})
	if err := s.Unsubscribe(t.Context(), "1", "e"); err != nil {
		t.Fatal(err)
	}
	forget(at(99))
	same(t, "the last that was shown", left("s"), []string{"s-003"})
	same(t, "what is still to be sent", left("w"), []string{"w-000"})
	same(t, "one that ended", left("e"), []string{})
	if rev, err := s.Shown(t.Context(), "s"); err != nil || rev != 5 {
		t.Errorf("got rev %d shown last, %v, want 5", rev, err)
	}
}
