package bot

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// What Discord signed more than five minutes ago, or ahead, is refused, and the
// operator can see that the clock is why, without the log being filled.
func TestEndpointTellsOfAWrongClock(t *testing.T) {
	t.Parallel()
	l := newLetterbox(t, new(memory), nil)
	now := time.Unix(1_800_000_000, 0)
	l.e.now = func() time.Time { return now }
	send := func(id int, off time.Duration) int {
		t.Helper()
		status, _ := l.send(l.request(question(strconv.Itoa(id)), now.Add(off)))
		return status
	}
	for i, tt := range []struct {
		off  time.Duration
		want int
	}{
		{-299 * time.Second, 200},
		{-300 * time.Second, 200},
		{299 * time.Second, 200},
		{300 * time.Second, 200},
		{-301 * time.Second, 401},
		{301 * time.Second, 401},
	} {
		if got := send(100+i, tt.off); got != tt.want {
			t.Errorf("%s off: got %d, want %d", tt.off, got, tt.want)
		}
	}
	told := func() int { return strings.Count(l.log.String(), "this machine's clock is off") }
	if !strings.Contains(l.log.String(), "skew=5m1s") || told() != 1 {
		t.Errorf("got the log\n%s\nwant the skew in it, once", l.log)
	}
	for n := range 100 {
		if got := send(200+n, -time.Hour); got != 401 {
			t.Errorf("an hour off: got %d, want 401", got)
		}
	}
	if told() != 1 {
		t.Errorf("the log was told %d times in a minute, want once", told())
	}
	now = now.Add(time.Minute)
	send(400, time.Hour)
	if !strings.Contains(l.log.String(), "skew=-1h0m0s") || told() != 2 {
		t.Errorf("got the log\n%s\nwant the new skew in it after a minute", l.log)
	}

	// What nobody signed says nothing of the clock.
	now = now.Add(time.Hour)
	forged := l.request(question("500"), now.Add(-time.Hour))
	forged.Header.Set("X-Signature-Ed25519", strings.Repeat("ab", 64))
	if status, _ := l.send(forged); status != 401 || told() != 2 {
		t.Errorf("forged: got %d and %d lines, want 401 and none more", status, told())
	}
}
