package cards

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sitrep/briefings"
)

// Every line is on one page, whole and in order, below its heading, and no page
// is too long unless a single line is.
func TestPaginateKeepsEveryLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		room := rapid.IntRange(1, 400).Draw(t, "room")
		var blocks []Block
		var want []string
		for i := range rapid.IntRange(0, 5).Draw(t, "blocks") {
			b := Block{Heading: Markup(fmt.Sprintf("heading %d", i))}
			for j := range rapid.IntRange(0, 12).Draw(t, "lines") {
				text := fmt.Sprintf("%d.%d %s", i, j, strings.Repeat("x", rapid.IntRange(0, 150).Draw(t, "length")))
				b.Lines = append(b.Lines, Line{Text: Markup(text)})
				want = append(want, string(b.Heading)+" > "+text)
			}
			blocks = append(blocks, b)
		}
		var got []string
		for n, page := range paginate(blocks, room) {
			size, lines := 0, 0
			for _, b := range page {
				size += b.Heading.Len() + 1
				if len(b.Lines) == 0 {
					t.Fatalf("page %d has the heading %q and nothing below it", n+1, b.Heading)
				}
				for _, l := range b.Lines {
					size += l.Text.Len() + 1
					lines++
					got = append(got, string(b.Heading)+" > "+string(l.Text))
				}
			}
			if size > room && lines > 1 {
				t.Fatalf("page %d has %d characters in %d lines, want at most %d", n+1, size, lines, room)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("the pages hold\n%q\nwant\n%q", got, want)
		}
	})
}

func TestPagedTurns(t *testing.T) {
	t.Parallel()
	say := telling(t, figure(t, "F1", "1"))
	say.Known = "2026-01-20"
	var block Block
	for i := range 60 {
		block.Lines = append(block.Lines, Line{Text: Markup(fmt.Sprintf("line %02d %s", i, strings.Repeat("x", 90)))})
	}
	link := say.Link("timeline", "section", "talks")
	for _, tt := range []struct {
		name    string
		at      Leaf
		first   string
		buttons []string
		footer  string
	}{
		{"first", Leaf{Link: link}, "line 00", []string{"turn:timeline|known=2026-01-20|page=2|rev=1|section=talks"}, "page 1 of 6"},
		{"middle", Leaf{Link: link, Page: 2, Rev: 1}, "line 11", []string{"turn:timeline|known=2026-01-20|page=1|rev=1|section=talks", "turn:timeline|known=2026-01-20|page=3|rev=1|section=talks"}, "page 2 of 6"},
		{"beyond the last", Leaf{Link: link, Page: 1 << 40}, "line 55", []string{"turn:timeline|known=2026-01-20|page=5|rev=1|section=talks"}, "page 6 of 6"},
		{"before the first", Leaf{Link: link, Page: -3}, "line 00", []string{"turn:timeline|known=2026-01-20|page=2|rev=1|section=talks"}, "page 1 of 6"},
		{"written anew meanwhile", Leaf{Link: link, Page: 1, Rev: 7}, "line 00", []string{"turn:timeline|known=2026-01-20|page=2|rev=1|section=talks"}, "page 1 of 6 | ⚠ The briefing changed since rev 7, which the page before was written from."},
	} {
		c := say.Paged(Card{Title: "T"}, []Block{block}, tt.at)
		var buttons, footer []string
		for _, b := range c.Buttons {
			buttons = append(buttons, b.Action)
		}
		for _, f := range c.Footer {
			footer = append(footer, string(f))
		}
		if got := string(c.Blocks[0].Lines[0].Text); !strings.HasPrefix(got, tt.first) {
			t.Errorf("%s: the page begins with %q, want %q", tt.name, got, tt.first)
		}
		if fmt.Sprint(buttons) != fmt.Sprint(tt.buttons) {
			t.Errorf("%s: the buttons are %q, want %q", tt.name, buttons, tt.buttons)
		}
		if got := strings.Join(footer, " | "); got != tt.footer {
			t.Errorf("%s: the footer is %q, want %q", tt.name, got, tt.footer)
		}
		if n := c.size(); n > FirstScreen {
			t.Errorf("%s: the page has %d characters", tt.name, n)
		}
	}
	one := say.Paged(Card{Title: "T"}, []Block{{}, {Heading: "H", Lines: block.Lines[:1]}}, Leaf{Link: link})
	if len(one.Buttons) > 0 || len(one.Footer) > 0 || len(one.Blocks) != 1 {
		t.Errorf("a single page is %+v, want neither buttons nor a number", one)
	}
	if empty := say.Paged(Card{Title: "T"}, nil, Leaf{Link: link}); len(empty.Blocks) != 0 {
		t.Errorf("no line at all is %+v", empty)
	}
}

func TestCountdown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		now, valid, zone, want string
		ended                  bool
	}{
		{"2026-01-16T12:00:00Z", "2026-01-19/2026-01-23", "Europe/Zurich", "in 3 days", false},
		{"2026-01-18T22:59:59Z", "2026-01-19/2026-01-23", "Europe/Zurich", "in 1 day", false},
		{"2026-01-18T23:00:00Z", "2026-01-19/2026-01-23", "Europe/Zurich", "day 1 of 5", false},
		{"2026-01-23T22:59:59Z", "2026-01-19/2026-01-23", "Europe/Zurich", "day 5 of 5", false},
		{"2026-01-23T23:00:00Z", "2026-01-19/2026-01-23", "Europe/Zurich", "ended 1 day ago", true},
		{"2026-01-17T00:00:00Z", "2026-01-17", "", "today", false},
		{"2026-01-18T00:00:00Z", "2026-01-17", "", "ended 1 day ago", true},
		{"2026-01-17T09:59:59Z", "2026-01-18", "Pacific/Kiritimati", "in 1 day", false},
		{"2026-01-17T10:00:00Z", "2026-01-18", "Pacific/Kiritimati", "today", false},
		{"2025-10-24T12:00:00Z", "2025-10-28", "Europe/Berlin", "in 4 days", false}, // the clocks change in between
		{"2026-01-17T00:00:00Z", "2025-11", "", "Nov 2025", true},
		{"2025-11-17T00:00:00Z", "2025-11", "", "Nov 2025", false},
		{"2026-01-17T00:00:00Z", "2026-01-10/..", "", "from 10 Jan 2026", false},
		{"2026-01-17T00:00:00Z", "2026-01-17", "No/Such", "today", false},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		say := telling(t, figure(t, "F1", "1"))
		say.Now = now
		e := &briefings.Event{Headline: "It", Zone: tt.zone, Key: true}
		if err := e.Valid.UnmarshalText([]byte(tt.valid)); err != nil {
			t.Fatal(err)
		}
		got, ended := say.countdown(e)
		if got != tt.want || ended != tt.ended {
			t.Errorf("%s at %s in %q: got %q, ended %t; want %q, %t", tt.valid, tt.now, tt.zone, got, ended, tt.want, tt.ended)
		}
	}
}
