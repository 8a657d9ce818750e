package pictures

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sitrep/cards"
)

// placard is a picture of one text, which counts how often it is drawn.
type placard struct {
	Text string

	drawn  *atomic.Int32
	wait   chan struct{}
	breaks bool
}

func (p *placard) Alt() string     { return p.Text }
func (p *placard) name() string    { return "placard" }
func (p *placard) facts() []string { return []string{p.Text} }

func (p *placard) draw(c *canvas) {
	p.drawn.Add(1)
	if p.wait != nil {
		<-p.wait
	}
	if p.breaks {
		panic("the brush broke")
	}
	c.title(p.Text)
}

func saying(text string) cards.Card {
	return cards.Card{Title: "T", Blocks: []cards.Block{{Lines: []cards.Line{{Text: cards.Escape(text)}}}}}
}

// Twenty who ask for one picture at a time get one that was drawn once.
func TestDrawnOnce(t *testing.T) {
	t.Parallel()
	g := gallery(t)
	p := &placard{Text: "Hello", drawn: new(atomic.Int32), wait: make(chan struct{})}
	var asked, done sync.WaitGroup
	pngs := make([][]byte, 20)
	for i := range pngs {
		asked.Add(1)
		done.Go(func() {
			asked.Done()
			if c := g.Hang(saying("Hello"), p); c.Picture != nil {
				pngs[i] = c.Picture.PNG
			}
		})
	}
	asked.Wait()
	close(p.wait)
	done.Wait()
	for i, png := range pngs {
		if len(png) == 0 || !bytes.Equal(png, pngs[0]) {
			t.Errorf("asker %d got %d bytes, want the picture that the first got", i, len(png))
		}
	}
	if n := p.drawn.Load(); n != 1 {
		t.Errorf("it was drawn %d times, want once", n)
	}
	other := &placard{Text: "Good-bye", drawn: p.drawn}
	if c := g.Hang(saying("Good-bye"), other); c.Picture == nil || bytes.Equal(c.Picture.PNG, pngs[0]) || p.drawn.Load() != 2 {
		t.Error("another text did not get a picture of its own")
	}
}

func TestLeftOut(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	g := gallery(t)
	g.log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, tt := range []struct {
		name    string
		gallery *Gallery
		says    string
		picture Picture
		logged  string
	}{
		{"no gallery", nil, "Hello", &placard{Text: "Hello", drawn: new(atomic.Int32)}, ""},
		{"nothing to draw", g, "Hello", nil, ""},
		{"the card does not say so", g, "Good-bye", &placard{Text: "Hello", drawn: new(atomic.Int32)}, "fact=Hello"},
		{"the drawing panics", g, "Hello", &placard{Text: "Hello", drawn: new(atomic.Int32), breaks: true}, "the brush broke"},
	} {
		log.Reset()
		c := tt.gallery.Hang(saying(tt.says), tt.picture)
		if c.Picture != nil || c.Plain() != saying(tt.says).Plain() {
			t.Errorf("%s: the card is %+v, want it as it was", tt.name, c)
		}
		if got := log.String(); !strings.Contains(got, tt.logged) || (tt.logged == "") != (got == "") {
			t.Errorf("%s: logged %q, want %q", tt.name, got, tt.logged)
		}
	}
	if len(g.easels) != 0 {
		t.Error("an easel was not given back")
	}
}

// What is drawn is what the key is made of: a picture with a field that isn't
// exported would be taken for another.
func TestKeysTellPicturesApart(t *testing.T) {
	t.Parallel()
	for name, h := range hung(t, "en") {
		key, err := json.Marshal(h.Picture)
		if err != nil {
			t.Fatal(err)
		}
		for _, fact := range h.Picture.facts() {
			quoted, err := json.Marshal(fact)
			if err != nil {
				t.Fatal(err)
			}
			if text := strings.Trim(string(quoted), `"`); !bytes.Contains(key, []byte(text)) && !strings.Contains(fact, " ") {
				t.Errorf("%s: the key lacks %q", name, fact)
			}
		}
	}
}

// The oldest pictures go, so that memory is bounded.
func TestKeepsSoMany(t *testing.T) {
	t.Parallel()
	g := gallery(t)
	drawn := new(atomic.Int32)
	for range 2 {
		g.Hang(saying("Hello"), &placard{Text: "Hello", drawn: drawn})
	}
	for i := range mostKept {
		g.kept.Add(string(rune('a'+i)), nil)
	}
	g.Hang(saying("Hello"), &placard{Text: "Hello", drawn: drawn})
	if n := drawn.Load(); n != 2 || g.kept.Len() != mostKept {
		t.Errorf("drawn %d times with %d kept, want twice and %d", n, g.kept.Len(), mostKept)
	}
}
