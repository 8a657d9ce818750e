package pictures

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// What a matrix has room for at a readable size.
const (
	mostIssues = 7
	mostSides  = 5
)

// A Matrix shows which side stands where on which issue. It counts nothing
// together and sets no side above another.
type Matrix struct {
	Title  string
	Sides  []string
	Rows   []MatrixRow
	AsOf   string
	Silent string // what the hatching means

	intro string
	words *words.Words
}

// A MatrixRow is one issue, with a cell for each side.
type MatrixRow struct {
	Issue string
	Cells []MatrixCell
}

// A MatrixCell is where one side stands: several stances where its speakers
// differ, none where it is silent.
type MatrixCell struct {
	Stances   []briefings.Stance
	Said      []string // the sign and the word of each stance: "+ for"
	Warned    bool     // the card has a ⚠ there
	Contested string   // "⚠ contested" where what is recorded contradicts itself; nothing else is said then
}

// MatrixOf is the matrix of the issues that c, a page of [cards.Telling.Positions],
// shows; nil where it shows none.
func MatrixOf(t cards.Telling, c cards.Card) Picture {
	sides := t.Sides()
	sides = sides[:min(mostSides, len(sides))]
	m := &Matrix{Title: t.Words.Say("picture.matrix"), Sides: sides, Silent: t.Words.Say("positions.silent"), words: t.Words}
	on := map[string][]*briefings.Position{}
	var ids []briefings.ID
	for _, p := range briefings.All[*briefings.Position](t.Snapshot) {
		on[p.Issue] = append(on[p.Issue], p)
		ids = append(ids, p.ID)
	}
	lines := strings.Split(c.Plain(), "\n")
	for _, issue := range t.Issues() {
		start := flat(t.Words.Say("line.lead", words.Args{"Lead": issue}))
		shown := slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(flat(l), start) })
		if !shown || len(m.Rows) == mostIssues {
			continue
		}
		row := MatrixRow{Issue: issue}
		for _, side := range sides {
			row.Cells = append(row.Cells, cellOf(t, on[issue], side))
		}
		m.Rows = append(m.Rows, row)
	}
	if len(m.Rows) == 0 || len(m.Sides) == 0 {
		return nil
	}
	m.AsOf = t.AsOf(ids)
	m.intro = t.Words.Say("picture.matrix_alt", words.Args{"Sides": len(m.Sides), "Issues": len(m.Rows), "AsOf": m.AsOf})
	return m
}

// cellOf is where side stands among the positions on an issue.
func cellOf(t cards.Telling, on []*briefings.Position, side string) MatrixCell {
	var cell MatrixCell
	for _, p := range on {
		a, _ := t.Snapshot.Item(p.Actor).(*briefings.Actor)
		switch {
		case a == nil || a.Side != side:
			continue
		case contested(t.Snapshot, p.ID):
			return MatrixCell{Contested: t.Words.Say("positions.contested"), Warned: true}
		}
		cell.Warned = cell.Warned || p.Caveat != ""
		if p.Stance == briefings.NotStated || slices.Contains(cell.Stances, p.Stance) {
			continue
		}
		cell.Stances = append(cell.Stances, p.Stance)
		cell.Said = append(cell.Said, t.Words.Say("stance."+p.Stance.String()))
	}
	if len(cell.Said) == 0 {
		cell.Said = []string{t.Words.Say("stance.not_stated")}
	}
	return cell
}

// contested reports whether an item is a member of a conflict that nobody has
// settled.
func contested(s *briefings.Snapshot, id briefings.ID) bool {
	return slices.ContainsFunc(s.Conflicts(id), func(x *briefings.Conflict) bool { return x.State == briefings.OpenConflict })
}

