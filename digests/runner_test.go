package digests_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/store"
	"sitrep/testenv"
)

func TestTwoCopiesPostEachSlotOnce(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		twoCopies(t, newRig(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		twoCopies(t, rigOn(t, testenv.Postgres(t)))
	})
}

func twoCopies(t *testing.T, r *rig) {
	const slots = 60
	r.subscribeMany(slots)
	r.wall = at(t, due)
	var wait sync.WaitGroup
	for range 2 {
		db, err := store.Open(t.Context(), r.url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		r.parts.Planning, r.parts.Ledger = db, db
		runner := r.runner()
		wait.Go(func() {
			if err := runner.Tick(t.Context(), r.wall); err != nil {
				t.Errorf("Tick: %v", err)
			}
		})
	}
	wait.Wait()
	perChannel := map[digests.ChannelID]int{}
	for _, m := range r.room.messages {
		perChannel[m.channel]++
	}
	most := slices.Max(slices.Collect(maps.Values(perChannel)))
	if len(r.room.messages) != slots || len(perChannel) != slots || most != 1 {
		t.Errorf("%d messages in %d channels, at most %d in one, want %d, %d, 1", len(r.room.messages), len(perChannel), most, slots, slots)
	}
}

func TestFollowThirtyDays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribe("c", "08:00", "Europe/Kyiv", "2026-03-14T12:00:00Z")
	r.subscribe("d", "02:30", "Europe/Zurich", "2026-03-14T12:00:00Z")
	runner := r.runner()
	end := at(t, "2026-04-13T12:00:00Z")
	for r.wall = at(t, "2026-03-14T12:00:00Z"); r.wall.Before(end); {
		next, err := runner.Follow(t.Context(), r.wall)
		if err != nil {
			t.Fatal(err)
		}
		if !next.After(r.wall) {
			t.Fatalf("Follow(%s) = %s, want later", r.wall, next)
		}
		r.wall = next
	}
	titles := r.room.titles()
	if len(titles) != 60 || !slices.IsSorted(titles) {
		t.Errorf("%d messages %q, want 60 in order", len(titles), titles)
	}
	for _, c := range r.composed {
		if c.Late || !c.At.Equal(c.Slot.Due) {
			t.Errorf("the digest due at %s goes out at %s, late %v; want on time", c.Slot.Due, c.At, c.Late)
		}
	}
}

func TestFollowWithNothingToCome(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	next, err := r.runner().Follow(t.Context(), at(t, due))
	if err != nil || !next.IsZero() {
		t.Errorf("Follow = %s, %v, want the zero time", next, err)
	}
}

// live moves a rig's clocks into a synctest bubble, where time is the test's.
// Its subscription falls due as the bubble begins.
func live(t *testing.T) *rig {
	r := newRig(t)
	r.parts.Clock, r.parts.Wall, r.room.now = time.Now, time.Now, time.Now
	r.subscribe("c", "00:00", "UTC", "1999-12-31T12:00:00Z")
	return r
}

// run starts r's runner; stop ends it and returns what Run did.
func (r *rig) run() (stop func() error) {
	ctx, cancel := context.WithCancel(r.t.Context())
	ended := make(chan error, 1)
	runner := r.runner()
	go func() { ended <- runner.Run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}

func TestFollowWaitsForWhatIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := live(t)
		r.subscribe("d", "00:00", "UTC", "1999-12-31T12:00:00Z")
		r.room.before = failing(3, &digests.PostError{Say: "Discord is away."})
		started := time.Now()
		next, err := r.runner().Follow(t.Context(), started)
		if want := started.AddDate(0, 0, 1); err != nil || !next.Equal(want) {
			t.Errorf("Follow = %s, %v, want %s", next, err, want)
		}
		if got := r.room.titles(); len(got) != 2 {
			t.Errorf("posted %q when Follow returned, want two messages", got)
		}
		if took := time.Since(started); took != 6*time.Second {
			t.Errorf("Follow took %s, want the two back-offs, 6s", took)
		}
	})
}

