package cards

import (
	"slices"
	"strings"
	"time"

	"sitrep/briefings"
	"sitrep/words"
)

// Since is what changes are counted from.
type Since struct {
	From    *briefings.Snapshot
	Section *briefings.Section // nil for all
	Looked  time.Time          // when the reader looked last; zero where it is not that
	Note    SinceNote
}

// A SinceNote says why changes are counted from where they are, "" where the
// reader said so.
type SinceNote string

// The notes.
const (
	FirstLook  SinceNote = "first" // the reader never asked before
	LookAway   SinceNote = "away"  // when they did can't be told just now
	SinceBegin SinceNote = "begin" // nothing was recorded before
)

// Bounds of what one change tells; the item itself has it all.
const (
	mostChanged = 4  // fields
	mostValue   = 90 // characters of a value
	mostDays    = 25 // to choose from
)

// Changes tells what is different since then, item by item: first what was
// wrong, then what the world did.
func (t Telling) Changes(since Since, at Leaf) Card {
	was := t
	was.Snapshot = since.From.In(t.Words.Tag())
	all := slices.DeleteFunc(briefings.Diff(since.From, t.Snapshot), func(d briefings.Difference) bool { return !in(since.Section, d) })
	title := "## " + t.say("changes.title", words.Args{
		"From": since.From.Rev, "Was": t.Day(since.From.RecordedAt), "To": t.Snapshot.Rev, "Now": t.Day(t.Snapshot.RecordedAt),
	})
	c := Card{Title: title + Filter{Section: since.Section}.about(t), Colour: Colour("")}
	if note := t.sinceNote(since); note != "" {
		c.Blocks = append(c.Blocks, Block{Lines: []Line{{Text: note, Keep: true}}})
	}
	c.Footer = append(t.FooterOf(nil), t.say("changes.open", words.Args{"Count": t.stillOpen(since.Section)}))
	c.Selects = []Select{t.sectionSelect(Filter{Section: since.Section}, at)}
	if len(all) == 0 {
		c.Blocks = append(c.Blocks, Block{Lines: []Line{{Text: t.say("changes.none", words.Args{"Rev": since.From.Rev, "Date": t.Day(since.From.RecordedAt)}), Keep: true}}})
		if !since.Looked.IsZero() {
			week := t.Now.AddDate(0, 0, -7).Format(time.DateOnly)
			c.Buttons = []Button{{Action: t.Link("changes", "since", week).Turn(), Label: t.Words.Say("button.week")}}
		}
		return c
	}
	if days := t.days(since.From, all); len(days.Options) > 0 {
		c.Selects = append(c.Selects, days)
	}
	return t.Paged(c, t.changeBlocks(was, all), at)
}

func (t Telling) sinceNote(since Since) Markup {
	switch {
	case !since.Looked.IsZero():
		return t.say("changes.looked", words.Args{"Date": t.Day(since.Looked)})
	case since.Note == FirstLook:
		return t.say("changes.first", words.Args{"Date": t.Day(since.From.RecordedAt)})
	case since.Note == LookAway:
		return t.say("changes.away", nil)
	case since.Note == SinceBegin:
		return t.say("changes.begin", words.Args{"Date": t.Day(t.Snapshot.Begin())})
	}
	return ""
}

// in reports whether the item is, or was, in the section.
func in(s *briefings.Section, d briefings.Difference) bool {
	for _, item := range []briefings.Item{d.New, d.Old} {
		if item != nil && (s == nil || slices.Contains(item.Head().Sections, s.Key()) || item.Head().ID == s.ID) {
			return true
		}
	}
	return false
}

func (t Telling) stillOpen(s *briefings.Section) int {
	n := 0
	for _, q := range briefings.All[*briefings.Question](t.Snapshot) {
		if q.State == briefings.OpenQuestion && t.keeps(Filter{Section: s}, q) {
			n++
		}
	}
	return n
}

