package cards

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// ActionCalendar gives the key dates of an answer as a file for calendars.
const ActionCalendar = "calendar"

// KeyDates are the key dates that f keeps, in no order.
func (t Telling) KeyDates(f Filter) []*briefings.Event {
	return slices.DeleteFunc(briefings.All[*briefings.Event](t.Snapshot), func(e *briefings.Event) bool {
		return !e.Key || !t.keeps(f, e) || !f.dated(e.Valid)
	})
}

// Dates lists the key dates: what is ahead or under way first, then what has
// passed, and apart from both what nobody reported.
func (t Telling) Dates(f Filter, at Leaf) Card {
	var ahead, past, undated, inferred []*briefings.Event
	for _, e := range t.KeyDates(f) {
		switch {
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
	c.Footer = append(t.FooterOf(idsOf(slices.Concat(ahead, past, undated, inferred))), t.say("timeline.external", nil))
	var first []Line
	if len(ahead) == 0 {
		first = []Line{{Text: "**" + t.say("dates.none_ahead", nil) + "**", Keep: true}}
	}
	if lead := t.LeadDate(f); lead != nil {
		first = append(first, Line{Text: "**" + t.Countdown(lead) + "**", Keep: true})
		c.Footer = append(c.Footer, t.say("dates.counted", words.Args{"Date": t.CountedOn(lead)}))
	}
	c.Blocks = []Block{{Lines: first}}
	c.Selects = []Select{t.sectionSelect(f, at)}
	if slices.ContainsFunc(slices.Concat(ahead, past, inferred), func(e *briefings.Event) bool { return !e.Valid.IsZero() }) {
		c.Buttons = []Button{{Action: at.Link.For(ActionCalendar), Label: t.Words.Say("button.calendar")}}
	}
	var blocks []Block
	for _, part := range []struct {
		heading string
		events  []*briefings.Event
	}{{"dates.ahead", ahead}, {"dates.open", undated}, {"dates.past", past}, {"dates.inferred", inferred}} {
		b := Block{Heading: t.heading(part.heading, nil)}
		for _, e := range part.events {
			b.Lines = append(b.Lines, Line{Text: bulleted(t.KeyDate(e))})
		}
		blocks = append(blocks, b)
	}
	return t.Paged(c, blocks, at)
}

// KeyDate is a key date on one line, with how firmly it stands.
func (t Telling) KeyDate(e *briefings.Event) Markup {
	when := t.Date(e.Valid)
	if e.Origin == briefings.External {
		when += "*"
	}
	line := Format("**%s** %s", when, e.Headline)
	if e.Place != "" && !t.namesPlace(e) {
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
	return Join([]Markup{line, t.Label(e), t.caveat(e), t.disputes(e.ID)}, " ")
}

// namesPlace reports whether the event's headline has its place in it, as it was
// recorded or in any language: one may bend it or write it in another script.
func (t Telling) namesPlace(e *briefings.Event) bool {
	spellings := t.Snapshot.Spellings("place", e.Place)
	return slices.ContainsFunc(t.Snapshot.Names(e.ID), func(headline string) bool {
		return slices.ContainsFunc(spellings, func(place string) bool { return strings.Contains(headline, place) })
	})
}
