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
	// PublishesPerHour is how many messages of one channel Discord publishes to
	// its followers, whoever asks.
	PublishesPerHour = 10

	// errandLife is how long after its slot was due an errand is still tried.
	errandLife = 24 * time.Hour
	// errandTries is how patient [judge] takes an errand to be: it waits half a
	// minute, and nobody waits for it.
	errandTries = 2
)

// An Errand is something to be done about a message once it is there. Doing it
// twice is doing it once, so it needs no fence: it can neither hold up a digest
// nor double it.
type Errand struct {
	Kind         ErrandKind
	Slot         Slot
	Subscription Subscription
}

// ErrandKind is what is to be done.
type ErrandKind string

// The errands.
const (
	StartThread ErrandKind = "thread"
	Publish     ErrandKind = "publish"
)

// Errands are what the subscription wants done about each of its messages.
func (s Subscription) Errands() (all []ErrandKind) {
	if s.Thread {
		all = append(all, StartThread)
	}
	if s.Publish {
		all = append(all, Publish)
	}
	return all
}

// Errands is what is still to be done about posted messages; package store
// satisfies it. Errors wrap [briefings.ErrUnavailable] where the database cannot
// be reached.
type Errands interface {
	// NextErrand returns the errand that has waited longest and puts it off by
	// lease, so that no other copy does it meanwhile. It passes over messages
	// whose channel had [PublishesPerHour] within the last hour, and returns
	// [ErrNothing] where nothing is to be done now.
	NextErrand(ctx context.Context, now time.Time, lease time.Duration) (Errand, error)
	// PutOff lets an errand wait until then.
	PutOff(ctx context.Context, e Errand, until time.Time) error
	// Done ends an errand that came to its end.
	Done(ctx context.Context, e Errand, now time.Time) error
	// GiveUp ends an errand that came to nothing, and adds why to its slot's reason.
	GiveUp(ctx context.Context, e Errand, why string) error
}

// Extras is what a message may have besides itself; package bot satisfies it.
// Errors are as those of [Poster].
type Extras interface {
	// Mentions says what keeps role from being pinged in channel, empty where
	// nothing does, and whether the role is gone from desk's server altogether.
	Mentions(ctx context.Context, desk briefings.DeskID, channel ChannelID, role RoleID) (trouble string, gone bool, err error)
	// Discuss starts a thread from a message. One that is there, and a message
	// that is gone, is no error.
	Discuss(ctx context.Context, channel ChannelID, message, name string) error
	// Publish sends a message to the followers of its channel. One that was
	// published, a message that is gone and a channel that can't be followed is
	// no error.
	Publish(ctx context.Context, channel ChannelID, message string) error
}

// mentioned is card with the role that s pings, or without one that is gone,
// and what is wrong with it. What can't be found out is left to Discord.
func (r *Runner) mentioned(ctx context.Context, s Subscription, card cards.Card) (_ cards.Card, trouble string) {
	if card.Mention == "" || r.parts.Extras == nil {
		return card, ""
	}
	trouble, gone, err := r.parts.Extras.Mentions(ctx, s.Desk, s.Channel, s.Mention)
	if err != nil {
		r.log.WarnContext(ctx, "whether a digest may ping its role can't be told", "subscription", s.ID, "err", err)
		return card, ""
	}
	if gone {
		card.Mention = ""
	}
	return card, trouble
}

// RunErrands does what is to be done about posted messages, one after the
// other. What goes wrong with one is recorded with its slot; the error is about
// the database or ctx. It waits for the call under way.
func (r *Runner) RunErrands(ctx context.Context, now time.Time) error {
	if r.parts.Errands == nil {
		return nil
	}
	r.errands.Lock()
	defer r.errands.Unlock()
	for ctx.Err() == nil {
		e, err := r.parts.Errands.NextErrand(ctx, now, lease)
		if errors.Is(err, ErrNothing) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("digests: looking for errands: %w", err)
		}
		if err := r.run(context.WithoutCancel(ctx), e, now); err != nil {
			return fmt.Errorf("digests: recording the %s of slot %s: %w", e.Kind, e.Slot.ID, err)
		}
	}
	return ctx.Err()
}

// run does one errand; the error is of recording how it went.
func (r *Runner) run(ctx context.Context, e Errand, now time.Time) error {
	doing, cancel := context.WithTimeout(ctx, deliverTime)
	defer cancel()
	cause := r.do(doing, e)

	settling, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	log := r.log.With("errand", e.Kind, "slot", e.Slot.ID, "channel", e.Slot.Channel)
	if cause == nil {
		log.InfoContext(ctx, "errand done")
		return r.parts.Errands.Done(settling, e, now)
	}
	say, final, wait := judge(cause, errandTries)
	if final || now.Sub(e.Slot.Due) > errandLife {
		log.ErrorContext(ctx, "errand given up", "err", cause)
		return r.parts.Errands.GiveUp(settling, e, say)
	}
	log.WarnContext(ctx, "errand not done yet", "again_in", wait, "err", cause)
	return r.parts.Errands.PutOff(settling, e, now.Add(wait))
}

func (r *Runner) do(ctx context.Context, e Errand) error {
	if e.Kind == Publish {
		return r.parts.Extras.Publish(ctx, e.Slot.Channel, e.Slot.Message)
	}
	name, err := r.parts.Title(ctx, e.Subscription, e.Slot)
	if err != nil {
		return fmt.Errorf("digests: naming a thread: %w", err)
	}
	return r.parts.Extras.Discuss(ctx, e.Slot.Channel, e.Slot.Message, name)
}
