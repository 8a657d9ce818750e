package cards

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/words"
)

// Positions shows who stands where, issue by issue: every side that takes a
// position at all is named under every issue, and silence is called that.
func (t Telling) Positions(at Leaf) Card {
	issues, sides := t.Issues(), t.Sides()
	c := Card{Title: "## " + t.say("positions.title", nil), Colour: Colour("")}
	all := briefings.All[*briefings.Position](t.Snapshot)
	c.Footer = append(t.FooterOf(idsOf(all)), t.say("positions.silent", nil))
	if len(issues) == 0 {
		return t.none(c)
	}
	if gap := t.widest(issues); gap != "" {
		c.Blocks = []Block{{Lines: []Line{{Text: "**" + gap + "**", Keep: true}}}}
	}
	pick := Select{Action: at.Link.Pick("issue"), Placeholder: t.Words.Say("positions.pick")}
	var block Block
	for _, issue := range issues {
		pick.Options = append(pick.Options, Choice{Label: Clip(issue, 100), Value: Clip(issue, mostTyped)})
		var cells []Markup
		for _, side := range sides {
			if cell := t.cell(issue, side); cell != "" {
				cells = append(cells, cell)
			}
		}
		block.Lines = append(block.Lines, Line{Text: t.lead(Escape(issue)) + Join(cells, " · ")})
	}
	pick.Options = pick.Options[:min(25, len(pick.Options))]
	c.Selects = []Select{pick}
	return t.Paged(c, []Block{block}, at)
}

// cell is where one side stands on an issue: the signs and words of its
// positions, or that none is stated. Where one of them is contested, the cell
// begins with that, as it does in the picture.
func (t Telling) cell(issue, side string) Markup {
	var stances []Markup
	var contested Markup
	for _, p := range t.On(issue) {
		if t.side(p.Actor) != side {
			continue
		}
		if t.openConflict(p.ID) {
			contested = t.say("positions.contested", nil)
		}
		said := t.say("stance."+p.Stance.String(), nil) + " " + t.Label(p)
		if p.Caveat != "" {
			said += " ⚠"
		}
		stances = append(stances, said)
	}
	if len(stances) == 0 {
		stances = append(stances, t.say("stance.not_stated", nil))
	}
	stands := Join(stances, ", ")
	if contested != "" {
		stands = contested + " (" + stands + ")"
	}
	return Escape(side) + " " + stands
}

// On are the positions on an issue, in label order.
func (t Telling) On(issue string) []*briefings.Position {
	return slices.DeleteFunc(briefings.All[*briefings.Position](t.Snapshot), func(p *briefings.Position) bool { return p.Issue != issue })
}

// Issues are the issues that positions are taken on, those that most sides
// speak to first.
func (t Telling) Issues() []string {
	sides := map[string]map[string]bool{}
	var issues []string
	for _, p := range briefings.All[*briefings.Position](t.Snapshot) {
		if sides[p.Issue] == nil {
			sides[p.Issue] = map[string]bool{}
			issues = append(issues, p.Issue)
		}
		sides[p.Issue][t.side(p.Actor)] = true
	}
	slices.SortStableFunc(issues, func(a, b string) int { return len(sides[b]) - len(sides[a]) })
	return issues
}

// widest names the issue that most sides stand against each other on, empty
// where nobody does.
func (t Telling) widest(issues []string) Markup {
	var gap Markup
	most := 1
	for _, issue := range issues {
		sides := map[briefings.Stance][]string{}
		for _, p := range t.On(issue) {
			if side := t.side(p.Actor); side != "" && !slices.Contains(sides[p.Stance], side) {
				sides[p.Stance] = append(sides[p.Stance], side)
			}
		}
		against, in := sides[briefings.Opposes], sides[briefings.Supports]
		if len(against) == 0 || len(in) == 0 || len(against)+len(in) <= most {
			continue
		}
		most = len(against) + len(in)
		gap = t.say("positions.gap", words.Args{"Issue": issue, "Against": strings.Join(against, ", "), "For": strings.Join(in, ", ")})
	}
	return gap
}

// Issue shows the positions on one issue with their wording, who says so and
// what they rest on.
func (t Telling) Issue(issue string, at Leaf) Card {
	c := Card{Title: Format("## %s", strings.ToUpper(issue)), Colour: Colour("")}
	positions := t.On(issue)
	c.Footer = append(t.FooterOf(idsOf(positions)), t.say("positions.silent", nil))
	told := map[briefings.ID]bool{}
	var block Block
	for _, p := range positions {
		line := Format("**%s** %s: %s", t.Snapshot.Name(p.Actor), t.Words.Say("stance."+p.Stance.String()), p.Text)
		if p.Conditions != "" {
			line += " " + t.say("positions.condition", words.Args{"Condition": strings.TrimSuffix(p.Conditions, ".")})
		}
		line = Join(append([]Markup{line, t.Label(p)}, append(t.warnings(p.ID, told), t.marks(p.ID))...), " ")
		for _, id := range p.Statements {
			if s, ok := t.Snapshot.Item(id).(*briefings.Statement); ok {
				line += "\n- " + Join([]Markup{t.statement(s), t.Label(s), t.caveat(s)}, " ")
			}
		}
		block.Lines = append(block.Lines, Line{Text: bulleted(line)})
	}
	var silent []string
	for _, side := range t.Sides() {
		if !slices.ContainsFunc(positions, func(p *briefings.Position) bool { return t.side(p.Actor) == side }) {
			silent = append(silent, side)
		}
	}
	if len(silent) > 0 {
		block.Lines = append(block.Lines, Line{Text: "• " + t.say("positions.not_stated", words.Args{"Sides": strings.Join(silent, ", ")})})
	}
	c.Buttons = []Button{{Action: t.Link("positions").Turn(), Label: t.Words.Say("button.positions")}}
	return t.Paged(c, []Block{block}, at)
}
