package commands

import (
	"context"
	"errors"

	"sitrep/briefings"
	"sitrep/cards"
)

type deskDraftsRequest struct{}

// deskDrafts shows moderators what waits for them: drafts, and what readers asked
// in vain and reported.
func (d Desk) deskDrafts() Command {
	return define("desk drafts", Moderator, func(ctx context.Context, who Caller, _ deskDraftsRequest) (Reply, error) {
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
	c := t.Queue(entries, note)
	drafts, err := d.Briefings.Drafts(ctx, who.Desk, mostDrafts)
	if err != nil {
		return Reply{}, err
	}
	if len(drafts) > 0 {
		c.Blocks = append([]cards.Block{t.Drafts(drafts)}, c.Blocks...)
		c.Selects = append([]cards.Select{{Action: actionDraft, Placeholder: t.Words.Say("draft.choose"), Options: t.DraftChoices(drafts)}}, c.Selects...)
	}
	return Reply{Card: c.Fit(cards.MostText, t.Words)}, nil
}
