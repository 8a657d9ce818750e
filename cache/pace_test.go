package cache

import (
	"strings"
	"sync"
	"testing"
	"time"
)

func testReserve(t *testing.T, c *Cache) {
	const places, every = 200, time.Second
	var mu sync.Mutex
	var all sync.WaitGroup
	waits := map[int]int{} // places by the second they are in
	sharers := 0
	for _, caller := range []string{"a", "b", "c", "d"} {
		all.Go(func() {
			for range places / 4 {
				wait, n, err := c.Reserve(t.Context(), "queue", caller, every/100)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				waits[int(wait/every)]++
				sharers = max(sharers, n)
				mu.Unlock()
			}
		})
	}
	begun := time.Now()
	all.Wait()
	if sharers != 4 {
		t.Errorf("%d sharers, want 4", sharers)
	}
	if took := time.Since(begun); waits[0] > 100+int(took/(every/100))+1 || waits[0]+waits[1]+waits[2] != places {
		t.Errorf("places by second: %v after %s, want 100 in each", waits, took)
	}
	if wait, n, err := c.Reserve(t.Context(), "another", "a", time.Second); wait != 0 || n != 1 || err != nil {
		t.Errorf("another queue: wait %s, %d sharers, %v, want 0, 1", wait, n, err)
	}
	if _, n, err := c.Reserve(t.Context(), "another", "b", 0); n != 2 || err != nil {
		t.Errorf("counted without a place: %d sharers, %v, want 2", n, err)
	}
	if wait, _, err := c.Reserve(t.Context(), "another", "a", time.Second); wait <= 0 || wait > time.Second || err != nil {
		t.Errorf("the place after the first: wait %s, %v, want up to a second", wait, err)
	}
	for _, tt := range []struct {
		queue, caller string
		every         time.Duration
	}{{"", "a", time.Second}, {strings.Repeat("q", 201), "a", time.Second}, {"q", strings.Repeat("c", 201), time.Second}, {"q", "c", -1}, {"q", "c", 1}} {
		if _, _, err := c.Reserve(t.Context(), tt.queue, tt.caller, tt.every); err == nil {
			t.Errorf("Reserve(%.5q, %.5q, %s): no error", tt.queue, tt.caller, tt.every)
		}
	}
}
