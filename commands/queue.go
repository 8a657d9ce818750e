package commands

import (
	"context"
	"errors"

	"sitrep/briefings"
	"sitrep/cards"
)

type deskQueueRequest struct{}

// deskQueue shows moderators what readers asked in vain and reported.
func (d Desk) deskQueue() Command {
	return define("desk queue", Moderator, func(ctx context.Context, who Caller, _ deskQueueRequest) (Reply, error) {
		return d.queue(ctx, who, "")
	})
}

// deskResolve forgets what was chosen and shows what is left.
func (d Desk) deskResolve() Action {
	return Action{Name: cards.ActionResolve, Role: Moderator, Replaces: true, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
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
		return d.queue(ctx, who, note)
	}}
}

func (d Desk) queue(ctx context.Context, who Caller, note string) (Reply, error) {
	t, err := d.editing(ctx, who)
	if err != nil {
		return Reply{}, err
	}
	entries, err := d.Queue.Queue(ctx, who.Desk)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Card: t.Queue(entries, note)}, nil
}
