package cards

import (
	"sitrep/briefings"
	"sitrep/words"
)

// ActionLog turns the pages of a desk's log, and ActionLogTable gives it as a
// table.
const (
	ActionLog      = "desk-log"
	ActionLogTable = "desk-log-table"
)

// Logged is one thing that somebody did to a desk: a revision of an item, or a
// change of a setting where that isn't nil.
type Logged struct {
	briefings.Revision
	Setting *briefings.SettingChange
}

// Log lists who did what to a desk, when and why. The entries come newest first.
func (t Telling) Log(entries []Logged, at Leaf) Card {
	c := Card{Title: "## " + t.say("log.title", words.Args{"Count": len(entries)}), Colour: Colour("")}
	if len(entries) == 0 {
		c.Blocks = []Block{{Lines: []Line{{Text: t.say("log.none", nil), Keep: true}}}}
		return c
	}
	c.Buttons = []Button{{Action: at.Link.For(ActionLogTable), Label: t.Words.Say("button.table")}}
	b := Block{}
	for _, e := range entries {
		b.Lines = append(b.Lines, Line{Text: t.logged(e)})
	}
	at.Action = ActionLog
	return t.Paged(c, []Block{b}, at)
}

func (t Telling) logged(e Logged) Markup {
	if e.Setting != nil {
		return Format("• %s %s: %s", Instant(e.Setting.RecordedAt, "f"), t.Person(e.Setting.By), t.settingChange(*e.Setting))
	}
	what := t.say("item.revision", words.Args{"Rev": e.Rev, "Date": Instant(e.RecordedAt, "f"), "What": t.Words.Say("op." + string(e.Op))})
	line := Join([]Markup{"•", what, t.Label(e.Item), Escape(Clip(t.Summary(e.Item), mostValue)), t.Person(e.RecordedBy)}, " ")
	if e.ApprovedBy != "" {
		line += " " + t.say("log.approved", words.Args{"Who": t.Person(e.ApprovedBy)})
	}
	if e.Reason != "" {
		line += "\n  " + Format("“%s”", e.Reason)
	}
	return line
}
