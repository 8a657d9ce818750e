package cards

import (
	"slices"
	"strconv"

	"sitrep/briefings"
	"sitrep/words"
)

// Sought is a search and what came of it.
type Sought struct {
	Query briefings.Query
	Found briefings.Results
	// Others counts the hits by kind, and by section, with the filter of that
	// name left out, so that another value of it can be chosen.
	Others  briefings.Facets
	Left    int    // hits that the filters leave out, where they leave none
	Nearest string // the label that was meant; empty where none is near
	Kept    bool   // whether moderators get the question
}

// Search lists the items that were found, best first.
func (t Telling) Search(s Sought, at Leaf) Card {
	c := Card{Title: t.searchTitle(s), Colour: Colour("")}
	var ids []briefings.ID
	block := Block{}
	for i, hit := range s.Found.Hits {
		h := hit.Item.Head()
		ids = append(ids, h.ID)
		line := Format("**%d** %s · ", i+1, t.Words.Say("kind.one."+string(h.ID.Kind()))) + t.Line(h.ID)
		block.Lines = append(block.Lines, Line{Text: line})
	}
	c.Footer = t.FooterOf(ids)
	if more := s.Found.Total - len(ids); more > 0 {
		c.Footer = append(c.Footer, t.say("search.first", words.Args{"Count": len(ids)}))
	}
	for _, facet := range []Select{t.kindSelect(s, at), t.foundIn(s, at)} {
		if len(facet.Options) > 0 {
			c.Selects = append(c.Selects, facet)
		}
	}
	c.Blocks = t.instead(s)
	c.Buttons = t.insteadButtons(s)
	return t.Paged(c, []Block{block}, at)
}

func (t Telling) searchTitle(s Sought) Markup {
	parts := []Markup{"## " + t.say("search.title", words.Args{"Text": s.Query.Text, "Count": s.Found.Total})}
	if s.Query.Kind != "" {
		parts = append(parts, t.say("kind.one."+string(s.Query.Kind), nil))
	}
	if section := t.keyed(s.Query.Section); section != nil {
		parts = append(parts, Escape(section.Title))
	}
	if s.Query.Status != "" {
		parts = append(parts, Escape(t.choice(s.Query.Status)))
	}
	if s.Query.Source != "" {
		parts = append(parts, Escape(t.Snapshot.Name(s.Query.Source)))
	}
	return Join(parts, " · ")
}

// instead says what was not found, and what may have been meant.
func (t Telling) instead(s Sought) []Block {
	block := Block{}
	add := func(line Markup) { block.Lines = append(block.Lines, Line{Text: line, Keep: true}) }
	switch {
	case s.Found.Total == 0 && s.Left > 0:
		add(t.say("search.filtered", words.Args{"Count": s.Left}))
	case s.Found.Total == 0:
		add(t.say("search.none", words.Args{"Text": s.Query.Text}))
	}
	if s.Nearest != "" {
		add(t.say("search.nearest", words.Args{"Ref": s.Nearest}))
	}
	if len(s.Found.Instead) > 0 {
		var meant []Markup
		for _, word := range s.Found.Instead {
			meant = append(meant, Format("**%s**", Clip(word, 60)))
		}
		add(t.say("search.meant", nil) + " " + Join(meant, ", "))
	}
	if s.Kept {
		add(t.say("search.kept", nil))
	}
	if len(block.Lines) == 0 {
		return nil
	}
	return []Block{block}
}

// insteadButtons look for what may have been meant, or without filters.
func (t Telling) insteadButtons(s Sought) []Button {
	var all []Button
	if s.Left > 0 {
		all = append(all, Button{Action: t.Link("search", "query", s.Query.Text).Turn(), Label: t.Words.Say("button.unfiltered")})
	}
	for _, word := range s.Found.Instead {
		if b := (Button{Action: t.Link("search", "query", word).Turn(), Label: Clip(word, 60)}); !slices.Contains(all, b) {
			all = append(all, b)
		}
	}
	if s.Nearest != "" {
		all = append(all, Button{Action: t.Link("item", "ref", s.Nearest).Open(), Label: s.Nearest})
	}
	return all
}

// kindSelect narrows a search to one kind.
func (t Telling) kindSelect(s Sought, at Leaf) Select {
	var choices []Choice
	for _, n := range s.Others.Kind {
		choices = append(choices, Choice{Label: counted(t.Words.Say("kind.one."+n.Value), n.N), Value: n.Value, Chosen: string(s.Query.Kind) == n.Value})
	}
	return t.selection(at.Link.Pick("kind"), "search.kind", choices)
}

// foundIn narrows a search to one section.
func (t Telling) foundIn(s Sought, at Leaf) Select {
	var choices []Choice
	for _, n := range s.Others.Section {
		if section := t.keyed(n.Value); section != nil {
			choices = append(choices, Choice{Label: counted(section.Title, n.N), Value: section.Command, Chosen: s.Query.Section == n.Value})
		}
	}
	return t.selection(at.Link.Pick("section"), "search.section", choices)
}

func counted(label string, n int) string { return Clip(label, 90) + " (" + strconv.Itoa(n) + ")" }

// keyed is the section with that key, nil where there is none.
func (t Telling) keyed(key string) *briefings.Section {
	s, _ := t.Snapshot.Item(briefings.SectionID(key)).(*briefings.Section)
	return s
}
