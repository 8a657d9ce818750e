package cache

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func testEpisode(t *testing.T, c *Cache) {
	say := func(copied string, on bool) (began, ended bool) {
		t.Helper()
		began, ended, err := c.Episode(t.Context(), "outage", copied, on)
		if err != nil {
			t.Error(err)
		}
		return began, ended
	}
	check := func(when string, copied string, on, wantBegan, wantEnded bool) {
		t.Helper()
		if began, ended := say(copied, on); began != wantBegan || ended != wantEnded {
			t.Errorf("%s: began %t, ended %t, want %t, %t", when, began, ended, wantBegan, wantEnded)
		}
	}
	check("nothing goes on", "a", false, false, false)
	var firsts atomic.Int64
	var all sync.WaitGroup
	for _, copied := range []string{"a", "b", "c", "d"} {
		all.Go(func() {
			if began, _ := say(copied, true); began {
				firsts.Add(1)
			}
		})
	}
	all.Wait()
	if firsts.Load() != 1 {
		t.Errorf("it began for %d of four copies, want one", firsts.Load())
	}
	check("again", "a", true, false, false)
	for _, copied := range []string{"a", "b", "c"} {
		check("one copy less sees it", copied, false, false, false)
	}
	// d died a minute ago, and what it saw counts no more
	long := float64(time.Now().Add(-61 * time.Second).UnixMilli())
	if err := c.client.ZAdd(t.Context(), prefix+"{episode:outage}:seen", redis.Z{Score: long, Member: "d"}).Err(); err != nil {
		t.Fatal(err)
	}
	check("the last that saw it is gone", "a", false, false, true)
	check("it was told", "b", false, false, false)
	check("it begins again", "b", true, true, false)
	for _, tt := range []struct{ name, copied string }{{"", "a"}, {strings.Repeat("n", mostKey+1), "a"}, {"n", strings.Repeat("c", mostKey+1)}} {
		if _, _, err := c.Episode(t.Context(), tt.name, tt.copied, true); err == nil {
			t.Errorf("Episode(%.5q, %.5q): no error", tt.name, tt.copied)
		}
	}
}

// testEpisodeRepeated repeats a call, as the library does where an answer got lost.
func testEpisodeRepeated(t *testing.T, c *Cache) {
	for _, tt := range []struct {
		token        string
		on           bool
		began, ended bool
	}{
		{"one", true, true, false},
		{"one", true, true, false},
		{"two", true, false, false},
		{"three", false, false, true},
		{"three", false, false, true},
		{"four", false, false, false},
		{"five", true, true, false},
	} {
		if began, ended, err := c.episodeTurn(t.Context(), "outage", "a", tt.token, tt.on); began != tt.began || ended != tt.ended || err != nil {
			t.Errorf("%s: began %t, ended %t, %v, want %t, %t", tt.token, began, ended, err, tt.began, tt.ended)
		}
	}
}
