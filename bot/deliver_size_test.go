package bot

import (
	"log/slog"
	"testing"
	"time"

	"sitrep/digests"
	"sitrep/pictures"
	"sitrep/sandbox/openapi"
)

// TestEveryDigestFits: with every section, in every language, with a role to
// mention and a picture, a digest is one message that Discord takes.
func TestEveryDigestFits(t *testing.T) {
	t.Parallel()
	desk, _ := newDesk(t)
	gallery, err := pictures.New(slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	writer := digests.Writer{Briefings: desk.Briefings, Pictures: gallery, Book: desk.Book}
	at := time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)
	for _, locale := range desk.Book.Tags() {
		for name, s := range map[string]digests.Subscription{
			"daily":     {Kind: digests.DailyKind},
			"countdown": {Kind: digests.CountdownKind, Date: "event/davos", Offsets: "0"},
			"quiet":     {Kind: digests.DailyKind, Quiet: digests.QuietLine},
		} {
			s.Desk, s.Zone, s.Locale, s.Mention = "1001", "America/Argentina/ComodRivadavia", locale, "1463112233445566779"
			facts := digests.Composition{
				Subscription: s, Slot: digests.Slot{ID: delivery, Due: at.Add(-time.Hour)}, At: at, Late: true, Next: at.Add(24 * time.Hour),
			}
			if name == "quiet" {
				facts.LastRev = 1
			}
			card, _, err := writer.Compose(t.Context(), facts)
			if err != nil {
				t.Fatalf("%s, %s: %v", locale, name, err)
			}
			m := digestMessage(card, delivery)
			components, characters := count(m.Components)
			if components > 40 || characters > 4000 || (card.Picture == nil) != (name == "quiet") {
				t.Errorf("%s, %s: got %d components, %d characters and the picture %v", locale, name, components, characters, card.Picture != nil)
			}
			if err := openapi.CheckMessage(rendered(t, m)); err != nil {
				t.Errorf("%s, %s: %v", locale, name, err)
			}
		}
	}
}
