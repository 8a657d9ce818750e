package cards

import (
	"testing"

	"sitrep/briefings"
)

func TestHoldsNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, number string
		want         bool
	}{
		{"612 attacks", "612", true},
		{"They count 612.", "612", true},
		{"from 580, then 612, now more", "612", true},
		{"$612 in all", "612", true},
		{"1612 attacks", "612", false},
		{"6120 attacks", "612", false},
		{"612,000 attacks", "612", false},
		{"2.612 attacks", "612", false},
		{"612.5 attacks", "612", false},
		{"see F612", "612", false},
		{"1612 and 612", "612", true},
		{"no number", "612", false},
		{"", "612", false},
	} {
		if got := holdsNumber(tt.text, tt.number); got != tt.want {
			t.Errorf("%q holds %s: %t, want %t", tt.text, tt.number, got, tt.want)
		}
	}
}

// TestOutdated: a text that says an earlier value and not the present one.
func TestOutdated(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, value, want string }{
		{"the value is as it was", "612 attacks in a year.", "612", ""},
		{"the text says the old value", "612 attacks in a year.", "700", "612"},
		{"the text was mended", "700 attacks in a year.", "700", ""},
		{"the text says where it came from", "700 attacks, up from 612.", "700", ""},
		{"the text says no number", "Attacks in a year.", "700", ""},
		{"nobody gives a number any more", "612 attacks in a year.", "", "612"},
		{"a label with the same digits", "See F612.", "700", ""},
	} {
		first, now := figure(t, "F1", "612"), figure(t, "F1", tt.value)
		first.Text, now.Text = "612 attacks in a year.", tt.text
		say := telling(t, first)
		say.Snapshot = briefings.Compile("1", say.Snapshot, []briefings.Revision{{Rev: 2, Item: now, Op: briefings.OpAmend, RecordedAt: say.Now}})
		if got := say.Outdated(now, "text"); got != tt.want {
			t.Errorf("%s: %q is outdated by %q, want %q", tt.name, tt.text, got, tt.want)
		}
		if got := say.Outdated(now, "definition"); got != "" {
			t.Errorf("%s: the definition is outdated by %q, want it not", tt.name, got)
		}
	}
}
