package commands

import (
	"context"

	"sitrep/briefings"
	"sitrep/cards"
)

type privacyRequest struct{}

// privacy shows whoever asks what is kept of them, everywhere.
func (d Desk) privacy() Command {
	c := define("privacy", Reader, func(ctx context.Context, who Caller, _ privacyRequest) (Reply, error) {
		return d.showPrivacy(ctx, who, "")
	})
	c.Untraced = true
	return c
}

// erasing are the buttons below that: one asks whether they are sure, one erases.
func (d Desk) erasing() []Action {
	return []Action{
		{Name: cards.ActionPrivacy, Replaces: true, Untraced: true, Run: func(ctx context.Context, who Caller, _ Press) (Reply, error) {
			return d.showPrivacy(ctx, who, "")
		}},
		{Name: cards.ActionEraseAsk, Replaces: true, Untraced: true, Run: func(_ context.Context, who Caller, _ Press) (Reply, error) {
			return Reply{Card: d.telling(who, d.Briefings.Base()).EraseAsk()}, nil
		}},
		{Name: cards.ActionErase, Replaces: true, Untraced: true, Run: func(ctx context.Context, who Caller, _ Press) (Reply, error) {
			if d.People != nil {
				if err := d.People.ForgetPerson(ctx, who.User); err != nil {
					return Reply{}, err
				}
			}
			if d.Guests != nil {
				d.Guests.Forgotten(who.User, who.Desk)
			}
			return d.showPrivacy(ctx, who, "privacy.erased")
		}},
	}
}

func (d Desk) showPrivacy(ctx context.Context, who Caller, note string) (Reply, error) {
	var all []briefings.Footprint
	if d.People != nil {
		var err error
		if all, err = d.People.Footprints(ctx, who.User); err != nil {
			return Reply{}, err
		}
	}
	t := d.telling(who, d.Briefings.Base())
	here := cards.Here{Desk: who.Desk}
	if who.Guest != nil {
		here.Name = who.Guest.Name
	}
	return Reply{Card: t.Privacy(all, here, note).Fit(cards.MostText, t.Words)}, nil
}
