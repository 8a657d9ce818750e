package commands

import (
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
	return reading(d, "help", nil, func(t cards.Telling, r helpRequest, _ cards.Leaf) (cards.Card, error) {
		if r.Topic == "legend" {
			return t.Legend(), nil
		}
		var all []cards.Choice
		for _, c := range set.In(t.Snapshot).Commands {
			if c.Role == Reader && !c.Menu {
				all = append(all, cards.Choice{Value: c.NameIn(t.Words), Label: c.AboutIn(t.Words)})
			}
		}
		return t.Help(all), nil
	})
}
