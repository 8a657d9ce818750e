package pictures

import (
	"math"
	"slices"
	"strings"

	"sitrep/cards"
	"sitrep/words"
)

// mostNodes sides have room around the middle.
const mostNodes = 5

// Tracks shows who met whom, and of whom a source says that they did not. Being
// at one place at one time is no meeting.
type Tracks struct {
	Title  string
	Sides  []string
	Badges []int // which badge each side has
	Ties   []Tie
	AsOf   string

	intro string
	words *words.Words
}

// A Tie is one line of the graph, or, of more than two sides, a mark in its middle.
type Tie struct {
	Sides  []string
	Met    bool
	Where  string // and when, of a meeting
	Warned bool

	parties string
	Says    string // the word for it, as the card has it before its list
}

// TracksOf is the graph of who met whom; nil where no source says.
func TracksOf(t cards.Telling, c cards.Card) Picture {
	p := &Tracks{Title: t.Words.Say("picture.tracks"), words: t.Words}
	text, grouped := flat(c.Plain()), false // the middle has room for one group
	for _, track := range t.Tracks() {
		tie := Tie{Sides: track.Sides, Met: track.Met, Warned: track.Event.Caveat != "", parties: track.Parties()}
		id := "tracks.not"
		if track.Met {
			id, tie.Where = "tracks.met", t.Met(track)
		}
		tie.Says = strings.Trim(t.Words.Say(id, words.Args{"Tracks": ""}), ": ")
		joined := slices.DeleteFunc(slices.Clone(track.Sides), func(s string) bool { return slices.Contains(p.Sides, s) })
		if (len(track.Sides) > 2 && grouped) || len(p.Sides)+len(joined) > mostNodes || !strings.Contains(text, flat(tie.parties)) {
			continue
		}
		grouped = grouped || len(track.Sides) > 2
		p.Sides, p.Ties = append(p.Sides, joined...), append(p.Ties, tie)
	}
	if len(p.Ties) == 0 {
		return nil
	}
	p.Sides = around(p.Sides, p.Ties)
	for _, side := range p.Sides {
		p.Badges = append(p.Badges, nth(t.Sides(), side))
	}
	p.AsOf, _, _ = strings.Cut(footing(c), " · ")
	p.intro = t.Words.Say("picture.tracks_alt", words.Args{"Sides": len(p.Sides), "AsOf": p.AsOf})
	return p
}

// around orders sides so that those that a tie joins stand next to each other
// where they can: from one with few ties on to whom it is tied.
func around(sides []string, ties []Tie) []string {
	tied := map[string][]string{}
	for _, tie := range ties {
		if len(tie.Sides) == 2 {
			tied[tie.Sides[0]] = append(tied[tie.Sides[0]], tie.Sides[1])
			tied[tie.Sides[1]] = append(tied[tie.Sides[1]], tie.Sides[0])
		}
	}
	slices.SortStableFunc(sides, func(a, b string) int { return len(tied[a]) - len(tied[b]) })
	var order []string
	var walk func(side string)
	walk = func(side string) {
		if slices.Contains(order, side) {
			return
		}
		order = append(order, side)
		for _, next := range tied[side] {
			walk(next)
		}
	}
	for _, side := range sides {
		if len(tied[side]) > 0 {
			walk(side)
		}
	}
	for _, side := range sides { // who is in a group alone
		walk(side)
	}
	return order
}

// Alt says every tie.
func (p *Tracks) Alt() string {
	clauses := []string{p.intro}
	for _, tie := range p.Ties {
		clause := tie.Says + ": " + tie.parties
		if tie.Where != "" {
			clause += " (" + tie.Where + ")"
		}
		if tie.Warned {
			clause += " " + p.words.Say("picture.warned")
		}
		clauses = append(clauses, clause)
	}
	return alt(p.words, clauses)
}

func (p *Tracks) name() string { return "tracks" }

func (p *Tracks) facts() []string {
	facts := append([]string{p.AsOf}, p.Sides...)
	for _, tie := range p.Ties {
		facts = append(facts, tie.parties, tie.Where, tie.Says)
	}
	return facts
}

// The middle of the graph, and how far from it sides stand.
const (
	midX, midY = wide / 2, 345
	farX, farY = 440, 186
)

// place is where the nth side stands: two face each other, four have a corner
// each, others stand around.
func (p *Tracks) place(n int) (x, y float64) {
	switch len(p.Sides) {
	case 2:
		return midX - farX + float64(n)*2*farX, midY
	case 4:
		return midX + []float64{-farX, farX, farX, -farX}[n], midY + []float64{-farY, -farY, farY, farY}[n]
	}
	angle := 4*quarter*float64(n)/float64(len(p.Sides)) - quarter
	return midX + farX*math.Cos(angle), midY + farY*math.Sin(angle)
}

func (p *Tracks) draw(c *canvas) {
	c.title(p.Title)
	for _, tie := range p.Ties {
		if len(tie.Sides) == 2 {
			p.tie(c, tie)
		}
	}
	for _, tie := range p.Ties {
		if len(tie.Sides) > 2 {
			c.label(tie, box{midX - 135, midY - 62, 270, 124}, strings.Join(tie.Sides, " – ")+": ")
		}
	}
	for i, side := range p.Sides {
		x, y := p.place(i)
		b := box{x - 125, y - 38, 250, 76}
		c.fill(b, white)
		c.frame(b, black, 3)
		c.badge(badgeOf(p.Badges[i]), b.x+34, y, 18)
		c.text(box{b.x + 64, b.y + 4, b.w - 72, b.h - 8}, side, setting{lettering: lettering{34, true}, ink: black})
	}
	c.foot(p.AsOf)
}

// tie draws a line between two sides with what is known of their meeting.
func (p *Tracks) tie(c *canvas, tie Tie) {
	from, to := slices.Index(p.Sides, tie.Sides[0]), slices.Index(p.Sides, tie.Sides[1])
	x1, y1 := p.place(from)
	x2, y2 := p.place(to)
	if tie.Met {
		c.line(x1, y1, x2, y2, blue, 8)
	} else {
		c.line(x1, y1, x2, y2, dim, 4, 18, 14)
	}
	at := 0.5
	if len(p.Sides) == 4 && (to-from)%2 == 0 { // it runs through the middle
		at = 0.3
	}
	x, y := x1+at*(x2-x1), y1+at*(y2-y1)
	c.label(tie, box{x - 145, y - 52, 290, 104}, "")
}

// label says what a tie is, on a ground of its own.
func (c *canvas) label(tie Tie, b box, before string) {
	said := before + tie.Says
	if tie.Where != "" {
		said += ": " + tie.Where
	}
	if tie.Warned {
		said = "⚠ " + said
	}
	i := black
	if !tie.Met {
		i = dim
	}
	c.fill(b, white)
	c.frame(b, i, 2)
	c.text(b.inner(6), said, setting{lettering: lettering{28, false}, ink: i, centre: true})
}
