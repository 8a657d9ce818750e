package pictures

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"sitrep/briefings"
	"sitrep/cards"
)

// desk compiles items.
func desk(tb testing.TB, items ...briefings.Item) cards.Telling {
	tb.Helper()
	var log []briefings.Revision
	for _, item := range items {
		log = append(log, briefings.Revision{Rev: 1, Item: item, Op: briefings.OpCreate})
	}
	return telling(tb, "en", briefings.Compile(briefings.Catalogue, nil, log))
}

func actor(ref, side string) *briefings.Actor {
	a := &briefings.Actor{Name: side, Side: side, Is: briefings.StateActor}
	a.ID, a.Refs = briefings.ID("actor/"+strings.ToLower(ref)), []string{ref}
	return a
}

func position(ref, by, issue string, stance briefings.Stance) *briefings.Position {
	p := &briefings.Position{Actor: briefings.ID("actor/" + strings.ToLower(by)), Issue: issue, Stance: stance}
	p.ID, p.Refs = briefings.ID("position/"+strings.ToLower(ref)), []string{ref}
	return p
}

func dispute(members ...briefings.ID) *briefings.Conflict {
	x := &briefings.Conflict{Members: members, State: briefings.OpenConflict}
	x.ID, x.Refs, x.Text = "conflict/c1", []string{"C1"}, "They differ."
	return x
}

// TestMatrixCells: each cell says what the desk records, and has the colour of
// it in the middle of its left edge; what is contested says nothing else.
func TestMatrixCells(t *testing.T) {
	t.Parallel()
	warned := position("P1", "A1", "Land", briefings.Supports)
	warned.Caveat = "Nobody is named."
	say := desk(
		t, actor("A1", "East"), actor("A2", "West"),
		warned, position("P2", "A2", "Land", briefings.Opposes),
		position("P3", "A1", "Sea", briefings.ConditionalStance), position("P4", "A2", "Sea", briefings.NotStated),
		position("P5", "A1", "Air", briefings.Supports), position("P6", "A1", "Air", briefings.Opposes),
		position("P7", "A2", "Air", briefings.NoComment), position("P8", "A1", "Ice", briefings.Supports),
		dispute("position/p8", "position/p2x"),
	)
	c := say.Positions(cards.Leaf{})
	m, ok := MatrixOf(say, c).(*Matrix)
	if !ok || len(m.Sides) != 2 || len(m.Rows) != 4 {
		t.Fatalf("got %+v", m)
	}
	png := gallery(t).Positions(say, c).Picture.PNG
	im, _, err := image.Decode(bytes.NewReader(png))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		said   string
		ground ink
	}{
		"Land East": {"+ for ⚠", blue}, "Land West": {"− against", vermillion}, "Sea East": {"~ conditional", sky}, "Sea West": {"· not stated", 0},
		"Air East": {"+ for / − against", white}, "Air West": {"0 no comment", grey}, "Ice East": {"⚠ contested", yellow}, "Ice West": {"· not stated", 0},
	}
	for r, row := range m.Rows {
		for i, cell := range row.Cells {
			name := row.Issue + " " + m.Sides[i]
			said := strings.Join(cell.Said, " / ") + cell.Contested
			if cell.Warned && cell.Contested == "" {
				said += " ⚠"
			}
			if plain := flat(c.Plain()); !strings.Contains(plain, m.Sides[i]+" "+cell.says()[0]) {
				t.Errorf("%s: says %q, which the text doesn't:\n%s", name, cell.says()[0], plain)
			}
			if said != want[name].said {
				t.Errorf("%s: says %q, want %q", name, said, want[name].said)
			}
			x, y := margin+300+i*(wide-2*margin-300)/2+12, 150+r*76+38
			got := color.RGBAModel.Convert(im.At(x, y)).(color.RGBA)
			if w := want[name].ground; w != 0 && got != w.rgba() {
				t.Errorf("%s: is drawn on %v, want %v", name, got, w.rgba())
			}
		}
	}
	if strings.Contains(m.Alt(), "Ice: East for") || !strings.Contains(m.Alt(), "Ice: East contested") {
		t.Errorf("the alt text takes a side in a conflict:\n%s", m.Alt())
	}
}

// TestNothingContested: no picture of the bundled briefing has the text of a
// member of an open conflict.
func TestNothingContested(t *testing.T) {
	t.Parallel()
	say := bundled(t, "en")
	members := 0
	for name, h := range hung(t, "en") {
		all := strings.Join(append(h.Picture.facts(), h.Picture.Alt()), "\n")
		for _, item := range say.Snapshot.Items() {
			if !contested(say.Snapshot, item.Head().ID) {
				continue
			}
			members++
			shown := item.Head().Ref()
			switch x := item.(type) {
			case *briefings.Event:
				shown = x.Headline
			case *briefings.Figure:
				shown = say.Number(x)
			}
			if strings.Contains(all, shown) {
				t.Errorf("%s shows %q of %s, which is contested", name, shown, item.Head().ID)
			}
		}
	}
	if members == 0 {
		t.Error("nothing is contested: this test looks at nothing")
	}
}

// TestFewWords: a picture is seen, not read.
func TestFewWords(t *testing.T) {
	t.Parallel()
	for name, h := range hung(t, "en") {
		n := 0
		for _, f := range strings.Fields(strings.Join(h.Picture.facts(), " ")) {
			if strings.ContainsFunc(f, unicode.IsLetter) {
				n++
			}
		}
		// the matrix's cells are one word twice: with its side, for the check
		if most := map[string]int{"positions": 150}[name]; n > max(60, most) {
			t.Errorf("%s has %d words", name, n)
		}
	}
}

func TestAltDropsWholeClauses(t *testing.T) {
	t.Parallel()
	w := bundled(t, "en").Words
	long := func(n int) []string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("Clause %d says %s", i, strings.Repeat("ж", 80)))
		}
		return all
	}
	for _, tt := range []struct {
		name    string
		clauses []string
		end     string
	}{
		{"all fit", long(3), "ж."},
		{"some fit", long(20), "ж. +10 more"},
		{"a very long first", []string{strings.Repeat("ж", 2000), "b"}, "… +1 more"},
		{"steered", []string{"a\u202eb\x00c  d"}, "abc d."},
		{"none", nil, ""},
	} {
		got := alt(w, tt.clauses)
		if n := utf8.RuneCountInString(got); n > mostAlt || !strings.HasSuffix(got, tt.end) {
			t.Errorf("%s: %d characters that end in %q, want %q", tt.name, n, string([]rune(got)[max(0, n-20):]), tt.end)
		}
	}
}
