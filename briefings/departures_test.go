package briefings_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/store"
)

// doors is a Discord that tells which servers the bot is out of.
type doors struct {
	tb     testing.TB
	record *store.Store
	out    []briefings.DeskID
	away   bool
	asked  []briefings.DeskID
	purged []briefings.DeskID
}

func newDoors(tb testing.TB) *doors {
	tb.Helper()
	record, err := store.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "sitrep.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := record.Close(); err != nil {
			tb.Error(err)
		}
	})
	return &doors{tb: tb, record: record}
}

func (d *doors) copy() *briefings.Departures {
	gone := func(_ context.Context, desk briefings.DeskID) (bool, error) {
		d.asked = append(d.asked, desk)
		if d.away {
			return false, errors.New("Discord does not answer")
		}
		return slices.Contains(d.out, desk), nil
	}
	purged := func(_ context.Context, desk briefings.DeskID) { d.purged = append(d.purged, desk) }
	return briefings.NewDepartures(d.record, gone, purged, slog.New(slog.DiscardHandler))
}

// known keeps something of each desk.
func (d *doors) known(all ...briefings.DeskID) {
	d.tb.Helper()
	for _, desk := range all {
		if err := d.record.Looked(d.tb.Context(), desk, "7", briefings.Look{Rev: 1, At: begin()}); err != nil {
			d.tb.Fatal(err)
		}
	}
}

func (d *doors) run(c *briefings.Departures, at time.Time, want ...briefings.DeskID) {
	d.tb.Helper()
	if err := c.Run(d.tb.Context(), at); err != nil {
		d.tb.Fatal(err)
	}
	got, err := d.record.Departed(d.tb.Context())
	if err != nil || !slices.Equal(got, want) {
		d.tb.Errorf("departed are %v, %v, want %v", got, err, want)
	}
}

// What is kept of a server goes thirty days after it removed the bot, unless it
// took it back.
func TestDepartures(t *testing.T) {
	t.Parallel()
	d := newDoors(t)
	d.known("1", "2", "3")
	c := d.copy()
	day := func(n int) time.Time { return begin().AddDate(0, 0, n) }
	c.Left("1")
	c.Left("2")
	d.run(c, day(0), "1", "2")
	c.Joined("2")
	d.run(c, day(20), "1")
	c.Left("2")
	d.run(c, day(21), "1", "2")
	if next, err := c.Follow(t.Context(), day(29)); err != nil || !next.Equal(day(30)) {
		t.Errorf("the next purge is at %s, %v, want the thirtieth day", next, err)
	}
	d.run(c, day(30).Add(-time.Millisecond), "1", "2")
	d.run(d.copy(), day(30), "2")
	if !slices.Equal(d.purged, []briefings.DeskID{"1"}) {
		t.Errorf("purged %v, want 1", d.purged)
	}
	if next, err := c.Follow(t.Context(), day(51)); err != nil || !next.IsZero() || len(d.purged) != 2 {
		t.Errorf("after all: next at %s, %v, purged %v", next, err, d.purged)
	}
	if all, err := d.record.Known(t.Context()); err != nil || !slices.Equal(all, []briefings.DeskID{"3"}) {
		t.Errorf("known are %v, %v, want 3 alone", all, err)
	}
}

// A connection tells which servers a shard holds. Of those that it lacks Discord
// is asked, and none counts as left without its word.
func TestDeparturesWhileAway(t *testing.T) {
	t.Parallel()
	const (
		left, here, silent = "4194304", "8388608", "12582912" // shards 1, 0 and 1 of 2
		other              = "16777216"                       // of shard 0
	)
	d := newDoors(t)
	d.known(left, here, silent, other)
	d.out = []briefings.DeskID{left, other}
	c := d.copy()
	d.away = true
	c.Ready(1, 2, nil)
	d.run(c, begin())
	d.away, d.asked = false, nil
	c.Ready(1, 2, nil) // as of an outage: nobody is there
	d.run(c, begin(), left)
	if !slices.Equal(d.asked, []briefings.DeskID{silent, left}) {
		t.Errorf("asked of %v, want of the shard's own alone", d.asked)
	}
	d.asked = nil
	c.Ready(1, 2, []briefings.DeskID{left, silent})
	d.run(c, begin()) // taken back while the bot was away
	if len(d.asked) != 0 {
		t.Errorf("asked of %v, which the shard holds", d.asked)
	}
	c.Ready(0, 2, []briefings.DeskID{here})
	d.run(c, begin(), other)
}
