package briefings_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sitrep/briefings"
)

func TestPublishRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	start := amend(t, s, "1", "figure/ten", "2")
	for _, tt := range []struct {
		name   string
		id     briefings.ID
		change func(*briefings.Change)
		kind   error
		say    []string
	}{
		{"a stale item", "figure/ten", func(c *briefings.Change) { c.Seen-- }, briefings.ErrStale, []string{"F10", "revision 2", "2026-01-19 01:00 UTC"}},
		{"an item from the future", "figure/ten", func(c *briefings.Change) { c.Seen++ }, briefings.ErrStale, []string{"F10"}},
		{"a new item that there is", "figure/ten", func(c *briefings.Change) { c.Seen, c.Op = 0, briefings.OpCreate }, briefings.ErrStale, []string{"F10"}},
		{"an old item that there is none of", "figure/ten", func(c *briefings.Change) {
			c.Item.Head().ID, c.Item.Head().Refs = "figure/new", []string{"F99"}
		}, briefings.ErrStale, []string{"F99"}},
		{"a correction without a reason", "figure/ten", func(c *briefings.Change) { c.Op = briefings.OpCorrect }, briefings.ErrInvalid, []string{"reason"}},
		{"a correction with blanks for a reason", "figure/ten", func(c *briefings.Change) { c.Op, c.Reason = briefings.OpCorrect, " \u00a0" }, briefings.ErrInvalid, []string{"reason"}},
		{"a retraction without a reason", "figure/ten", func(c *briefings.Change) { c.Op = briefings.OpRetract }, briefings.ErrInvalid, []string{"reason"}},
		{"a long reason", "figure/ten", func(c *briefings.Change) { c.Reason = strings.Repeat("x", 301) }, briefings.ErrInvalid, []string{"reason", "300"}},
		{"a reason that steers the screen", "figure/ten", func(c *briefings.Change) { c.Reason = "a\u202eb" }, briefings.ErrInvalid, []string{"reason", "U+202E"}},
		{"no such operation", "figure/ten", func(c *briefings.Change) { c.Op = "dance" }, briefings.ErrInvalid, []string{"dance", "amend"}},
		{"a broken value", "figure/ten", func(c *briefings.Change) { c.Item.(*briefings.Figure).Value = "many" }, briefings.ErrInvalid, []string{"value", "many"}},
		{"two broken fields", "figure/ten", func(c *briefings.Change) {
			c.Item.(*briefings.Figure).Value, c.Item.Head().Text = "many", ""
		}, briefings.ErrInvalid, []string{"text", "\nvalue"}},
		{"a source that there is none of", "figure/ten", func(c *briefings.Change) {
			c.Item.Head().Sources = []briefings.Citation{{Source: "source/papr"}}
		}, briefings.ErrInvalid, []string{"sources", "source/paper"}},
		{"somebody else's label", "figure/ten", func(c *briefings.Change) { c.Item.Head().Refs = []string{"F2"} }, briefings.ErrInvalid, []string{"refs", "figure/two"}},
		{"retracting what others name", "figure/one", func(c *briefings.Change) {
			c.Op, c.Reason = briefings.OpRetract, "It was wrong."
		}, briefings.ErrInvalid, []string{"F1", "C1", "SEC1"}},
		{"nothing that differs", "figure/ten", func(c *briefings.Change) { c.Item.(*briefings.Figure).Value = "2" }, briefings.ErrInvalid, []string{"nothing differs", "F10", "confirm"}},
		{"a confirmation that changes something", "figure/ten", func(c *briefings.Change) { c.Op = briefings.OpConfirm }, briefings.ErrInvalid, []string{"F10", "amend or correct"}},
		{"restoring what is there", "figure/ten", func(c *briefings.Change) { c.Op = briefings.OpRestore }, briefings.ErrInvalid, []string{"F10", "not retracted"}},
		{"creating what is there, knowing so", "figure/ten", func(c *briefings.Change) { c.Op = briefings.OpCreate }, briefings.ErrInvalid, []string{"figure/ten", "another id"}},
		{"amending what never was", "figure/ten", func(c *briefings.Change) { c.Item.Head().ID, c.Seen = "figure/new", 0 }, briefings.ErrInvalid, []string{"figure/new", "create"}},
		{"an id that is none", "figure/ten", func(c *briefings.Change) { c.Item.Head().ID = "figure/One two" }, briefings.ErrInvalid, []string{"figure/One two"}},
		{"the id of another kind", "figure/ten", func(c *briefings.Change) { c.Item.Head().ID = "event/ten" }, briefings.ErrInvalid, []string{"event/ten", "kind"}},
		{"no item", "figure/ten", func(c *briefings.Change) { c.Item = nil }, briefings.ErrInvalid, []string{"item"}},
	} {
		c := amendment(t, start, tt.id, "3")
		tt.change(&c)
		_, err := s.Publish(t.Context(), batch("1", c))
		if _, tried := s.Try(t.Context(), batch("1", c)); fmt.Sprint(tried) != fmt.Sprint(err) {
			t.Errorf("%s: trying gives %v, publishing %v", tt.name, tried, err)
		}
		if !told(err, tt.kind) {
			t.Errorf("%s: got %v, want a mistake of the kind %v", tt.name, err, tt.kind)
			continue
		}
		for _, part := range tt.say {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %q, want %q in it", tt.name, err, part)
			}
		}
		if strings.Contains(err.Error(), "0001") {
			t.Errorf("%s: got %q, which names a day that never was", tt.name, err)
		}
	}
	if got := snapshot(t, r.copy(forgetful{}), "1"); got.Rev != start.Rev {
		t.Errorf("revision %d was recorded, want none after %d", got.Rev, start.Rev)
	}
}

