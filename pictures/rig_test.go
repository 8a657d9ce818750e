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
	w := book.In(locale)
	return cards.Telling{Snapshot: s.In(w.Tag()), Words: w, Now: time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)}
}

func gallery(tb testing.TB) *Gallery {
	tb.Helper()
	g, err := New(slog.New(slog.NewTextHandler(tb.Output(), nil)))
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

// A hanging is a picture with the card that it goes with.
type hanging struct {
	Telling cards.Telling
	Card    cards.Card
	Picture Picture
}

func (h hanging) hang(g *Gallery) cards.Card {
	return g.hang(h.Telling, h.Card, "test", func(cards.Telling, cards.Card) Picture { return h.Picture })
}

// hung are the pictures of the bundled briefing.
func hung(tb testing.TB, locale string) map[string]hanging {
	tb.Helper()
	t := bundled(tb, locale)
	all := map[string]hanging{}
	add := func(name string, c cards.Card, of func(cards.Telling, cards.Card) Picture) {
		all[name] = hanging{t, c, of(t, c)}
	}
	at := func(command string) cards.Leaf { return cards.Leaf{Link: cards.Link{Command: command}} }
	add("positions", t.Positions(at("positions")), MatrixOf)
	add("dates", t.Dates(cards.Filter{}, at("dates")), func(t cards.Telling, c cards.Card) Picture { return CountdownOf(t, c, t.LeadDate(cards.Filter{})) })
	add("brief", t.Brief(), TracksOf)
	add("figures", t.Figures(cards.Filter{}, at("figures")), TilesOf)
	add("timeline", t.Timeline(cards.Filter{}, at("timeline")), StripOf)
	return all
}
