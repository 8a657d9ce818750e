package pictures

import (
	"log/slog"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cards"
	"sitrep/words"
)

// bundled tells the bundled briefing in a language on the morning of 21 January 2026.
func bundled(tb testing.TB, locale string) cards.Telling {
	tb.Helper()
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		tb.Fatal(err)
	}
	var log []briefings.Revision
	for _, item := range items {
		log = append(log, briefings.Revision{Rev: 1, Item: item, Op: briefings.OpCreate, RecordedAt: catalogue.RecordedAt()})
	}
	return telling(tb, locale, briefings.Compile(briefings.Catalogue, nil, log))
}

func telling(tb testing.TB, locale string, s *briefings.Snapshot) cards.Telling {
	tb.Helper()
	book, err := words.Open()
	if err != nil {
		tb.Fatal(err)
	}
	return cards.Telling{Snapshot: s, Words: book.In(locale), Now: time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)}
}

func gallery(tb testing.TB) *Gallery {
	tb.Helper()
	g, err := New(slog.New(slog.NewTextHandler(tb.Output(), nil)))
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

// hung are the pictures of the bundled briefing with the cards they go with.
func hung(tb testing.TB, locale string) map[string]struct {
	Card    cards.Card
	Picture Picture
} {
	tb.Helper()
	t := bundled(tb, locale)
	all := map[string]struct {
		Card    cards.Card
		Picture Picture
	}{}
	add := func(name string, c cards.Card, p Picture) {
		all[name] = struct {
			Card    cards.Card
			Picture Picture
		}{c, p}
	}
	at := func(command string) cards.Leaf { return cards.Leaf{Link: cards.Link{Command: command}} }
	c := t.Positions(at("positions"))
	add("positions", c, MatrixOf(t, c))
	c = t.Dates(cards.Filter{}, at("dates"))
	add("dates", c, CountdownOf(t, c))
	c = t.Brief()
	add("brief", c, TracksOf(t, c))
	c = t.Figures(cards.Filter{}, at("figures"))
	add("figures", c, TilesOf(t, c))
	c = t.Timeline(cards.Filter{}, at("timeline"))
	add("timeline", c, StripOf(t, c))
	return all
}
