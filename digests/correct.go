package digests

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"sitrep/briefings"
)

const (
	// correctable is how long after it was posted a message is corrected.
	correctable = 14 * 24 * time.Hour
	// remembered is how long what a message was written from is kept: longer,
	// for clocks are set.
	remembered = 2 * correctable
	// ledgerKept is how long the ledger tells what became of a digest.
	ledgerKept = 90 * 24 * time.Hour
	// correctInterval is how long a correction may go unnoticed, forgetInterval
	// how often old messages are let go.
	correctInterval = 2 * time.Second
	forgetInterval  = time.Hour
	// correctTime is what a tick spends on corrections before digests have their
	// turn again.
	correctTime = 5 * time.Second
)

// A corrector follows corrections on behalf of a [Runner].
type corrector struct {
	turn     sync.Mutex
	news     news
	surveyed time.Time // by the wall clock, when it was last looked what is to do
	forgot   time.Time
}

// RunCorrections brings posted messages up to what was found wrong since. What
// goes wrong with one of them is recorded there and logged; the error is about
// the database or ctx. It waits for the call under way.
func (r *Runner) RunCorrections(ctx context.Context, now time.Time) error {
	r.corrector.turn.Lock()
	defer r.corrector.turn.Unlock()
	wall := r.parts.Wall()
	if r.parts.Corrections == nil || wall.Sub(r.corrector.surveyed).Abs() < correctInterval {
		return nil
	}
	r.corrector.surveyed = wall
	if wall.Sub(r.corrector.forgot).Abs() >= forgetInterval {
		if err := r.parts.Corrections.ForgetPostings(ctx, now.Add(-remembered)); err != nil {
			return fmt.Errorf("digests: forgetting old messages: %w", err)
		}
		if err := r.parts.Ledger.ForgetSlots(ctx, now.Add(-ledgerKept)); err != nil {
			return fmt.Errorf("digests: forgetting old slots: %w", err)
		}
		r.corrector.forgot = wall
	}
	changed, err := r.corrector.news.due(ctx, now, wall)
	if err != nil || len(changed) == 0 {
		return err
	}
	return r.correctChanged(ctx, changed, now, wall)
}

// correctChanged corrects the messages of desks that were changed.
func (r *Runner) correctChanged(ctx context.Context, changed []briefings.DeskID, now, wall time.Time) error {
	desks, reads, err := r.corrector.news.scope(ctx, changed)
	if err != nil {
		return err
	}
	behind, err := r.parts.Corrections.Behind(ctx, now.Add(-correctable), desks)
	if err != nil {
		return fmt.Errorf("digests: looking for messages to correct: %w", err)
	}
	var failed []error
	left := map[briefings.DeskID]bool{}
	for _, desk := range slices.Sorted(maps.Keys(behind)) {
		done, err := r.correctDesk(ctx, desk, reads(desk), behind[desk], now, wall.Add(correctTime))
		if errors.Is(err, briefings.ErrUnavailable) || ctx.Err() != nil {
			return err
		}
		if err != nil && len(failed) < 3 { // one desk in trouble doesn't keep the others waiting
			failed = append(failed, err)
		}
		if !done {
			left[desk] = true
			r.corrector.news.keep(desk, wall)
		}
	}
	for _, desk := range changed {
		if !left[desk] {
			r.corrector.news.looked(desk, wall)
		}
	}
	return errors.Join(failed...)
}

// correctDesk corrects the messages of a desk, all of which were seen at its
// revision seen or later, until the wall clock says enough. It reports whether
// there is nothing left to do.
func (r *Runner) correctDesk(ctx context.Context, desk, from briefings.DeskID, seen int, now, enough time.Time) (done bool, err error) {
	rev, some, err := r.parts.Corrector.Righted(ctx, from, seen)
	if err != nil || rev <= seen {
		return err == nil, err
	}
	if !some {
		if err := r.parts.Corrections.Pass(ctx, desk, seen, rev); err != nil {
			return false, fmt.Errorf("digests: passing messages of desk %s: %w", desk, err)
		}
		return true, nil
	}
	for ctx.Err() == nil && r.parts.Wall().Before(enough) {
		p, err := r.parts.Corrections.Take(ctx, desk, rev, now.Add(-correctable), r.owner, r.parts.Wall(), lease)
		if errors.Is(err, ErrNothing) {
			return false, nil // some may be held back, or claimed elsewhere
		}
		if err != nil {
			return false, fmt.Errorf("digests: claiming a message to correct: %w", err)
		}
		// Stopping must not leave a correction without its reply.
		if err := r.follow(context.WithoutCancel(ctx), p, rev); err != nil {
			return false, err
		}
	}
	return false, ctx.Err()
}

