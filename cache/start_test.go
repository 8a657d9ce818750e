package cache

import (
	"strings"
	"sync"
	"testing"
	"time"
)

func testStart(t *testing.T, c *Cache) {
	start := func(bot string, lane int, left int, resets time.Duration) (time.Duration, bool) {
		t.Helper()
		wait, spent, err := c.Start(t.Context(), bot, lane, 5*time.Second, left, resets)
		if err != nil {
			t.Fatal(err)
		}
		return wait, spent
	}
	for _, tt := range []struct {
		name  string
		lane  int
		left  int
		taken bool
		spent bool
	}{
		{"the first", 0, 9, true, false},
		{"the same lane", 0, 9, false, false},
		{"another lane", 1, 9, true, false},
		{"Discord counts fewer", 2, 2, true, false},
		{"the copies count fewer", 3, 9, true, false},
		{"none is left", 4, 9, false, true},
		{"nor for a lane that waits", 0, 9, false, true},
	} {
		wait, spent := start("1", tt.lane, tt.left, time.Hour)
		if taken := wait == 0; taken != tt.taken || spent != tt.spent {
			t.Errorf("%s: wait %s, spent %t, want taken %t, spent %t", tt.name, wait, spent, tt.taken, tt.spent)
		}
		if most := map[bool]time.Duration{false: 5 * time.Second, true: time.Hour}[spent]; wait < 0 || wait > most {
			t.Errorf("%s: wait %s, want at most %s", tt.name, wait, most)
		}
	}
	if wait, spent := start("2", 0, 1, 0); wait != 0 || spent {
		t.Errorf("another bot: wait %s, spent %t, want a start", wait, spent)
	}
	if wait, spent := start("2", 1, 1, 0); wait != 0 || spent {
		t.Errorf("once the starts are counted anew: wait %s, spent %t, want a start", wait, spent)
	}
}

// However many copies ask, a lane gives one start in its time, and all lanes
// together no more than are left.
func testStartsOfManyCopies(t *testing.T, c *Cache) {
	const lanes, left = 10, 7
	var mu sync.Mutex
	var all sync.WaitGroup
	taken := map[int]int{}
	for n := range 40 {
		all.Go(func() {
			wait, spent, err := c.Start(t.Context(), "many", n%lanes, time.Minute, left, time.Hour)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if wait == 0 && !spent {
				taken[n%lanes]++
			}
		})
	}
	all.Wait()
	for lane, n := range taken {
		if n != 1 {
			t.Errorf("lane %d gave %d starts at once, want 1", lane, n)
		}
	}
	if len(taken) != left {
		t.Errorf("%d starts were given, want %d", len(taken), left)
	}
}

func testStartRefusesNonsense(t *testing.T, c *Cache) {
	for _, tt := range []struct {
		bot    string
		lane   int
		every  time.Duration
		resets time.Duration
	}{{"", 0, time.Second, 0}, {strings.Repeat("b", 201), 0, time.Second, 0}, {"b", -1, time.Second, 0}, {"b", 1 << 30, time.Second, 0}, {"b", 0, 0, 0}, {"b", 0, time.Second, -1}, {"b", 0, time.Second, 48 * time.Hour}} {
		if _, _, err := c.Start(t.Context(), tt.bot, tt.lane, tt.every, 1, tt.resets); err == nil {
			t.Errorf("Start(%.5q, %d, %s, %s): no error", tt.bot, tt.lane, tt.every, tt.resets)
		}
	}
}
