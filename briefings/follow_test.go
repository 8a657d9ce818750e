package briefings_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
	"sitrep/cache"
)

// A heard cache says what news reached the copy that listens to it, once that
// copy has acted on it.
type heard struct {
	briefings.Cache
	news chan int // revisions
}

func (h heard) Changes(ctx context.Context, f func(briefings.DeskID, int)) error {
	return h.Cache.Changes(ctx, func(desk briefings.DeskID, rev int) {
		f(desk, rev)
		select {
		case h.news <- rev:
		case <-ctx.Done():
		}
	})
}

// until waits for the news of rev; a copy that has subscribed hears 0 first.
func (h heard) until(t *testing.T, rev int) {
	t.Helper()
	for {
		select {
		case got := <-h.news:
			if got == rev {
				return
			}
		case <-t.Context().Done():
			t.Fatalf("revision %d was never told", rev)
		}
	}
}

func TestChangeIsToldToOtherCopies(t *testing.T) {
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
	if got := valueOf(snapshot(t, b, "1"), "figure/one"); got != "1" {
		t.Fatalf("before the change: got %q, want 1", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- b.Run(ctx) }()
	listening.until(t, 0)

	published := amend(t, a, "1", "figure/one", "7")
	listening.until(t, published.Rev)
	asked := r.record.asked.Load()
	if got := snapshot(t, b, "1"); valueOf(got, "figure/one") != "7" || got.Rev != published.Rev {
		t.Errorf("told: got %q at revision %d, want 7 at %d", valueOf(got, "figure/one"), got.Rev, published.Rev)
	}
	published = amend(t, a, "2", "figure/one", "8")
	listening.until(t, published.Rev)
	if got := r.record.asked.Load() - asked; got != 1 {
		t.Errorf("news of a desk that this copy never showed made it ask the record %d times, want only the publisher's one", got)
	}
	r.record.away.Store(true)
	if got := valueOf(snapshot(t, r.copy(shared), "2"), "figure/one"); got != "8" {
		t.Errorf("a third copy, from the cache alone: got %q, want 8", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: got %v, want nil once its context ended", err)
	}
}

// TestLostMessage publishes on one copy and has the other find out by itself.
func TestLostMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		a, b := r.copy(forgetful{}), r.copy(forgetful{})
		end := running(t, b)
		defer end()
		snapshot(t, b, "1")
		wait := func(d time.Duration) {
			<-time.After(d)
			synctest.Wait()
		}
		for i, step := range []struct {
			name  string
			away  bool
			value string
			want  string
		}{
			{"compared", false, "2", "2"},
			{"compared again", false, "3", "3"},
			{"the record away", true, "4", "3"},
			{"the record back", false, "5", "5"},
		} {
			amend(t, a, "1", "figure/one", step.value)
			before := valueOf(snapshot(t, b, "1"), "figure/one")
			r.record.away.Store(step.away)
			wait(5 * time.Second)
			if got := valueOf(snapshot(t, b, "1"), "figure/one"); got != step.want {
				t.Errorf("%d %s: 5 s after the change got %q, before it %q, want %q", i, step.name, got, before, step.want)
			}
			if got := b.RecordAway(); got != step.away {
				t.Errorf("%d %s: RecordAway() = %t, want %t", i, step.name, got, step.away)
			}
			r.record.away.Store(false)
		}
		if warns := strings.Count(r.log.String(), "level=WARN"); warns != 1 {
			t.Errorf("an outage made %d warnings, want one:\n%s", warns, r.log)
		}
		fault := errors.New("no such table")
		r.record.fault.Store(&fault)
		wait(5 * time.Second)
		if !strings.Contains(r.log.String(), "no such table") {
			t.Errorf("a fault is not in the log:\n%s", r.log)
		}
		r.record.fault.Store(nil)
	})
}

// running runs s until the function it returns is called.
func running(t *testing.T, s *briefings.Service) (end func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
}

// A reconnecting cache subscribes when it is told to, as package cache does
// after an outage: it calls with no desk, for news may have been lost.
type reconnecting struct {
	briefings.Cache
	again chan struct{}
}

func (c reconnecting) Changes(ctx context.Context, f func(briefings.DeskID, int)) error {
	for {
		select {
		case <-c.again:
			f("", 0)
		case <-ctx.Done():
			return nil
		}
	}
}

func TestNewSubscriptionCompares(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, c := newRig(t), reconnecting{forgetful{}, make(chan struct{})}
		a, b := r.copy(forgetful{}), r.copy(c)
		defer running(t, b)()
		snapshot(t, b, "1")
		amend(t, a, "1", "figure/one", "7")
		began := time.Now()
		c.again <- struct{}{}
		synctest.Wait()
		if got := valueOf(snapshot(t, b, "1"), "figure/one"); got != "7" || time.Since(began) > time.Second {
			t.Errorf("%s after it subscribed anew: got %q, want 7 at once", time.Since(began), got)
		}
	})
}

