package commands

import (
	"sitrep/briefings"
	"sitrep/cards"
)

type sectionRequest struct {
	asked
}

// section answers one section's slash command with its first screen.
func (d Desk) section(of *briefings.Section) Command {
	c := reading(d, of.Command, nil, func(t cards.Telling, _ sectionRequest, _ cards.Leaf) (cards.Card, error) {
		s := t.Snapshot.Section(of.Command)
		if s == nil {
			return cards.Card{}, mistake(t, "section.retired", nil)
		}
		return t.Section(s), nil
	})
	c.About, c.of = "command.section", of
	return c
}
