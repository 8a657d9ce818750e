package briefings_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/store"
)

// begin is when the catalogue of these tests counts as recorded.
func begin() time.Time { return time.Date(2026, time.January, 19, 0, 0, 0, 0, time.UTC) }

func edtf(tb testing.TB, s string) briefings.EDTF {
	tb.Helper()
	e, err := briefings.ParseEDTF(s)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// items is a small catalogue that keeps every rule.
func items(tb testing.TB) []briefings.Item {
	tb.Helper()
	cited := []briefings.Citation{{Source: "source/paper"}}
	head := func(id briefings.ID, ref string) briefings.Envelope {
		return briefings.Envelope{ID: id, Refs: []string{ref}, Sections: []string{"war"}, Text: "What " + ref + " says.", Sources: cited}
	}
	figure := func(id briefings.ID, ref string) *briefings.Figure {
		f := &briefings.Figure{Envelope: head(id, ref), Series: "s", Value: "1", Qualifier: briefings.Exact, Unit: "systems", Status: briefings.Claimed}
		f.AsOf = edtf(tb, "2026-01-19")
		return f
	}
	all := []briefings.Item{
		&briefings.Section{
			Envelope: briefings.Envelope{ID: "section/war", Refs: []string{"SEC1"}}, Command: "war", Title: "War", Bluf: "It goes on.", Order: 1,
			Highlights: []briefings.ID{"figure/one"},
		},
		&briefings.Source{Envelope: briefings.Envelope{ID: "source/paper", Refs: []string{"S1"}}, Title: "A paper"},
		figure("figure/ten", "F10"), figure("figure/two", "F2"), figure("figure/one", "F1"),
		&briefings.Question{Envelope: head("question/next", "Q1"), Question: "What comes next?", State: briefings.OpenQuestion},
		&briefings.Conflict{
			Envelope: head("conflict/one-two", "C1"), Members: []briefings.ID{"figure/one", "figure/two"}, About: briefings.ValueConflict, State: briefings.OpenConflict,
		},
	}
	if faults := briefings.Check(all, begin()); len(faults) > 0 {
		tb.Fatal(faults)
	}
	return all
}

// A switched record answers from the real one, or as though it could not be
// reached, or with a fault.
type switched struct {
	briefings.Record
	away  atomic.Bool
	fault atomic.Pointer[error]
	asked atomic.Int32 // for revisions

	settings atomic.Int32 // times that settings were read
}

func (s *switched) broken() error {
	if err := s.fault.Load(); err != nil {
		return *err
	}
	if s.away.Load() {
		return fmt.Errorf("record: %w", briefings.ErrUnavailable)
	}
	return nil
}

func (s *switched) Revisions(ctx context.Context, desk briefings.DeskID, after int) ([]briefings.Revision, error) {
	s.asked.Add(1)
	if err := errors.Join(s.broken(), ctx.Err()); err != nil {
		return nil, err
	}
	return s.Record.Revisions(ctx, desk, after)
}

func (s *switched) Publish(ctx context.Context, desk briefings.DeskID, seen int, revs []briefings.Revision) error {
	if err := s.broken(); err != nil {
		return err
	}
	return s.Record.Publish(ctx, desk, seen, revs)
}

func (s *switched) Newest(ctx context.Context, desks []briefings.DeskID) (map[briefings.DeskID]int, error) {
	if err := s.broken(); err != nil && len(desks) > 0 { // asked for none, a store answers by itself
		return nil, err
	}
	return s.Record.Newest(ctx, desks)
}

func (s *switched) KeepDraft(ctx context.Context, d briefings.Draft) (string, error) {
	if err := s.broken(); err != nil {
		return "", err
	}
	return s.Record.KeepDraft(ctx, d)
}

func (s *switched) Draft(ctx context.Context, desk briefings.DeskID, id string) (briefings.Draft, error) {
	if err := s.broken(); err != nil {
		return briefings.Draft{}, err
	}
	return s.Record.Draft(ctx, desk, id)
}

func (s *switched) Latest(ctx context.Context) (time.Time, error) {
	if err := s.broken(); err != nil {
		return time.Time{}, err
	}
	return s.Record.Latest(ctx)
}

func (s *switched) Settings(ctx context.Context, desk briefings.DeskID) (briefings.Settings, error) {
	s.settings.Add(1)
	if err := s.broken(); err != nil {
		return briefings.Settings{}, err
	}
	return s.Record.Settings(ctx, desk)
}

func (s *switched) SettingsRevs(ctx context.Context, desks []briefings.DeskID) (map[briefings.DeskID]int, error) {
	if err := s.broken(); err != nil {
		return nil, err
	}
	return s.Record.SettingsRevs(ctx, desks)
}

func (s *switched) Footprints(ctx context.Context, who briefings.UserID) ([]briefings.Footprint, error) {
	if err := s.broken(); err != nil {
		return nil, err
	}
	return s.Record.Footprints(ctx, who)
}

// A remembered record is kept in memory: for more than a database takes in the
// time that a test has. One goroutine uses it, and nobody keeps drafts in it.
type remembered struct {
	briefings.Record
	desks map[briefings.DeskID][]briefings.Revision
}

func (r remembered) Revisions(_ context.Context, desk briefings.DeskID, after int) ([]briefings.Revision, error) {
	all := r.desks[desk]
	return slices.Clone(all[sort.Search(len(all), func(i int) bool { return all[i].Rev > after }):]), nil
}

func (r remembered) Publish(ctx context.Context, desk briefings.DeskID, seen int, revs []briefings.Revision) error {
	if newest, _ := r.Newest(ctx, []briefings.DeskID{desk}); newest[desk] != seen {
		return briefings.ErrStale
	}
	r.desks[desk] = append(r.desks[desk], revs...)
	return nil
}

func (r remembered) Newest(_ context.Context, desks []briefings.DeskID) (map[briefings.DeskID]int, error) {
	newest := map[briefings.DeskID]int{}
	for _, desk := range desks {
		if all := r.desks[desk]; len(all) > 0 {
			newest[desk] = all[len(all)-1].Rev
		}
	}
	return newest, nil
}

func (remembered) Settings(context.Context, briefings.DeskID) (briefings.Settings, error) {
	return briefings.Settings{}, nil
}

func (r remembered) Latest(context.Context) (latest time.Time, _ error) {
	for _, all := range r.desks {
		if at := all[len(all)-1].RecordedAt; at.After(latest) {
			latest = at
		}
	}
	return latest, nil
}

// A forgetful cache loses everything at once, as caches may.
type forgetful struct{}

func (forgetful) Load(context.Context, briefings.DeskID) ([]byte, error)    { return nil, nil }
func (forgetful) Drop(context.Context, briefings.DeskID) error              { return nil }
func (forgetful) Keep(context.Context, briefings.DeskID, int, []byte) error { return nil }
func (forgetful) Tell(context.Context, briefings.DeskID) error              { return nil }
func (forgetful) Changes(ctx context.Context, _ func(briefings.DeskID, int)) error {
	<-ctx.Done()
	return nil
}

// A keeping cache is a map, and tells nobody.
type keeping struct {
	forgetful
	mu   sync.Mutex
	kept map[briefings.DeskID][]byte
}

func (k *keeping) Load(_ context.Context, desk briefings.DeskID) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept[desk], nil
}

