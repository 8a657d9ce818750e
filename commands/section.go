package commands

import (
	"context"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type sectionRequest struct {
	Known string `option:"known"`
	Share bool   `option:"share"`
}

// section answers one section's slash command with its first screen.
func (d Desk) section(of *briefings.Section) Command {
	c := define(of.Command, Reader, func(ctx context.Context, who Caller, r sectionRequest) (Reply, error) {
		t, err := d.read(ctx, who, r.Known)
		if err != nil {
			return Reply{}, err
		}
		s := t.Snapshot.Section(of.Command)
		if s == nil {
			return Reply{}, mistake(t, "section.retired", nil)
		}
		return Reply{Card: d.marked(t, t.Section(s))}, nil
	})
	c.About, c.Title = "command.section", of.Title
	return c
}

// read returns who's desk as it is, or as it was known on a day.
func (d Desk) read(ctx context.Context, who Caller, known string) (cards.Telling, error) {
	snap, err := d.Briefings.Snapshot(ctx, who.Desk)
	if err != nil {
		return cards.Telling{}, err
	}
	t := d.telling(who, snap)
	known = strings.TrimSpace(known)
	if known == "" {
		return t, nil
	}
	day, err := briefings.ParseEDTF(known)
	first, dated := day.First()
	last, closed := day.Last()
	switch {
	case err != nil || !dated || !closed || day.IsInterval():
		return t, mistake(t, "known.invalid", words.Args{"Text": clip(known)})
	case first.After(d.Now()):
		return t, mistake(t, "known.future", words.Args{"Date": t.Day(last)})
	}
	end := last.AddDate(0, 0, 1).Add(-1)
	if end.Before(t.Now) {
		t.Now = end // what was overdue is what was overdue then
	}
	t.Known = day.String()
	t.Snapshot = d.Briefings.Known(snap, end)
	if t.Snapshot == nil {
		return t, mistake(t, "known.before", words.Args{"Date": t.Day(last), "Begin": t.Day(d.Briefings.Base().RecordedAt)})
	}
	return t, nil
}

// marked says below a card what a reader must know of where it comes from.
func (d Desk) marked(t cards.Telling, c cards.Card) cards.Card {
	before := len(c.Footer)
	if t.Known != "" {
		c.Footer = append(c.Footer, cards.Escape(t.Words.Say("footer.known", words.Args{"Date": t.Known})))
	}
	if d.Briefings.RecordAway() {
		c.Footer = append(c.Footer, cards.Escape(t.Words.Say("footer.away")))
	}
	if len(c.Footer) == before {
		return c
	}
	return c.Fit(cards.MostText, t.Words) // it was as long as it may be without them
}