// TestRecordRestoredFromABackup has the database come back older than what
// copies and cache hold of it. It is the record, so they go back with it.
func TestRecordRestoredFromABackup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, backup := newRig(t), newRig(t)
		c := reconnecting{new(keeping), make(chan struct{})}
		for _, first := range []*rig{r, backup} {
			amend(t, first.copy(forgetful{}), "1", "figure/one", "7")
		}
		newer := items(t)
		newer[4].(*briefings.Figure).Text = "What F1 says now."
		publisher, follower := r.release(c, 2, newer...), r.release(c, 2, newer...)
		defer running(t, follower)()
		for _, value := range []string{"8", "9"} {
			amend(t, publisher, "1", "figure/one", value)
		}
		synctest.Wait()
		if got := valueOf(snapshot(t, follower, "1"), "figure/one"); got != "9" {
			t.Fatalf("before: got %q, want 9", got)
		}

		r.record.Record = backup.record.Record
		if _, err := publisher.Publish(t.Context(), batch("1", amendment(t, snapshot(t, publisher, "1"), "figure/one", "10"))); !told(err, briefings.ErrStale) {
			t.Errorf("a change of what is no longer recorded: got %v, want one that is told of the recorded version", err)
		}
		c.again <- struct{}{}
		synctest.Wait()
		for name, s := range map[string]*briefings.Service{"publisher": publisher, "follower": follower, "started later": r.release(c, 2, newer...)} {
			if got := valueOf(snapshot(t, s, "1"), "figure/one"); got != "7" {
				t.Errorf("%s: got %q, want 7, which the backup holds", name, got)
			}
		}
		c.again <- struct{}{}
		synctest.Wait()
		if got, err := r.record.Newest(t.Context(), []briefings.DeskID{briefings.Catalogue}); err != nil || got[briefings.Catalogue] != 2 {
			t.Errorf("the catalogue: got %v, %v; want the newer edition recorded anew, at 2", got, err)
		}
		amend(t, publisher, "1", "figure/one", "11")
		c.again <- struct{}{}
		synctest.Wait()
		if got := valueOf(snapshot(t, follower, "1"), "figure/one"); got != "11" {
			t.Errorf("changed on top of the backup: got %q, want 11", got)
		}
		if got := r.log.String(); !strings.Contains(got, "backup") {
			t.Errorf("the log says nothing of it:\n%s", got)
		}
	})
}

// A deaf cache can't tell of changes.
type deaf struct{ forgetful }

func (deaf) Changes(context.Context, func(briefings.DeskID, int)) error {
	return errors.New("closed")
}

func TestRunGoesOnDeaf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		a, b := r.copy(forgetful{}), r.copy(deaf{})
		defer running(t, b)()
		snapshot(t, b, "1")
		amend(t, a, "1", "figure/one", "7")
		<-time.After(5 * time.Second)
		synctest.Wait()
		if got := valueOf(snapshot(t, b, "1"), "figure/one"); got != "7" {
			t.Errorf("got %q, want 7 by comparing", got)
		}
		if got := strings.Count(r.log.String(), "level=ERROR"); got != 1 {
			t.Errorf("%d errors in the log, want one:\n%s", got, r.log)
		}
	})
}

// busy is a record in which every desk has made one change.
type busy struct {
	briefings.Record
	item  briefings.Item
	mu    sync.Mutex
	asked map[briefings.DeskID]int // for revisions
}

func (b *busy) Revisions(_ context.Context, desk briefings.DeskID, _ int) ([]briefings.Revision, error) {
	b.mu.Lock()
	b.asked[desk]++
	b.mu.Unlock()
	if desk == briefings.Catalogue {
		return nil, nil
	}
	return []briefings.Revision{{Rev: 2, Item: b.item, Op: briefings.OpAmend, RecordedAt: begin()}}, nil
}

func (b *busy) Newest(_ context.Context, desks []briefings.DeskID) (map[briefings.DeskID]int, error) {
	all := map[briefings.DeskID]int{}
	for _, desk := range desks {
		all[desk] = 2
	}
	all[briefings.Catalogue] = 1
	return all, nil
}

func (b *busy) Publish(context.Context, briefings.DeskID, int, []briefings.Revision) error {
	return nil
}
func (b *busy) Latest(context.Context) (time.Time, error) { return begin(), nil }

// TestIdleDesksAreForgotten asks for more desks than a copy holds: those asked
// for longest ago are read anew, the others are still there.
func TestIdleDesksAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		record := &busy{item: edited(t, map[briefings.ID]string{"figure/one": "5"})[4], asked: map[briefings.DeskID]int{}}
		r := rigOver(t, record)
		s := r.copy(forgetful{})
		defer running(t, s)()
		ask := func(from, to int) {
			for i := from; i < to; i++ {
				if got := valueOf(snapshot(t, s, briefings.DeskID(fmt.Sprint(i))), "figure/one"); got != "5" {
					t.Fatalf("desk %d: got %q, want 5", i, got)
				}
			}
		}
		wait := func() {
			<-time.After(5 * time.Second)
			synctest.Wait()
		}
		ask(0, 100)
		wait()
		ask(100, 2100)
		r.record.away.Store(true)
		wait() // which finds out that it is away, and forgets a hundred before
		wait()
		r.record.away.Store(false)
		wait()
		ask(0, 2100)
		record.mu.Lock()
		defer record.mu.Unlock()
		for i := range 2100 {
			want := 1
			if i < 100 {
				want = 2
			}
			if got := record.asked[briefings.DeskID(fmt.Sprint(i))]; got != want {
				t.Fatalf("desk %d was read %d times, want %d", i, got, want)
			}
		}
	})
}
