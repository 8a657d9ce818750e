package cards

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/words"
)

// Dates lists the key dates: what is ahead or under way first, then what has
// passed, and apart from both what nobody reported.
func (t Telling) Dates(f Filter, at Leaf) Card {
	var ahead, past, undated, inferred []*briefings.Event
	for _, e := range briefings.All[*briefings.Event](t.Snapshot) {
		switch {
		case !e.Key || !t.keeps(f, e) || !f.dated(e.Valid):
		case e.Certainty == briefings.InferredDate:
			inferred = append(inferred, e)
		case e.Valid.IsZero():
			undated = append(undated, e)
		case t.over(e):
			past = append(past, e)
		default:
			ahead = append(ahead, e)
		}
	}
	byDate := func(a, b *briefings.Event) int { return a.Valid.Compare(b.Valid) }
	slices.SortStableFunc(ahead, byDate)
	slices.SortStableFunc(inferred, func(a, b *briefings.Event) int {
		switch {
		case a.Valid.IsZero() == b.Valid.IsZero():
			return byDate(a, b)
		case a.Valid.IsZero():
			return 1 // what has no date comes last
		}
		return -1
	})
	slices.SortStableFunc(past, func(a, b *briefings.Event) int { return byDate(b, a) })
	c := Card{Title: "## " + t.say("dates.title", nil) + f.about(t), Colour: Colour("")}
	first := t.say("dates.none_ahead", nil)
	if len(ahead) > 0 {
		first = t.Countdown(cmp.Or(t.NextDate(), ahead[0]))
	}
	c.Blocks = []Block{{Lines: []Line{{Text: "**" + first + "**", Keep: true}}}}
	c.Footer = append(t.FooterOf(idsOf(slices.Concat(ahead, past, undated, inferred))), t.say("timeline.external", nil))
	if len(ahead) > 0 {
		c.Footer = append(c.Footer, t.say("dates.counted", words.Args{"Date": t.CountedOn(cmp.Or(t.NextDate(), ahead[0]))}))
	}
	c.Selects = []Select{t.sectionSelect(f, at)}
	var blocks []Block
	for _, part := range []struct {
		heading string
		events  []*briefings.Event
	}{{"dates.ahead", ahead}, {"dates.open", undated}, {"dates.past", past}, {"dates.inferred", inferred}} {
		b := Block{Heading: t.heading(part.heading, nil)}
		for _, e := range part.events {
			b.Lines = append(b.Lines, t.keyDate(e))
		}
		blocks = append(blocks, b)
	}
	return t.Paged(c, blocks, at)
}

// keyDate is a key date on one line, with how firmly it stands.
func (t Telling) keyDate(e *briefings.Event) Line {
	when := t.Date(e.Valid)
	if e.Origin == briefings.External {
		when += "*"
	}
	line := Format("**%s** %s", when, e.Headline)
	// a translated headline has the place in another script or case
	named := slices.ContainsFunc(t.Snapshot.Names(e.ID), func(headline string) bool { return strings.Contains(headline, e.Place) })
	if e.Place != "" && !named {
		line += Format(", %s", e.Place)
	}
	line += Format(" — %s", t.Words.Say("certainty."+e.Certainty.String()))
	if e.Condition != "" {
		line = t.say("line.lead", words.Args{"Lead": line}) + " " + Escape(e.Condition)
	}
	switch e.Happened {
	case briefings.No, briefings.Cancelled, briefings.Moved:
		line += Format(" (%s)", t.Words.Say("happened."+e.Happened.String()))
	}
	return Line{Text: bulleted(Join([]Markup{line, t.Label(e), t.caveat(e)}, " "))}
}

// Countdown says in days how far off e is: "World Economic Forum at Davos: in 2
// days", "day 3 of 5", "ended 4 days ago".
func (t Telling) Countdown(e *briefings.Event) Markup {
	return t.say("line.lead", words.Args{"Lead": e.Headline}) + " " + Escape(t.Days(e))
}

// Days is what [Telling.Countdown] says without the headline; plain text.
func (t Telling) Days(e *briefings.Event) string {
	said, _ := t.countdown(e)
	return said
}

// countdown counts from the local day at the event's place; ended reports
// whether its last day has passed.
func (t Telling) countdown(e *briefings.Event) (said string, ended bool) {
	first, begins := e.Valid.First()
	last, ends := e.Valid.Last()
	if !begins || !ends {
		return t.Date(e.Valid), ends && t.today(e).After(last)
	}
	today := t.today(e)
	switch {
	case e.Valid.Precision() != briefings.Day: // no day is known, so none is counted
		return t.Date(e.Valid), today.After(last)
	case today.Before(first):
		return t.Words.Say("countdown.ahead", words.Args{"Count": daysBetween(today, first)}), false
	case !today.After(last) && first.Equal(last):
		return t.Words.Say("countdown.today"), false
	case !today.After(last):
		return t.Words.Say("countdown.under_way", words.Args{"Day": daysBetween(first, today) + 1, "Days": daysBetween(first, last) + 1}), false
	}
	return t.Words.Say("countdown.ended", words.Args{"Count": daysBetween(last, today)}), true
}

// over reports whether nobody need wait for e any more: its last day has passed,
// or it was called off.
func (t Telling) over(e *briefings.Event) bool {
	_, ended := t.countdown(e)
	return ended || e.Happened == briefings.Cancelled || e.Happened == briefings.No
}

// CountedOn is the day that [Telling.Countdown] counts from: whoever reads it
// later can tell.
func (t Telling) CountedOn(e *briefings.Event) string { return t.Day(t.today(e)) }

// today is the date at the event's place, as midnight UTC like an EDTF's days.
func (t Telling) today(e *briefings.Event) time.Time {
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		zone = time.UTC
	}
	y, m, d := t.Now.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func daysBetween(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }
