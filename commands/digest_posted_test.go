package commands

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/pictures"
)

// channel keeps what is posted to it, newest last.
type channel struct{ posted []cards.Card }

func (c *channel) Post(_ context.Context, _ digests.ChannelID, card cards.Card, delivery string) (string, error) {
	c.posted = append(c.posted, card)
	return delivery, nil
}

func (c *channel) Find(context.Context, digests.ChannelID, string, time.Time) (string, bool, error) {
	return "", false, nil
}

// TestDigestPreviewIsWhatIsPosted: the poster adds delivery marks and flags to
// a card; the card itself is the one that the preview showed, picture and all.
func TestDigestPreviewIsWhatIsPosted(t *testing.T) {
	t.Parallel()
	gallery, err := pictures.New(slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		in      Input
		locales []string
	}{
		{"daily", Input{"at": "09:00"}, []string{"en-GB"}},
		{"cron, some sections", Input{"cron": "0 9 * * *", "sections": "energy,talks", "zone": "Kyiv"}, []string{"uk"}},
		{"countdown", Input{"at": "09:00", "date": "E24", "offsets": "1,0,-1"}, []string{"fr"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, room, who := newRig(t), &channel{}, member()
			r.desk.Pictures, who.Locales = gallery, tt.locales
			r.set = r.desk.All()
			runner := digests.New(slog.New(slog.DiscardHandler), digests.Parts{
				Planning: r.store, Dates: r.desk.writer().KeyDate, Ledger: r.store, Poster: room, Compose: r.desk.writer().Compose,
				Clock: func() time.Time { return r.now }, Wall: func() time.Time { return r.now },
			})
			if got := r.ask(who, "digest add", tt.in); got.say != "" {
				t.Fatalf("digest add: %s", got.say)
			}
			named := Input{"digest": r.kept(who)[0].ID}
			for i, change := range []func(){
				func() {}, // its first
				func() {}, // nothing changed since
				func() {
					r.publish(briefings.OpAmend, "", "F5", func(item briefings.Item) { item.(*briefings.Figure).Value = "640" })
				},
			} {
				change()
				r.now = r.now.Add(time.Minute)
				want := r.ask(who, "digest preview", named).card
				r.ask(who, "digest now", named)
				if err := runner.Tick(t.Context(), r.now); err != nil {
					t.Fatal(err)
				}
				if len(room.posted) != i+1 {
					t.Fatalf("%d messages posted, want %d", len(room.posted), i+1)
				}
				if diff := cmp.Diff(want, room.posted[i]); diff != "" {
					t.Errorf("digest %d (-previewed +posted):\n%s", i+1, diff)
				}
			}
		})
	}
}
