package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// A Follower does everything that is due by now, returns when it's done, and says when it
// next has something due; the zero time says that it has nothing. It is never called
// twice at once.
type Follower func(ctx context.Context, now time.Time) (next time.Time, err error)

// settleTime is how long a caller waits for a move of the clock before it goes on in the background.
const settleTime = 10 * time.Second

// clock is the sandbox's time. It runs with real time except while an advance holds it still.
type clock struct {
	mu     sync.Mutex
	base   time.Time
	anchor time.Time
	held   bool

	// turn holds one token: who has it may move the clock or call followers.
	turn      chan struct{}
	followers []*local
	away      *away
	wake      chan struct{}
	log       *slog.Logger
	moved     func(time.Time)
}

// local is a follower in this process, with its last answer. Who has the turn writes that,
// under the clock's lock; others read it under the lock.
type local struct {
	call Follower
	next time.Time
	met  bool
}

func newClock(start time.Time, log *slog.Logger, moved func(time.Time)) *clock {
	c := &clock{
		base: start, anchor: time.Now(),
		turn: make(chan struct{}, 1), wake: make(chan struct{}, 1),
		away: newAway(), log: log, moved: moved,
	}
	c.turn <- struct{}{}
	return c
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

func (c *clock) read() time.Time {
	if c.held {
		return c.base
	}
	return c.base.Add(time.Since(c.anchor)).UTC()
}

func (c *clock) set(t time.Time, held bool) {
	c.mu.Lock()
	c.base, c.anchor, c.held = t.UTC(), time.Now(), held
	c.mu.Unlock()
	c.moved(t)
}

func (c *clock) running() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.held
}

// take waits for the turn to move the clock.
func (c *clock) take(ctx context.Context) error {
	select {
	case <-c.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *clock) give() { c.turn <- struct{}{} }

func (c *clock) follow(f Follower) {
	c.mu.Lock()
	c.followers = append(c.followers, &local{call: f})
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *clock) locals() []*local {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.followers
}

// next is the earliest time that a follower named in its last answer, zero where none did.
// It calls nobody: what asking would do, only a move of the clock may.
func (c *clock) next() time.Time {
	earliest := c.away.next()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.followers {
		earliest = sooner(earliest, f.next)
	}
	return earliest
}

// jump sets the clock and lets followers do what became due.
func (c *clock) jump(ctx context.Context, to time.Time) error {
	if err := c.take(ctx); err != nil {
		return err
	}
	defer c.give()
	c.set(to, false)
	c.callAll(ctx, to)
	return nil
}

// advance lets time flow: it stops at every moment at which a follower has something due.
func (c *clock) advance(ctx context.Context, by time.Duration) error {
	if err := c.take(ctx); err != nil {
		return err
	}
	defer c.give()
	now := c.now()
	target := now.Add(by)
	defer func() { c.set(now, false) }()
	c.set(now, true)
	stuck := time.Second
	for next := c.callAll(ctx, now); now.Before(target); next = c.callAll(ctx, now) {
		if err := ctx.Err(); err != nil {
			return err
		}
		step := target
		switch {
		case next.IsZero():
			stuck = time.Second
		case next.After(now):
			step, stuck = next, time.Second
		default:
			step, stuck = now.Add(stuck), min(2*stuck, time.Minute)
		}
		if step.After(target) {
			step = target
		}
		now = step
		c.set(now, true)
	}
	return nil
}

// callAll calls every follower with now and returns the earliest time that one of them named.
func (c *clock) callAll(ctx context.Context, now time.Time) time.Time {
	var wg sync.WaitGroup
	list := c.locals()
	for _, f := range list {
		wg.Go(func() { c.callOne(ctx, f, now) })
	}
	earliest := c.away.step(ctx)
	wg.Wait()
	for _, f := range list {
		earliest = sooner(earliest, f.next)
	}
	return earliest
}

func (c *clock) callOne(ctx context.Context, f *local, now time.Time) {
	next, err := f.call(ctx, now)
	c.mu.Lock()
	f.next, f.met = next, true
	c.mu.Unlock()
	if err != nil && !errors.Is(err, context.Canceled) {
		c.log.ErrorContext(ctx, "a follower of the sandbox's clock failed", "err", err)
	}
}

// sooner is the earlier of two times of which zero means never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// run calls followers in this process as their time comes while the clock flows by itself.
func (c *clock) run(ctx context.Context) {
	for {
		if err := c.take(ctx); err != nil {
			return
		}
		wait := c.callDue(ctx)
		c.give()
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-c.wake:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// callDue calls the followers that are due and returns how long nothing more will be.
func (c *clock) callDue(ctx context.Context) time.Duration {
	wait := time.Second
	for _, f := range c.locals() {
		now := c.now()
		if !f.met || !f.next.IsZero() && !f.next.After(now) {
			c.callOne(ctx, f, now)
			if !f.next.IsZero() && !f.next.After(now) {
				continue // what couldn't be done now is tried again in a second
			}
		}
		if !f.next.IsZero() {
			wait = min(wait, max(f.next.Sub(c.now()), time.Millisecond))
		}
	}
	return wait
}
