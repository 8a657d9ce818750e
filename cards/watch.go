package cards

import (
	"slices"

	"sitrep/briefings"
	"sitrep/words"
)

// Watch lists the questions that are open, with what would answer them, and the
// flags that sections carry; with a status, the questions in that state.
func (t Telling) Watch(f Filter, at Leaf) Card {
	state := f.Status
	if state == "" {
		state = briefings.OpenQuestion.String()
	}
	questions := slices.DeleteFunc(briefings.All[*briefings.Question](t.Snapshot), func(q *briefings.Question) bool {
		return !t.keeps(f, q) || q.State.String() != state
	})
	c := Card{Title: "## " + t.say("watch.title."+state, words.Args{"Count": len(questions)}) + Filter{Section: f.Section}.about(t), Colour: Colour("")}
	c.Footer = append(t.FooterOf(idsOf(questions)), t.say("watch.flags", nil))
	c.Selects = []Select{t.sectionSelect(f, at)}
	blocks := []Block{{}, {}}
	for _, q := range questions {
		blocks[0].Lines = append(blocks[0].Lines, t.watched(q))
	}
	for _, s := range t.Snapshot.Sections() {
		if f.Section == nil || f.Section.ID == s.ID {
			blocks[1].Lines = append(blocks[1].Lines, t.flags(s)...)
		}
	}
	if len(questions) == 0 {
		c = t.none(c)
	}
	return t.Paged(c, blocks, at)
}

// watched is a question with what would answer it, until when, and by what it
// was answered.
func (t Telling) watched(q *briefings.Question) Line {
	line := Join([]Markup{Escape(q.Question), t.Label(q)}, " ")
	if q.WouldAnswer != "" && q.State == briefings.OpenQuestion {
		line += " → " + t.say("watch.look_for", words.Args{"What": q.WouldAnswer})
	}
	if !q.WatchDate.IsZero() {
		line += " " + t.say("watch.by", words.Args{"Date": t.Date(q.WatchDate)})
	}
	for _, id := range q.AnsweredBy {
		if answer := t.Line(id); answer != "" {
			line += "\n- " + answer
		}
	}
	return Line{Text: bulleted(Join([]Markup{line, t.caveat(q)}, " "))}
}
