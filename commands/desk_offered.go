package commands

import (
	"context"
	"fmt"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
)

// offered are the actions on what a newer catalogue says of items that the desk
// changed itself.
func (d Desk) offered() []Action {
	on := func(run func(ctx context.Context, who Caller, t cards.Telling, r briefings.Revision) (Reply, error)) func(context.Context, Caller, Press) (Reply, error) {
		return func(ctx context.Context, who Caller, p Press) (Reply, error) {
			t, err := d.editing(ctx, who)
			if err != nil {
				return Reply{}, err
			}
			if len(p.Values) > 0 {
				p.State = p.Values[0]
			}
			id, seen, _ := strings.Cut(p.State, ":")
			for _, r := range t.Snapshot.Suggested() {
				now := fmt.Sprintf("%d:%d", t.Snapshot.ItemRev(r.Item.Head().ID), r.Rev)
				if string(r.Item.Head().ID) == id && (seen == "" || seen == now) {
					return run(ctx, who, t, r)
				}
			}
			return Reply{}, d.gone(who)
		}
	}
	return []Action{
		{Name: cards.ActionOffered, Role: Moderator, Replaces: true, Run: on(func(_ context.Context, _ Caller, t cards.Telling, r briefings.Revision) (Reply, error) {
			return Reply{Card: d.marked(t, t.Offered(r))}, nil
		})},
		{Name: cards.ActionTake, Role: Moderator, Replaces: true, Run: on(d.take)},
	}
}

// take publishes what the catalogue says in place of what the desk does.
func (d Desk) take(ctx context.Context, who Caller, t cards.Telling, r briefings.Revision) (Reply, error) {
	id := r.Item.Head().ID
	change := briefings.Change{Item: r.Item, Op: briefings.OpAmend, Reason: r.Reason, Seen: t.Snapshot.ItemRev(id)}
	if r.Op == briefings.OpRetract {
		change.Op = briefings.OpRetract
	}
	return d.submit(ctx, who, t, briefings.Batch{Desk: who.Desk, By: who.User, Changes: []briefings.Change{change}})
}