// changeBlocks are the changes by what became of the items, what was wrong first.
func (t Telling) changeBlocks(was Telling, all []briefings.Difference) []Block {
	var blocks []Block
	for _, o := range []briefings.Outcome{
		briefings.OutcomeCorrected, briefings.OutcomeRetracted, briefings.OutcomeAmended, briefings.OutcomeAnswered,
		briefings.OutcomeAdded, briefings.OutcomeRestored,
	} {
		var lines []Line
		for _, d := range all {
			if d.Outcome == o {
				lines = append(lines, Line{Text: t.changeLine(was, d)})
			}
		}
		if len(lines) > 0 {
			blocks = append(blocks, Block{Heading: t.heading("changes."+o.String(), words.Args{"Count": len(lines)}), Lines: lines})
		}
	}
	var confirmed []Markup
	for _, d := range all {
		if d.Outcome == briefings.OutcomeConfirmed {
			confirmed = append(confirmed, t.Label(d.New))
		}
	}
	if n := len(confirmed); n > 0 {
		const shown = 12
		line := Join(confirmed[:min(shown, n)], ", ")
		if n > shown {
			line += " " + t.say("line.more", words.Args{"Count": n - shown})
		}
		blocks = append(blocks, Block{Heading: t.heading("changes.confirmed", words.Args{"Count": n}), Lines: []Line{{Text: line}}})
	}
	return blocks
}

// changeLine is one item with what became of its fields, and why.
func (t Telling) changeLine(was Telling, d briefings.Difference) Markup {
	item, by := d.New, t
	if item == nil {
		item, by = d.Old, was
	}
	line := "• " + Join([]Markup{t.Label(item), Escape(Clip(by.Summary(item), 2*mostValue))}, " ")
	for i, f := range d.Fields {
		if i == mostChanged {
			line += "\n  " + t.say("line.more", words.Args{"Count": len(d.Fields) - i})
			break
		}
		line += "\n  " + t.fieldChange(f)
	}
	last := d.Revisions[len(d.Revisions)-1]
	reason := last.Reason
	for _, r := range d.Revisions { // what was wrong has to be told, whatever came after
		if r.Op == briefings.OpCorrect {
			reason = r.Reason
		}
	}
	if reason != "" {
		line += "\n  " + t.say("changes.reason", words.Args{"Reason": reason, "Rev": last.Rev, "Date": t.Day(last.RecordedAt)})
	}
	if d.New == nil {
		return line
	}
	return Join(append([]Markup{line}, t.warnings(item.Head().ID, map[briefings.ID]bool{})...), " ")
}

// fieldChange is a field's old value, struck, and its new one.
func (t Telling) fieldChange(f briefings.FieldChange) Markup {
	before, after := Markup("–"), Markup("–")
	if f.Old != "" {
		before = Format("~~%s~~", Clip(t.labelled(f.Old), mostValue))
	}
	if f.New != "" {
		after = Escape(Clip(t.labelled(f.New), mostValue))
	}
	return Format("%s: ", t.FieldName(f.Name)) + before + " → " + after
}

// labelled is a field's value with the ids of items replaced by their labels.
func (t Telling) labelled(value string) string {
	words := strings.Split(value, ", ")
	for i, word := range words {
		if item := t.Snapshot.Item(briefings.ID(word)); item != nil {
			words[i] = item.Head().Ref()
		}
	}
	return strings.Join(words, ", ")
}

// days lets the reader see the briefing as it was known on a day of a change.
func (t Telling) days(from *briefings.Snapshot, all []briefings.Difference) Select {
	s := Select{Action: Telling{}.Link("brief").Pick("known"), Placeholder: t.Words.Say("changes.known")}
	seen := map[string]bool{}
	add := func(at time.Time) {
		value := at.UTC().Format(time.DateOnly)
		if !seen[value] && len(seen) < mostDays && !at.After(t.Now) {
			seen[value] = true
			s.Options = append(s.Options, Choice{Label: t.Day(at), Value: value})
		}
	}
	for _, d := range slices.Backward(all) { // the newest first
		for _, r := range slices.Backward(d.Revisions) {
			add(r.RecordedAt)
		}
	}
	add(from.RecordedAt)
	return s
}
