package pictures

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// mostBars have room for what stands at each.
const mostBars = 6

// Bars shows how one series went, from zero, with a gap where it has no figure.
type Bars struct {
	Title      string
	Definition string // of all bars; empty where they differ
	Bars       []Bar
	Notes      []string // what its gaps mean, and what is left out
	AsOf       string

	series string
	intro  string
	words  *words.Words
}

// A Bar is one figure, or a gap where it has no label.
type Bar struct {
	Date   string
	Number string // with its qualifier and unit
	Said   string // its status in words, and by whom
	Ref    string
	Warned bool
	Value  float64
	Vague  bool // it has no number: only a gap is drawn

	sign, definition string
}

// BarsOf is the chart of the series that c, a page of [cards.Telling.Figures]
// with f, shows; nil where fewer than three of its points have a number.
func BarsOf(t cards.Telling, c cards.Card, f cards.Filter) Picture {
	text, numbers := flat(c.Plain()), 0
	var bars []Bar
	var dates []briefings.EDTF
	for _, point := range t.Points(f) {
		b := barOf(t, point)
		if !strings.Contains(text, flat(strings.Join([]string{b.Date + ":", b.sign, b.Number, b.definition, b.Said, b.Ref}, " "))) {
			continue
		}
		if !b.Vague {
			numbers++
		}
		bars, dates = append(bars, b), append(dates, point.At)
	}
	if numbers < 3 {
		return nil
	}
	p := &Bars{Title: t.Words.Say("picture.bars", words.Args{"Series": f.Series}), series: f.Series, Definition: bars[0].definition, words: t.Words}
	over := max(0, len(bars)-mostBars)
	if over > 0 {
		p.Notes = append(p.Notes, t.Words.Say("picture.newest", words.Args{"Bars": mostBars, "Figures": len(bars)}))
	}
	bars, dates = bars[over:], dates[over:]
	if slices.ContainsFunc(bars, func(b Bar) bool { return b.definition != p.Definition }) {
		p.Definition = ""
	}
	p.AsOf, _, _ = strings.Cut(footing(c), " · ")
	p.intro = t.Words.Say("picture.bars_alt", words.Args{"Series": f.Series, "Bars": len(bars), "AsOf": p.AsOf})
	places, even := slots(dates)
	if !even {
		p.Notes = append(p.Notes, t.Words.Say("picture.scale"))
	}
	p.Bars = make([]Bar, places[len(places)-1]+1)
	for i, b := range bars {
		p.Bars[places[i]] = b
	}
	if slices.ContainsFunc(p.Bars, func(b Bar) bool { return b.Ref == "" || b.Vague }) {
		p.Notes = append(p.Notes, t.Words.Say("picture.gap"))
	}
	return p
}

// barOf words a point as its line does.
func barOf(t cards.Telling, p cards.Point) Bar {
	tile := tileOf(t, p.Figure)
	b := Bar{Date: t.Date(p.At), Number: tile.Number, Said: tile.Said, Ref: p.Figure.Ref(), Warned: tile.Warned, sign: tile.Sign, definition: tile.Definition}
	value, err := strconv.ParseFloat(p.Figure.Value, 64)
	b.Value, b.Vague = value, err != nil
	return b
}

// slots are the columns of dates, which leave room for those that are missing
// between them. Where there is no room for these, the dates only come in order,
// and even is false.
func slots(dates []briefings.EDTF) (places []int, even bool) {
	var at []int
	precision := dates[0].Precision()
	even = true
	for _, d := range dates {
		at = append(at, count(d, precision))
		even = even && d.Precision() == precision && !d.IsInterval()
	}
	step := 0
	for i := 1; i < len(at); i++ {
		step = divisor(step, at[i]-at[i-1])
	}
	even = even && step > 0 && (at[len(at)-1]-at[0])/step < mostBars
	for i := range at {
		if even {
			places = append(places, (at[i]-at[0])/step)
		} else {
			places = append(places, i)
		}
	}
	return places, even
}

// count numbers the days, months or years.
func count(d briefings.EDTF, p briefings.Precision) int {
	first, _ := d.First()
	switch p {
	case briefings.Year:
		return first.Year()
	case briefings.Month:
		return 12*first.Year() + int(first.Month())
	}
	return int(first.Unix() / int64(24*time.Hour/time.Second))
}

// divisor is the greatest one that a and b share.
func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Alt says every bar.
func (p *Bars) Alt() string {
	clauses := []string{p.intro}
	for _, b := range p.Bars {
		if b.Ref == "" {
			continue
		}
		clause := strings.Join([]string{b.Date + ":", b.Number, b.definition, b.Said, b.Ref}, " ")
		if b.Warned {
			clause += " " + p.words.Say("picture.warned")
		}
		clauses = append(clauses, clause)
	}
	return alt(p.words, append(clauses, p.Notes...))
}

func (p *Bars) name() string { return "series" }

func (p *Bars) facts() []string {
	facts := []string{p.AsOf, p.series, p.Definition}
	for _, b := range p.Bars {
		facts = append(facts, b.Date, b.Number, b.Said, b.Ref)
	}
	return facts
}

// What of a chart is above and below the bars, and how tall a number is.
const (
	barsTop, barsEnd = 208.0, 430.0
	numberHigh       = 90.0
)

// ends is where a bar of value v begins and ends; one of them is at zero.
func (p *Bars) ends(v float64) (top, foot float64) {
	low, high := 0.0, 0.0
	for _, b := range p.Bars {
		low, high = min(low, b.Value), max(high, b.Value)
	}
	scale := 0.0
	if high > low {
		scale = (barsEnd - barsTop) / (high - low)
	}
	zero := barsEnd + low*scale
	return min(zero, zero-v*scale), max(zero, zero-v*scale)
}

func (p *Bars) draw(c *canvas) {
	c.title(p.Title)
	c.text(box{margin, 76, wide - 2*margin, 36}, p.Definition, setting{lettering: lettering{26, false}, ink: dim})
	column := (wide - 2*margin) / float64(max(1, len(p.Bars)))
	zero, _ := p.ends(0)
	for i, b := range p.Bars {
		c.bar(box{margin + float64(i)*column, zero, column, 0}, b, p.ends)
	}
	c.line(margin, zero, wide-margin, zero, black, 4)
	c.text(box{margin, high - 92, wide - 2*margin, 36}, strings.Join(p.Notes, " · "), setting{lettering: lettering{body, false}, ink: dim})
	c.foot(p.AsOf)
}

// bar draws one column from zero, with what it is above and below.
func (c *canvas) bar(at box, b Bar, ends func(float64) (top, foot float64)) {
	top, foot := ends(b.Value)
	in := box{at.x + at.w*0.2, top, at.w * 0.6, foot - top}
	if b.Ref == "" || b.Vague {
		in.y, in.h = at.y-44, 44
		c.hatch(in)
	} else {
		c.fill(in, blue)
	}
	if b.Ref == "" {
		return
	}
	mark := ""
	if b.Warned {
		mark = " ⚠"
	}
	c.text(box{at.x + 4, in.y - numberHigh - 4, at.w - 8, numberHigh}, b.Number+mark, setting{lettering: lettering{28, true}, ink: black, centre: true, low: true})
	c.text(box{at.x + 4, barsEnd + 4, at.w - 8, 32}, b.Date, setting{lettering: lettering{26, true}, ink: black, centre: true})
	said := b.Ref + " " + b.sign + " " + strings.TrimPrefix(b.Said, "— ")
	c.text(box{at.x + 10, barsEnd + 38, at.w - 20, 112}, said, setting{lettering: lettering{body, false}, ink: dim, centre: true, top: true})
}
