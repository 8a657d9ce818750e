package storetest

import (
	"errors"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// purged deletes what is kept of the desk that departed by then, "" for none.
func purged(t *testing.T, s Store, by time.Time, want briefings.DeskID) {
	t.Helper()
	got, err := s.BeginPurge(t.Context(), by)
	if errors.Is(err, briefings.ErrNotFound) != (want == "") || err != nil && want != "" || got != want {
		t.Fatalf("got desk %q, %v, want %q", got, err, want)
	}
	for done := want == ""; !done; {
		if done, err = s.PurgeSome(t.Context(), want); err != nil {
			t.Fatal(err)
		}
	}
}

// crowded gives a desk at revision 2 more of them than one transaction purges.
func crowded(t *testing.T, s Store, desk briefings.DeskID) {
	t.Helper()
	for n := range 40 {
		revs := make([]briefings.Revision, 30)
		for i := range revs {
			revs[i] = revision(n+3, string(rune('a'+i%26))+string(rune('a'+i/26)), "")
		}
		if err := s.Publish(t.Context(), desk, n+2, revs); err != nil {
			t.Fatal(err)
		}
	}
}

func testPurge(t *testing.T, open Opener) {
	s := opened(t, open)
	traced(t, s, "1", "7")
	stays := traced(t, s, "2", "7")
	crowded(t, s, "1")
	known := func(when string, want ...briefings.DeskID) {
		t.Helper()
		got, err := s.Known(t.Context())
		if err != nil {
			t.Error(err)
		}
		same(t, when, got, want)
	}
	known("at first", "1", "2")
	if done, err := s.PurgeSome(t.Context(), "2"); err != nil || !done {
		t.Errorf("purging a desk that did not depart: got %t, %v, want that nothing is left to do", done, err)
	}
	for _, when := range []int{5, 9} { // the first counts
		if err := s.Depart(t.Context(), "1", at(when)); err != nil {
			t.Fatal(err)
		}
	}
	known("one has departed", "2")
	if next, err := s.NextPurge(t.Context(), at(0)); err != nil || !next.Equal(at(5)) {
		t.Errorf("next: got %s, %v, want %s", next, err, at(5))
	}
	purged(t, s, at(4), "")
	if err := s.Return(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	known("it returned", "1", "2")
	purged(t, s, at(99), "")
	if revs, err := s.Revisions(t.Context(), "1", 0); err != nil || len(revs) != 1202 {
		t.Errorf("got %d revisions, %v, want all", len(revs), err)
	}
	if err := s.Depart(t.Context(), "1", at(5)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.BeginPurge(t.Context(), at(5)); err != nil {
		t.Fatal(err)
	}
	if err := s.Return(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Departed(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("returned amid its purge: departed are %v, %v, want it still", all, err)
	}
	if done, err := s.PurgeSome(t.Context(), "1"); err != nil || done {
		t.Errorf("the first part: got %t, %v", done, err)
	}
	purged(t, s, at(5), "1") // goes on where it stopped
	purged(t, s, at(99), "")
	known("it is purged", "2")
	footprints(t, s, "what is left", "7", briefings.Footprint{Desk: "2", Traces: stays})
	if newest, err := s.Newest(t.Context(), []briefings.DeskID{"1"}); err != nil || len(newest) != 0 {
		t.Errorf("its version: got %v, %v, want none", newest, err)
	}
	if err := s.Depart(t.Context(), briefings.Catalogue, at(1)); err == nil {
		t.Error("the catalogue departed")
	}
	traced(t, s, "1", "8") // as a new server
}

// testPurgeOnce has copies purge at once.
func testPurgeOnce(t *testing.T, open Opener) {
	s := opened(t, open)
	traced(t, s, "1", "7")
	if err := s.Depart(t.Context(), "1", at(0)); err != nil {
		t.Fatal(err)
	}
	for i, err := range together(4, func(int) error {
		desk, err := s.BeginPurge(t.Context(), at(1))
		for done := err != nil; !done; {
			if done, err = s.PurgeSome(t.Context(), desk); err != nil {
				return err
			}
		}
		if errors.Is(err, briefings.ErrNotFound) {
			return nil
		}
		return err
	}) {
		if err != nil {
			t.Errorf("copy %d: %v", i, err)
		}
	}
	footprints(t, s, "what is left", "7")
}

// testDepartedRests has nothing fall due or be sent for a server that removed the
// bot, until it takes it back.
func testDepartedRests(t *testing.T, open Opener) {
	s := opened(t, open)
	planned(t, s, "s", 1)
	o := subscription("c", "1", at(3))
	o.Kind, o.Channel = "countdown", "78"
	if err := s.Subscribe(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveSettings(t.Context(), "1", briefings.Settings{Rev: 1, LogChannel: "77"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.PlanNotices(t.Context(), []digests.DeskNotice{digests.NewDeskNotice("1", "other", "o", at(0))}); err != nil {
		t.Fatal(err)
	}
	rests := func() (all []bool) {
		due, err1 := s.Due(t.Context(), at(9), 10)
		next, err2 := s.NextDue(t.Context())
		counting, err3 := s.Countdowns(t.Context(), nil)
		waiting, err4 := s.Waiting(t.Context())
		_, err5 := s.NextNotice(t.Context(), at(0).Add(-time.Hour))
		lacking, err6 := s.Unnudged(t.Context(), at(9), 9)
		if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
			t.Fatal(err)
		}
		_, unclaimed := s.Claim(t.Context(), "one", wall(0), time.Minute)
		_, unnoticed := s.DueNotice(t.Context(), at(9), wall(0), time.Minute)
		return []bool{
			len(due) == 0, next.IsZero(), len(counting) == 0, waiting.IsZero(), len(lacking) == 0,
			errors.Is(unclaimed, digests.ErrNothing), errors.Is(unnoticed, digests.ErrNothing),
		}
	}
	if err := s.Depart(t.Context(), "1", at(0)); err != nil {
		t.Fatal(err)
	}
	same(t, "it departed: is there nothing to do?", rests(), []bool{true, true, true, true, true, true, true})
	if err := s.Return(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	same(t, "it returned: is there nothing to do?", rests(), make([]bool, 7))
}
