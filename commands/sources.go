package commands

import (
	"context"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

type sourcesRequest struct {
	Section string `option:"section,complete"`
	Known   string `option:"known"`
	Share   bool   `option:"share"`
}

// sources answers where the briefing, or one section of it, comes from.
func (d Desk) sources() Command {
	c := define("sources", Reader, func(ctx context.Context, who Caller, r sourcesRequest) (Reply, error) {
		t, err := d.read(ctx, who, r.Known)
		if err != nil {
			return Reply{}, err
		}
		s, err := section(t, r.Section)
		return Reply{Card: d.marked(t, t.Sources(s))}, err
	})
	c.Complete = func(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
		t, err := d.read(ctx, who, "")
		return sections(t, in["section"]), err
	}
	return c
}

// section is the section somebody named by its command, nil where none was.
func section(t cards.Telling, command string) (*briefings.Section, error) {
	command = strings.ToLower(strings.TrimLeft(strings.TrimSpace(command), "/"))
	if command == "" {
		return nil, nil
	}
	if s := t.Snapshot.Section(command); s != nil {
		return s, nil
	}
	return nil, mistake(t, "section.unknown", words.Args{"Name": clip(command), "List": strings.Join(commandsOf(t), ", ")})
}

func commandsOf(t cards.Telling) []string {
	var all []string
	for _, s := range t.Snapshot.Sections() {
		all = append(all, s.Command)
	}
	return all
}

// sections are the ones whose command or title begins with what was typed.
func sections(t cards.Telling, typed string) []cards.Choice {
	typed = strings.ToLower(strings.TrimLeft(strings.TrimSpace(typed), "/"))
	var all []cards.Choice
	if t.Snapshot == nil {
		return nil
	}
	for _, s := range t.Snapshot.Sections() {
		if strings.HasPrefix(s.Command, typed) || strings.HasPrefix(strings.ToLower(s.Title), typed) {
			all = append(all, cards.Choice{Label: cards.Clip(s.Title, 100), Value: s.Command})
		}
	}
	return all[:min(25, len(all))]
}
