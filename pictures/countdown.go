package pictures

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// A Countdown shows what is next and in how many days, with the day that it
// was counted on, since a picture may be looked at later.
type Countdown struct {
	Headline  string
	Said      string // "in 2 days", "day 3 of 5"
	When      string
	Certainty string
	External  string // what the star at the date means; empty without one
	Counted   string
	Heading   string   // of Also
	Also      []string // what to watch, or other dates ahead
	AsOf      string

	words *words.Words
}

// What stands below a countdown: questions are long, other dates are short.
const (
	mostWatched = 2
	mostBeside  = 3
)

// CountdownOf counts the days to e, a key date that c counts to as well, or those
// since it ended. It is nil where there is no such date, it is contested, or it
// was moved. Below it stands what to watch of what c says.
func CountdownOf(t cards.Telling, c cards.Card, e *briefings.Event) Picture {
	if e == nil || contested(t.Snapshot, e.ID) || e.Happened == briefings.Moved {
		return nil
	}
	p := &Countdown{
		Headline: flat(e.Headline), Said: t.Days(e), When: t.Date(e.Valid), Certainty: t.Words.Say("certainty." + e.Certainty.String()),
		Counted: t.Words.Say("dates.counted", words.Args{"Date": t.CountedOn(e)}), words: t.Words,
	}
	if e.Origin == briefings.External {
		p.When, p.External = p.When+"*", t.Words.Say("timeline.external")
	}
	p.Also, p.Heading = watched(t, flat(c.Plain())), t.Words.Say("picture.countdown_watch")
	if len(p.Also) == 0 {
		p.Also, p.Heading = beside(t, e, c), t.Words.Say("picture.countdown_also")
	}
	p.AsOf, _, _ = strings.Cut(footing(c), " · ")
	return p
}

// footing is the first line below a card, which says as of when it is.
func footing(c cards.Card) string {
	if len(c.Footer) == 0 {
		return ""
	}
	return c.Footer[0].Plain()
}

// watched are the open questions that text asks.
func watched(t cards.Telling, text string) []string {
	var all []string
	for _, q := range briefings.All[*briefings.Question](t.Snapshot) {
		if len(all) < mostWatched && q.State == briefings.OpenQuestion && !contested(t.Snapshot, q.ID) && strings.Contains(text, flat(q.Question)) {
			all = append(all, flat(q.Question))
		}
	}
	return all
}

// beside are the other key dates that the card's first block of lines lists.
func beside(t cards.Telling, than *briefings.Event, c cards.Card) []string {
	if len(c.Blocks) < 2 {
		return nil
	}
	text := flat(cards.Card{Blocks: c.Blocks[1:2]}.Plain())
	var all []string
	for _, e := range briefings.All[*briefings.Event](t.Snapshot) {
		said := flat(e.Headline)
		if len(all) < mostBeside && e.Key && e.ID != than.ID && !contested(t.Snapshot, e.ID) && strings.Contains(text, said) && !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	return all
}

// Alt says what is counted, when it is and how sure that is.
func (p *Countdown) Alt() string {
	clauses := []string{
		p.words.Say("picture.countdown_alt", words.Args{"Counted": p.Counted}), p.Headline + ": " + p.Said, p.When + ", " + p.Certainty, p.External,
	}
	if len(p.Also) > 0 {
		var also []string
		for _, a := range p.Also {
			also = append(also, sentence(a))
		}
		clauses = append(clauses, p.Heading+": "+strings.Join(also, " "))
	}
	return alt(p.words, slices.DeleteFunc(append(clauses, p.AsOf), func(s string) bool { return s == "" }))
}

func (p *Countdown) name() string { return "countdown" }

func (p *Countdown) facts() []string {
	return append([]string{p.Headline, p.Said, p.When, p.Certainty, p.External, p.Counted, p.AsOf}, p.Also...)
}

func (p *Countdown) draw(c *canvas) {
	room := float64(wide - 2*margin)
	c.text(box{margin, 24, room, 112}, p.Headline, setting{lettering: lettering{44, true}, ink: black, least: 32})
	band := box{margin, 152, room, 150}
	c.fill(band, blue)
	c.text(band.inner(12), p.Said, setting{lettering: lettering{110, true}, ink: white, centre: true, least: 48})
	c.text(box{margin, 320, room, 52}, p.When+" — "+p.Certainty, setting{lettering: lettering{38, true}, ink: black, centre: true, least: 28})
	if p.External != "" {
		c.text(box{margin, 372, room, 36}, p.External, setting{lettering: lettering{body, false}, ink: dim, centre: true})
	}
	if len(p.Also) > 0 {
		c.text(box{margin, 420, room, 44}, p.Heading, setting{lettering: lettering{30, true}, ink: black})
		height := min(72, 144/float64(len(p.Also)))
		for i, also := range p.Also {
			y := 466 + float64(i)*height
			c.badge(badge{corners: 4, turned: quarter / 2, ink: black}, margin+12, y+height/2, 8)
			c.text(box{margin + 36, y, room - 36, height}, also, setting{lettering: lettering{28, false}, ink: black})
		}
	}
	c.foot(p.AsOf + " · " + p.Counted)
}
