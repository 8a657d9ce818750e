package cards

import (
	"cmp"
	"time"

	"sitrep/briefings"
	"sitrep/words"
)

// NextDate is the key date that is under way or next, nil where none is ahead.
// Of several at a time it is the one that brings most people together.
func (t Telling) NextDate() *briefings.Event { return t.next(Filter{}) }

// LeadDate is the key date that [Telling.Dates] counts to with the same filter:
// the one that is under way or next, or where none is ahead the last that has
// passed. It is nil where there is neither.
func (t Telling) LeadDate(f Filter) *briefings.Event {
	if next := t.next(f); next != nil {
		return next
	}
	var lead *briefings.Event
	var latest time.Time
	for _, e := range t.counted(f) {
		_, ended := t.countdown(e)
		if !ended || e.Valid.Precision() != briefings.Day {
			continue
		}
		last, _ := e.Valid.Last()
		if lead == nil || cmp.Or(last.Compare(latest), len(e.Participants)-len(lead.Participants)) > 0 {
			lead, latest = e, last
		}
	}
	return lead
}

func (t Telling) next(f Filter) *briefings.Event {
	var next *briefings.Event
	var soonest time.Time
	for _, e := range t.counted(f) {
		if t.over(e) {
			continue
		}
		first, _ := e.Valid.First()
		if first.Before(t.Now) {
			first = t.Now // what is under way comes now
		}
		if next == nil || cmp.Or(first.Compare(soonest), len(next.Participants)-len(e.Participants)) < 0 {
			next, soonest = e, first
		}
	}
	return next
}

// counted are the key dates that days may be counted to: those that somebody
// gave and nobody called off.
func (t Telling) counted(f Filter) []*briefings.Event {
	var all []*briefings.Event
	for _, e := range briefings.All[*briefings.Event](t.Snapshot) {
		if e.Key && t.keeps(f, e) && f.dated(e.Valid) && !e.Valid.IsZero() && e.Certainty != briefings.InferredDate && !calledOff(e) {
			all = append(all, e)
		}
	}
	return all
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
	return ended || calledOff(e)
}

func calledOff(e *briefings.Event) bool {
	return e.Happened == briefings.Cancelled || e.Happened == briefings.No
}

// CountedOn is the day that [Telling.Countdown] counts from: whoever reads it
// later can tell.
func (t Telling) CountedOn(e *briefings.Event) string { return t.Day(t.today(e)) }

// today is the date at the event's place, as midnight UTC like an EDTF's days.
func (t Telling) today(e *briefings.Event) time.Time {
	y, m, d := t.Now.In(t.Snapshot.Zone(e)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func daysBetween(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }
