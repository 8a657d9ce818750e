package commands

import (
	"context"
	"regexp"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// sectionAbout describes a section's command.
const sectionAbout = "command.section"

type sectionRequest struct {
	asked
}

// section answers one section's slash command with its first screen.
func (d Desk) section(of *briefings.Section) Command {
	c := d.sectionNamed(of.Command)
	c.of = of
	return c
}

// sectionNamed answers a slash command that only the asker's desk can tell to be
// a section's.
func (d Desk) sectionNamed(command string) Command {
	c := kept(d, command, nil, func(ctx context.Context, who Caller, t cards.Telling, _ sectionRequest, _ *cards.Leaf) (Reply, error) {
		if s := t.Snapshot.Section(command); s != nil {
			return Reply{Card: t.Section(s)}, nil
		}
		now, err := d.Briefings.Snapshot(ctx, who.Desk)
		if err != nil {
			return Reply{}, err
		}
		switch s := now.Section(command); {
		case s != nil: // which came after the day that was asked for
			return Reply{}, mistake(t, "section.not_yet", words.Args{"Title": s.Title, "Date": t.Known})
		case d.Briefings.Base().Section(command) != nil:
			return Reply{}, mistake(t, "section.retracted", nil)
		}
		return Reply{}, mistake(t, "error.unknown_command", words.Args{"Name": command})
	})
	c.About = sectionAbout
	return c
}

// oneWord is what the name of a section's command looks like; whether there is
// such a section its desk knows.
var oneWord = regexp.MustCompile(`^[\p{L}\p{N}_-]{1,32}$`)
