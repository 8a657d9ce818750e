package digests_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/digests"
	"sitrep/pictures"
	"sitrep/words"
)

// TestDigestPicture: a digest counts down while there is a key date ahead, and
// shows who met whom afterwards; its text says the same without the picture.
func TestDigestPicture(t *testing.T) {
	t.Parallel()
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		t.Fatal(err)
	}
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	gallery, err := pictures.New(slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, at, picture, says string }{
		{"the day before", "2026-01-18T12:00:00Z", "countdown.png", "World Economic Forum at Davos: in 1 day."},
		{"under way", "2026-01-21T08:00:00Z", "countdown.png", "World Economic Forum at Davos: day 3 of 5."},
		{"all is past", "2026-03-21T08:00:00Z", "tracks.png", "US – Ukraine (Miami, about 17 Jan 2026)"},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		now := func() time.Time { return at }
		service := briefings.NewService(nil, nil, briefings.Loaded{Items: items, Edition: catalogue.Edition(), RecordedAt: catalogue.RecordedAt()}, now, slog.New(slog.DiscardHandler))
		due := digests.Composition{Subscription: digests.Subscription{Desk: briefings.Catalogue, Zone: "UTC", Locale: "en-GB"}, Slot: digests.Slot{Due: at}, At: at}
		card, _, err := digests.Writer{Briefings: service, Pictures: gallery, Book: book}.Compose(t.Context(), due)
		if err != nil {
			t.Fatal(err)
		}
		without, _, err := digests.Writer{Briefings: service, Book: book}.Compose(t.Context(), due)
		if err != nil {
			t.Fatal(err)
		}
		switch p := card.Picture; {
		case p == nil:
			t.Errorf("%s: it has no picture:\n%s", tt.name, card.Plain())
		case p.Name != tt.picture || !strings.Contains(p.Alt, tt.says):
			t.Errorf("%s: the picture %s says %q, want %s with %q", tt.name, p.Name, p.Alt, tt.picture, tt.says)
		}
		if card.Plain() != without.Plain() || without.Picture != nil {
			t.Errorf("%s: the text differs without its picture:\n%s", tt.name, without.Plain())
		}
	}
}
