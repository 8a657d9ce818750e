package commands

import (
	"context"
	"errors"

	"sitrep/briefings"
	"sitrep/cards"
)

// toGuest says whose briefing it is that answers, and with the screens that
// people begin at offers the others.
func (d Desk) toGuest(ctx context.Context, who Caller, t cards.Telling, command string, c cards.Card) cards.Card {
	c.Footer = append(c.Footer, t.Whose(*who.Guest))
	if d.Guests == nil || command != "help" && command != "brief" {
		return c
	}
	if all, err := d.Guests.List(ctx, who.User); err == nil { // else there is nothing to choose from
		c.Selects = append(c.Selects, t.Choose(who.Desk, all)...)
	}
	return c
}

// guestSwitch makes another briefing answer somebody outside of servers.
func (d Desk) guestSwitch(brief Command) Action {
	return Action{Name: cards.ActionSwitch, Replaces: true, Run: func(ctx context.Context, who Caller, p Press) (Reply, error) {
		if who.Guest == nil || d.Guests == nil || len(p.Values) == 0 {
			return Reply{}, d.gone(who)
		}
		guest, err := d.Guests.Choose(ctx, who.User, briefings.DeskID(p.Values[0]))
		if errors.Is(err, briefings.ErrNotFound) {
			return Reply{}, briefings.Tell(briefings.ErrNotFound, d.Book.In(who.Locales...).Say("guest.unknown"))
		}
		if err != nil {
			return Reply{}, err
		}
		guest.Among = who.Guest.Among
		who.Desk, who.Guest = guest.Desk, &guest
		return brief.Run(ctx, who, Input{})
	}}
}
