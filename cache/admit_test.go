package cache

import (
	"testing"
	"time"
)

func testQuotas(t *testing.T, c *Cache) {
	admit := func(key string, quotas map[string]int) time.Duration {
		t.Helper()
		first, wait, err := c.Admit(t.Context(), "tag", key, time.Minute, quotas)
		if !first || err != nil {
			t.Fatalf("%s: got %t, %v, want the first", key, first, err)
		}
		return wait
	}
	// Two in ten seconds: the third comes when the first has worn off.
	both := map[string]int{"person:1": 2, "server:9": 3}
	for _, key := range []string{"a", "b"} {
		if wait := admit(key, both); wait != 0 {
			t.Errorf("%s waits %s, want that it is let through", key, wait)
		}
	}
	if wait := admit("c", both); wait <= 0 || wait > window/2 {
		t.Errorf("the third of two waits %s, want up to %s", wait, window/2)
	}
	// It used up nothing of the server's, so that another is let through.
	if wait := admit("d", map[string]int{"person:2": 2, "server:9": 3}); wait != 0 {
		t.Errorf("another person waits %s", wait)
	}
	if wait := admit("e", map[string]int{"person:3": 2, "server:9": 3}); wait <= 0 {
		t.Error("a fourth in a server of three is let through")
	}
	if wait := admit("f", map[string]int{"person:3": 2, "server:8": 3}); wait != 0 {
		t.Errorf("elsewhere they wait %s", wait)
	}
	// A repetition is told as such, and counts for nothing.
	if first, wait, err := c.Admit(t.Context(), "tag", "f", time.Minute, map[string]int{"person:3": 1}); first || wait != 0 || err != nil {
		t.Errorf("the second with a key: got %t, %s, %v", first, wait, err)
	}
	// What is asked with another tag has nothing to do with it.
	if first, wait, err := c.Admit(t.Context(), "another", "f", time.Minute, map[string]int{"person:1": 2}); !first || wait != 0 || err != nil {
		t.Errorf("with another tag: got %t, %s, %v", first, wait, err)
	}
	if _, _, err := c.Admit(t.Context(), "", "g", time.Minute, nil); err == nil {
		t.Error("no tag is taken")
	}
	for _, quotas := range []map[string]int{{"": 1}, {"x": 0}} {
		if _, _, err := c.Admit(t.Context(), "tag", "g", time.Minute, quotas); err == nil {
			t.Errorf("%v is taken", quotas)
		}
	}
}