// A copy that died with a claim in its hand must not make the slot late where
// the clock is moved by hand: it stands still until the claim is over.
func TestFollowWaitsForADeadCopysClaim(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := live(t)
		runner := r.runner()
		started := time.Now()
		due, err := r.parts.Planning.Due(t.Context(), started, 1)
		if err != nil || len(due) != 1 {
			t.Fatalf("Due = %v, %v, want the one subscription", due, err)
		}
		slot := digests.Slot{ID: "aaaaaaaaaaaaaaaaaaaa", Subscription: due[0].ID, Due: started, State: digests.Planned}
		if err := r.parts.Planning.Plan(t.Context(), due[0], []digests.Slot{slot}, started.AddDate(0, 0, 1)); err != nil {
			t.Fatal(err)
		}
		const lease = 20 * time.Second
		if _, err := r.parts.Ledger.Claim(t.Context(), "dead", started, lease); err != nil {
			t.Fatal(err)
		}
		if _, err := runner.Follow(t.Context(), started); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(started); took < lease || took > lease+time.Second {
			t.Errorf("Follow took %s, want the claim's %s and little more", took, lease)
		}
		if len(r.composed) != 1 || r.composed[0].Late {
			t.Errorf("composed %+v, want one digest, on time", r.composed)
		}
	})
}

func TestFollowGivesUpWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := live(t)
		r.room.before = failing(100, &digests.PostError{Say: "Discord is away."})
		started := time.Now()
		if _, err := r.runner().Follow(t.Context(), started); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(started); took > 31*time.Second {
			t.Errorf("Follow took %s, want at most half a minute", took)
		}
		r.check("2000-01-01T00:00:00Z planned (Discord is away.)")
	})
}

func TestFollowEndsWithItsContext(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.runner().Follow(ctx, at(t, due)); err == nil {
		t.Error("Follow with an ended context returned no error")
	}
	r.check()
}

// TestRunSendsOneAtATimeForEachChannel has three digests that take three seconds
// each, two of them for one channel. Stopping waits for those under way.
func TestRunSendsOneAtATimeForEachChannel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := live(t)
		r.subscribe("c", "00:00", "UTC", "1999-12-31T12:00:00Z")
		r.subscribe("d", "00:00", "UTC", "1999-12-31T12:00:00Z")
		var mu sync.Mutex
		under, most := map[digests.ChannelID]int{}, map[digests.ChannelID]int{}
		r.parts.Compose = func(_ context.Context, c digests.Composition) (cards.Card, int, error) {
			mu.Lock()
			under[c.Subscription.Channel]++
			most[c.Subscription.Channel] = max(most[c.Subscription.Channel], under[c.Subscription.Channel])
			under["all"]++
			most["all"] = max(most["all"], under["all"])
			mu.Unlock()
			time.Sleep(3 * time.Second)
			mu.Lock()
			defer mu.Unlock()
			under[c.Subscription.Channel]--
			under["all"]--
			return cards.Card{Title: "late"}, 1, nil
		}
		stop := r.run()
		time.Sleep(2500 * time.Millisecond) // the fake clock: one for each channel is under way
		if err := stop(); err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
		if got := r.room.titles(); len(got) != 2 || most["c"] != 1 || most["d"] != 1 || most["all"] != 2 {
			t.Errorf("posted %q, at once %v, want one for each channel", got, most)
		}
		stop = r.run()
		time.Sleep(4500 * time.Millisecond)
		if err := stop(); err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
		if got := r.room.titles(); len(got) != 3 || most["c"] != 1 {
			t.Errorf("posted %q, at once %v, want all three, one for each channel at a time", got, most)
		}
	})
}

// counting is a store that counts the ticks.
type counting struct {
	*store.Store
	ticks atomic.Int32
}

