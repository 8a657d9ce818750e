package pictures

import (
	"slices"
	"strings"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

// mostTiles have room at a readable size.
const mostTiles = 4

// Tiles shows figures, each on its own: numbers of different units have no
// common axis.
type Tiles struct {
	Title string
	Tiles []Tile
	AsOf  string

	intro string
	words *words.Words
}

// A Tile is one figure, with who says so.
type Tile struct {
	Number     string
	Definition string
	Sign       string // of its status
	Said       string // its status in words, and by whom
	Warned     bool
}

// TilesOf are the first figures that c, a page of [cards.Telling.Figures], shows,
// those that sections lead with before others; nil where there is none that
// nobody contradicts.
func TilesOf(t cards.Telling, c cards.Card) Picture {
	var led []briefings.ID
	for _, s := range t.Snapshot.Sections() {
		led = append(led, s.Highlights...)
	}
	text := flat(c.Plain())
	var first, rest []Tile
	for _, f := range briefings.All[*briefings.Figure](t.Snapshot) {
		tile := tileOf(t, f)
		shown := strings.Contains(text, flat(tile.Sign+" "+tile.Number+" "+tile.Definition+" "+tile.Said+" "+f.Ref()))
		switch {
		case !shown || contested(t.Snapshot, f.ID):
		case slices.Contains(led, f.ID):
			first = append(first, tile)
		default:
			rest = append(rest, tile)
		}
	}
	all := append(first, rest...)
	if len(all) == 0 {
		return nil
	}
	p := &Tiles{Title: t.Words.Say("picture.tiles"), Tiles: all[:min(mostTiles, len(all))], words: t.Words}
	p.AsOf, _, _ = strings.Cut(footing(c), " · ")
	p.intro = t.Words.Say("picture.tiles_alt", words.Args{"Figures": len(p.Tiles), "AsOf": p.AsOf})
	return p
}

// tileOf words a figure as its line does.
func tileOf(t cards.Telling, f *briefings.Figure) Tile {
	tile := Tile{Number: t.Number(f), Definition: f.Definition, Warned: f.Caveat != "" || len(t.Snapshot.Conflicts(f.ID)) > 0}
	word := ""
	tile.Sign, word, _ = strings.Cut(t.Words.Say("status."+f.Status.String()), " ")
	if f.SaidBy == "" {
		tile.Said = t.Words.Say("line.unattributed", words.Args{"Status": word})
	} else {
		tile.Said = t.Words.Say("said_by."+f.Status.String(), words.Args{"Speaker": t.Snapshot.Name(f.SaidBy)})
	}
	return tile
}

// Alt says every tile.
func (p *Tiles) Alt() string {
	clauses := []string{p.intro}
	for _, tile := range p.Tiles {
		clause := strings.Join([]string{tile.Number, tile.Definition, tile.Said}, " ")
		if tile.Warned {
			clause += " " + p.words.Say("picture.warned")
		}
		clauses = append(clauses, clause)
	}
	return alt(p.words, clauses)
}

func (p *Tiles) name() string { return "figures" }

func (p *Tiles) facts() []string {
	facts := []string{p.AsOf}
	for _, tile := range p.Tiles {
		facts = append(facts, tile.Number, tile.Definition, tile.Said)
	}
	return facts
}

func (p *Tiles) draw(c *canvas) {
	c.title(p.Title)
	const gap, top, bottom = 16.0, 92.0, 606.0
	columns, rows := 2.0, float64((len(p.Tiles)+1)/2)
	if len(p.Tiles) == 1 {
		columns = 1
	}
	w, h := (wide-2*margin-gap*(columns-1))/columns, (bottom-top-gap*(rows-1))/rows
	for i, tile := range p.Tiles {
		column, row := float64(i%int(columns)), float64(i/int(columns))
		c.tile(box{margin + column*(w+gap), top + row*(h+gap), w, h}, tile)
	}
	c.foot(p.AsOf)
}

func (c *canvas) tile(b box, tile Tile) {
	c.frame(b, rule, 3)
	c.fill(box{b.x, b.y, 10, b.h}, blue)
	in := box{b.x + 30, b.y + 12, b.w - 48, b.h - 24}
	mark := ""
	if tile.Warned {
		mark = " ⚠"
	}
	third := in.h / 3
	c.text(box{in.x, in.y, in.w, third}, tile.Number+mark, setting{lettering: lettering{54, true}, ink: black, least: 30})
	c.text(box{in.x, in.y + third, in.w, third}, tile.Definition, setting{lettering: lettering{30, false}, ink: black})
	c.text(box{in.x, in.y + 2*third, in.w, third}, tile.Sign+" "+strings.TrimPrefix(tile.Said, "— "), setting{lettering: lettering{26, false}, ink: dim})
}
