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
	Rival      string // what else is given for it, where that is settled
	Warned     bool

	place int // in the card's text
}

// TilesOf are the first figures that c, a page of [cards.Telling.Figures], shows,
// in its order; nil where there is none that nobody contradicts.
func TilesOf(t cards.Telling, c cards.Card) Picture {
	text := flat(c.Plain())
	var all []Tile
	for _, f := range briefings.All[*briefings.Figure](t.Snapshot) {
		tile := tileOf(t, f)
		tile.place = strings.Index(text, flat(tile.Sign+" "+tile.Number+" "+tile.Definition+" "+tile.Said+" "+f.Ref()))
		if tile.place < 0 || contested(t.Snapshot, f.ID) {
			continue
		}
		all = append(all, tile)
	}
	slices.SortStableFunc(all, func(a, b Tile) int { return a.place - b.place })
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
	tile := Tile{Number: t.Number(f), Definition: f.Definition, Rival: rivalOf(t, f)}
	tile.Warned = f.Caveat != "" || tile.Rival != ""
	word := ""
	tile.Sign, word, _ = strings.Cut(t.Words.Say("status."+f.Status.String()), " ")
	if f.SaidBy == "" {
		tile.Said = t.Words.Say("line.unattributed", words.Args{"Status": word})
	} else {
		tile.Said = t.Words.Say("said_by."+f.Status.String(), words.Args{"Speaker": t.Snapshot.Name(f.SaidBy)})
	}
	return tile
}

// rivalOf words what else is given for a figure where that is settled, as its
// line does.
func rivalOf(t cards.Telling, f *briefings.Figure) string {
	var all []string
	for _, x := range t.Snapshot.Conflicts(f.ID) {
		if x.State != briefings.Preferred {
			continue
		}
		phrase, others := "conflict.preferred", []briefings.ID{x.Preferred}
		if x.Preferred == f.ID {
			phrase, others = "conflict.variant", slices.DeleteFunc(slices.Clone(x.Members), func(id briefings.ID) bool { return id == f.ID })
		}
		var names []string
		for _, id := range others {
			switch rival := t.Snapshot.Item(id).(type) {
			case nil:
			case *briefings.Figure:
				names = append(names, t.Number(rival)+" "+rival.Ref())
			default:
				names = append(names, rival.Head().Ref())
			}
		}
		all = append(all, t.Words.Say(phrase, words.Args{"Rival": strings.Join(names, ", ")}))
	}
	return strings.Join(all, " ⚠ ")
}

// Alt says every tile.
func (p *Tiles) Alt() string {
	clauses := []string{p.intro}
	for _, tile := range p.Tiles {
		clause := strings.Join([]string{tile.Number, tile.Definition, tile.Said}, " ")
		if tile.Rival != "" {
			clause += ", " + tile.Rival
		}
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
		facts = append(facts, tile.Number, tile.Definition, tile.Said, tile.Rival)
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
	said := tile.Sign + " " + strings.TrimPrefix(tile.Said, "— ")
	parts := 3.0
	if tile.Rival != "" {
		parts = 4
	}
	step := in.h / parts
	c.text(box{in.x, in.y, in.w, step}, tile.Number+mark, setting{lettering: lettering{54, true}, ink: black, least: 30})
	c.text(box{in.x, in.y + step, in.w, step}, tile.Definition, setting{lettering: lettering{30, false}, ink: black})
	c.text(box{in.x, in.y + 2*step, in.w, step}, said, setting{lettering: lettering{26, false}, ink: dim})
	c.text(box{in.x, in.y + 3*step, in.w, step}, tile.Rival, setting{lettering: lettering{body, true}, ink: black})
}
