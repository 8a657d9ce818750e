package cards

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sitrep/words"
)

func english(tb testing.TB) *words.Words {
	tb.Helper()
	book, err := words.Open()
	if err != nil {
		tb.Fatal(err)
	}
	return book.In("en-US")
}

func lines(c Card) []Line {
	var all []Line
	for _, b := range c.Blocks {
		all = append(all, b.Lines...)
	}
	return all
}

// drawCard draws a card whose lines all differ.
func drawCard(t *rapid.T) Card {
	n := 0
	text := func(name string) Markup {
		n++
		return Markup(fmt.Sprintf("%d%s", n, strings.Repeat("ж", rapid.IntRange(0, 120).Draw(t, name))))
	}
	c := Card{Title: text("title"), Footer: []Markup{text("footer")}}
	for range rapid.IntRange(0, 4).Draw(t, "blocks") {
		b := Block{}
		if rapid.Bool().Draw(t, "headed") {
			b.Heading = text("heading")
		}
		for range rapid.IntRange(0, 8).Draw(t, "lines") {
			b.Lines = append(b.Lines, Line{Text: text("line"), Keep: rapid.IntRange(0, 3).Draw(t, "keep") == 0})
		}
		c.Blocks = append(c.Blocks, b)
	}
	return c
}

// shown is how many characters a message of c has: what Discord counts.
func shown(c Card) int { return Markup(c.Plain()).Len() }

func TestFitProperties(t *testing.T) {
	t.Parallel()
	w := english(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawCard(t)
		most := rapid.IntRange(50, 1500).Draw(t, "most")
		before, all := fmt.Sprint(c), lines(c)
		got := c.Fit(most, w)
		if after := fmt.Sprint(c); after != before {
			t.Errorf("the card itself changed from\n%s to\n%s", before, after)
		}
		kept := lines(got)
		if c.size() <= most && len(kept) != len(all) {
			t.Errorf("%d of %d lines were dropped, though all %d characters fit into %d", len(all)-len(kept), len(all), c.size(), most)
		}
		if len(kept) > 0 && kept[len(kept)-1].Text == more(w, len(all)-len(kept)+1) {
			kept = kept[:len(kept)-1]
		} else if len(kept) != len(all) {
			t.Errorf("%d of %d lines are left, and the last counts others than those dropped: %v", len(kept), len(all), kept)
		}
		spare := false
		at := 0
		for _, line := range all {
			if at < len(kept) && kept[at].Text == line.Text {
				at++
				spare = spare || !line.Keep
			} else if line.Keep {
				t.Errorf("a line that must be kept is gone: %q", line.Text)
			}
		}
		if at != len(kept) {
			t.Errorf("a line is cut, or out of order: %q", kept[at].Text)
		}
		if spare && shown(got) > most {
			t.Errorf("%d characters, at most %d were to be, and there are lines to spare", shown(got), most)
		}
	})
}

func more(w *words.Words, n int) Markup { return Escape(w.Say("line.more", words.Args{"Count": n})) }

func TestFitDropsFromTheEnd(t *testing.T) {
	t.Parallel()
	long := Markup(strings.Repeat("x", 100))
	c := Card{Blocks: []Block{
		{Lines: []Line{{Text: "a" + long}, {Text: "b" + long}}},
		{Heading: "H", Lines: []Line{{Text: "c" + long, Keep: true}, {Text: "d" + long}}},
		{Heading: "empty", Lines: nil},
	}}
	for _, tt := range []struct {
		most int
		want string // the first letters of what is left
	}{{1000, "abcd"}, {400, "abc+"}, {300, "ac+"}, {200, "c+"}, {10, "c+"}} {
		var got []string
		for _, l := range lines(c.Fit(tt.most, english(t))) {
			got = append(got, l.Text.Plain()[:1])
		}
		if s := strings.Join(got, ""); s != tt.want {
			t.Errorf("at most %d: got %s, want %s", tt.most, s, tt.want)
		}
	}
}

// TestFitIsQuick: a desk may hold 20,000 items, and a card name them all.
func TestFitIsQuick(t *testing.T) {
	t.Parallel()
	c := Card{Blocks: []Block{{Lines: slices.Repeat([]Line{{Text: Markup(strings.Repeat("ж", 200))}}, 20_000)}, {Lines: []Line{{Text: "end", Keep: true}}}}}
	began := time.Now()
	got := c.Fit(MostText, english(t))
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %s, want far under a second", took)
	}
	if n := shown(got); n > MostText || n < MostText-300 {
		t.Errorf("%d characters are left, want nearly %d", n, MostText)
	}
}