// follow brings a claimed message to the desk's revision rev, or gives it back.
// The error is the ledger's; the message is then claimed again when its lease ends.
func (r *Runner) follow(ctx context.Context, p Posting, rev int) error {
	following, cancel := context.WithTimeout(ctx, deliverTime)
	defer cancel()
	cause := guarded(func() error { return r.correct(following, &p, rev) })

	settling, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	err := r.settlePosting(settling, p, cause, rev)
	if errors.Is(err, ErrFenced) {
		r.log.InfoContext(ctx, "correction left to the copy that claimed it since", "slot", p.Facts.Slot.ID)
		return nil
	}
	if err != nil {
		return fmt.Errorf("digests: recording the correction of slot %s: %w", p.Facts.Slot.ID, err)
	}
	return nil
}

// correct edits p's message and replies to it, where either is called for. How
// far it came is in p, and in the ledger before every step that people see.
func (r *Runner) correct(ctx context.Context, p *Posting, rev int) error {
	if p.Message == "" {
		p.Over = true // the slot was skipped or failed: there is nothing to correct
		return nil
	}
	if p.Owing > 0 {
		if err := r.replyLate(ctx, p); err != nil {
			return err
		}
	}
	c, err := r.parts.Corrector.Correct(ctx, *p, rev)
	if err != nil {
		return fmt.Errorf("digests: correcting slot %s: %w", p.Facts.Slot.ID, err)
	}
	if c.Marks == p.Marks {
		return nil // nothing of what it shows was found wrong
	}
	// The fence is checked right before: an edit of a copy that was overtaken
	// would take back what the other did.
	if err := r.parts.Corrections.Note(ctx, *p); err != nil {
		return err
	}
	s := p.Facts.Subscription
	if err := r.parts.Editor.Edit(ctx, s.Channel, p.Message, c.Card, p.Facts.Slot.ID); err != nil {
		return fmt.Errorf("digests: editing the message of slot %s: %w", p.Facts.Slot.ID, err)
	}
	p.Marks, p.Corrected = c.Marks, c.Rev
	if c.Reply == nil {
		p.Told = p.Marks
		return nil
	}
	p.Owing, p.OwedSince = c.Rev, r.parts.Wall()
	if err := r.parts.Corrections.Note(ctx, *p); err != nil {
		return err
	}
	return r.reply(ctx, p, c)
}

// replyLate sends the reply that an earlier claim of p still owed, unless it is there.
func (r *Runner) replyLate(ctx context.Context, p *Posting) error {
	_, found, err := r.parts.Editor.Find(ctx, p.Facts.Subscription.Channel, p.replyID(), p.OwedSince.Add(-skew))
	if err != nil {
		return fmt.Errorf("digests: looking for the reply to slot %s: %w", p.Facts.Slot.ID, err)
	}
	if found {
		p.Told, p.Owing = p.Marks, 0
		return nil
	}
	c, err := r.parts.Corrector.Correct(ctx, *p, p.Owing)
	if err != nil {
		return fmt.Errorf("digests: wording the reply to slot %s: %w", p.Facts.Slot.ID, err)
	}
	if c.Reply == nil {
		p.Told, p.Owing = p.Marks, 0
		return nil
	}
	if err := r.parts.Corrections.Note(ctx, *p); err != nil {
		return err
	}
	return r.reply(ctx, p, c)
}

func (r *Runner) reply(ctx context.Context, p *Posting, c Correction) error {
	if _, err := r.parts.Editor.Reply(ctx, p.Facts.Subscription.Channel, p.Message, *c.Reply, p.replyID()); err != nil {
		return fmt.Errorf("digests: replying to the message of slot %s: %w", p.Facts.Slot.ID, err)
	}
	p.Told, p.Owing = p.Marks, 0
	return nil
}

// replyID is the delivery id of the reply that p owes.
func (p Posting) replyID() string { return correctionID(p.Facts.Slot.ID, p.Owing) }

// settlePosting records what became of the correction. What may pass is tried
// again for as long as messages are corrected.
func (r *Runner) settlePosting(ctx context.Context, p Posting, cause error, rev int) error {
	if errors.Is(cause, ErrFenced) {
		return cause
	}
	log := r.log.With("slot", p.Facts.Slot.ID, "channel", p.Facts.Subscription.Channel, "message", p.Message, "rev", rev)
	if cause == nil {
		if p.Corrected > p.Seen {
			log.InfoContext(ctx, "digest corrected")
		}
		p.Seen, p.Outcome = rev, ""
		return r.parts.Corrections.Settle(ctx, p)
	}
	say, final, wait := judge(cause, 0)
	p.Outcome = say
	if final {
		p.Over = true
		log.WarnContext(ctx, "digest is corrected no more", "err", cause)
		return r.parts.Corrections.Settle(ctx, p)
	}
	wait = max(wait, correctionBackOff(p.Tries))
	log.WarnContext(ctx, "digest not corrected yet", "try", p.Tries+1, "again_in", wait, "err", cause)
	return r.parts.Corrections.Defer(ctx, p, r.parts.Wall().Add(wait))
}

// correctionBackOff is how long the messages of a channel rest after so many
// tries: an edit is in no hurry, and Discord takes few of old messages an hour.
func correctionBackOff(tries int) time.Duration {
	steps := []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 20 * time.Minute, time.Hour}
	return steps[min(tries, len(steps)-1)]
}
