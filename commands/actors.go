package commands

import (
	"context"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type actorsRequest struct {
	Name  string `option:"name,complete"`
	Known string `option:"known"`
	Share bool   `option:"share"`
}

// actors answers who somebody is, or who there is.
func (d Desk) actors() Command {
	c := define("actors", Reader, func(ctx context.Context, who Caller, r actorsRequest) (Reply, error) {
		t, err := d.read(ctx, who, r.Known)
		if err != nil {
			return Reply{}, err
		}
		if r.Name == "" {
			return Reply{Card: d.marked(t, t.Actors())}, nil
		}
		card, err := profile(t, r.Name)
		return Reply{Card: d.marked(t, card)}, err
	})
	c.Complete = func(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
		t, err := d.read(ctx, who, "")
		if err != nil {
			return nil, err
		}
		var choices []cards.Choice
		for _, a := range t.Snapshot.FindActors(in["name"], 25) {
			choices = append(choices, cards.Choice{Label: t.ActorLabel(a), Value: string(a.ID)})
		}
		return choices, nil
	}
	return c
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

// clip keeps quoted input short.
func clip(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:59]) + "…"
	}
	return s
}
