package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func quietClock(start time.Time) *clock {
	return newClock(start, slog.New(slog.DiscardHandler), func(time.Time) {})
}

func TestAdvanceStopsAtEverySlot(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		every time.Duration
		by    time.Duration
		want  int
	}{
		{"none inside", time.Hour, 59 * time.Minute, 0},
		{"on the edge", time.Hour, time.Hour, 1},
		{"a day", time.Hour, 24 * time.Hour, 24},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := freshStart()
				c := quietClock(start)
				due, done := start.Add(tt.every), []time.Time{}
				c.follow(func(_ context.Context, now time.Time) (time.Time, error) {
					for ; !due.After(now); due = due.Add(tt.every) {
						done = append(done, now)
					}
					return due, nil
				})
				if err := c.advance(t.Context(), tt.by); err != nil {
					t.Fatal(err)
				}
				if len(done) != tt.want {
					t.Errorf("%d slots, want %d", len(done), tt.want)
				}
				for i, at := range done {
					if want := start.Add(time.Duration(i+1) * tt.every); !at.Equal(want) {
						t.Errorf("slot %d at %v, want %v", i, at, want)
					}
				}
				if got, want := c.now(), start.Add(tt.by); !got.Equal(want) {
					t.Errorf("now() = %v, want %v", got, want)
				}
			})
		})
	}
}

func TestAdvancePassesAFollowerThatIsStuck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := quietClock(freshStart())
		calls := 0
		c.follow(func(_ context.Context, now time.Time) (time.Time, error) {
			calls++
			return now, errors.New("can't post")
		})
		if err := c.advance(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		if got, want := c.now(), freshStart().Add(time.Hour); !got.Equal(want) || calls > 100 {
			t.Errorf("now() = %v after %d calls, want %v after a few", got, calls, want)
		}
	})
}

func TestJumpCallsFollowersOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := quietClock(freshStart())
		var seen []time.Time
		c.follow(func(_ context.Context, now time.Time) (time.Time, error) {
			seen = append(seen, now)
			return now.Add(time.Minute), nil
		})
		for _, by := range []time.Duration{48 * time.Hour, -24 * time.Hour} {
			to := freshStart().Add(by)
			seen = nil
			if err := c.jump(t.Context(), to); err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(seen, []time.Time{to}, time.Time.Equal) {
				t.Errorf("jump to %v called with %v, want once", to, seen)
			}
		}
	})
}

func TestClockRunsAndCallsWhatIsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := quietClock(freshStart())
		ctx, cancel := context.WithCancel(t.Context())
		calls := make(chan time.Time, 10)
		c.follow(func(_ context.Context, now time.Time) (time.Time, error) {
			calls <- now
			return now.Add(time.Hour), nil
		})
		go c.run(ctx)
		first, second := <-calls, <-calls
		if d := second.Sub(first); d < time.Hour || d > time.Hour+time.Second {
			t.Errorf("called again after %v, want an hour", d)
		}
		cancel()
		synctest.Wait()
	})
}

func TestSilentFollowersAreDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAway()
		if _, ok := a.meet("gone"); !ok {
			t.Fatal("meet() refused the first follower")
		}
		began := time.Now()
		a.step(t.Context())
		if waited := time.Since(began); waited < silence || waited > silence+2*time.Second {
			t.Errorf("a step waited %v for a silent follower, want %v", waited, silence)
		}
		if _, ok := a.heard(t.Context(), "gone", 1, time.Time{}); ok {
			t.Error("a dropped follower was heard, want it to begin anew")
		}
	})
}
