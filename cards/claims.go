package cards

import (
	"slices"

	"sitrep/briefings"
	"sitrep/words"
)

// Claims shows who said what and whether it holds: the statements that the
// filter keeps, and without one the conflicts with both sides, those that are
// settled last.
func (t Telling) Claims(f Filter, at Leaf) Card {
	statements := slices.DeleteFunc(briefings.All[*briefings.Statement](t.Snapshot), func(s *briefings.Statement) bool {
		return !t.keeps(f, s) || (f.Status != "" && s.Truth.String() != f.Status)
	})
	c := Card{Title: "## " + t.say("claims.title", words.Args{"Count": len(statements)}) + f.about(t), Colour: Colour("")}
	c.Footer = append(t.FooterOf(idsOf(statements)), t.say("claims.legend", nil))
	c.Selects = []Select{t.sectionSelect(f, at), t.speakerSelect(f, at)}
	blocks := []Block{
		{Heading: t.heading("claims.contested", nil)},
		{Heading: t.heading("claims.said", nil), Lines: t.Lines(idsOf(statements))},
		{Heading: t.heading("claims.settled", nil)},
	}
	for _, x := range t.disputed(f) {
		into := &blocks[0]
		if x.State != briefings.OpenConflict {
			into = &blocks[2]
		}
		into.Lines = append(into.Lines, t.conflict(x))
	}
	if len(blocks[0].Lines)+len(statements)+len(blocks[2].Lines) == 0 {
		return t.none(c)
	}
	return t.Paged(c, blocks, at)
}

// disputed are the conflicts that stand beside the statements that f keeps: all
// of its section, none where it is about one speaker, side or status.
func (t Telling) disputed(f Filter) []*briefings.Conflict {
	if f.Speaker != "" || f.Status != "" || f.Side != "" {
		return nil
	}
	return slices.DeleteFunc(briefings.All[*briefings.Conflict](t.Snapshot), func(x *briefings.Conflict) bool {
		return f.Section != nil && !slices.Contains(x.Sections, f.Section.Key())
	})
}

// conflict is a conflict on a few lines: what is contested, who holds what, and
// where it stands.
func (t Telling) conflict(x *briefings.Conflict) Line {
	text := Format("⚠ **%s** %s", x.Text, t.Label(x))
	for _, m := range x.Members {
		if item := t.Snapshot.Item(m); item != nil {
			text += "\n- " + Join([]Markup{t.core(item), t.Label(item), t.caveat(item)}, " ")
		}
	}
	var state Markup
	if x.State == briefings.Preferred {
		state = t.say("conflict.preferred", words.Args{"Rival": t.short(x.Preferred)})
	} else {
		state = t.say("conflict.state."+x.State.String(), nil)
	}
	text += "\n→ " + state
	if x.Rationale != "" {
		text = t.say("line.lead", words.Args{"Lead": text}) + " " + Escape(x.Rationale)
	}
	return Line{Text: text}
}

// speakerSelect lets the reader narrow statements to one speaker.
func (t Telling) speakerSelect(f Filter, at Leaf) Select {
	var choices []Choice
	for _, id := range t.Speakers() {
		choices = append(choices, Choice{Label: Clip(t.Snapshot.Name(id), 100), Value: string(id), Chosen: id == f.Speaker})
	}
	return t.selection(at.Link.Pick("speaker"), "filter.speaker", choices)
}

// Speakers are those with statements, who said most first.
func (t Telling) Speakers() []briefings.ID {
	count := map[briefings.ID]int{}
	var all []briefings.ID
	for _, s := range briefings.All[*briefings.Statement](t.Snapshot) {
		if s.Speaker == "" {
			continue
		}
		if count[s.Speaker] == 0 {
			all = append(all, s.Speaker)
		}
		count[s.Speaker]++
	}
	slices.SortStableFunc(all, func(a, b briefings.ID) int { return count[b] - count[a] })
	return all
}
