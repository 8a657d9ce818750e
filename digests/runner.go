package digests

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/robfig/cron/v3"

	"sitrep/briefings"
	"sitrep/cards"
)

const (
	// A copy that works on a slot is done with it, one way or the other, long
	// before the lease ends.
	lease       = 20 * time.Second
	deliverTime = 10 * time.Second
	settleTime  = 5 * time.Second
	stopTime    = deliverTime + settleTime + 5*time.Second

	// patience is how long [Runner.Follow] waits for slots that are to be tried
	// again, or that another copy has claimed; glance is how often it looks.
	patience = lease + 10*time.Second
	glance   = 200 * time.Millisecond
)

// A Composition is what one digest is written from.
type Composition struct {
	Subscription Subscription
	Slot         Slot
	Late         bool      // it goes out noticeably after Slot.Due, and says so
	At           time.Time // when it goes out, by the clock of due times
	LastRev      int       // the desk's revision that the channel's last digest showed; 0 where there was none
	Next         time.Time // when the subscription's next digest is due
}

// Compose writes one digest and says which revision of the desk it shows. A
// [briefings.UserError] and a panic make the slot failed, [ErrQuiet] skipped;
// after any other error it is tried again.
type Compose func(ctx context.Context, c Composition) (card cards.Card, rev int, err error)

// ErrQuiet means that nothing changed and that the subscription wants no message then.
var ErrQuiet = errors.New("digests: nothing changed")

// Parts are what a [Runner] works with. All but the clocks are needed, and
// without Corrections nothing is corrected after it was posted.
type Parts struct {
	Planning Planning
	Dates    KeyDates
	Ledger   Ledger
	Poster   Poster
	Compose  Compose

	Corrections Corrections
	Corrector   Corrector
	Editor      Editor

	Clock func() time.Time // of due times; the wall clock where nil
	Wall  func() time.Time // of leases and back-offs; time.Now where nil
}

// A Runner plans and sends digests. Any number of them may work on one
// database. Its methods are safe for concurrent use.
type Runner struct {
	log     *slog.Logger
	parts   Parts
	owner   string
	planner *planner

	corrector corrector

	turn chan struct{} // held by the tick under way
}

// New returns a runner that does nothing until [Runner.Run] or [Runner.Tick].
func New(log *slog.Logger, parts Parts) *Runner {
	if parts.Wall == nil {
		parts.Wall = time.Now
	}
	if parts.Clock == nil {
		parts.Clock = parts.Wall
	}
	return &Runner{
		log: log, parts: parts, owner: NewID(), turn: make(chan struct{}, 1),
		planner: newPlanner(parts.Planning, parts.Dates),
	}
}

// Run ticks once a second until ctx ends, then lets the digest under way go
// out. It returns nil then. A second that finds the last tick still under way
// is left out.
func (r *Runner) Run(ctx context.Context) error {
	ticks := cron.New(
		cron.WithLocation(time.UTC),
		cron.WithLogger(cron.DiscardLogger),
		cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)),
	)
	faulty := false
	ticks.Schedule(cron.Every(time.Second), cron.FuncJob(func() { faulty = r.guardedTick(ctx, faulty) }))
	ticks.Start()
	<-ctx.Done()
	select {
	case <-ticks.Stop().Done():
		return nil
	case <-time.After(stopTime):
		return errors.New("digests: a digest was still going out at shutdown")
	}
}

// guardedTick reports whether the tick failed. What keeps failing is logged
// when it begins and when it ends, not every second.
func (r *Runner) guardedTick(ctx context.Context, faulty bool) (failed bool) {
	defer func() {
		if v := recover(); v != nil {
			r.log.ErrorContext(ctx, "digests: tick panicked", "panic", v, "stack", string(debug.Stack()))
			failed = true
		}
	}()
	err := r.Tick(ctx, r.parts.Clock())
	switch {
	case ctx.Err() != nil:
	case err != nil && !faulty:
		r.log.ErrorContext(ctx, "digests are held up; trying again every second", "err", err)
	case err == nil && faulty:
		r.log.InfoContext(ctx, "digests go on")
	}
	return err != nil
}

// Tick plans what fell due by now and sends everything that may be sent,
// oldest first, one after the other; then it corrects what was posted. What goes
// wrong with one slot is recorded there and logged; the error is about the database or ctx. A tick waits for
// the one under way.
func (r *Runner) Tick(ctx context.Context, now time.Time) error {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	started := r.parts.Wall()
	planned := r.planner.tick(ctx, now)
	if errors.Is(planned, briefings.ErrUnavailable) {
		return planned
	}
	sent := r.sendAll(ctx, func() time.Time { return now.Add(r.parts.Wall().Sub(started)) })
	return errors.Join(planned, sent, r.correctAll(ctx, now))
}

// Follow is a [Runner.Tick] for a clock that is moved by hand and held still
// meanwhile: it waits some seconds for slots that are to be tried again, and
// returns when the next slot is due, the zero time where there is none.
func (r *Runner) Follow(ctx context.Context, now time.Time) (next time.Time, err error) {
	until := r.parts.Wall().Add(patience)
	for {
		if err := r.Tick(ctx, now); err != nil {
			return time.Time{}, err
		}
		again, err := r.parts.Ledger.Waiting(ctx)
		if err != nil {
			return time.Time{}, fmt.Errorf("digests: looking for slots still to be sent: %w", err)
		}
		if again.IsZero() || again.After(until) {
			break
		}
		select {
		case <-time.After(glance):
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
	next, err = r.parts.Planning.NextDue(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("digests: looking for the next due time: %w", err)
	}
	return next, nil
}

func (r *Runner) sendAll(ctx context.Context, clock func() time.Time) error {
	for ctx.Err() == nil {
		c, err := r.parts.Ledger.Claim(ctx, r.owner, r.parts.Wall(), lease)
		if errors.Is(err, ErrNothing) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("digests: claiming a slot: %w", err)
		}
		// Stopping must not cut a digest in half.
		if err := r.send(context.WithoutCancel(ctx), c, clock()); err != nil {
			return err
		}
	}
	return ctx.Err()
}
