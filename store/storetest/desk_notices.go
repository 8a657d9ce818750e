package storetest

import (
	"errors"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// noticed expects the notice that is due next, "" for none.
func noticed(t *testing.T, s Store, when string, now, wall time.Time, want string) digests.DeskNotice {
	t.Helper()
	n, err := s.DueNotice(t.Context(), now, wall, time.Minute)
	if errors.Is(err, digests.ErrNothing) != (want == "") || err != nil && want != "" || n.Subject != want {
		t.Errorf("%s: got %q, %v, want %q", when, n.Subject, err, want)
	}
	return n
}

func testDeskNotices(t *testing.T, open Opener) {
	s := opened(t, open)
	for desk, o := range map[briefings.DeskID]briefings.Settings{
		"1": {Rev: 1, LogChannel: "77", Zone: "Europe/Kyiv"},
		"2": {Rev: 1, LogChannel: "78"},
		"3": {Rev: 1, LogChannel: "79", Nudge: briefings.SettingOff},
		"4": {Rev: 1},
	} {
		if err := s.SaveSettings(t.Context(), desk, o, nil); err != nil {
			t.Fatal(err)
		}
	}
	lacking := func(when string, now time.Time, want map[briefings.DeskID]briefings.Settings) {
		t.Helper()
		got, err := s.Unnudged(t.Context(), now, 10)
		if err != nil {
			t.Errorf("%s: %v", when, err)
		}
		same(t, when, got, want)
	}
	one, two := briefings.Settings{Rev: 1, LogChannel: "77", Zone: "Europe/Kyiv"}, briefings.Settings{Rev: 1, LogChannel: "78"}
	lacking("nothing is planned", at(0), map[briefings.DeskID]briefings.Settings{"1": one, "2": two})
	if some, err := s.Unnudged(t.Context(), at(0), 1); err != nil || len(some) != 1 {
		t.Errorf("at most one: got %d, %v", len(some), err)
	}
	weekly, other := digests.NewDeskNotice("1", digests.WeeklyNotice, "w", at(5)), digests.NewDeskNotice("2", "other", "o", at(6))
	for range 2 {
		if err := s.PlanNotices(t.Context(), []digests.DeskNotice{weekly, other}); err != nil {
			t.Fatal(err)
		}
	}
	lacking("one is planned", at(4), map[briefings.DeskID]briefings.Settings{"2": two})
	lacking("it is due", at(5), map[briefings.DeskID]briefings.Settings{"1": one, "2": two})
	if next, err := s.NextNotice(t.Context(), at(5)); err != nil || !next.Equal(at(6)) {
		t.Errorf("next after the first: got %s, %v, want the second", next, err)
	}
	noticed(t, s, "nothing is due", at(4), wall(0), "")
	n := noticed(t, s, "the first", at(9), wall(0), "w")
	same(t, "the first", n, digests.DeskNotice{ID: weekly.ID, Desk: "1", Kind: digests.WeeklyNotice, Subject: "w", Due: at(5), Tries: 1, FirstTried: wall(0)})
	noticed(t, s, "somebody is about it", at(9), wall(0), "o")
	noticed(t, s, "and about both", at(9), wall(0), "")
	n = noticed(t, s, "the lease is over", at(9), wall(1), "w")
	if n.Tries != 2 || !n.FirstTried.Equal(wall(0)) {
		t.Errorf("got %+v, want the second try, and when the first was", n)
	}
	if err := s.MoveNotice(t.Context(), weekly.ID, at(20)); err != nil {
		t.Fatal(err)
	}
	if err := s.EndNotice(t.Context(), other.ID, "posted"); err != nil {
		t.Fatal(err)
	}
	noticed(t, s, "moved on, and ended", at(19), wall(9), "")
	if n = noticed(t, s, "due then", at(20), wall(9), "w"); n.Tries != 1 {
		t.Errorf("tried %d times since it was moved, want 1", n.Tries)
	}
	if next, err := s.NextNotice(t.Context(), at(20)); err != nil || !next.IsZero() {
		t.Errorf("next after all: got %s, %v, want never", next, err)
	}
}

// testDeskNoticeOnce has eight copies plan the same notice and look for it.
func testDeskNoticeOnce(t *testing.T, open Opener) {
	s := opened(t, open)
	got := 0
	for _, err := range together(8, func(int) error {
		n := digests.NewDeskNotice("1", digests.WeeklyNotice, "w", at(5))
		if err := s.PlanNotices(t.Context(), []digests.DeskNotice{n}); err != nil {
			return err
		}
		_, err := s.DueNotice(t.Context(), at(5), wall(0), time.Minute)
		return err
	}) {
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
