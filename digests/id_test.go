package digests

import (
	"regexp"
	"testing"
	"time"
)

// TestSlotIDNeverChanges holds ids that are in ledgers and in buttons.
func TestSlotIDNeverChanges(t *testing.T) {
	t.Parallel()
	local := time.Date(2026, 1, 19, 8, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		subscription string
		local        time.Time
		want         string
	}{
		{"0123456789ABC", local, "bm75skxbnoqwws2znqoa"},
		{"0123456789ABD", local, "uhl6kd2wrk7nvdxejo3a"},
		{"0123456789ABC", local.AddDate(0, 0, 1), "tn3x22kqmlzw5ikjjxhq"},
		{"0123456789ABC", local.Add(time.Minute), "wkwd5gfsaeqy5rkkinmq"},
	} {
		if got := slotID(tt.subscription, tt.local, false); got != tt.want {
			t.Errorf("slotID(%s, %s) = %s, want %s", tt.subscription, tt.local, got, tt.want)
		}
		if got := slotID(tt.subscription, tt.local, true); got == tt.want {
			t.Errorf("slotID(%s, %s) is %s also when the clocks show it again", tt.subscription, tt.local, got)
		}
	}
}

func TestNewID(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{13}$`)
	seen, used := map[string]bool{}, map[rune]bool{}
	for range 2000 {
		id := NewID()
		if !form.MatchString(id) || seen[id] {
			t.Fatalf("NewID() = %q, want a new one of 13 characters of Crockford's base 32", id)
		}
		seen[id] = true
		for _, r := range id {
			used[r] = true
		}
	}
	if len(used) != 32 {
		t.Errorf("2000 ids use %d characters, want all 32", len(used))
	}
}