// Alt says the matrix row by row.
func (m *Matrix) Alt() string {
	clauses := []string{m.intro}
	for _, row := range m.Rows {
		var said []string
		for i, cell := range row.Cells {
			stands := make([]string, 0, 1)
			for _, s := range cell.says() {
				stands = append(stands, unsigned(s))
			}
			one := m.Sides[i] + " " + strings.Join(stands, " / ")
			if cell.Warned && cell.Contested == "" {
				one += " " + m.words.Say("picture.warned")
			}
			said = append(said, one)
		}
		clauses = append(clauses, row.Issue+": "+strings.Join(said, ", "))
	}
	return alt(m.words, append(clauses, m.Silent))
}

// says is what the cell says: that it is contested, or where the side stands.
func (m MatrixCell) says() []string {
	if m.Contested != "" {
		return []string{m.Contested}
	}
	return m.Said
}

// unsigned is a phrase without the sign before its words.
func unsigned(phrase string) string {
	if sign, rest, ok := strings.Cut(phrase, " "); ok && len([]rune(sign)) == 1 {
		return rest
	}
	return phrase
}

func (m *Matrix) name() string { return "positions" }

func (m *Matrix) facts() []string {
	facts := append([]string{m.AsOf, m.Silent}, m.Sides...)
	for _, row := range m.Rows {
		facts = append(facts, row.Issue)
		for i, cell := range row.Cells {
			said := cell.says()
			facts = append(facts, said...)
			if len(said) == 1 {
				facts = append(facts, m.Sides[i]+" "+said[0])
			}
		}
	}
	return facts
}

func (m *Matrix) draw(c *canvas) {
	c.text(box{margin, 20, wide - 2*margin - 420, 56}, m.Title, setting{lettering: lettering{38, true}, ink: black, least: 28})
	const left, top = 300.0, 150.0
	column := (wide - 2*margin - left) / float64(len(m.Sides))
	height := min(76, (high-top-64)/float64(len(m.Rows)))
	for i, side := range m.Sides {
		at := box{margin + left + float64(i)*column, 88, column, 56}
		c.badge(badgeOf(i), at.x+26, at.y+28, 14)
		c.text(box{at.x + 48, at.y, at.w - 54, at.h}, side, setting{lettering: lettering{30, true}, ink: black})
	}
	for r, row := range m.Rows {
		y := top + float64(r)*height
		c.text(box{margin, y + 2, left - 14, height - 4}, row.Issue, setting{lettering: lettering{28, true}, ink: black})
		for i, cell := range row.Cells {
			c.cell(box{margin + left + float64(i)*column, y, column, height}.inner(3), cell)
		}
	}
	c.text(box{wide - margin - 400, 20, 400, 56}, m.AsOf, setting{lettering: lettering{body, false}, ink: dim, centre: true})
	c.hatch(box{margin, high - 50, 44, 32})
	c.text(box{margin + 56, high - 52, wide - 2*margin - 56, 36}, m.Silent, setting{lettering: lettering{body, false}, ink: dim})
}

// cell draws one cell: a ground, and the sign with its word on it.
func (c *canvas) cell(b box, m MatrixCell) {
	on, mark := white, ""
	if m.Warned {
		mark = " ⚠"
	}
	switch {
	case m.Contested != "":
		c.fill(b, yellow)
		c.frame(b, black, 3)
		c.text(b.inner(4), m.Contested, setting{lettering: lettering{28, true}, ink: black, centre: true})
		return
	case len(m.Stances) == 0:
		c.hatch(b)
		c.fill(box{b.x + b.w/2 - 24, b.y + b.h/2 - 20, 48, 40}, white)
		sign, _, _ := strings.Cut(m.Said[0], " ")
		c.text(b.inner(4), sign+mark, setting{lettering: lettering{30, true}, ink: dim, centre: true})
		return
	case len(m.Stances) == 1:
		on = ground(m.Stances[0])
	}
	c.fill(b, on)
	if on == white {
		c.frame(b, dim, 3)
	}
	c.text(b.inner(4), strings.Join(m.Said, " / ")+mark, setting{lettering: lettering{30, true}, ink: on.on(), centre: true})
}
