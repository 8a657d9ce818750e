package pictures

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

// TestDatesAreCounted: the screen of key dates comes with a countdown whenever
// it counts to a date, before it, during it and after it, narrowed or not.
func TestDatesAreCounted(t *testing.T) {
	t.Parallel()
	g := gallery(t)
	for _, tt := range []struct{ now, section, want string }{
		{"2026-01-18", "", "World Economic Forum at Davos: in 1 day"},
		{"2026-01-21", "", "World Economic Forum at Davos: day 3 of 5"},
		{"2026-01-21", "davos", "World Economic Forum at Davos: day 3 of 5"},
		{"2026-01-21", "plan", ""}, // which has a month, and no day that could be counted from
		{"2026-01-25", "", "World Economic Forum at Davos: ended 2 days ago"},
		{"2027-01-23", "", "World Economic Forum at Davos: ended 365 days ago"},
		{"2026-01-21", "energy", ""}, // which has no key date
	} {
		say := bundled(t, "en")
		say.Now = at(t, tt.now)
		f := cards.Filter{Section: say.Snapshot.Section(tt.section)}
		c := g.Dates(say, say.Dates(f, cards.Leaf{}), f)
		switch {
		case (c.Picture == nil) != (tt.want == ""):
			t.Errorf("on %s, /dates %s has a picture: %t, want %t of\n%s", tt.now, tt.section, c.Picture != nil, tt.want != "", c.Plain())
		case c.Picture != nil && (!strings.Contains(c.Picture.Alt, tt.want) || !strings.Contains(c.Plain(), tt.want)):
			t.Errorf("on %s, /dates %s counts %q and shows %q, want both to say %q", tt.now, tt.section, c.Plain(), c.Picture.Alt, tt.want)
		}
	}
}

// TestDatesWithoutACountdown: when it is left out, for there is nothing that it
// could show of its own.
func TestDatesWithoutACountdown(t *testing.T) {
	t.Parallel()
	day := func(ref, when string) *briefings.Event {
		e := &briefings.Event{Headline: "Day " + ref, Key: true, Certainty: briefings.Fixed, AllDay: true}
		e.ID, e.Refs = briefings.ID("event/"+strings.ToLower(ref)), []string{ref}
		var err error
		if e.Valid, err = briefings.ParseEDTF(when); err != nil {
			t.Fatal(err)
		}
		return e
	}
	moved, off := day("E3", "2026-01-25"), day("E4", "2026-01-25")
	moved.Happened, off.Happened = briefings.Moved, briefings.Cancelled
	many := []briefings.Item{day("E1", "2026-01-25")}
	for n := range 60 {
		many = append(many, day(fmt.Sprintf("E%d", 100+n), fmt.Sprintf("2026-02-%02d", 1+n/3)))
	}
	for _, tt := range []struct {
		name  string
		items []briefings.Item
		page  int
		want  bool
	}{
		{"a date ahead", []briefings.Item{day("E1", "2026-01-25")}, 1, true},
		{"a date that is contested", []briefings.Item{day("E1", "2026-01-25"), dispute("event/e1", "event/e0")}, 1, false},
		{"a date that was moved", []briefings.Item{moved}, 1, false},
		{"a date that was called off", []briefings.Item{off}, 1, false},
		{"a month that has passed", []briefings.Item{day("E1", "2025-11")}, 1, false},
		{"no date", nil, 1, false},
		{"the page with the date", many, 1, true},
		{"a page without it", many, 2, false},
	} {
		say := desk(t, tt.items...)
		c := gallery(t).Dates(say, say.Dates(cards.Filter{}, cards.Leaf{Page: tt.page}), cards.Filter{})
		if got := c.Picture != nil; got != tt.want {
			t.Errorf("%s: there is a picture: %t, want %t of\n%s", tt.name, got, tt.want, c.Plain())
		}
	}
}

func at(tb testing.TB, day string) time.Time {
	tb.Helper()
	midnight, err := time.Parse(time.DateOnly, day)
	if err != nil {
		tb.Fatal(err)
	}
	return midnight.Add(8 * time.Hour)
}