func (c *counting) Due(ctx context.Context, now time.Time, most int) ([]digests.Subscription, error) {
	c.ticks.Add(1)
	return c.Store.Due(ctx, now, most)
}

// A post that takes its time holds up no plan and no other channel's digest.
func TestRunPlansWhileSending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := live(t)
		r.subscribe("d", "00:00", "UTC", "1999-12-31T12:00:00Z")
		db := &counting{Store: r.store}
		r.parts.Planning = db
		var slow atomic.Bool
		r.room.before = func() error {
			if slow.CompareAndSwap(false, true) {
				time.Sleep(5 * time.Second)
			}
			return nil
		}
		stop := r.run()
		time.Sleep(4500 * time.Millisecond)
		if got := r.room.titles(); len(got) != 1 {
			t.Errorf("posted %q while one post hangs, want the other one", got)
		}
		time.Sleep(5 * time.Second)
		if err := stop(); err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
		if got := db.ticks.Load(); got < 9 {
			t.Errorf("%d ticks in 9.5 s with a post of 5 s, want 9", got)
		}
	})
}

func TestRunEndsThoughAPostHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := live(t)
		never := make(chan struct{})
		r.room.before = func() error { <-never; return nil }
		stop := r.run()
		time.Sleep(1500 * time.Millisecond)
		if err := stop(); err == nil {
			t.Error("Run = nil, want an error about the digest that was still going out")
		}
		close(never)
		synctest.Wait()
	})
}

// outage is a store in front of which the network goes away.
type outage struct {
	*store.Store
	away atomic.Bool
}

func (o *outage) check() error {
	if o.away.Load() {
		return fmt.Errorf("store: %w", briefings.ErrUnavailable)
	}
	return nil
}

func (o *outage) Due(ctx context.Context, now time.Time, most int) ([]digests.Subscription, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	return o.Store.Due(ctx, now, most)
}

func (o *outage) Finish(ctx context.Context, c digests.Claim, done digests.Slot) error {
	if err := o.check(); err != nil {
		return err
	}
	return o.Store.Finish(ctx, c, done)
}

func TestRunOutlivesTheDatabase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := live(t)
		r.subscribe("d", "00:05", "UTC", "1999-12-31T12:00:00Z")
		db := &outage{Store: r.store}
		r.parts.Planning, r.parts.Ledger = db, db
		r.room.after = func() error { db.away.Store(true); return nil } // right after the message is there
		stop := r.run()
		time.Sleep(30 * time.Second)
		if got := r.log.count("level=ERROR"); got != 1 {
			t.Errorf("logged %d errors in 30 s without a database, want 1:\n%s", got, r.log.all.String())
		}
		r.check("2000-01-01T00:00:00Z claimed")
		r.room.after = nil
		db.away.Store(false)
		time.Sleep(40 * time.Second)
		r.check("2000-01-01T00:00:00Z sent m1")
		if got := r.log.count(`"a job goes on" job=digests`); got != 1 {
			t.Errorf("logged %d times that digests go on, want 1", got)
		}
		time.Sleep(5 * time.Minute)
		r.check("2000-01-01T00:00:00Z sent m1", "2000-01-01T00:05:00Z sent m2")
		if err := stop(); err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
	})
}

func TestRunOutlivesAPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := live(t)
		var once sync.Once
		r.room.before = func() error {
			once.Do(func() { panic("in the poster") })
			return nil
		}
		stop := r.run()
		time.Sleep(90 * time.Second)
		r.check("2000-01-01T00:00:00Z sent m1")
		if got := r.log.count("panic: "); got != 1 {
			t.Errorf("logged %d panics, want 1", got)
		}
		if err := stop(); err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
	})
}

func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("subscriptions=%d", n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				r := newRig(b)
				r.subscribeMany(n)
				r.parts.Ledger = planOnly{r.store}
				runner, now := r.runner(), at(b, due)
				b.StartTimer()
				if err := runner.Tick(b.Context(), now); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "slots/s")
		})
	}
}