func (k *keeping) Drop(_ context.Context, desk briefings.DeskID) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, desk)
	return nil
}

func (k *keeping) Keep(_ context.Context, desk briefings.DeskID, _ int, compiled []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == nil {
		k.kept = map[briefings.DeskID][]byte{}
	}
	k.kept[desk] = bytes.Clone(compiled)
	return nil
}

// A rig is one database with the copies of sitrep that tests start on it.
type rig struct {
	tb     testing.TB
	record *switched
	log    *bytes.Buffer
	logger *slog.Logger // into log, for all copies: it takes their lines one at a time
	now    func() time.Time
}

func newRig(tb testing.TB) *rig {
	tb.Helper()
	db, err := store.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "sitrep.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return rigOver(tb, db)
}

func rigOver(tb testing.TB, record briefings.Record) *rig {
	log := new(bytes.Buffer)
	return &rig{
		tb: tb, record: &switched{Record: record}, log: log, logger: slog.New(slog.NewTextHandler(log, nil)),
		now: func() time.Time { return begin().Add(time.Hour) },
	}
}

// copy starts a copy of sitrep.
func (r *rig) copy(cache briefings.Cache) *briefings.Service {
	r.tb.Helper()
	return r.release(cache, 1, items(r.tb)...)
}

// release starts a copy that comes with another catalogue; edition 0 is a folder.
func (r *rig) release(cache briefings.Cache, edition int, items ...briefings.Item) *briefings.Service {
	now := func() time.Time { return r.now() }
	loaded := briefings.Loaded{Items: items, Edition: edition, RecordedAt: begin()}
	return briefings.NewService(r.record, cache, loaded, now, r.logger)
}

func snapshot(tb testing.TB, s *briefings.Service, desk briefings.DeskID) *briefings.Snapshot {
	tb.Helper()
	snap, err := s.Snapshot(tb.Context(), desk)
	if err != nil {
		tb.Fatal(err)
	}
	return snap
}

// amendment is a change of a figure's value, made from what snap shows.
func amendment(tb testing.TB, snap *briefings.Snapshot, id briefings.ID, value string) briefings.Change {
	tb.Helper()
	item, err := briefings.Clone(snap.Revision(id).Item)
	if err != nil {
		tb.Fatal(err)
	}
	item.(*briefings.Figure).Value = value
	return briefings.Change{Item: item, Op: briefings.OpAmend, Seen: snap.ItemRev(id)}
}

// batch is what user 42 does to a desk at once.
func batch(desk briefings.DeskID, changes ...briefings.Change) briefings.Batch {
	return briefings.Batch{Desk: desk, By: "42", Changes: changes}
}

// amend publishes a figure's new value.
func amend(tb testing.TB, s *briefings.Service, desk briefings.DeskID, id briefings.ID, value string) *briefings.Snapshot {
	tb.Helper()
	snap, err := s.Publish(tb.Context(), batch(desk, amendment(tb, snapshot(tb, s, desk), id, value)))
	if err != nil {
		tb.Fatal(err)
	}
	return snap
}

func valueOf(snap *briefings.Snapshot, id briefings.ID) string {
	f, ok := snap.Item(id).(*briefings.Figure)
	if !ok {
		return ""
	}
	return f.Value
}
