package pictures

import (
	"crypto/sha256"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"sitrep/briefings"
	"sitrep/cards"
)

// mostKept pictures of some 40 KB each are kept in memory.
const mostKept = 256

// A Picture is a value to be drawn.
type Picture interface {
	// Alt says everything that is on the picture, in at most 1,024 characters.
	Alt() string

	name() string
	facts() []string // what is drawn and must stand in the card's text too
	draw(*canvas)
}

// A Gallery draws pictures and keeps them by desk, revision and what the card
// says, which has language and day in it. It is safe for concurrent use; a nil
// one has no pictures.
//
// Each method returns the card with its picture. One that can't be drawn, or
// would say what the card doesn't, is left out: the card says everything
// without it.
type Gallery struct {
	log    *slog.Logger
	fonts  typefaces
	kept   *lru.Cache[string, *cards.Picture] // nil where there is none
	flight singleflight.Group
	easels chan struct{} // a canvas takes 3 MB, so few are drawn on at a time
}

// New returns an empty gallery; the error is a fault of the build.
func New(log *slog.Logger) (*Gallery, error) {
	fonts, err := readFonts()
	if err != nil {
		return nil, err
	}
	kept, err := lru.New[string, *cards.Picture](mostKept)
	if err != nil {
		return nil, fmt.Errorf("pictures: make room for %d: %w", mostKept, err)
	}
	return &Gallery{log: log, fonts: fonts, kept: kept, easels: make(chan struct{}, runtime.GOMAXPROCS(0))}, nil
}

// Positions is for [cards.Telling.Positions].
func (g *Gallery) Positions(t cards.Telling, c cards.Card) cards.Card {
	return g.hang(t, c, "positions", MatrixOf)
}

// Timeline is for [cards.Telling.Timeline].
func (g *Gallery) Timeline(t cards.Telling, c cards.Card) cards.Card {
	return g.hang(t, c, "timeline", StripOf)
}

// Dates is for [cards.Telling.Dates] with f. A page that doesn't list the date
// which is counted to has no picture.
func (g *Gallery) Dates(t cards.Telling, c cards.Card, f cards.Filter) cards.Card {
	return g.hang(t, c, "dates", func(t cards.Telling, c cards.Card) Picture { return CountdownOf(t, c, t.LeadDate(f)) })
}

// Figures is for [cards.Telling.Figures] with f.
func (g *Gallery) Figures(t cards.Telling, c cards.Card, f cards.Filter) cards.Card {
	return g.hang(t, c, "figures", func(t cards.Telling, c cards.Card) Picture {
		if p := BarsOf(t, c, f); p != nil {
			return p
		}
		return TilesOf(t, c)
	})
}

// Brief is for [cards.Telling.Brief].
func (g *Gallery) Brief(t cards.Telling, c cards.Card) cards.Card {
	return g.hang(t, c, "brief", TracksOf)
}

// Digest is for a card with [cards.Telling.Outlook].
func (g *Gallery) Digest(t cards.Telling, c cards.Card) cards.Card {
	return g.hang(t, c, "digest", func(t cards.Telling, c cards.Card) Picture {
		if p := CountdownOf(t, c, t.NextDate()); p != nil {
			return p
		}
		return TracksOf(t, c)
	})
}

// hang returns c with what of makes of it, drawn once however many ask.
func (g *Gallery) hang(t cards.Telling, c cards.Card, kind string, of func(cards.Telling, cards.Card) Picture) cards.Card {
	if g == nil {
		return c
	}
	key := keyOf(t.Snapshot, c, kind)
	if p, ok := g.kept.Get(key); ok {
		c.Picture = p
		return c
	}
	drawn, _, _ := g.flight.Do(key, func() (any, error) {
		p, ok := g.kept.Get(key)
		if !ok {
			p = g.draw(t, c, kind, of)
			g.kept.Add(key, p)
		}
		return p, nil
	})
	c.Picture, _ = drawn.(*cards.Picture)
	return c
}

// keyOf is what a picture depends on. Desks that changed nothing share theirs.
func keyOf(s *briefings.Snapshot, c cards.Card, kind string) string {
	desk := s.Desk
	if len(s.Own()) == 0 {
		desk = briefings.Catalogue
	}
	text := make([]byte, 0, 4096)
	text = fmt.Appendf(text, "%s\n%s\n%d\n%s\n", kind, desk, s.Rev, c.Title)
	for _, b := range c.Blocks {
		text = append(append(text, b.Heading...), '\n')
		for _, l := range b.Lines {
			text = append(append(text, l.Text...), '\n')
		}
	}
	for _, f := range c.Footer {
		text = append(append(text, f...), '\n')
	}
	sum := sha256.Sum256(text)
	return string(sum[:])
}

// draw makes the picture of a card, nil where there is none. It is for all who ask
// for that card, so that its log lines name the desk's revision, not a question.
func (g *Gallery) draw(t cards.Telling, c cards.Card, kind string, of func(cards.Telling, cards.Card) Picture) *cards.Picture {
	p := of(t, c)
	if p == nil {
		return nil
	}
	if stray := unsaid(p, c.Plain()); stray != "" {
		g.log.Info("picture left out: its card does not say what is on it", "picture", kind, "guild", t.Snapshot.Desk, "rev", t.Snapshot.Rev, "fact", stray)
		return nil
	}
	png, err := g.paint(p)
	if err != nil {
		g.log.Error("picture left out: it can't be drawn", "picture", kind, "guild", t.Snapshot.Desk, "rev", t.Snapshot.Rev, "err", err)
		return nil
	}
	return &cards.Picture{Name: p.name() + ".png", PNG: png, Alt: p.Alt()}
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
