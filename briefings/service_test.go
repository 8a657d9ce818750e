package briefings_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"sitrep/briefings"
)

func TestSnapshotComesFromWhereItIs(t *testing.T) {
	t.Parallel()
	r, cache := newRig(t), &keeping{}
	published := amend(t, r.copy(cache), "1", "figure/one", "7")

	warm := r.copy(forgetful{})
	if got := valueOf(snapshot(t, warm, "1"), "figure/one"); got != "7" {
		t.Errorf("cold, from the record: got %q, want 7", got)
	}
	r.record.away.Store(true)
	if got := valueOf(snapshot(t, warm, "1"), "figure/one"); got != "7" {
		t.Errorf("warm, the record away: got %q, want 7", got)
	}
	got := snapshot(t, r.copy(cache), "1")
	if valueOf(got, "figure/one") != "7" || got.Rev != published.Rev || !got.RecordedAt.Equal(published.RecordedAt) || len(got.Own()) != 1 {
		t.Errorf("from the cache: got %q at rev %d of %s, want 7 at rev %d of %s",
			valueOf(got, "figure/one"), got.Rev, got.RecordedAt, published.Rev, published.RecordedAt)
	}
	if own := got.Own()[0]; own.RecordedBy != "42" || own.Op != briefings.OpAmend {
		t.Errorf("from the cache: got a revision by %q (%s), want one by 42 (amend)", own.RecordedBy, own.Op)
	}
	cold := r.copy(forgetful{})
	if _, err := cold.Snapshot(t.Context(), "1"); !told(err, briefings.ErrUnavailable) {
		t.Errorf("from nowhere: got %v, want a mistake of the kind unavailable", err)
	}
	if got := snapshot(t, cold, briefings.Catalogue); got != cold.Base() {
		t.Error("the catalogue: got another snapshot than Base")
	}
	r.record.away.Store(false)
	if got := valueOf(snapshot(t, cold, "1"), "figure/one"); got != "7" {
		t.Errorf("once the record is back: got %q, want 7", got)
	}
	if got := valueOf(snapshot(t, cold, "2"), "figure/one"); got != "1" {
		t.Errorf("another desk: got %q, want the catalogue's 1", got)
	}
}

// told reports whether err is words for a person, of that kind.
func told(err, kind error) bool {
	mistake := new(briefings.UserError)
	return errors.As(err, &mistake) && mistake.Say != "" && errors.Is(err, kind)
}

func TestDamagedCacheIsPassedOver(t *testing.T) {
	t.Parallel()
	r, cache := newRig(t), &keeping{}
	amend(t, r.copy(cache), "1", "figure/one", "7")
	good := string(cache.kept["1"])
	for name, form := range map[string]string{
		"empty":                 "",
		"null":                  "null",
		"cut off":               good[:len(good)/2],
		"an older format":       strings.Replace(good, `"format":2`, `"format":1`, 1),
		"a revision of nothing": `{"format":2,"own":[null]}`,
		"no revision":           strings.Replace(good, `"Rev":2`, `"Rev":0`, 1),
		"an unknown field":      strings.Replace(good, `"series"`, `"serious"`, 1),
		"an unknown kind":       strings.Replace(good, `"figure/one"`, `"figurine/one"`, 1),
		"an unknown operation":  strings.Replace(good, `"amend"`, `"dance"`, 1),
		"a list":                "[]",
	} {
		cache.kept["1"] = []byte(form)
		if got := valueOf(snapshot(t, r.copy(cache), "1"), "figure/one"); got != "7" {
			t.Errorf("%s: got %q, want 7 from the record", name, got)
		}
		if got := string(cache.kept["1"]); got != good {
			t.Errorf("%s: the cache now holds %q, want it made anew", name, got)
		}
	}
}

// TestFlippedCacheIsBorne changes any one byte of what the cache keeps.
func TestFlippedCacheIsBorne(t *testing.T) {
	t.Parallel()
	r, cache := newRig(t), &keeping{}
	amend(t, r.copy(cache), "1", "figure/one", "7")
	good := cache.kept["1"]
	rapid.Check(t, func(t *rapid.T) {
		form := bytes.Clone(good)
		at := rapid.IntRange(0, len(form)-1).Draw(t, "at")
		form[at] = rapid.Byte().Draw(t, "byte")
		damaged := &keeping{kept: map[briefings.DeskID][]byte{"1": form}}
		snap, err := r.copy(damaged).Snapshot(context.Background(), "1")
		if err != nil {
			t.Fatalf("%q: %v", form, err)
		}
		if snap.Item("figure/two") == nil || snap.Item("section/war") == nil {
			t.Errorf("%q: got a desk that lacks the catalogue's items", form)
		}
	})
}

func TestRecordAwayIsLoggedOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for i, step := range []struct {
		name       string
		away       bool
		ctx        context.Context
		wantAway   bool
		warns, oks int // lines so far
	}{
		{"it is there", false, t.Context(), false, 0, 0},
		{"it goes", true, t.Context(), true, 1, 0},
		{"it is still away", true, t.Context(), true, 1, 0},
		{"it comes back", false, t.Context(), false, 1, 1},
		{"it is still there", false, t.Context(), false, 1, 1},
		{"it goes again", true, t.Context(), true, 2, 1},
		{"somebody gave up asking, which tells nothing", false, gone, true, 2, 1},
		{"it comes back again", false, t.Context(), false, 2, 2},
		{"somebody gave up asking", false, gone, false, 2, 2},
	} {
		r.record.away.Store(step.away)
		_, err := s.Snapshot(step.ctx, briefings.DeskID(fmt.Sprint(i)))
		if (err != nil) != (step.away || step.ctx == gone) {
			t.Errorf("%s: got %v", step.name, err)
		}
		if got := s.RecordAway(); got != step.wantAway {
			t.Errorf("%s: RecordAway() = %t, want %t", step.name, got, step.wantAway)
		}
		warns, oks := strings.Count(r.log.String(), "level=WARN"), strings.Count(r.log.String(), "level=INFO")
		if warns != step.warns || oks != step.oks {
			t.Errorf("%s: %d warnings and %d good news, want %d and %d:\n%s", step.name, warns, oks, step.warns, step.oks, r.log)
		}
	}
}

func TestFaultIsNoOutage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	fault := errors.New("revision 3: unknown field")
	r.record.fault.Store(&fault)
	_, err := s.Snapshot(t.Context(), "1")
	if mistake := new(briefings.UserError); !errors.Is(err, fault) || errors.As(err, &mistake) {
		t.Errorf("Snapshot: got %v, want the fault, so that it is logged and nobody is told of an outage", err)
	}
	if _, err := s.Draft(t.Context(), "1", "a"); !errors.Is(err, fault) {
		t.Errorf("Draft: got %v, want the fault", err)
	}
	if s.RecordAway() || r.log.Len() > 0 {
		t.Errorf("RecordAway() = %t, log %q, want false and nothing", s.RecordAway(), r.log)
	}
}

func TestFirstQuestionsAskTheRecordOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	snaps := make([]*briefings.Snapshot, 50)
	var all sync.WaitGroup
	for i := range snaps {
		all.Go(func() {
			snap, err := s.Snapshot(t.Context(), "1")
			if err != nil {
				t.Error(err)
			}
			snaps[i] = snap
		})
	}
	all.Wait()
	if got := r.record.asked.Load(); got != 1 {
		t.Errorf("the record was asked %d times, want once", got)
	}
	for i, snap := range snaps {
		if snap != snaps[0] {
			t.Errorf("question %d got a snapshot of its own", i)
		}
	}
}

// TestUnchangedDesksAreCheap is not parallel: it weighs the heap.
func TestUnchangedDesksAreCheap(t *testing.T) {
	const desks, most = 10_000, 1024
	r := newRig(t)
	s := r.copy(forgetful{})
	snapshot(t, s, "warm-up")
	before := heap()
	for i := range desks {
		snapshot(t, s, briefings.DeskID(fmt.Sprint(100_000_000_000_000_000+i)))
	}
	if got := (heap() - before) / desks; got >= most {
		t.Errorf("a desk that changed nothing costs %d bytes, want under %d", got, most)
	}
	ids := make([]briefings.DeskID, desks)
	for i := range ids {
		ids[i] = briefings.DeskID(fmt.Sprint(100_000_000_000_000_000 + i))
	}
	if rows, err := r.record.Newest(t.Context(), ids); err != nil || len(rows) != 0 {
		t.Errorf("desks that changed nothing have %d rows, %v, want none", len(rows), err)
	}
	if allocs := testing.AllocsPerRun(100, func() { snapshot(t, s, "warm-up") }); allocs > 0 {
		t.Errorf("a warm question makes %.0f allocations, want none", allocs)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	want := briefings.Draft{Desk: "1", Author: "42", Item: "figure/one", Seen: 1, Fields: map[string]string{"value": "many"}}
	id, err := s.KeepDraft(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Draft(t.Context(), "1", id)
	if err != nil || got.Author != "42" || got.Item != "figure/one" || got.Seen != 1 || got.Fields["value"] != "many" || !got.RecordedAt.Equal(r.now()) {
		t.Errorf("got %+v, %v, want %+v of %s", got, err, want, r.now())
	}
	for _, other := range []struct {
		desk briefings.DeskID
		id   string
	}{{"2", id}, {"1", "nothing"}, {"1", ""}} {
		if _, err := s.Draft(t.Context(), other.desk, other.id); !told(err, briefings.ErrNotFound) {
			t.Errorf("draft %q of desk %s: got %v, want a mistake of the kind not found", other.id, other.desk, err)
		}
	}
	r.record.away.Store(true)
	if _, err := s.KeepDraft(t.Context(), want); !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("the record away: got %v, want unavailable", err)
	}
	if _, err := s.Draft(t.Context(), "1", id); !errors.Is(err, briefings.ErrUnavailable) || !s.RecordAway() {
		t.Errorf("the record away: got %v, want unavailable", err)
	}
}

func BenchmarkSnapshot(b *testing.B) {
	s := newRig(b).copy(forgetful{})
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Snapshot(ctx, "1"); err != nil {
			b.Fatal(err)
		}
	}
}
