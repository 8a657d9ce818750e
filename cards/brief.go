package cards

import (
	"slices"
	"strings"

	"sitrep/briefings"
)

// Brief is the whole briefing on one screen: the bottom line of every section
// with its trend, and the next key date.
func (t Telling) Brief() Card {
	c := Card{Title: "## " + t.say("brief.title", nil), Colour: Colour("")}
	var block Block
	var ids []briefings.ID
	for _, s := range t.Snapshot.Sections() {
		block.Lines = append(block.Lines, Line{Text: "**" + t.Heading(s) + "** `/" + Escape(s.CommandIn(t.Words.Tag())) + "`\n" + t.Bluf(s)})
		ids = append(append(ids, s.Highlights...), s.Watch...)
	}
	c.Blocks = []Block{block}
	if next := t.NextDate(); next != nil {
		c.Blocks = append(c.Blocks, Block{Lines: []Line{{Text: "• " + t.Countdown(next) + " " + t.Label(next)}}})
	}
	c.Blocks = append(c.Blocks, Block{Lines: t.tracks()})
	c.Footer = t.FooterOf(ids)
	if len(block.Lines) == 0 {
		return t.none(c)
	}
	pick := Select{Action: t.Link("brief").Pick("section"), Placeholder: t.Words.Say("brief.pick")}
	sections := t.Snapshot.Sections()
	for _, s := range sections[:min(mostOptions, len(sections))] {
		pick.Options = append(pick.Options, Choice{Label: Clip(s.Title, 100), Value: s.Command})
	}
	c.Selects = []Select{pick}
	return c.Fit(MostText, t.Words)
}

// Deeper is everything a section holds, by kind, page by page.
func (t Telling) Deeper(s *briefings.Section, at Leaf) Card {
	c := Card{Title: "## " + t.Heading(s), Colour: Colour(s.Colour)}
	first := t.Bluf(s)
	if s.Retired != nil {
		first = t.retirement(s)
	}
	c.Blocks = []Block{{Lines: []Line{{Text: first, Keep: true}}}}
	var blocks []Block
	var ids []briefings.ID
	for _, part := range []struct {
		kind    briefings.Kind
		heading string
	}{
		{briefings.KindEvent, "kind.event"},
		{briefings.KindFigure, "kind.figure"},
		{briefings.KindPosition, "kind.position"},
		{briefings.KindStatement, "kind.statement"},
		{briefings.KindPlan, "kind.plan"},
		{briefings.KindAssessment, "kind.assessment"},
		{briefings.KindQuestion, "kind.question"},
	} {
		var of []briefings.ID
		for _, item := range t.Snapshot.Items() {
			if h := item.Head(); h.ID.Kind() == part.kind && slices.Contains(h.Sections, s.Key()) {
				of = append(of, h.ID)
			}
		}
		blocks = append(blocks, Block{Heading: t.heading(part.heading, nil), Lines: t.Lines(of)})
		ids = append(ids, of...)
	}
	c.Footer = t.FooterOf(ids)
	c.Buttons = []Button{
		{Action: t.Link(s.Command).Turn(), Label: t.Words.Say("button.overview")},
		{Action: t.Link("sources", "section", s.Command).Open(), Label: t.Words.Say("button.sources")},
	}
	at.Room = MostText / 2 // whoever goes deeper wants to read
	return t.Paged(c, blocks, at)
}

// Help says what can be asked, what moderators can do if they ask, and what the
// signs mean.
func (t Telling) Help(commands, moderating []Choice) Card {
	c := Card{Title: "## " + t.say("help.title", nil), Colour: Colour("")}
	c.Blocks = []Block{{Lines: []Line{{Text: t.say("help.about", nil), Keep: true}}}, {}, {Heading: t.heading("legend.title", nil), Lines: t.legend()}}
	for _, command := range commands {
		c.Blocks[1].Lines = append(c.Blocks[1].Lines, Line{Text: Format("`/%s` %s", command.Value, command.Label)})
	}
	if len(moderating) > 0 {
		theirs := Block{Heading: t.heading("help.moderators", nil)}
		for _, command := range moderating {
			theirs.Lines = append(theirs.Lines, Line{Text: Format("`/%s` %s", command.Value, command.Label)})
		}
		c.Blocks = append(c.Blocks[:2], theirs, c.Blocks[2])
	}
	c.Footer = []Markup{t.say("help.footer", nil)}
	return c.Fit(MostText, t.Words)
}

// Legend says what the signs mean, for whoever met them on a screen.
func (t Telling) Legend() Card {
	return Card{Title: "## " + t.say("legend.title", nil), Colour: Colour(""), Blocks: []Block{{Lines: t.legend()}}}.Fit(MostText, t.Words)
}

func (t Telling) legend() []Line {
	var lines []Line
	for _, id := range []string{
		"legend.status", "legend.caveat", "legend.change", "legend.stance", "legend.trend", "legend.grade", "legend.likelihood",
		"legend.stale", "legend.ref",
	} {
		lines = append(lines, Line{Text: "• " + t.say(id, nil)})
	}
	return lines
}

// general are the buttons that most screens end with.
func (t Telling) general(section string) []Button {
	buttons := []Button{{Action: t.Link("sources", "section", section).Open(), Label: t.Words.Say("button.sources")}}
	return append(buttons, Button{Action: t.Link("help", "topic", "legend").Open(), Label: t.Words.Say("button.legend")})
}

// names joins what is called so for people.
func (t Telling) names(ids []briefings.ID) string {
	var all []string
	for _, id := range ids {
		if id != "" {
			all = append(all, t.Snapshot.Name(id))
		}
	}
	return strings.Join(all, ", ")
}
