package commands

import (
	"context"
	"errors"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type deskDraftsRequest struct{}

// deskDrafts shows moderators what waits for them.
func (d Desk) deskDrafts() Command {
	return define("desk drafts", Moderator, func(ctx context.Context, who Caller, _ deskDraftsRequest) (Reply, error) {
		return d.queue(ctx, who, cards.QueueView{}, "", nil)
	})
}

// queueing are the actions of the queue.
func (d Desk) queueing() []Action {
	return []Action{
		{Name: cards.ActionQueue, Role: Moderator, Replaces: true, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
			if len(p.Values) > 0 {
				p.State = p.Values[0] + ":1"
			}
			return d.queue(ctx, who, cards.ParseQueueView(p.State), "", nil)
		}},
		{Name: cards.ActionHold, Role: Moderator, Replaces: true, Run: d.deskHold},
		{Name: cards.ActionResolve, Role: Moderator, Replaces: true, Run: d.deskResolve},
	}
}

// deskHold lets who look into what was chosen, or no longer.
func (d Desk) deskHold(ctx context.Context, who Caller, p Press) (Reply, error) {
	t, err := d.editing(ctx, who)
	if err != nil {
		return Reply{}, err
	}
	if len(p.Values) == 0 {
		return Reply{}, d.gone(who)
	}
	note, args, err := d.hold(ctx, who, t, p.Values[0])
	if err != nil {
		return Reply{}, err
	}
	return d.queue(ctx, who, cards.ParseQueueView(p.State), note, args)
}

func (d Desk) hold(ctx context.Context, who Caller, t cards.Telling, id string) (note string, args words.Args, err error) {
	entries, err := d.Queue.Queue(ctx, who.Desk)
	if err != nil {
		return "", nil, err
	}
	for _, e := range entries {
		if e.ID == id && e.Holder(d.Now()) == who.User {
			return "queue.let_go", nil, d.Queue.LetGo(ctx, who.Desk, id, who.User)
		}
	}
	holder, err := d.Queue.Hold(ctx, who.Desk, id, who.User, d.Now())
	switch {
	case errors.Is(err, briefings.ErrNotFound):
		return "queue.gone", nil, nil
	case err == nil && holder != who.User:
		return "queue.taken", words.Args{"Who": t.Person(holder)}, nil
	}
	return "queue.yours", nil, err
}

// deskResolve forgets what was chosen and shows what is left.
func (d Desk) deskResolve(ctx context.Context, who Caller, p Press) (Reply, error) {
	if _, err := d.editing(ctx, who); err != nil {
		return Reply{}, err
	}
	if len(p.Values) == 0 {
		return Reply{}, d.gone(who)
	}
	note := "queue.resolved"
	switch err := d.Queue.Resolve(ctx, who.Desk, p.Values[0]); {
	case errors.Is(err, briefings.ErrNotFound):
		note = "queue.gone"
	case err != nil:
		return Reply{}, err
	}
	return d.queue(ctx, who, cards.ParseQueueView(p.State), note, nil)
}

func (d Desk) queue(ctx context.Context, who Caller, v cards.QueueView, note string, args words.Args) (Reply, error) {
	t, err := d.editing(ctx, who)
	if err != nil {
		return Reply{}, err
	}
	w, err := d.waiting(ctx, who.Desk, t.Snapshot)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Card: t.Queue(w, v, note, args)}, nil
}

// waiting is what waits for the moderators of desk, whose snapshot it is.
func (d Desk) waiting(ctx context.Context, desk briefings.DeskID, snap *briefings.Snapshot) (cards.Waiting, error) {
	entries, err := d.Queue.Queue(ctx, desk)
	if err != nil {
		return cards.Waiting{}, err
	}
	drafts, err := d.Briefings.Drafts(ctx, desk, mostDrafts)
	return cards.Waiting{Drafts: drafts, Entries: entries, Review: snap.PastReview(d.Now()), Suggested: snap.Suggested()}, err
}

// Nudge tells the moderators of desk what waits for them, in the first of
// locales that there is; false where nothing does.
func (d Desk) Nudge(ctx context.Context, desk briefings.DeskID, locales ...string) (cards.Card, bool, error) {
	snap, err := d.Briefings.Snapshot(ctx, desk)
	if err != nil {
		return cards.Card{}, false, err
	}
	w, err := d.waiting(ctx, desk, snap)
	if err != nil || w.Count() == 0 {
		return cards.Card{}, false, err
	}
	return d.telling(Caller{Desk: desk, Locales: locales}, snap).Nudge(w), true, nil
}
