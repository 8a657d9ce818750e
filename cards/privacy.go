package cards

import (
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// The actions below what is kept of a person.
const (
	ActionPrivacy  = "privacy-show" // shows it
	ActionEraseAsk = "privacy-ask"  // asks whether to erase it
	ActionErase    = "privacy-erase"
)

// Here is the desk where somebody asks, and what its server is called; no name
// where they ask in the server itself.
type Here struct {
	Desk briefings.DeskID
	Name string
}

// Privacy shows what is kept of one person, by server, and for how long. The
// note is the id of the phrase that says what was just done, empty for none.
func (t Telling) Privacy(all []briefings.Footprint, here Here, note string) Card {
	c := Card{Title: "## " + t.say("privacy.title", nil), Colour: Colour("")}
	kept := Block{}
	if note != "" {
		kept.Lines = append(kept.Lines, Line{Text: "✓ " + t.say(note, nil), Keep: true})
	}
	if len(all) == 0 {
		kept.Lines = append(kept.Lines, Line{Text: t.say("privacy.nothing", nil), Keep: true})
	}
	found := map[briefings.Trace]bool{}
	for _, f := range all {
		var parts []string
		for _, trace := range briefings.AllTraces() {
			if n := f.Traces[trace]; n > 0 {
				found[trace] = true
				parts = append(parts, t.Words.Say("privacy.trace_"+string(trace), words.Args{"Count": n}))
			}
		}
		line := Format("• **%s:** %s", t.server(f.Desk, here), strings.Join(parts, ", "))
		kept.Lines = append(kept.Lines, Line{Text: line, Keep: f.Desk == here.Desk})
	}
	long := Block{Heading: t.heading("privacy.how_long", nil)}
	for _, trace := range briefings.AllTraces() {
		if found[trace] {
			long.Lines = append(long.Lines, Line{Text: "• " + t.say("privacy.kept_"+string(trace), nil), Keep: true})
		}
	}
	c.Blocks = []Block{kept, long}
	if len(all) > 0 {
		c.Buttons = []Button{{Action: ActionEraseAsk, Label: t.Words.Say("privacy.erase")}}
	}
	c.Footer = []Markup{t.say("privacy.footer", nil)}
	return c
}

// server names only the server where somebody asks: others they may have left.
func (t Telling) server(desk briefings.DeskID, here Here) string {
	switch {
	case desk == briefings.Catalogue:
		return t.Words.Say("privacy.bundled")
	case desk != here.Desk:
		return t.Words.Say("privacy.elsewhere", words.Args{"ID": string(desk)})
	case here.Name != "":
		return here.Name
	}
	return t.Words.Say("privacy.here")
}

// EraseAsk says what is lost, and asks whether to go on.
func (t Telling) EraseAsk() Card {
	b := Block{}
	for _, phrase := range []string{"privacy.goes", "privacy.stays", "privacy.anew"} {
		b.Lines = append(b.Lines, Line{Text: "• " + t.say(phrase, nil), Keep: true})
	}
	return Card{
		Title: "## ⚠ " + t.say("privacy.sure", nil), Colour: Colour(""), Blocks: []Block{b},
		Buttons: []Button{
			{Action: ActionErase, Label: t.Words.Say("privacy.yes")},
			{Action: ActionPrivacy, Label: t.Words.Say("privacy.no")},
		},
	}
}
