package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"sitrep/briefings"
)

// starts settles starts for several processes as Redis does, and can be taken
// away. It is no queue of requests.
type starts struct {
	queue
	free map[string]time.Time
	left int
	away bool
	n    int
}

func (s *starts) Start(_ context.Context, bot string, lane int, every time.Duration, left int, resets time.Duration) (time.Duration, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := fmt.Sprint(bot, lane)
	switch now := time.Now(); {
	case s.away:
		return 0, false, briefings.ErrUnavailable
	case min(s.left, left) <= 0:
		return resets, true, nil
	case s.free[key].After(now):
		return s.free[key].Sub(now), false, nil
	default:
		s.free[key] = now.Add(every)
	}
	s.left--
	s.n++
	return 0, false, nil
}

func newStarts(left int) *starts { return &starts{free: map[string]time.Time{}, left: left} }

func allowed(left, concurrency int) allowance {
	return allowance{left: left, total: 1000, concurrency: concurrency, resets: time.Now().Add(time.Hour)}
}

func TestIdentifiesKeepDiscordsPace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		concurrency int
		shards      []int
		want        string // seconds after which each may identify
	}{
		{"one at a time", 1, []int{0, 1, 2}, "[0 5.5 11]"},
		{"two at a time", 2, []int{0, 1, 2, 3}, "[0 0 5.5 5.5]"},
		{"in order", 2, []int{5, 3, 4, 1}, "[11 5.5 0 0]"},
		{"far apart", 16, []int{35, 3, 19, 4}, "[11 0 5.5 0]"},
	} {
		for _, alone := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, alone %t", tt.name, alone), func(t *testing.T) {
				t.Parallel()
				bubble(t, func(t *testing.T) {
					var common Pacer
					if !alone {
						common = newStarts(1000)
					}
					i, begun := NewIdentifies(common, "8.secret"), time.Now()
					for _, shard := range tt.shards {
						i.expect(shard)
					}
					var all sync.WaitGroup
					got := make([]float64, len(tt.shards))
					for n, shard := range tt.shards {
						all.Go(func() {
							if err := i.wait(t.Context(), shard, allowed(999, tt.concurrency)); err != nil {
								t.Error(err)
							}
							got[n] = time.Since(begun).Seconds()
						})
					}
					all.Wait()
					if got := fmt.Sprint(got); got != tt.want {
						t.Errorf("got %s, want %s", got, tt.want)
					}
					ctx, cancel := context.WithCancel(t.Context())
					cancel()
					if err := i.wait(ctx, tt.shards[0], allowed(999, tt.concurrency)); err == nil {
						t.Error("a cancelled wait returned no error")
					}
				})
			})
		}
	}
}

// A shard that fails before it identifies holds nobody up.
func TestIdentifiesPassAShardThatFails(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		i := NewIdentifies(nil, "8.secret")
		i.expect(0)
		i.expect(1)
		done := make(chan error, 1)
		go func() { done <- i.wait(t.Context(), 1, allowed(999, 1)) }()
		time.Sleep(time.Minute)
		if len(done) != 0 {
			t.Error("shard 1 started before shard 0")
		}
		i.begun(0)
		if err := await(t, "the turn of shard 1", done); err != nil {
			t.Error(err)
		}
	})
}

// However many processes start shards at once, Discord sees one in five seconds
// for each key; without what they share, each keeps its own pace.
func TestIdentifiesOfManyProcesses(t *testing.T) {
	t.Parallel()
	const processes = 20
	for _, away := range []bool{false, true} {
		t.Run(fmt.Sprintf("away %t", away), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				common := newStarts(1000)
				common.away = away
				var mu sync.Mutex
				var all sync.WaitGroup
				seen := map[time.Time]int{}
				for range processes {
					i := NewIdentifies(common, "8.secret")
					for range 2 {
						all.Go(func() {
							if err := i.wait(t.Context(), 0, allowed(999, 1)); err != nil {
								t.Error(err)
							}
							mu.Lock()
							defer mu.Unlock()
							seen[time.Now()]++
						})
					}
				}
				all.Wait()
				for at, n := range seen {
					if most := map[bool]int{false: 1, true: processes}[away]; n > most {
						t.Errorf("%d identified at %s, want at most %d", n, at, most)
					}
				}
			})
		})
	}
}

func TestIdentifiesKeepTheDaysBudget(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		common func() Pacer
		left   int // as Discord says
		ok     bool
	}{
		{"alone", func() Pacer { return nil }, 1, true},
		{"together", func() Pacer { return newStarts(5) }, 1, true},
		{"the others used it up", func() Pacer { return newStarts(0) }, 5, false},
		{"apart", func() Pacer { s := newStarts(5); s.away = true; return s }, 101, true},
		{"apart, with a tenth", func() Pacer { s := newStarts(5); s.away = true; return s }, 100, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				err := NewIdentifies(tt.common(), "8.secret").wait(t.Context(), 0, allowed(tt.left, 1))
				spent := new(spentError)
				if errors.As(err, &spent) == tt.ok || tt.ok && err != nil {
					t.Errorf("got %v, want a start: %t", err, tt.ok)
				}
				if !tt.ok && spent.resets != time.Hour {
					t.Errorf("wait %s, want an hour: until the starts are counted anew", spent.resets)
				}
			})
		})
	}
}
