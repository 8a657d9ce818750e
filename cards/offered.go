package cards

import (
	"fmt"

	"sitrep/briefings"
	"sitrep/words"
)

// Offered sets what the catalogue says of an item against what the desk does,
// field by field, with the buttons to take it and to keep what is there.
func (t Telling) Offered(r briefings.Revision) Card {
	id := r.Item.Head().ID
	c := Card{Title: "## " + t.say("queue.offered", words.Args{"Ref": r.Item.Head().Ref()}), Colour: Colour("")}
	c.Blocks = []Block{{Lines: []Line{{Text: t.suggested(r), Keep: true}}}, {}}
	if ours := t.Snapshot.Item(id); ours != nil && r.Op != briefings.OpRetract {
		for _, f := range briefings.CompareFields(ours, r.Item) {
			c.Blocks[1].Lines = append(c.Blocks[1].Lines, Line{Text: "• " + t.fieldChange(f)})
		}
	}
	seen := fmt.Sprintf(":%s:%d", id, t.Snapshot.ItemRev(id))
	c.Buttons = []Button{{Action: fmt.Sprintf("%s%s:%d", ActionTake, seen, r.Rev), Label: t.Words.Say("button.take")}}
	if t.Snapshot.Item(id) != nil {
		c.Buttons = append(c.Buttons, Button{Action: ActionConfirm + seen, Label: t.Words.Say("button.keep")})
	}
	return c
}