func TestPublishRefusesOneItemTooMany(t *testing.T) {
	t.Parallel()
	r := rigOver(t, remembered{desks: map[briefings.DeskID][]briefings.Revision{}})
	full := items(t)
	for i := len(full); i < briefings.MaxItems; i++ {
		full = append(full, &briefings.Source{Envelope: briefings.Envelope{ID: briefings.ID(fmt.Sprintf("source/s%d", i)), Refs: []string{fmt.Sprintf("X%d", i)}}, Title: "One of many"})
	}
	s := briefings.NewService(r.record, forgetful{}, briefings.Loaded{Items: full, RecordedAt: begin()}, r.now, slog.New(slog.DiscardHandler))
	c := amendment(t, snapshot(t, s, "1"), "figure/one", "3")
	c.Item.Head().ID, c.Item.Head().Refs, c.Op, c.Seen = "figure/new", []string{"F99"}, briefings.OpCreate, 0
	if _, err := s.Publish(t.Context(), batch("1", c)); !told(err, briefings.ErrInvalid) || !strings.Contains(err.Error(), "20000") {
		t.Errorf("item %d: got %v, want a mistake that names the bound", briefings.MaxItems+1, err)
	}
	if got := amend(t, s, "1", "figure/one", "3"); valueOf(got, "figure/one") != "3" {
		t.Errorf("a change in a full desk: got %q, want 3", valueOf(got, "figure/one"))
	}
}

func TestPublishKeepsWhatWasGiven(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	c := amendment(t, snapshot(t, s, "1"), "figure/ten", "3")
	c.Op, c.Reason = briefings.OpCorrect, "\n It was miscounted. "
	published, err := s.Publish(t.Context(), batch("1", c))
	if err != nil {
		t.Fatal(err)
	}
	for name, snap := range map[string]*briefings.Snapshot{"published": published, "recorded": snapshot(t, r.copy(forgetful{}), "1")} {
		got := snap.Revision("figure/ten")
		if got.Op != briefings.OpCorrect || got.Reason != "It was miscounted." || got.RecordedBy != "42" || !got.RecordedAt.Equal(r.now()) || got.Rev != 2 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestPublishWhileTheRecordIsAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	c := amendment(t, snapshot(t, s, "1"), "figure/one", "3")
	r.record.away.Store(true)
	if _, err := s.Publish(t.Context(), batch("1", c)); !told(err, briefings.ErrUnavailable) || !strings.Contains(err.Error(), "nothing was saved") {
		t.Errorf("away: got %v, want a mistake that says nothing was saved", err)
	}
	r.record.away.Store(false)
	fault := errors.New("disk on fire")
	r.record.fault.Store(&fault)
	if _, err := s.Publish(t.Context(), batch("1", c)); !errors.Is(err, fault) {
		t.Errorf("a fault: got %v, want it", err)
	}
	r.record.fault.Store(nil)
	if got := snapshot(t, s, "1"); got.Rev != 1 {
		t.Errorf("revision %d is shown, want none of the refused ones", got.Rev)
	}
	if _, err := s.Publish(t.Context(), batch("1", c)); err != nil {
		t.Errorf("once it is back: got %v", err)
	}
}

func TestRecordedTimeNeverDecreases(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	last := begin()
	for i, clock := range []string{"2026-01-20T10:00:00Z", "2026-01-20T09:00:00Z", "2025-01-01T00:00:00Z", "2026-01-20T10:00:00.0019Z", "2026-01-21T10:00:00+02:00"} {
		at, err := time.Parse(time.RFC3339Nano, clock)
		if err != nil {
			t.Fatal(err)
		}
		r.now = func() time.Time { return at }
		got := amend(t, s, "1", "figure/one", fmt.Sprint(i+2)).RecordedAt
		want := at.UTC().Truncate(time.Millisecond)
		if want.Before(last) {
			want = last
		}
		if !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("change %d at %s: recorded at %s, want %s", i, clock, got, want)
		}
		last = got
	}
	r.now = func() time.Time { return begin().Add(-time.Hour) }
	if got := amend(t, s, "2", "figure/one", "5").RecordedAt; got.Before(begin()) {
		t.Errorf("a desk's first change is recorded at %s, before the catalogue", got)
	}
}

