package commands

import (
	"context"

	"sitrep/cards"
)

type briefRequest struct {
	Section string `option:"section,complete"`
	asked
}

// brief answers with the whole briefing in short, or with one section in full.
func (d Desk) brief() Command {
	return reading(d, "brief", map[string]completer{"section": completeSection},
		func(t cards.Telling, r briefRequest, at cards.Leaf) (cards.Card, error) {
			s, err := section(t, r.Section)
			if err != nil {
				return cards.Card{}, err
			}
			if s == nil {
				c := t.Brief()
				return d.Pictures.Brief(t, c), nil
			}
			return t.Deeper(s, at), nil
		})
}

type itemRequest struct {
	Ref string `option:"ref,required,complete"`
	asked
}

// item answers with one item in full.
func (d Desk) item() Command {
	return reading(d, "item", map[string]completer{"ref": completeItems},
		func(t cards.Telling, r itemRequest, at cards.Leaf) (cards.Card, error) {
			found, err := findItem(t, r.Ref)
			if err != nil {
				return cards.Card{}, err
			}
			return t.Item(found, t.Snapshot.History(found.Head().ID), at), nil
		})
}

type helpRequest struct {
	Topic string `option:"topic,choices=commands|legend"`
	asked
}

// help answers what can be asked.
func (d Desk) help(set *Set) Command {
	return replying(d, "help", nil, func(_ context.Context, who Caller, t cards.Telling, r helpRequest, _ *cards.Leaf) (Reply, error) {
		if r.Topic == "legend" {
			return Reply{Card: t.Legend()}, nil
		}
		var all, theirs []cards.Choice
		for _, c := range set.In(t.Snapshot).Commands {
			line := cards.Choice{Value: c.NameIn(t.Words), Label: c.AboutIn(t.Words)}
			switch {
			case c.Menu:
			case c.Role == Reader:
				all = append(all, line)
			case c.Role <= who.Role && !who.Shared:
				theirs = append(theirs, line)
			}
		}
		return Reply{Card: t.Help(all, theirs)}, nil
	})
}
