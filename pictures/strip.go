package pictures

import (
	"fmt"
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// What a strip has room for.
const (
	mostDays  = 7
	mostMarks = 3 // in one lane at one date
)

// A Strip shows what came when, in lanes, one column for each date. Events
// stand there by their labels, which the card's text explains; what has no date
// is not on it.
type Strip struct {
	Title  string
	Lanes  []string
	Days   []Day
	Notes  []string // what its signs mean, and what is left out
	star   string
	AsOf   string
	events int
	words  *words.Words
}

// A Day is one column.
type Day struct {
	Date  string
	About bool // it is no exact day
	Marks [][]Mark
}

// A Mark is an event in a lane.
type Mark struct {
	Ref    string
	Warned bool

	headline string
}

// StripOf is the strip of the dated events that c, a page of
// [cards.Telling.Timeline], shows; nil where there are not at least two dates.
func StripOf(t cards.Telling, c cards.Card) Picture {
	p := &Strip{Title: t.Words.Say("picture.strip"), Notes: []string{t.Words.Say("picture.scale"), t.Words.Say("picture.about")}, words: t.Words}
	p.Lanes = []string{t.Words.Say("picture.lane_talks"), t.Words.Say("picture.lane_strikes"), t.Words.Say("picture.lane_words")}
	text := flat(c.Plain())
	left := false
	events := briefings.All[*briefings.Event](t.Snapshot)
	slices.SortStableFunc(events, func(a, b *briefings.Event) int { return a.Valid.Compare(b.Valid) })
	for _, e := range events {
		when := t.Date(e.Valid)
		if e.Origin == briefings.External {
			when += "*"
		}
		if e.Valid.IsZero() || !strings.Contains(text, flat(when+" "+e.Headline)) || !strings.Contains(text, " "+e.Ref()) {
			continue
		}
		if contested(t.Snapshot, e.ID) {
			left = true
			continue
		}
		if len(p.Days) == 0 || p.Days[len(p.Days)-1].Date != when {
			if len(p.Days) == mostDays {
				break
			}
			about := e.Valid.Approximate() || e.Valid.Uncertain() || e.Valid.Precision() != briefings.Day
			p.Days = append(p.Days, Day{Date: when, About: about, Marks: make([][]Mark, len(p.Lanes))})
		}
		marks := &p.Days[len(p.Days)-1].Marks[lane(e.Type)]
		if len(*marks) == mostMarks {
			continue
		}
		*marks = append(*marks, Mark{Ref: e.Ref(), Warned: e.Caveat != "", headline: flat(e.Headline)})
		p.events++
		if strings.HasSuffix(when, "*") {
			p.star = t.Words.Say("timeline.external")
		}
	}
	if len(p.Days) < 2 {
		return nil
	}
	if p.star != "" {
		p.Notes = append(p.Notes, p.star)
	}
	if left {
		p.Notes = append(p.Notes, t.Words.Say("picture.left_out"))
	}
	p.dropLanes()
	p.AsOf, _, _ = strings.Cut(footing(c), " · ")
	return p
}

// dropLanes leaves out the lanes that nothing is in.
func (p *Strip) dropLanes() {
	for l := len(p.Lanes) - 1; l >= 0; l-- {
		if slices.ContainsFunc(p.Days, func(d Day) bool { return len(d.Marks[l]) > 0 }) {
			continue
		}
		p.Lanes = slices.Delete(p.Lanes, l, l+1)
		for i := range p.Days {
			p.Days[i].Marks = slices.Delete(p.Days[i].Marks, l, l+1)
		}
	}
}

// lane is the number of the lane that events of a type are in.
func lane(of briefings.EventType) int {
	switch of {
	case briefings.StrikeEvent, briefings.OutageEvent, briefings.SupplyEvent:
		return 1
	case briefings.StatementEvent, briefings.ReportEvent, briefings.BackgroundEvent:
		return 2
	}
	return 0
}

// Alt says the strip date by date.
func (p *Strip) Alt() string {
	clauses := []string{p.words.Say("picture.strip_alt", words.Args{"Events": p.events, "AsOf": p.AsOf})}
	for _, day := range p.Days {
		var said []string
		for i, marks := range day.Marks {
			for _, m := range marks {
				said = append(said, fmt.Sprintf("%s (%s, %s)", m.headline, p.Lanes[i], m.Ref))
			}
		}
		clauses = append(clauses, day.Date+": "+strings.Join(said, "; "))
	}
	return alt(p.words, append(clauses, p.Notes...))
}

func (p *Strip) name() string { return "timeline" }

func (p *Strip) facts() []string {
	facts := []string{p.AsOf, p.star}
	for _, day := range p.Days {
		facts = append(facts, day.Date)
		for _, marks := range day.Marks {
			for _, m := range marks {
				facts = append(facts, m.Ref)
			}
		}
	}
	return facts
}

func (p *Strip) draw(c *canvas) {
	c.title(p.Title)
	const left, top = 210.0, 88.0
	tall := 372 / float64(len(p.Lanes))
	column := (wide - 2*margin - left) / float64(len(p.Days))
	for i, name := range p.Lanes {
		y := top + float64(i)*tall
		c.fill(box{margin, y, wide - 2*margin, tall - 8}, []ink{0xEAF3F8, 0xFBEFE6, 0xF1F1F1}[i])
		c.text(box{margin + 10, y, left - 16, tall - 8}, name, setting{lettering: lettering{28, true}, ink: black})
	}
	axis := top + float64(len(p.Lanes))*tall + 8
	c.line(margin+left, axis, wide-margin, axis, black, 4)
	for i, day := range p.Days {
		x := margin + left + float64(i)*column
		for l, marks := range day.Marks {
			for n, m := range marks {
				c.mark(x+column/2, top+float64(l)*tall+(tall-8)*(float64(n)+1)/float64(len(marks)+1), column, m, day.About)
			}
		}
		c.line(x+column/2, axis-8, x+column/2, axis+8, black, 4)
		c.text(box{x + 4, axis + 12, column - 8, 98}, day.Date, setting{lettering: lettering{body, true}, ink: black, centre: true, top: true})
	}
	c.text(box{margin, high - 92, wide - 2*margin, 36}, strings.Join(p.Notes, " · "), setting{lettering: lettering{body, false}, ink: dim})
	c.foot(p.AsOf)
}

// mark draws an event: filled where its day is known, open where it isn't.
func (c *canvas) mark(x, y, column float64, m Mark, about bool) {
	ref := m.Ref
	if m.Warned {
		ref += " ⚠"
	}
	w := min(column-10, 34+width(c.face(lettering{28, true}), ref))
	x -= w / 2
	c.gg.DrawCircle(x+12, y, 11)
	c.gg.SetColor(white.rgba())
	if !about {
		c.gg.SetColor(blue.rgba())
	}
	c.gg.FillPreserve()
	c.gg.SetColor(blue.rgba())
	c.gg.SetLineWidth(4)
	c.gg.Stroke()
	c.text(box{x + 30, y - 20, w - 30, 40}, ref, setting{lettering: lettering{28, true}, ink: black})
}
