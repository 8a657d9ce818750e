package commands

import (
	"testing"
	"time"

	"sitrep/briefings"
)

// TestNoScreenAwaitsThePast: a date to watch that has passed by the clock, or
// that was called off, is told as that, in its own line.
func TestNoScreenAwaitsThePast(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	who := member()
	for _, tt := range []struct {
		now  string
		want []string
	}{
		{"2026-01-18", []string{"Watch: World Economic Forum at Davos (19–23 Jan 2026", "!Passed"}},
		{"2026-01-23", []string{"Watch: World Economic Forum at Davos (19–23 Jan 2026", "!Passed"}},
		{"2026-01-25", []string{"!Watch: World Economic Forum", "Passed: World Economic Forum at Davos (19–23 Jan 2026; from outside the article; ended 2 days ago) E24"}},
	} {
		day, err := time.Parse(time.DateOnly, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		r.now = day.Add(8 * time.Hour)
		holds(t, tt.now, r.ask(who, "talks", nil).text, tt.want...)
	}
	r.now = time.Date(2026, time.February, 2, 8, 0, 0, 0, time.UTC)
	holds(t, "an expired flag", r.ask(who, "talks", nil).text, "Risk alert: Talks may run on without Moscow. (expired 31 Jan 2026)")
	r.now = time.Date(2026, time.January, 18, 8, 0, 0, 0, time.UTC)
	r.publish(briefings.OpAmend, "called off", "E24", func(item briefings.Item) { item.(*briefings.Event).Happened = briefings.Cancelled })
	holds(t, "called off", r.ask(who, "talks", nil).text, "!Watch: World Economic Forum", "Passed: World Economic Forum at Davos (19–23 Jan 2026; from outside the article; cancelled) E24")
}