// TestConcurrentPublishers lets two copies change one desk at once; each
// publisher minds an item of its own, so nobody may be refused for good.
func TestConcurrentPublishers(t *testing.T) {
	t.Parallel()
	const each = 12
	r := newRig(t)
	copies := []*briefings.Service{r.copy(forgetful{}), r.copy(forgetful{})}
	var all sync.WaitGroup
	for i, id := range []briefings.ID{"figure/one", "figure/two", "figure/ten"} {
		s := copies[i%2]
		all.Go(func() {
			for n := range each {
				publishUntilTaken(t, s, id, fmt.Sprint(n+100))
			}
		})
	}
	all.Wait()
	own := snapshot(t, r.copy(forgetful{}), "1").Own()
	if len(own) != 3*each {
		t.Fatalf("%d changes are recorded, want %d", len(own), 3*each)
	}
	next := map[briefings.ID]int{}
	for i, rev := range own {
		id := rev.Item.Head().ID
		if got, want := rev.Item.(*briefings.Figure).Value, fmt.Sprint(next[id]+100); got != want || rev.Rev != i+2 {
			t.Errorf("revision %d of %s: got value %s, want revision %d and value %s", rev.Rev, id, got, i+2, want)
		}
		next[id]++
	}
}

func publishUntilTaken(t *testing.T, s *briefings.Service, id briefings.ID, value string) {
	for {
		snap, err := s.Snapshot(t.Context(), "1")
		if err == nil {
			_, err = s.Publish(t.Context(), batch("1", amendment(t, snap, id, value)))
		}
		if err == nil {
			return
		}
		if !told(err, briefings.ErrUnavailable) { // too many at once: asked to try again
			t.Errorf("%s = %s: %v", id, value, err)
			return
		}
	}
}

func TestTwoPublishersOfOneItem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for round := range 10 {
		desk := briefings.DeskID(fmt.Sprint(round))
		var won, stale atomic.Int32
		var all sync.WaitGroup
		ready := make(chan struct{})
		for i := range 2 {
			s := r.copy(forgetful{})
			c := amendment(t, snapshot(t, s, desk), "figure/one", fmt.Sprint(i+10))
			all.Go(func() {
				<-ready
				switch _, err := s.Publish(t.Context(), batch(desk, c)); {
				case err == nil:
					won.Add(1)
				case told(err, briefings.ErrStale):
					stale.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		close(ready)
		all.Wait()
		if won.Load() != 1 || stale.Load() != 1 {
			t.Errorf("round %d: %d won and %d were stale, want one of each", round, won.Load(), stale.Load())
		}
	}
}

// TestDesksAreApart changes desks at random and compares every one of them,
// and the catalogue, with what was done to it alone.
func TestDesksAreApart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	run := 0
	ids := []briefings.ID{"figure/one", "figure/two", "figure/ten"}
	rapid.Check(t, func(rt *rapid.T) {
		run++
		s := r.copy(&keeping{})
		want := map[briefings.DeskID]map[briefings.ID]string{briefings.Catalogue: {}}
		desks := []briefings.DeskID{briefings.DeskID(fmt.Sprintf("%d-a", run)), briefings.DeskID(fmt.Sprintf("%d-b", run))}
		for range rapid.IntRange(1, 5).Draw(rt, "changes") {
			desk, id := rapid.SampledFrom(desks).Draw(rt, "desk"), rapid.SampledFrom(ids).Draw(rt, "item")
			value := fmt.Sprint(rapid.IntRange(2, 99).Draw(rt, "value"))
			if valueOf(snapshot(t, s, desk), id) == value {
				continue // which would be no change
			}
			amend(t, s, desk, id, value)
			if want[desk] == nil {
				want[desk] = map[briefings.ID]string{}
			}
			want[desk][id] = value
		}
		for _, desk := range append(desks, briefings.Catalogue) {
			snap, err := s.Snapshot(context.Background(), desk)
			if err != nil {
				rt.Fatal(err)
			}
			got := map[briefings.ID]string{}
			for _, id := range ids {
				if v := valueOf(snap, id); v != "1" {
					got[id] = v
				}
			}
			if !maps.Equal(got, want[desk]) {
				rt.Errorf("desk %s: got %v, want %v", desk, got, want[desk])
			}
		}
	})
}
