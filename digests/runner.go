package digests

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
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

// Parts are what a [Runner] works with. All but Notify and the clocks are needed;
// without the three for extras, digests are posted and that is all, and without
// those for corrections nothing is corrected after it was posted.
type Parts struct {
	Planning Planning
	Dates    KeyDates
	Ledger   Ledger
	Poster   Poster
	Compose  Compose
	Errands  Errands
	Extras   Extras
	Title    func(ctx context.Context, s Subscription, slot Slot) (string, error) // of a slot's message, as plain text
	Notify   func(ctx context.Context, wall time.Time) error                      // tells people what failed; nobody is told where nil

	Jobs []Job // what else is done by the clock of due times

	Corrections Corrections
	Corrector   Corrector
	Editor      Editor

	Clock func() time.Time // of due times; the wall clock where nil
	Wall  func() time.Time // of leases and back-offs; time.Now where nil
}

// A Job is something else that is done by the clock of due times, one call after
// the other. Run is called every second. Follow is called in its place for a
// clock that is moved by hand, and returns when there is more to do, the zero
// time for never.
type Job struct {
	Name   string
	Run    func(ctx context.Context, now time.Time) error
	Follow func(ctx context.Context, now time.Time) (time.Time, error)
}

// A Runner plans and sends digests. Any number of them may work on one
// database. Its methods are safe for concurrent use.
type Runner struct {
	log     *slog.Logger
	parts   Parts
	owner   string
	planner *planner

	planning  chan struct{} // held by the tick that plans
	senders   chan struct{} // holds one for each slot that is being sent
	errands   sync.Mutex    // held while errands are done
	jobs      sync.Mutex    // held while a job is done
	corrector corrector
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
		log: log, parts: parts, owner: NewID(),
		planning: make(chan struct{}, 1), senders: make(chan struct{}, mostSenders),
		planner:   newPlanner(parts.Planning, parts.Dates),
		corrector: corrector{news: news{record: parts.Planning, back: correctable}},
	}
}

// Run ticks once a second until ctx ends, then lets the digests under way go
// out. It returns nil then. A second that finds another still planning is left
// out; those still sending don't hold it up.
func (r *Runner) Run(ctx context.Context) error {
	ticks := cron.New(
		cron.WithLocation(time.UTC),
		cron.WithLogger(cron.DiscardLogger),
	)
	ticks.Schedule(cron.Every(time.Second), r.job(ctx, "digests", r.tickIfFree))
	alone := cron.NewChain(cron.SkipIfStillRunning(cron.DiscardLogger))
	ticks.Schedule(cron.Every(time.Second), alone.Then(r.job(ctx, "errands", r.RunErrands)))
	ticks.Schedule(cron.Every(time.Second), alone.Then(r.job(ctx, "corrections", r.RunCorrections)))
	for _, j := range r.parts.Jobs {
		ticks.Schedule(cron.Every(time.Second), alone.Then(r.job(ctx, j.Name, func(ctx context.Context, now time.Time) error {
			r.jobs.Lock()
			defer r.jobs.Unlock()
			return j.Run(ctx, now)
		})))
	}
	ticks.Start()
	<-ctx.Done()
	select {
	case <-ticks.Stop().Done():
		return nil
	case <-time.After(stopTime):
		return errors.New("digests: a digest was still going out at shutdown")
	}
}

// job runs f, again and again. What keeps failing is logged when it begins and
// when it ends, not every second.
func (r *Runner) job(ctx context.Context, what string, f func(context.Context, time.Time) error) cron.Job {
	var faulty atomic.Bool
	return cron.FuncJob(func() {
		err := guarded(func() error { return f(ctx, r.parts.Clock()) })
		switch {
		case ctx.Err() != nil, errors.Is(err, errBusy):
		case err != nil && !faulty.Swap(true):
			r.log.ErrorContext(ctx, "a job is held up; trying again every second", "job", what, "err", err)
		case err == nil && faulty.Swap(false):
			r.log.InfoContext(ctx, "a job goes on", "job", what)
		}
	})
}

// errBusy means that another tick is planning.
var errBusy = errors.New("digests: another tick is planning")

// tickIfFree is [Runner.Tick] where no other tick is planning.
func (r *Runner) tickIfFree(ctx context.Context, now time.Time) error {
	select {
	case r.planning <- struct{}{}:
		return r.tick(ctx, now)
	default:
		return errBusy
	}
}

// Tick plans what fell due by now and sends everything that may be sent,
// oldest first, several at a time but one for each channel. What goes wrong
// with one slot is recorded there and logged; the error is about the database
// or ctx. A tick waits for one that is planning, not for what others send.
func (r *Runner) Tick(ctx context.Context, now time.Time) error {
	select {
	case r.planning <- struct{}{}:
		return r.tick(ctx, now)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tick holds r.planning and lets it go once all is planned.
func (r *Runner) tick(ctx context.Context, now time.Time) error {
	started := r.parts.Wall()
	s := &sending{runner: r, clock: func() time.Time { return now.Add(r.parts.Wall().Sub(started)) }}
	planned := func() error {
		defer func() { <-r.planning }()
		return r.planner.tick(ctx, now, started, func() { s.more(ctx) })
	}()
	if !errors.Is(planned, briefings.ErrUnavailable) {
		s.more(ctx)
	}
	return errors.Join(planned, s.wait(ctx), r.notify(ctx))
}

func (r *Runner) notify(ctx context.Context) error {
	if r.parts.Notify == nil || ctx.Err() != nil {
		return nil
	}
	return r.parts.Notify(ctx, r.parts.Wall())
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
	if err := errors.Join(r.RunErrands(ctx, now), r.RunCorrections(ctx, now)); err != nil {
		return time.Time{}, err
	}
	next, err = r.parts.Planning.NextDue(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("digests: looking for the next due time: %w", err)
	}
	return r.followJobs(ctx, now, next)
}

// followJobs does what the jobs have to do at now, and returns the earliest of
// next and of when they have more to do.
func (r *Runner) followJobs(ctx context.Context, now, next time.Time) (time.Time, error) {
	r.jobs.Lock()
	defer r.jobs.Unlock()
	for _, j := range r.parts.Jobs {
		more, err := j.Follow(ctx, now)
		if err != nil {
			return time.Time{}, fmt.Errorf("digests: %s: %w", j.Name, err)
		}
		if next.IsZero() || !more.IsZero() && more.Before(next) {
			next = more
		}
	}
	return next, nil
}
