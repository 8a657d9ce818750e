package digests_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/briefings/catalogue"
	"sitrep/cache"
	"sitrep/digests"
	"sitrep/store"
)

// TestDigestAfterADateAnswersWhatWasAsked: the day after, the questions of the
// days before come with their answers, those that are answered first.
func TestDigestAfterADateAnswersWhatWasAsked(t *testing.T) {
	t.Parallel()
	items, err := catalogue.Read(catalogue.Bundled(), catalogue.RecordedAt())
	if err != nil {
		t.Fatal(err)
	}
	record, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	shelf, err := cache.Open(cache.Embedded, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := record.Close(); err != nil {
			t.Error(err)
		}
		if err := shelf.Close(); err != nil {
			t.Error(err)
		}
	})
	now := func() time.Time { return at(t, "2026-01-24T07:00:00Z") }
	service := briefings.NewService(record, shelf, briefings.Loaded{Items: items, Edition: catalogue.Edition(), RecordedAt: catalogue.RecordedAt()}, now, slog.New(slog.DiscardHandler))
	before, err := service.Snapshot(t.Context(), desk)
	if err != nil {
		t.Fatal(err)
	}
	var date, signing *briefings.Event
	for _, e := range briefings.All[*briefings.Event](before) {
		switch e.Ref() {
		case "E24":
			date = e
		case "E25":
			signing = e
		}
	}
	var asked *briefings.Question
	for _, q := range briefings.All[*briefings.Question](before) {
		if q.Ref() == "Q17" { // not the first that is asked
			asked = q
		}
	}
	clone, err := briefings.Clone(asked)
	if err != nil {
		t.Fatal(err)
	}
	answer := clone.(*briefings.Question)
	answer.State, answer.AnsweredBy = briefings.Answered, []briefings.ID{signing.ID}
	if _, err := service.Publish(t.Context(), briefings.Batch{Desk: desk, By: "7", Changes: []briefings.Change{
		{Item: answer, Op: briefings.OpAmend, Reason: "they met", Seen: before.ItemRev(asked.ID)},
	}}); err != nil {
		t.Fatal(err)
	}
	const heading = "Asked before it, and what came of that"
	for _, tt := range []struct {
		name, due, kind string
		after           bool
	}{
		{"the day before", "2026-01-18T07:00:00Z", digests.CountdownKind, false},
		{"the last day", "2026-01-23T07:00:00Z", digests.CountdownKind, false},
		{"the day after", "2026-01-24T07:00:00Z", digests.CountdownKind, true},
		{"a daily one then", "2026-01-24T07:00:00Z", digests.DailyKind, false},
	} {
		due := at(t, tt.due)
		s := digests.Subscription{Desk: desk, Kind: tt.kind, Zone: "Europe/Zurich", Locale: "en-GB", Date: date.ID}
		card, _, err := digests.Writer{Briefings: service, Book: book(t)}.Compose(t.Context(), digests.Composition{
			Subscription: s, Slot: digests.Slot{Due: due}, At: due, LastRev: before.Rev, Late: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		text := card.Plain()
		if strings.Contains(text, heading) != tt.after {
			t.Errorf("%s: looks back: %t, want %t:\n%s", tt.name, !tt.after, tt.after, text)
		}
		if !tt.after {
			continue
		}
		above, looking, _ := strings.Cut(text, heading)
		if !strings.Contains(above, "posted late") {
			t.Errorf("%s: it isn't said above all that it is late:\n%s", tt.name, text)
		}
		first, rest, _ := strings.Cut(strings.TrimSpace(looking), "\n")
		if !strings.Contains(first, "Q17 → ") || !strings.Contains(first, "E25") || !strings.Contains(rest, "→ still open") {
			t.Errorf("%s: the answered question doesn't come first with its answer, or no open one after it:\n%s", tt.name, looking)
		}
	}
}
