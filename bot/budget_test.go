package bot

import (
	"context"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
)

// queue is a Pacer for several copies, which can be taken away.
type queue struct {
	mu      sync.Mutex
	free    time.Time
	callers map[string]time.Time // when each was there last
	paused  map[string]time.Time
	away    bool
	asked   string
}

func newQueue() *queue {
	return &queue{callers: map[string]time.Time{}, paused: map[string]time.Time{}}
}

func (q *queue) Pause(_ context.Context, name, what string, long time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.away {
		return briefings.ErrUnavailable
	}
	q.paused[name+" "+what] = time.Now().Add(long)
	return nil
}

func (q *queue) Paused(_ context.Context, name string, what ...string) ([]time.Duration, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.away {
		return nil, briefings.ErrUnavailable
	}
	left := make([]time.Duration, len(what))
	for i, w := range what {
		left[i] = max(0, time.Until(q.paused[name+" "+w]))
	}
	return left, nil
}

func (q *queue) Reserve(_ context.Context, name, caller string, every time.Duration) (time.Duration, int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.away {
		return 0, 0, briefings.ErrUnavailable
	}
	q.asked = name
	now := time.Now()
	q.callers[caller] = now
	maps.DeleteFunc(q.callers, func(_ string, last time.Time) bool { return now.Sub(last) > 30*time.Second })
	if q.free.Before(now) {
		q.free = now
	}
	wait := time.Until(q.free)
	q.free = q.free.Add(every)
	return wait, len(q.callers), nil
}

func (q *queue) Start(context.Context, string, int, time.Duration, int, time.Duration) (time.Duration, bool, error) {
	return 0, false, briefings.ErrUnavailable
}

func (q *queue) lose(away bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.away = away
}

// Three copies send as fast as they may; no second may see more than Discord
// takes, and the whole takes hardly longer than that allows.
func TestCopiesShareTheBudget(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		quiet time.Duration // before anything is sent
		lost  [2]int        // from this request to that one the queue is out of reach
		stall time.Duration // for which one copy hangs
		most  time.Duration // in hundredths of what Discord's limit allows
	}{
		{"through the queue", 0, [2]int{}, 0, 105},
		{"by even shares", 0, [2]int{100, 9999}, 0, 110},
		{"by even shares, after a quiet time", 5 * time.Minute, [2]int{0, 9999}, 0, 110},
		{"by even shares for a while", 0, [2]int{100, 600}, 0, 115},
		{"through the queue, although one hangs", 0, [2]int{}, 500 * time.Millisecond, 110},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const copies, senders, each = 3, 8, 50
				q := newQueue()
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				var budgets []*budget
				for range copies {
					b := newBudget()
					b.share(q, "MTIz.secret.secret")
					if err := b.wait(ctx); err != nil {
						t.Fatal(err)
					}
					go b.attend(ctx)
					budgets = append(budgets, b)
				}
				time.Sleep(tt.quiet)
				count := func(n int) { q.lose(tt.lost[0] <= n && n < tt.lost[1]) }
				count(0)
				budgets[0].sleep = hanging(time.Now().Add(2*time.Second), tt.stall)
				begun := time.Now()
				sent := rush(ctx, t, budgets, senders, each, count)
				if q.asked != "requests:MTIz" {
					t.Errorf("asked for queue %q, want the token's public part alone", q.asked)
				}
				for i := 50; i < len(sent); i++ {
					if within := sent[i].Sub(sent[i-50]); within < time.Second {
						t.Fatalf("51 requests within %s, want at most 50 in a second", within)
					}
				}
				if took, ideal := time.Since(begun), copies*senders*each*time.Second/50; took > ideal*tt.most/100 {
					t.Errorf("%d requests took %s, want at most %d %% of %s", len(sent), took, tt.most, ideal)
				}
			})
		})
	}
}

// rush sends as fast as the budgets allow, and returns when each was sent.
func rush(ctx context.Context, t *testing.T, budgets []*budget, senders, each int, count func(n int)) (sent []time.Time) {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, b := range budgets {
		for range senders {
			all.Go(func() {
				for range each {
					if err := b.wait(ctx); err != nil {
						t.Error(err)
					}
					mu.Lock()
					sent = append(sent, time.Now())
					count(len(sent))
					mu.Unlock()
				}
			})
		}
	}
	all.Wait()
	return sent
}

// hanging is sleep in a process that hangs for a while.
func hanging(from time.Time, stall time.Duration) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		err := sleep(ctx, d)
		if now := time.Now(); !now.Before(from) && now.Before(from.Add(stall)) {
			time.Sleep(from.Add(stall).Sub(now))
		}
		return err
	}
}

func TestBudgetGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	for name, common := range map[string]Pacer{"alone": nil, "shared": &queue{callers: map[string]time.Time{}, free: time.Now().Add(time.Hour)}} {
		b := newBudget()
		if common != nil {
			b.share(common, "x")
		} else {
			b.local.SetLimit(0.001)
			_ = b.local.Allow()
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := b.wait(ctx); err == nil {
			t.Errorf("%s: got its turn, want the context's error", name)
		}
	}
}
