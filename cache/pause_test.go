package cache

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func testPause(t *testing.T, c *Cache) {
	ctx := t.Context()
	for what, long := range map[string]time.Duration{"a": time.Hour, "b": 20 * time.Minute, "d": 1000 * time.Hour, "e": time.Microsecond, "f": -time.Hour} {
		if err := c.Pause(ctx, "queue", what, long); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Pause(ctx, "queue", "a", time.Minute); err != nil { // shortens nothing
		t.Fatal(err)
	}
	got, err := c.Paused(ctx, "queue", "a", "b", "c", "d", "e", "f")
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i] = got[i].Round(time.Minute)
	}
	if want := []time.Duration{time.Hour, 20 * time.Minute, 0, 24 * time.Hour, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, err := c.Paused(ctx, "another", "a"); err != nil || got[0] != 0 {
		t.Errorf("another queue: got %v, %v, want none", got, err)
	}
	for _, name := range []string{"", strings.Repeat("x", mostKey+1)} {
		if _, err := c.Paused(ctx, "queue", "a", name); err == nil {
			t.Errorf("Paused(%.5q): no error", name)
		}
		if err := c.Pause(ctx, name, "a", time.Second); err == nil {
			t.Errorf("Pause of queue %.5q: no error", name)
		}
	}
}
