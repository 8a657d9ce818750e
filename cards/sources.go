package cards

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// Sources lists where the items of a section come from, of the whole briefing
// where s is nil: each source with its grade in words and the labels of what it
// carries; of the whole briefing also those that carry nothing.
func (t Telling) Sources(s *briefings.Section, at Leaf) Card {
	c := Card{Title: "## " + t.say("sources.all", nil)}
	if s != nil {
		c.Title, c.Colour = "## "+t.say("sources.title", words.Args{"Title": strings.ToUpper(s.Title)}), Colour(s.Colour)
	}
	carried := map[briefings.ID][]string{}
	for _, item := range t.Snapshot.Items() {
		if h := item.Head(); s == nil || slices.Contains(h.Sections, s.Key()) {
			for _, cited := range h.Sources {
				carried[cited.Source] = append(carried[cited.Source], h.Ref())
			}
		}
	}
	block := Block{}
	var shown []briefings.ID
	for _, source := range briefings.All[*briefings.Source](t.Snapshot) {
		if labels := carried[source.ID]; s == nil || len(labels) > 0 {
			block.Lines = append(block.Lines, Line{Text: "• " + t.source(source, labels)})
			shown = append(shown, source.ID)
		}
	}
	c.Footer = t.FooterOf(shown)
	return t.Paged(c, []Block{block}, at)
}

func (t Telling) source(s *briefings.Source, labels []string) Markup {
	name := Format("**%s**", strings.TrimSpace(strings.TrimPrefix(s.Publisher+": "+s.Title, ": ")))
	if s.URL != "" {
		name += " " + link(s.URL)
	}
	grade := t.say("sources.grade", words.Args{"Letter": s.Grade().String(), "Words": t.Words.Say("sources." + s.Grade().String())})
	if len(labels) == 0 {
		return Join([]Markup{name, t.Label(s), grade}, " ")
	}
	const shown = 12
	list := strings.Join(labels[:min(shown, len(labels))], ", ")
	if more := len(labels) - shown; more > 0 {
		list += " " + t.Words.Say("line.more", words.Args{"Count": more})
	}
	used := t.say("sources.used", words.Args{"Refs": list})
	return Join([]Markup{name, t.Label(s), Join([]Markup{grade, used}, "; ")}, " ")
}
