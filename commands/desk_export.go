package commands

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
	"sitrep/words"
)

type deskExportRequest struct {
	Section string `option:"section,complete"`
}

// deskExport gives the desk, or a section of it, as files that an import reads.
func (d Desk) deskExport() Command {
	c := define("desk export", Moderator, func(ctx context.Context, who Caller, r deskExportRequest) (Reply, error) {
		t, err := d.editing(ctx, who)
		if err != nil {
			return Reply{}, err
		}
		s, err := section(t, r.Section)
		if err != nil {
			return Reply{}, err
		}
		return export(t, who.Desk, s)
	})
	c.Complete = d.ofSections
	return c
}

// ofSections offers the desk's sections to its moderators.
func (d Desk) ofSections(ctx context.Context, who Caller, _ string, in Input) ([]cards.Choice, error) {
	t, err := d.editing(ctx, who)
	if err != nil {
		return nil, err
	}
	return completeSection(t, in["section"]), nil
}

func export(t cards.Telling, desk briefings.DeskID, s *briefings.Section) (Reply, error) {
	items, name := t.Snapshot.Items(), "briefing"
	if s != nil {
		name += "-" + s.Key()
		items = slices.DeleteFunc(slices.Clone(items), func(item briefings.Item) bool {
			return item.Head().ID != s.ID && !slices.Contains(item.Head().Sections, s.Key())
		})
	}
	if len(items) == 0 {
		return Reply{}, mistake(t, "export.nothing", nil)
	}
	files := catalogue.Write(items)
	catalogue.Stamp{Desk: desk, Rev: t.Snapshot.Rev}.Onto(files)
	var archive bytes.Buffer
	if err := catalogue.WriteZip(&archive, files); err != nil {
		return Reply{}, fmt.Errorf("commands: export desk %s: %w", desk, err)
	}
	if archive.Len() > MostAttached { // which an import would not take back
		return Reply{}, mistake(t, "export.big", nil)
	}
	say := func(id string, args words.Args) cards.Markup { return cards.Escape(t.Words.Say(id, args)) }
	title := say("export.title", words.Args{"Rev": t.Snapshot.Rev, "Count": len(items)})
	return Reply{Card: cards.Card{
		Title:  "## " + title,
		Blocks: []cards.Block{{Lines: []cards.Line{{Text: say("export.how", nil)}}}},
		File: &cards.File{
			Name: fmt.Sprintf("%s-rev%d.zip", name, t.Snapshot.Rev), Kind: "application/zip", Data: archive.Bytes(), About: string(title),
		},
	}}, nil
}
