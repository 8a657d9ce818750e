package commands

import (
	"strings"
	"testing"
)

// What is asked as of a day in the world leaves out what is not true on it, in
// every command that takes the option, and refuses what is no day.
func TestValidLeavesOutWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	all := r.ask(member(), "brief", Input{"section": "davos"})
	holds(t, "davos", all.text, "E24")
	then := r.ask(member(), "brief", Input{"section": "davos", "valid": "2026-01-10"})
	holds(t, "davos on 10 January", then.text, "what holds on 2026-01-10")
	if strings.Contains(then.text, "E24") {
		t.Errorf("the forum is there on a day before it:\n%s", then.text)
	}
	holds(t, "davos on its second day", r.ask(member(), "brief", Input{"section": "davos", "valid": "2026-01-20"}).text, "E24")
	for _, c := range r.set.Commands {
		takes := false
		for _, o := range c.Options {
			takes = takes || o.Name == "valid"
		}
		if !takes {
			continue
		}
		for _, typed := range []string{"tomorrow", "2026-01", "2026-01-17/2026-01-19", "2026-01-17/.."} {
			if got := r.ask(member(), c.Name, Input{"valid": typed}); !strings.Contains(got.say, "Write it like") {
				t.Errorf("/%s valid:%s: got %q %q, want a mistake", c.Name, typed, got.say, got.text)
			}
		}
		if got := r.ask(member(), c.Name, Input{"valid": "1999-12-31", "known": "2026-01-20"}); got.say != "" || !strings.Contains(got.text, "1999-12-31") || !strings.Contains(got.text, "as known on") {
			t.Errorf("/%s valid:1999-12-31 known:2026-01-20: got %q %q", c.Name, got.text, got.say)
		}
	}
}
