package cards

import (
	"slices"
	"strconv"

	"sitrep/briefings"
	"sitrep/words"
)

// Revisions lists who changed an item, when and why, the newest first, with a
// selection that answers action with the revision that was chosen.
func (t Telling) Revisions(item briefings.Item, history []briefings.Revision, action string) Card {
	c := Card{Title: "## " + t.say("history.title", words.Args{"Ref": item.Head().Ref(), "Count": len(history)}), Colour: Colour("")}
	list := Block{}
	choose := Select{Action: action, Placeholder: t.Words.Say("history.choose")}
	for _, r := range slices.Backward(history) {
		list.Lines = append(list.Lines, Line{Text: "• " + t.revision(r)})
		if len(choose.Options) < mostDays {
			label := t.Words.Say("item.revision", words.Args{"Rev": r.Rev, "Date": t.Day(r.RecordedAt), "What": t.Words.Say("op." + string(r.Op))})
			choose.Options = append(choose.Options, Choice{Label: Clip(label, 100), Value: strconv.Itoa(r.Rev)})
		}
	}
	c.Blocks = []Block{{Lines: []Line{{Text: Escape(Clip(t.Summary(item), 2*mostValue))}}}, list}
	c.Selects = []Select{choose}
	return c
}

// revision is what was done, when, by whom and why.
func (t Telling) revision(r briefings.Revision) Markup {
	line := t.say("item.revision", words.Args{"Rev": r.Rev, "Date": t.Day(r.RecordedAt), "What": t.Words.Say("op." + string(r.Op))}) + " · " + t.Person(r.RecordedBy)
	if r.ApprovedBy != "" {
		line += " · " + t.say("history.approved", nil) + " " + t.Person(r.ApprovedBy)
	}
	if r.Reason != "" {
		line += Format(" — “%s”", r.Reason)
	}
	return line
}

// Revision shows what one revision changed, that at index at of an item's history.
func (t Telling) Revision(history []briefings.Revision, at int) Card {
	r := history[at]
	c := Card{Title: "## " + t.say("history.one", words.Args{"Ref": r.Item.Head().Ref(), "Rev": r.Rev}), Colour: Colour("")}
	var before briefings.Item
	if at > 0 {
		before = history[at-1].Item
	}
	diff := Block{}
	for _, f := range briefings.CompareFields(before, r.Item) {
		if before != nil || f.Name != "id" {
			diff.Lines = append(diff.Lines, Line{Text: "• " + t.fieldChange(f)})
		}
	}
	if len(diff.Lines) == 0 {
		diff.Lines = []Line{{Text: t.say("history.same", nil)}}
	}
	c.Blocks = []Block{{Lines: []Line{{Text: t.revision(r), Keep: true}}}, diff}
	return c
}
