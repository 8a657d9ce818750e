package briefings_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
	"sitrep/cache"
)

// tellsOf reports whether anything that a copy shows of a desk, past or present,
// names who.
func tellsOf(snap *briefings.Snapshot, who briefings.UserID) bool {
	for _, r := range snap.Own() {
		if r.RecordedBy == who || r.ApprovedBy == who {
			return true
		}
	}
	return snap.Revision("figure/one").RecordedBy == who
}

// A person who is forgotten on one copy is forgotten on those that are told, too.
func TestForgottenOnEveryCopy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	shared, err := cache.Open(cache.Embedded, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := shared.Close(); err != nil {
			t.Error(err)
		}
	}()
	a, listening := r.copy(shared), heard{shared, make(chan int)}
	b := r.copy(listening)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- b.Run(ctx) }()
	listening.until(t, 0)
	amend(t, a, "1", "figure/one", "7")
	published := amend(t, a, "1", "figure/one", "8")
	if snap := snapshot(t, b, "1"); !tellsOf(snap, "42") {
		t.Error("the second copy does not know who published: the test shows nothing")
	}
	if err := a.ForgetPerson(t.Context(), "42"); err != nil {
		t.Fatal(err)
	}
	listening.until(t, briefings.Version(published.Rev, 1))
	for name, s := range map[string]*briefings.Service{"the copy that forgot": a, "the other": b, "one that starts now": r.copy(shared)} {
		snap := snapshot(t, s, "1")
		if tellsOf(snap, "42") || !tellsOf(snap, briefings.FormerMember) || valueOf(snap, "figure/one") != "8" || snap.Rev != published.Rev {
			t.Errorf("%s shows %+v at revision %d, want a former member's 8 at %d", name, snap.Own(), snap.Rev, published.Rev)
		}
	}
	if kept, err := shared.Load(t.Context(), "1"); err != nil || bytes.Contains(kept, []byte(`"42"`)) {
		t.Errorf("the cache holds %s, %v, want nobody's id", kept, err)
	}
	if snap := amend(t, b, "1", "figure/one", "9"); snap.Rev != published.Rev+1 || !tellsOf(snap, "42") {
		t.Errorf("published since: revision %d, want %d, recorded anew", snap.Rev, published.Rev+1)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A copy that is killed right after it recorded that somebody is forgotten told
// nobody, and left the cache as it was. The others see to both.
func TestForgottenThoughNobodyWasTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, shared := newRig(t), new(keeping)
		a, b := r.copy(shared), r.copy(shared)
		amend(t, a, "1", "figure/one", "7")
		defer running(t, b)()
		if !tellsOf(snapshot(t, b, "1"), "42") {
			t.Error("the other copy does not know who published: the test shows nothing")
		}
		if _, err := r.record.ForgetPerson(t.Context(), "42"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		if tellsOf(snapshot(t, b, "1"), "42") {
			t.Error("five seconds later the other copy still shows the id")
		}
		if kept, err := shared.Load(t.Context(), "1"); err != nil || bytes.Contains(kept, []byte(`"42"`)) {
			t.Errorf("the cache holds %s, %v, want nobody's id", kept, err)
		}
		// a copy that read the desk before and was told nothing publishes on what is recorded
		if snap := amend(t, a, "1", "figure/one", "8"); snap.Own()[0].RecordedBy != briefings.FormerMember {
			t.Errorf("the copy that was killed shows %s", snap.Own()[0].RecordedBy)
		}
	})
}

// With the record away nothing is erased, and whoever asked is told so.
func TestForgettingNeedsTheRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.copy(forgetful{})
	amend(t, s, "1", "figure/one", "7")
	r.record.away.Store(true)
	if err := s.ForgetPerson(t.Context(), "42"); err == nil {
		t.Error("got no error")
	}
	if _, err := s.Footprints(t.Context(), "42"); err == nil {
		t.Error("what is kept: got no error")
	}
	r.record.away.Store(false)
	if !tellsOf(snapshot(t, s, "1"), "42") {
		t.Error("who published is forgotten all the same")
	}
}
