package commands

import (
	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type actorsRequest struct {
	Name string `option:"name,complete"`
	asked
}

// actors answers who somebody is, or who there is.
func (d Desk) actors() Command {
	return reading(d, "actors", map[string]completer{"name": completeActor},
		func(t cards.Telling, r actorsRequest, at cards.Leaf) (cards.Card, error) {
			if r.Name == "" {
				return t.Actors(), nil
			}
			if labelled := t.Snapshot.ByRef(r.Name); labelled != nil && labelled.Head().ID.Kind() != briefings.KindActor {
				return t.Item(labelled, t.Snapshot.History(labelled.Head().ID), at), nil
			}
			return profile(t, r.Name)
		})
}

func profile(t cards.Telling, name string) (cards.Card, error) {
	found, nearest := t.Snapshot.Actor(name)
	switch {
	case found != nil:
		return t.Actor(found), nil
	case nearest != nil:
		return cards.Card{}, mistake(t, "actors.meant", words.Args{"Name": clip(name), "Nearest": nearest.Name})
	}
	return cards.Card{}, briefings.Tell(briefings.ErrNotFound,
		t.Words.Say("actors.list", words.Args{"Unknown": t.Words.Say("actors.unknown", words.Args{"Name": clip(name)})}))
}
