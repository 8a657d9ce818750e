package pictures

import (
	"strings"
	"testing"

	"sitrep/briefings"
	"sitrep/cards"
)

// hostile are one of each picture, with text wherever somebody may write.
func hostile(t cards.Telling, text string, n int) []Picture {
	var sides, questions []string
	for range 1 + n%mostSides {
		sides = append(sides, text)
	}
	for range 1 + n%mostBeside {
		questions = append(questions, text)
	}
	matrix := &Matrix{Title: text, Sides: sides, AsOf: text, Silent: text, intro: text, words: t.Words}
	for r := range 1 + n%mostIssues {
		row := MatrixRow{Issue: text}
		for range sides {
			cell := MatrixCell{Said: []string{text}, Warned: true}
			switch r % 3 {
			case 0:
				cell.Stances = []briefings.Stance{briefings.Supports}
			case 1:
				cell.Contested = text
			}
			row.Cells = append(row.Cells, cell)
		}
		matrix.Rows = append(matrix.Rows, row)
	}
	tracks := &Tracks{Title: text, AsOf: text, intro: text, words: t.Words}
	for i := range 2 + n%(mostNodes-1) {
		tracks.Sides, tracks.Badges = append(tracks.Sides, text+strings.Repeat("x", i)), append(tracks.Badges, i)
	}
	tracks.Ties = []Tie{{Sides: tracks.Sides[:2], Met: true, Where: text, Warned: true, Says: text}, {Sides: tracks.Sides, Says: text}}
	tiles := &Tiles{Title: text, AsOf: text, intro: text, words: t.Words}
	for range 1 + n%mostTiles {
		tiles.Tiles = append(tiles.Tiles, Tile{Number: text, Definition: text, Sign: text, Said: text, Rival: text, Warned: true})
	}
	bars := &Bars{Title: text, Definition: text, Notes: []string{text}, AsOf: text, intro: text, words: t.Words}
	for i := range 1 + n%mostBars {
		bars.Bars = append(bars.Bars, Bar{Date: text, Number: text, Said: text, Ref: text, Value: float64(n) - 1e9*float64(i), Warned: true, sign: text}, Bar{})
	}
	strip := &Strip{Title: text, Lanes: []string{text, text, text}, Notes: []string{text}, AsOf: text, words: t.Words}
	for range 2 + n%(mostDays-1) {
		strip.Days = append(strip.Days, Day{Date: text, Marks: [][]Mark{{{Ref: text, Warned: true}}, nil, {{Ref: text}, {Ref: text}, {Ref: text}}}})
	}
	return []Picture{
		matrix, tracks, tiles, bars, strip,
		&Countdown{Headline: text, Said: text, When: text, Certainty: text, External: text, Counted: text, Heading: text, Also: questions, AsOf: text, words: t.Words},
	}
}

// FuzzPictures: whatever is written, every picture is drawn, keeps its edge
// white, and has an alt text that Discord takes.
func FuzzPictures(f *testing.F) {
	for i, text := range []string{
		"Peace commission", strings.Repeat("Wort ", 80), strings.Repeat("W", 300), "שלום سلام", "🧑‍🚒🎉", "a\u200b\u202eb", "\xff\xfe", "",
		strings.Repeat("\u0301", 40), "ꙮ 𝕎 ﷽", "Ї\nґ\tє", "@everyone <@1> **b** ` # -", "...",
	} {
		f.Add(text, uint8(i))
		f.Add(text, uint8(11-i%12))
	}
	say := bundled(f, "en")
	fonts, err := readFonts()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		for _, p := range hostile(say, text, int(n)) {
			c := newCanvas(fonts)
			p.draw(c)
			if _, err := c.png(); err != nil {
				t.Errorf("%s of %q: %v", p.name(), text, err)
			}
			if at, out := spot(c, box{8, 8, wide - 16, high - 16}); out {
				t.Errorf("%s of %q reaches the edge at %v", p.name(), text, at)
			}
			if alt := p.Alt(); len([]rune(alt)) > mostAlt || strings.ContainsAny(alt, "\u202e\x00\n") {
				t.Errorf("%s of %q has the alt text %q", p.name(), text, alt)
			}
		}
	})
}
