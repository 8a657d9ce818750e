package commands

import (
	"strings"
	"testing"
)

// What is asked as of a day in the world leaves out what is dated otherwise, also
// on the next page, and refuses what is no day.
func TestValidLeavesOutWhatIsDatedOtherwise(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	holds(t, "the timeline", r.ask(member(), "timeline", nil).text, "D7", "E16")
	then := r.ask(member(), "timeline", Input{"valid": "2026-01-20"})
	holds(t, "20 January", then.text, "D7", "2026-01-20")
	if strings.Contains(then.text, "E16") {
		t.Errorf("the arrival of 17 January is there on the 20th:\n%s", then.text)
	}
	for _, b := range then.card.Buttons {
		if strings.HasPrefix(b.Action, "turn:") && !strings.Contains(b.Action, "|valid=2026-01-20") {
			t.Errorf("button %q forgets the day", b.Action)
		}
	}
	for _, typed := range []string{"tomorrow", "2026-01", "2026-01-17/2026-01-19", "2026-01-17/.."} {
		if got := r.ask(member(), "timeline", Input{"valid": typed}); !strings.Contains(got.say, "Write it like") {
			t.Errorf("valid:%s: got %q %q, want a mistake", typed, got.say, got.text)
		}
	}
	both := r.ask(member(), "timeline", Input{"valid": "2026-01-17", "known": "2026-01-20"})
	holds(t, "both", both.text, "E16", "as known on 2026-01-20", "2026-01-17")
}
