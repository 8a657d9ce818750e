package pictures

import (
	"bytes"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sitrep/briefings"
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
func TestGalleryDrawsOnce(t *testing.T) {
	t.Parallel()
	g, say := gallery(t), desk(t)
	p := &placard{Text: "Hello", drawn: new(atomic.Int32), wait: make(chan struct{})}
	var asked, done sync.WaitGroup
	pngs := make([][]byte, 20)
	for i := range pngs {
		asked.Add(1)
		done.Go(func() {
			asked.Done()
			if c := (hanging{say, saying("Hello"), p}).hang(g); c.Picture != nil {
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
	if c := (hanging{say, saying("Good-bye"), other}).hang(g); c.Picture == nil || bytes.Equal(c.Picture.PNG, pngs[0]) || p.drawn.Load() != 2 {
		t.Error("another text did not get a picture of its own")
	}
}

func TestGalleryLeavesOut(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	say := desk(t)
	g := gallery(t)
	g.log = slog.New(slog.NewTextHandler(&log, nil))
	for i, tt := range []struct {
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
		say.Snapshot = briefings.Compile(briefings.DeskID(strconv.Itoa(i)), nil, []briefings.Revision{{Rev: 1, Item: actor("X1", "East"), Op: briefings.OpCreate}})
		c := hanging{say, saying(tt.says), tt.picture}.hang(tt.gallery)
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

// A picture is kept for one desk at one revision and one text; desks that
// changed nothing share it.
func TestGalleryTellsPicturesApart(t *testing.T) {
	t.Parallel()
	base := bundled(t, "en").Snapshot
	own := []briefings.Revision{{Rev: 2, Item: actor("X1", "East"), Op: briefings.OpCreate}}
	again := append(own[:1:1], briefings.Revision{Rev: 3, Item: actor("X2", "West"), Op: briefings.OpCreate})
	one := keyOf(briefings.Compile("1", base, own), saying("Hello"), "a")
	for name, other := range map[string]string{
		"desk":     keyOf(briefings.Compile("2", base, own), saying("Hello"), "a"),
		"revision": keyOf(briefings.Compile("1", base, again), saying("Hello"), "a"),
		"text":     keyOf(briefings.Compile("1", base, own), saying("Good-bye"), "a"),
		"kind":     keyOf(briefings.Compile("1", base, own), saying("Hello"), "b"),
	} {
		if other == one {
			t.Errorf("another %s has the same key", name)
		}
	}
	if keyOf(briefings.Compile("1", base, nil), saying("Hello"), "a") != keyOf(briefings.Compile("2", base, nil), saying("Hello"), "a") {
		t.Error("two desks that changed nothing do not share a picture")
	}
}

// The oldest pictures go, so that memory is bounded.
func TestGalleryKeepsSoMany(t *testing.T) {
	t.Parallel()
	g, say := gallery(t), desk(t)
	drawn := new(atomic.Int32)
	for range 2 {
		hanging{say, saying("Hello"), &placard{Text: "Hello", drawn: drawn}}.hang(g)
	}
	for i := range mostKept {
		g.kept.Add(string(rune('a'+i)), nil)
	}
	hanging{say, saying("Hello"), &placard{Text: "Hello", drawn: drawn}}.hang(g)
	if n := drawn.Load(); n != 2 || g.kept.Len() != mostKept {
		t.Errorf("drawn %d times with %d kept, want twice and %d", n, g.kept.Len(), mostKept)
	}
}
