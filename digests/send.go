package digests

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

const (
	// noticeable is how far behind its due time a digest says that it is late.
	noticeable = time.Minute
	// slack lets through what was planned at the end of its grace.
	slack = time.Minute
	// skew is how far the clocks of two copies and of Discord may be apart.
	skew = 5 * time.Minute

	unchanged = "nothing changed"
	ourFault  = "something broke on sitrep's side; it has been logged"
)

// A panicked is a panic, turned into an error.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// send brings a claimed slot to its end, or gives it back to be tried again.
// The error is the ledger's; the slot is then claimed again when its lease ends.
func (r *Runner) send(ctx context.Context, c Claim, now time.Time) error {
	delivering, cancel := context.WithTimeout(ctx, deliverTime)
	defer cancel()
	done, cause := r.deliver(delivering, c, now)

	settling, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	err := r.settle(settling, c, done, cause, now)
	if errors.Is(err, ErrFenced) {
		r.log.InfoContext(ctx, "digest left to the copy that claimed it since", "slot", c.Slot.ID)
		return nil
	}
	if err != nil {
		return fmt.Errorf("digests: recording slot %s: %w", c.Slot.ID, err)
	}
	return nil
}

// deliver returns the slot as it ended. After an error it has not ended, and
// whether a message was posted may be in doubt.
func (r *Runner) deliver(ctx context.Context, c Claim, now time.Time) (Slot, error) {
	done, s, next := c.Slot, c.Subscription, r.next(ctx, c)
	done.State, done.Reason = Sent, ""
	if c.Fence > 1 || c.Slot.Tries > 0 {
		message, found, err := r.parts.Poster.Find(ctx, s.Channel, c.Slot.ID, c.FirstClaimed.Add(-skew))
		if err != nil {
			return done, fmt.Errorf("digests: looking for slot %s in its channel: %w", c.Slot.ID, err)
		}
		if found {
			// Which revision it showed is not known: the next digest rather
			// repeats a change than leaves one out.
			done.Message, done.Rev = message, c.LastRev
			return done, nil
		}
	}
	if now.After(s.lastChance(c.Slot.Due, next).Add(slack)) {
		done.State, done.Reason = Skipped, tooLate
		if c.Slot.Reason != "" {
			done.State, done.Reason = Failed, c.Slot.Reason
		}
		return done, nil
	}
	facts := Composition{
		Subscription: s, Slot: c.Slot, LastRev: c.LastRev,
		Late: now.Sub(c.Slot.Due) > noticeable, At: now, Next: next,
	}
	card, rev, err := r.compose(ctx, facts)
	if errors.Is(err, ErrQuiet) {
		done.State, done.Reason = Skipped, unchanged
		return done, nil
	}
	if err != nil {
		return done, fmt.Errorf("digests: composing slot %s: %w", c.Slot.ID, err)
	}
	card, done.Reason = r.mentioned(ctx, s, card)
	switch holds, err := r.parts.Ledger.Holds(ctx, c); {
	case err != nil:
		return done, fmt.Errorf("digests: checking the claim of slot %s: %w", c.Slot.ID, err)
	case !holds:
		return done, ErrFenced
	}
	if r.parts.Corrections != nil {
		if err := r.parts.Corrections.Record(ctx, c, facts, rev); err != nil {
			return done, fmt.Errorf("digests: keeping what slot %s shows: %w", c.Slot.ID, err)
		}
	}
	done.Message, err = r.parts.Poster.Post(ctx, s.Channel, card, c.Slot.ID)
	if err != nil {
		return done, fmt.Errorf("digests: posting slot %s: %w", c.Slot.ID, err)
	}
	done.Rev = rev
	return done, nil
}

// next is when the subscription falls due after the claimed slot, zero where
// that is not known.
func (r *Runner) next(ctx context.Context, c Claim) time.Time {
	date, err := r.planner.date(ctx, c.Subscription)
	if err != nil {
		return time.Time{}
	}
	schedule, err := c.Subscription.schedule(r.planner.zone, date)
	if err != nil {
		return time.Time{}
	}
	return schedule.Next(c.Slot.Due)
}

// lastChance is graceEnd, or next where that is earlier, so that two slots of
// one subscription are never posted late together.
func (s Subscription) lastChance(due, next time.Time) time.Time {
	if end := s.graceEnd(due); next.IsZero() || end.Before(next) {
		return end
	}
	return next
}

func (r *Runner) compose(ctx context.Context, facts Composition) (card cards.Card, rev int, err error) {
	err = guarded(func() (err error) {
		card, rev, err = r.parts.Compose(ctx, facts)
		return err
	})
	return card, rev, err
}

// settle records what became of the slot. An error that may pass gives it back,
// also where its grace ends before the next try: that try finds out whether a
// message was posted after all.
func (r *Runner) settle(ctx context.Context, c Claim, done Slot, cause error, now time.Time) error {
	if errors.Is(cause, ErrFenced) {
		return cause
	}
	log := r.log.With("slot", done.ID, "channel", c.Subscription.Channel, "due", done.Due)
	if cause == nil {
		if err := r.parts.Ledger.Finish(ctx, c, done); err != nil {
			return err
		}
		log.InfoContext(ctx, "digest settled", "state", done.State, "message", done.Message, "reason", done.Reason)
		return nil
	}
	say, final, wait := judge(cause, c.Slot.Tries)
	left := c.Subscription.lastChance(c.Slot.Due, r.next(ctx, c)).Add(slack).Sub(now)
	if final || left < 0 {
		done.State, done.Reason, done.Message = Failed, say, ""
		if err := r.parts.Ledger.Finish(ctx, c, done); err != nil {
			return errors.Join(err, cause)
		}
		log.ErrorContext(ctx, "digest failed", "err", cause)
		return nil
	}
	wait = min(wait, left+time.Second)
	again := r.parts.Wall().Add(wait)
	if err := r.parts.Ledger.Retry(ctx, c, again, say); err != nil {
		return errors.Join(err, cause)
	}
	log.WarnContext(ctx, "digest not posted yet", "try", c.Slot.Tries+1, "again_in", wait, "err", cause)
	return nil
}

// judge says what people read of an error, whether it is final, and how long to
// wait otherwise.
func judge(cause error, tries int) (say string, final bool, wait time.Duration) {
	var refused *PostError
	var mistake *briefings.UserError
	var crash *panicked
	switch {
	case errors.As(cause, &refused):
		return refused.Say, refused.Permanent, max(refused.RetryAfter, backOff(tries))
	case errors.As(cause, &crash):
		return ourFault, true, 0
	case errors.Is(cause, briefings.ErrUnavailable):
		return "sitrep could not reach its database", false, backOff(tries)
	case errors.As(cause, &mistake):
		return mistake.Say, true, 0
	}
	return ourFault, false, backOff(tries)
}

// backOff is how long to wait after so many earlier tries. There is no last
// try but the end of the slot's grace.
func backOff(tries int) time.Duration {
	switch tries {
	case 0:
		return time.Second
	case 1:
		return 5 * time.Second
	case 2:
		return 30 * time.Second
	case 3:
		return 2 * time.Minute
	}
	return 5 * time.Minute
}
