package pictures

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"sitrep/cards"
)

// mostKept pictures of some 40 KB each are kept in memory.
const mostKept = 256

// A Picture is a value to be drawn. Its exported fields are all that is drawn,
// so that two pictures with the same fields look the same.
type Picture interface {
	// Alt says everything that is on the picture, in at most 1,024 characters.
	Alt() string

	name() string
	facts() []string // what is drawn and must stand in the card's text too
	draw(*canvas)
}

// A Gallery draws pictures and keeps them. It is safe for concurrent use; a nil
// one has no pictures.
type Gallery struct {
	log    *slog.Logger
	fonts  typefaces
	kept   *lru.Cache[string, []byte]
	flight singleflight.Group
	easels chan struct{} // a canvas takes 3 MB, so few are drawn on at a time
}

// New returns an empty gallery; the error is a fault of the build.
func New(log *slog.Logger) (*Gallery, error) {
	fonts, err := readFonts()
	if err != nil {
		return nil, err
	}
	kept, err := lru.New[string, []byte](mostKept)
	if err != nil {
		return nil, fmt.Errorf("pictures: make room for %d: %w", mostKept, err)
	}
	return &Gallery{log: log, fonts: fonts, kept: kept, easels: make(chan struct{}, runtime.GOMAXPROCS(0))}, nil
}

// Hang returns c with p. A picture that is nil, can't be drawn, or says what c
// doesn't is left out: c says everything without it.
func (g *Gallery) Hang(c cards.Card, p Picture) cards.Card {
	if g == nil || p == nil {
		return c
	}
	if stray := unsaid(p, c.Plain()); stray != "" {
		g.log.Debug("picture left out: its card does not say what is on it", "picture", p.name(), "fact", stray)
		return c
	}
	png, err := g.png(p)
	if err != nil {
		g.log.Error("picture left out: it can't be drawn", "picture", p.name(), "err", err)
		return c
	}
	c.Picture = &cards.Picture{Name: p.name() + ".png", PNG: png, Alt: p.Alt()}
	return c
}

// unsaid is the first fact of p that text lacks, empty where it has them all.
func unsaid(p Picture, text string) string {
	text = flat(text)
	for _, fact := range p.facts() {
		if !strings.Contains(text, flat(fact)) {
			return fact
		}
	}
	return ""
}

// flat is text as a card shows it: on one line, without what can't be seen.
func flat(text string) string {
	return strings.Join(strings.Fields(cards.Escape(text).Plain()), " ")
}

// png draws p, or finds it drawn. Whoever asks meanwhile gets the same one.
func (g *Gallery) png(p Picture) ([]byte, error) {
	value, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("pictures: key of %s: %w", p.name(), err)
	}
	sum := sha256.Sum256(append(value, p.name()...))
	key := string(sum[:])
	if png, ok := g.kept.Get(key); ok {
		return png, nil
	}
	drawn, err, _ := g.flight.Do(key, func() (any, error) {
		if png, ok := g.kept.Get(key); ok {
			return png, nil
		}
		png, err := g.paint(p)
		if err == nil {
			g.kept.Add(key, png)
		}
		return png, err
	})
	if err != nil {
		return nil, err
	}
	return drawn.([]byte), nil
}

// paint draws p. What people wrote may surprise the font library, so that a
// panic is only an error.
func (g *Gallery) paint(p Picture) (png []byte, err error) {
	g.easels <- struct{}{}
	defer func() {
		<-g.easels
		if v := recover(); v != nil {
			png, err = nil, fmt.Errorf("pictures: drawing %s panicked: %v\n%s", p.name(), v, debug.Stack())
		}
	}()
	c := newCanvas(g.fonts)
	p.draw(c)
	return c.png()
}
