package commands

import (
	"context"

	"sitrep/cards"
	"sitrep/words"
)

// actionSettings is behind the button of [Set.Welcome].
const actionSettings = "desk-settings"

// welcome says what can be done in a server, and where to begin.
func (d Desk) welcome(locale string) cards.Card {
	w := d.Book.In(locale)
	named := func(c Command) string { return c.NameIn(w) }
	args := words.Args{
		"Brief": named(d.brief()), "Help": named(d.help(new(Set))), "Edit": named(d.deskEdit()), "Section": named(d.sectionAdd()),
		"Digest": named(d.digestAdd()), "Settings": named(d.deskSettings()),
	}
	c := cards.Card{Title: cards.Markup("## " + w.Say("welcome.title")), Colour: cards.Colour("")}
	for _, phrase := range []string{"welcome.about", "welcome.readers", "welcome.moderators", "welcome.admins"} {
		c.Blocks = append(c.Blocks, cards.Block{Lines: []cards.Line{{Text: cards.Markup(w.Say(phrase, args)), Keep: true}}})
	}
	c.Buttons = []cards.Button{{Action: actionSettings, Label: w.Say("welcome.settings")}}
	return c
}

// deskShowSettings shows an admin what /desk settings does.
func (d Desk) deskShowSettings() Action {
	return Action{Name: actionSettings, Role: Admin, Run: func(ctx context.Context, who Caller, _ Press) (Reply, error) {
		t := d.telling(who, d.Briefings.Base())
		if err := inServer(who, t.Words.Say("settings.server_only")); err != nil {
			return Reply{}, err
		}
		return d.showSettings(ctx, who, t)
	}}
}
