package pictures

import (
	"fmt"
	"image/color"
	"log/slog"
	"strings"
	"testing"

	"sitrep/briefings"
	"sitrep/cards"
)

// drawn is a picture on its canvas.
func drawn(tb testing.TB, p Picture) *canvas {
	tb.Helper()
	fonts, err := readFonts()
	if err != nil {
		tb.Fatal(err)
	}
	c := newCanvas(fonts)
	if p.draw(c); c.err != nil {
		tb.Fatal(c.err)
	}
	return c
}

// TestTileRivals: a tile says what else is given for its figure once that is settled.
func TestTileRivals(t *testing.T) {
	t.Parallel()
	settled := func(state briefings.ConflictState) *briefings.Conflict {
		x := dispute("figure/f1", "figure/f2")
		x.State, x.Preferred = state, "figure/f1"
		return x
	}
	for _, tt := range []struct {
		name  string
		x     *briefings.Conflict
		tiles int
		rival string
	}{
		{"preferred", settled(briefings.Preferred), 3, "also given as at least 4000 households F2, not preferred"},
		{"both true", settled(briefings.BothTrue), 3, ""},
		{"open", settled(briefings.OpenConflict), 1, ""},
	} {
		say := series(t, tt.x)
		c := say.Figures(cards.Filter{}, cards.Leaf{})
		p, ok := TilesOf(say, c).(*Tiles)
		if !ok || len(p.Tiles) != tt.tiles {
			t.Errorf("%s: got %+v, want %d tiles\n%s", tt.name, p, tt.tiles, c.Plain())
			continue
		}
		rival := ""
		for _, tile := range p.Tiles {
			if strings.HasPrefix(tile.Number, "at least 2000 ") {
				rival = tile.Rival
			}
		}
		if rival != tt.rival || !strings.Contains(p.Alt(), tt.rival) {
			t.Errorf("%s: the rival is %q, want %q", tt.name, rival, tt.rival)
		}
		if stray := unsaid(p, c.Plain()); stray != "" {
			t.Errorf("%s: the card does not say %q", tt.name, stray)
		}
	}
}

// TestTilesComeAsListed: the first tile is the first figure that the card lists.
func TestTilesComeAsListed(t *testing.T) {
	t.Parallel()
	h := hung(t, "en")["figures"]
	text, last := flat(h.Card.Plain()), -1
	for _, tile := range h.Picture.(*Tiles).Tiles {
		at := strings.Index(text, flat(tile.Number+" "+tile.Definition))
		if at <= last {
			t.Errorf("%q stands at %d, which is not after %d", tile.Number, at, last)
		}
		last = at
	}
}

// TestPixels: what tells things apart is where the layout puts it.
func TestPixels(t *testing.T) {
	t.Parallel()
	w := bundled(t, "en").Words
	tracks := &Tracks{Sides: []string{"A", "B", "C", "D"}, Badges: []int{0, 1, 2, 3}, words: w, Ties: []Tie{
		{Sides: []string{"A", "B"}, Met: true, Says: "x"}, {Sides: []string{"C", "D"}, Says: "x"},
	}}
	pair := &Tracks{Sides: []string{"A", "B"}, Badges: []int{0, 1}, words: w}
	strip := &Strip{Lanes: []string{"a", "b", "c"}, words: w, Days: []Day{
		{Date: "1", Marks: [][]Mark{{{Ref: "E1"}}, nil, nil}}, {Date: "2", About: true, Marks: [][]Mark{nil, nil, {{Ref: "E2"}}}},
	}}
	one := &Tiles{Tiles: []Tile{{Number: "1"}}, words: w}
	four := &Tiles{Tiles: []Tile{{Number: "1"}, {Number: "2"}, {Number: "3"}, {Number: "4"}}, words: w}
	for _, tt := range []struct {
		name string
		p    Picture
		x, y int
		want ink
	}{
		{"a meeting is a line", tracks, midX - 250, midY - farY, blue},
		{"none between those that no source ties", tracks, midX + farX, midY, white},
		{"first badge of four", tracks, midX - farX - 91, midY - farY, blue},
		{"second badge of four", tracks, midX + farX - 91, midY - farY, vermillion},
		{"first badge of two", pair, midX - farX - 91, midY, blue},
		{"nobody tied them", pair, midX, midY, white},
		{"the first lane", strip, 230, 96, 0xEAF3F8},
		{"the second lane", strip, 230, 220, 0xFBEFE6},
		{"the third lane", strip, 230, 344, 0xF1F1F1},
		{"the axis", strip, 260, 468, black},
		{"one tile is as wide as the picture", one, margin + 4, 340, blue},
		{"and has no neighbour", one, 614, 340, white},
		{"the fourth of four", four, 612, 480, blue},
		{"between four", four, 600, 349, white},
	} {
		if got := color.RGBAModel.Convert(drawn(t, tt.p).image.At(tt.x, tt.y)); got != tt.want.rgba() {
			t.Errorf("%s: (%d, %d) is %v, want %v", tt.name, tt.x, tt.y, got, tt.want.rgba())
		}
	}
}

// TestGate: a picture that says one thing more than its card is left out.
func TestGate(t *testing.T) {
	t.Parallel()
	for name, h := range hung(t, "en") {
		all := h.Picture.facts()
		for _, fact := range all {
			if fact == "" {
				continue
			}
			text := strings.ReplaceAll(flat(h.Card.Plain()), flat(fact), "…")
			if unsaid(h.Picture, text) == "" {
				t.Errorf("%s: nobody missed %q", name, fact)
			}
		}
		h.Card = saying("Nothing of it")
		var log strings.Builder
		g := gallery(t)
		g.log = slog.New(slog.NewTextHandler(&log, nil))
		if h.hang(g).Picture != nil {
			t.Errorf("%s hangs below a card that says nothing of it", name)
		}
		if want := fmt.Sprintf("guild=%s rev=%d", h.Telling.Snapshot.Desk, h.Telling.Snapshot.Rev); !strings.Contains(log.String(), want) {
			t.Errorf("%s: want %q in the log: %s", name, want, log.String())
		}
	}
}
