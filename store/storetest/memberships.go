package storetest

import (
	"testing"

	"sitrep/briefings"
)

func testMemberships(t *testing.T, open Opener) {
	s := opened(t, open)
	member := func(desk briefings.DeskID, name string, proved, used int) briefings.Membership {
		return briefings.Membership{Desk: desk, Name: name, ProvedAt: at(proved), UsedAt: at(used)}
	}
	holds := func(when string, who briefings.UserID, want ...briefings.Membership) {
		t.Helper()
		got, err := s.Memberships(t.Context(), who)
		if err != nil {
			t.Errorf("%s: %v", when, err)
		}
		same(t, when, got, want)
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	holds("never seen", "7")
	do(s.Use(t.Context(), "7", member("1", "One", 1, 1)))
	do(s.Use(t.Context(), "7", member("2", "'; --\x00", 2, 2)))
	do(s.Use(t.Context(), "8", member("1", "One", 3, 3)))
	holds("in two servers", "7", member("2", "'; --\uFFFD", 2, 2), member("1", "One", 1, 1))
	do(s.Use(t.Context(), "7", member("1", "", 4, 4)))
	holds("back in the first, without its name", "7", member("1", "One", 4, 4), member("2", "'; --\uFFFD", 2, 2))
	do(s.Prove(t.Context(), "7", "2", at(9)))
	do(s.Prove(t.Context(), "7", "3", at(9)))
	holds("proved anew", "7", member("1", "One", 4, 4), member("2", "'; --\uFFFD", 9, 2))
	do(s.Call(t.Context(), "7", "2", "Two\x00"))
	do(s.Call(t.Context(), "7", "3", "Three"))
	holds("called something else", "7", member("1", "One", 4, 4), member("2", "Two\uFFFD", 9, 2))
	do(s.Call(t.Context(), "7", "2", "'; --"))
	do(s.Forget(t.Context(), "7", "1"))
	do(s.Forget(t.Context(), "7", "3"))
	holds("out of the first", "7", member("2", "'; --", 9, 2))
	holds("somebody else", "8", member("1", "One", 3, 3))
}
