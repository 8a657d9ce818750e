package bot

import (
	"context"
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
	callers map[string]bool
	away    bool
	asked   string
}

func (q *queue) Reserve(_ context.Context, name, caller string, every time.Duration) (time.Duration, int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.away {
		return 0, 0, briefings.ErrUnavailable
	}
	q.asked = name
	q.callers[caller] = true
	if now := time.Now(); q.free.Before(now) {
		q.free = now
	}
	wait := time.Until(q.free)
	q.free = q.free.Add(every)
	return wait, len(q.callers), nil
}

// Three copies send as fast as they may; no second may see more than Discord
// takes, and the whole takes hardly longer than that allows.
func TestCopiesShareTheBudget(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		lose bool          // the queue, after a while
		most time.Duration // in hundredths of what Discord's limit allows
	}{{"through the queue", false, 105}, {"by even shares", true, 110}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const copies, each = 3, 400
				q := &queue{callers: map[string]bool{}}
				var mu sync.Mutex
				var sent []time.Time
				var all sync.WaitGroup
				for range copies {
					b := newBudget()
					b.share(q, "MTIz.secret.secret")
					if err := b.wait(t.Context()); err != nil {
						t.Fatal(err)
					}
					all.Go(func() {
						for range each {
							if err := b.wait(t.Context()); err != nil {
								t.Error(err)
							}
							mu.Lock()
							sent = append(sent, time.Now())
							q.away = tt.lose && len(sent) > 100
							mu.Unlock()
						}
					})
				}
				begun := time.Now()
				all.Wait()
				if q.asked != "requests:MTIz" {
					t.Errorf("asked for queue %q, want the token's public part alone", q.asked)
				}
				for i := 50; i < len(sent); i++ {
					if within := sent[i].Sub(sent[i-50]); within < time.Second {
						t.Fatalf("51 requests within %s, want at most 50 in a second", within)
					}
				}
				if took, ideal := time.Since(begun), copies*each*time.Second/50; took > ideal*tt.most/100 {
					t.Errorf("%d requests took %s, want at most %d %% of %s", copies*each, took, tt.most, ideal)
				}
			})
		})
	}
}

func TestBudgetGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	for name, common := range map[string]Pacer{"alone": nil, "shared": &queue{callers: map[string]bool{}, free: time.Now().Add(time.Hour)}} {
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
