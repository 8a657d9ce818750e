package cards

import (
	"slices"

	"sitrep/briefings"
	"sitrep/words"
)

// Timeline lists what happened, the newest last; what has no date stands at the
// end, pinned to no day.
func (t Telling) Timeline(f Filter, at Leaf) Card {
	var dated, undated []*briefings.Event
	for _, e := range briefings.All[*briefings.Event](t.Snapshot) {
		switch {
		case !t.keeps(f, e) || !f.dated(e.Valid) || e.Certainty == briefings.InferredDate: // those are no events yet
		case e.Valid.IsZero():
			undated = append(undated, e)
		default:
			dated = append(dated, e)
		}
	}
	slices.SortStableFunc(dated, func(a, b *briefings.Event) int { return a.Valid.Compare(b.Valid) })
	c := Card{Title: "## " + t.say("timeline.title", nil) + f.about(t), Colour: Colour("")}
	c.Footer = t.FooterOf(idsOf(append(slices.Clone(dated), undated...)))
	c.Footer = append(c.Footer, t.say("timeline.external", nil))
	c.Selects = []Select{t.sectionSelect(f, at)}
	if len(dated)+len(undated) == 0 {
		return t.none(c)
	}
	blocks := []Block{{}, {Heading: t.heading("timeline.undated", nil)}}
	for _, e := range dated {
		blocks[0].Lines = append(blocks[0].Lines, t.moment(e))
	}
	for _, e := range undated {
		blocks[1].Lines = append(blocks[1].Lines, t.moment(e))
	}
	return t.Paged(c, blocks, at)
}

// moment is an event on one line: when, what, and ⚠ with whatever a reader must
// be warned of.
func (t Telling) moment(e *briefings.Event) Line {
	line := Format("%s", e.Headline)
	if !e.Valid.IsZero() {
		when := t.Date(e.Valid)
		if e.Origin == briefings.External {
			when += "*"
		}
		line = Format("**%s** %s", when, e.Headline)
	}
	switch e.Happened {
	case briefings.Yes, briefings.Unknown:
	default:
		line += Format(" (%s)", t.Words.Say("happened."+e.Happened.String()))
	}
	return Line{Text: bulleted(Join([]Markup{line, t.Label(e), t.caveat(e), t.disputes(e.ID)}, " "))}
}

func idsOf[T briefings.Item](items []T) []briefings.ID {
	ids := make([]briefings.ID, len(items))
	for i, item := range items {
		ids[i] = item.Head().ID
	}
	return ids
}

// none says that a list is empty, which is an answer too.
func (t Telling) none(c Card) Card {
	c.Blocks = append(c.Blocks, Block{Lines: []Line{{Text: t.say("list.none", words.Args{}), Keep: true}}})
	return c
}
