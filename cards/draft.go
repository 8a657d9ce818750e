package cards

import (
	"regexp"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// mostProposed is how many changes of a draft are shown one by one.
const mostProposed = 12

// Draft shows what a draft would change, field by field: the old value struck,
// the new one behind it. Changes are none where what was typed makes none yet.
func (t Telling) Draft(d briefings.Draft, changes []briefings.Change) Card {
	c := Card{Title: "## " + t.say("draft.title", words.Args{"What": t.DraftLabel(d, changes)}), Colour: Colour("")}
	by := words.Args{"Date": t.Day(d.RecordedAt)}
	state := t.say("draft."+string(d.State), nil) + " · " + t.Person(d.Author) + " · " + t.say("draft.kept", by)
	head := Block{Lines: []Line{{Text: state, Keep: true}}}
	if IsMessageLink(d.Reason) {
		head.Lines = append(head.Lines, Line{Text: t.say("draft.from", nil) + Markup(" "+d.Reason), Keep: true})
	}
	c.Blocks = []Block{head, {Lines: t.Proposed(changes)}}
	return c
}

var messageLink = regexp.MustCompile(`^https://discord\.com/channels/[0-9]{1,20}/[0-9]{1,20}/[0-9]{1,20}$`)

// IsMessageLink reports whether link is the address of a message on Discord, and
// nothing else: it can stand in a text unescaped.
func IsMessageLink(link string) bool { return messageLink.MatchString(link) }

// DraftLabel is what a draft is about, in a few words.
func (t Telling) DraftLabel(d briefings.Draft, changes []briefings.Change) string {
	switch {
	case len(changes) > 1:
		return t.Counted(changes)
	case len(changes) == 1:
		return changes[0].Item.Head().Ref()
	case d.Item != "" && t.Snapshot.Item(d.Item) != nil:
		return t.Snapshot.Item(d.Item).Head().Ref()
	case d.Item != "":
		return t.Words.Say("draft.new", words.Args{"Kind": t.choice(string(d.Item.Kind()))})
	}
	return Clip(d.Reason, 60)
}

// Counted says how many items changes add, update and so on.
func (t Telling) Counted(changes []briefings.Change) string {
	made := map[briefings.Op]int{}
	for _, c := range changes {
		made[c.Op]++
	}
	var parts []string
	for _, op := range []briefings.Op{briefings.OpCreate, briefings.OpAmend, briefings.OpCorrect, briefings.OpConfirm, briefings.OpRestore, briefings.OpRetract} {
		if n := made[op]; n > 0 {
			parts = append(parts, t.Words.Say("draft.count_"+string(op), words.Args{"Count": n}))
		}
	}
	return strings.Join(parts, ", ")
}

// Proposed is each change with its fields, one after the other; of many the
// first ones.
func (t Telling) Proposed(changes []briefings.Change) []Line {
	var lines []Line
	for i, c := range changes {
		if i == mostProposed {
			return append(lines, Line{Text: t.say("line.more", words.Args{"Count": len(changes) - i}), Keep: true})
		}
		lines = append(lines, t.proposed(c, len(changes) == 1)...)
	}
	return lines
}

// proposed is one change: all of its fields where it is alone.
func (t Telling) proposed(c briefings.Change, alone bool) []Line {
	item, old := c.Item, t.Snapshot.Item(c.Item.Head().ID)
	about := Format(" %s", Clip(t.Summary(item), 2*mostValue))
	if old == nil && c.Op == briefings.OpCreate {
		about = Format(" %s", Clip(item.Head().Text, 2*mostValue))
	}
	if c.Op == briefings.OpRetract && old != nil {
		about = Format(" ~~%s~~", Clip(t.Summary(old), 2*mostValue))
	}
	lines := []Line{{Text: "• **" + t.say("op."+string(c.Op), nil) + "** " + t.Label(item) + about, Keep: true}}
	if c.Op != briefings.OpRetract && c.Op != briefings.OpRestore {
		fields := briefings.CompareFields(old, item)
		for i, f := range fields {
			if i == mostChanged && !alone {
				lines = append(lines, Line{Text: "  " + t.say("line.more", words.Args{"Count": len(fields) - i})})
				break
			}
			switch {
			case old != nil:
				lines = append(lines, Line{Text: "  " + t.fieldChange(f)})
			case f.Name != "id":
				lines = append(lines, Line{Text: Format("  %s: %s", t.FieldName(f.Name), Clip(t.labelled(f.New), mostValue))})
			}
		}
	}
	if c.Reason != "" {
		lines = append(lines, Line{Text: "  " + t.say("draft.reason", words.Args{"Reason": c.Reason})})
	}
	return lines
}

// Contest shows three versions of an item: the one that a change was made from,
// the one that is published now, and the change's own. contested are the fields
// that both changed, differently.
func (t Telling) Contest(base, theirs, mine briefings.Item, contested []string) Card {
	by := t.Snapshot.Revision(mine.Head().ID)
	c := Card{Title: "## ⚠ " + t.say("draft.contest", words.Args{"Ref": mine.Head().Ref()}), Colour: Colour("")}
	who := t.say("draft.overtaken", words.Args{"Rev": by.Rev, "Date": t.Day(by.RecordedAt)}) + " " + t.Person(by.RecordedBy)
	c.Blocks = []Block{{Lines: []Line{{Text: who, Keep: true}}}}
	clash := map[string]bool{}
	for _, name := range contested {
		clash[name] = true
	}
	both := Block{Heading: t.heading("draft.both", nil)}
	for _, f := range briefings.CompareFields(theirs, mine) {
		if clash[f.Name] {
			both.Lines = append(both.Lines, Line{Text: t.threeWay(base, f), Keep: true})
		}
	}
	yours := Block{Heading: t.heading("draft.yours", nil)}
	for _, f := range briefings.CompareFields(base, mine) {
		if !clash[f.Name] {
			yours.Lines = append(yours.Lines, Line{Text: "• " + t.fieldChange(f), Keep: true})
		}
	}
	others := Block{Heading: t.heading("draft.theirs", nil)}
	for _, f := range briefings.CompareFields(base, theirs) {
		if !clash[f.Name] {
			others.Lines = append(others.Lines, Line{Text: "• " + t.fieldChange(f)})
		}
	}
	c.Blocks = append(c.Blocks, both, yours, others)
	return c
}

// threeWay is one field that two people changed: what it was, what one of them
// published, and what the other wants.
func (t Telling) threeWay(base briefings.Item, f briefings.FieldChange) Markup {
	was := ""
	if base != nil {
		for _, field := range briefings.Fields(base) {
			if field.Name == f.Name {
				was = briefings.Show(field.Ptr)
			}
		}
	}
	show := func(value string) string {
		if value == "" {
			return "–"
		}
		return Clip(t.labelled(value), mostValue)
	}
	return "• " + t.say("draft.three", words.Args{"Field": t.FieldName(f.Name), "Was": show(was), "Theirs": show(f.Old), "Yours": show(f.New)})
}

// FieldName is what a field is called in the reader's language.
func (t Telling) FieldName(name string) string {
	if phrase := "field." + name; t.Words.Has(phrase) {
		return t.Words.Say(phrase)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// DraftChoices are drafts to choose from, by their ids.
func (t Telling) DraftChoices(drafts []briefings.Draft) []Choice {
	all := make([]Choice, len(drafts))
	for i, d := range drafts {
		label := t.Words.Say("draft."+string(d.State)) + " · " + t.DraftLabel(d, nil) + " · " + t.Day(d.RecordedAt)
		all[i] = Choice{Label: Clip(label, 100), Value: d.ID}
	}
	return all
}
