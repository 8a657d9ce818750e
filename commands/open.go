package commands

import (
	"context"

	"sitrep/briefings"
	"sitrep/cards"
)

// links are the actions that ask a reading command again: a button or a
// selection is a command line, and the command checks it as it checks what
// somebody typed.
func (d Desk) links(set *Set) []Action {
	follow := func(ctx context.Context, who Caller, l cards.Link) (Reply, error) {
		c, ok := set.Command(l.Command)
		if !ok || c.Role != Reader || c.Form {
			return Reply{}, d.gone(who)
		}
		return c.Run(ctx, who, l.Options)
	}
	open := func(ctx context.Context, who Caller, p Press) (Reply, error) {
		l, err := cards.ParseLink(p.State)
		if err != nil {
			return Reply{}, d.gone(who)
		}
		return follow(ctx, who, l)
	}
	pick := func(ctx context.Context, who Caller, p Press) (Reply, error) {
		l, option, err := cards.ParsePick(p.State)
		if err != nil || len(p.Values) == 0 {
			return Reply{}, d.gone(who)
		}
		return follow(ctx, who, l.With(option, p.Values[0]))
	}
	return []Action{
		{Name: cards.ActionOpen, Run: open},
		{Name: cards.ActionTurn, Run: open, Replaces: true},
		{Name: cards.ActionPick, Run: pick, Replaces: true},
		{Name: cards.ActionShare, Run: open, Shared: true},
	}
}

// gone is the mistake of pressing what no longer stands for anything.
func (d Desk) gone(who Caller) error {
	return briefings.Tell(briefings.ErrInvalid, d.Book.In(who.Locales...).Say("error.gone"))
}
