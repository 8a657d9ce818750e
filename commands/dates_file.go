package commands

import (
	"context"

	"sitrep/briefings"
	"sitrep/calendar"
	"sitrep/cards"
	"sitrep/words"
)

// datesFile gives the key dates of an answer as a file for calendars.
func (d Desk) datesFile() Action {
	return Action{Name: cards.ActionCalendar, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
		l, err := cards.ParseLink(p.State)
		if err != nil || l.Command != "dates" {
			return Reply{}, d.gone(who)
		}
		r := decode[datesRequest](filled(l.Options))
		t, err := d.read(ctx, who, r.Known)
		if err != nil {
			return Reply{}, err
		}
		f, err := filter(t, r.Section, "", "", "")
		if err != nil {
			return Reply{}, err
		}
		dates := t.KeyDates(f)
		file, written, err := calendar.Write(t, who.Desk, dates, retractedDates(t.Snapshot))
		if err != nil {
			return Reply{}, err
		}
		if written == 0 {
			return Reply{}, mistake(t, "calendar.none", nil)
		}
		c := cards.Card{
			Title:  "## " + cards.Escape(t.Words.Say("calendar.title", words.Args{"Count": written})),
			Blocks: []cards.Block{{Lines: []cards.Line{{Text: cards.Escape(t.Words.Say("calendar.how"))}}}},
			File:   &cards.File{Name: "key-dates.ics", Kind: "text/calendar; charset=utf-8", Data: file, About: t.Words.Say("calendar.title", words.Args{"Count": written})},
		}
		if n := len(dates) - written; n > 0 {
			c.Footer = []cards.Markup{cards.Escape(t.Words.Say("calendar.undated", words.Args{"Count": n}))}
		}
		return Reply{Card: d.marked(t, c)}, nil
	}}
}

// retractedDates are the key dates that were taken back: calendars may hold them.
func retractedDates(s *briefings.Snapshot) []*briefings.Event {
	var all []*briefings.Event
	for _, item := range s.Retracted() {
		if e, ok := item.(*briefings.Event); ok && e.Key {
			all = append(all, e)
		}
	}
	return all
}
