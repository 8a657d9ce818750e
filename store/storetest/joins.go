package storetest

import (
	"sync"
	"sync/atomic"
	"testing"

	"sitrep/briefings"
)

func testJoins(t *testing.T, open Opener) {
	s := opened(t, open)
	for _, now := range []int{5, 3, 9} {
		if got, err := s.FirstStart(t.Context(), at(now)); err != nil || !got.Equal(at(5)) {
			t.Errorf("started at %d: got %v, %v; want the first start, at 5", now, got, err)
		}
	}
	var greeting sync.WaitGroup
	var first atomic.Int32
	for range 4 { // copies
		greeting.Go(func() {
			ok, err := s.Greet(t.Context(), "1", at(7))
			if err != nil {
				t.Errorf("greet: %v", err)
			}
			if ok {
				first.Add(1)
			}
		})
	}
	greeting.Wait()
	if got := first.Load(); got != 1 {
		t.Errorf("%d copies greet, want one", got)
	}
	for _, tt := range []struct {
		name   string
		desk   briefings.DeskID
		joined int
		want   bool
	}{
		{"greeted already", "1", 7, false},
		{"another server", "2", 7, true},
		{"joined anew", "1", 8, true},
	} {
		if got, err := s.Greet(t.Context(), tt.desk, at(tt.joined)); err != nil || got != tt.want {
			t.Errorf("%s: got %t, %v; want %t", tt.name, got, err, tt.want)
		}
	}
	if err := s.Ungreet(t.Context(), "1", at(7)); err != nil {
		t.Errorf("take back: %v", err)
	}
	if got, err := s.Greet(t.Context(), "1", at(7)); err != nil || !got {
		t.Errorf("taken back: got %t, %v; want that it is greeted again", got, err)
	}
}
