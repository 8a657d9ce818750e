package digests

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/words"
)

const (
	// TriesUntold is how often a digest may fail to get out before a human is
	// told, although it is still tried again. The index slots_untold in package
	// store's migrations goes by the same number.
	TriesUntold = 3
	// FailuresInRow is after how many failed digests a subscription is paused.
	FailuresInRow = 3

	mostTells = 10 // then nobody can be told
	tellLease = time.Minute
	tellTime  = 10 * time.Second
)

// Why a subscription is paused; what else stands there was worded by somebody.
const (
	PausedByHand  = "hand"
	PausedFailing = "failing"
)

// A Notice is that a human has to be told of a slot: it failed, or goes on failing.
type Notice struct {
	Slot         Slot
	Subscription Subscription
	Tells        int // how often telling was tried, this time included
}

// Told is who was told of a slot.
type Told string

// Who can be told.
const (
	ToldCreator Told = "creator" // of the subscription, in a direct message
	ToldChannel Told = "channel" // the server's log channel
	ToldNobody  Told = "nobody"  // neither could be reached
)

// Notices is the record of who is to be told; package store satisfies it.
// Errors wrap [briefings.ErrUnavailable] where the database cannot be reached.
type Notices interface {
	// Untold gives the oldest slot that nobody was told of to one caller, until
	// wall+lease. It returns [ErrNothing] where there is none.
	Untold(ctx context.Context, wall time.Time, lease time.Duration) (Notice, error)
	// Told records who was told.
	Told(ctx context.Context, slot string, who Told) error
}

// A Messenger reaches humans; package bot satisfies it.
type Messenger interface {
	// Direct sends card to a user in a direct message. A repeat with the same
	// key within a few minutes makes no second one. It fails with a [PostError].
	Direct(ctx context.Context, user briefings.UserID, card cards.Card, key string) error
	// Post is for [Poster].
	Post(ctx context.Context, channel ChannelID, card cards.Card, delivery string) (message string, err error)
}

// A Notifier tells humans of digests that don't get out. Any number of copies
// may do so with one database.
type Notifier struct {
	Notices    Notices
	Messenger  Messenger
	Book       *words.Book
	LogChannel func(ctx context.Context, desk briefings.DeskID) ChannelID // empty where a server has none
	Log        *slog.Logger
}

// Notify tells of every slot that nobody was told of yet. The error is the
// database's; whoever can't be reached now is tried again later.
func (n Notifier) Notify(ctx context.Context, wall time.Time) error {
	for ctx.Err() == nil {
		notice, err := n.Notices.Untold(ctx, wall, tellLease)
		if errors.Is(err, ErrNothing) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("digests: looking for failed digests: %w", err)
		}
		// Stopping must not leave a notice sent and unrecorded.
		if err := n.notify(context.WithoutCancel(ctx), notice); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (n Notifier) notify(ctx context.Context, notice Notice) error {
	telling, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	log := n.Log.With("slot", notice.Slot.ID, "desk", notice.Subscription.Desk)
	who, err := n.tell(telling, notice)
	if err != nil && notice.Tells < mostTells {
		log.WarnContext(ctx, "nobody was told of a failed digest yet; it is tried again", "err", err)
		return nil
	}
	settling, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	if err := n.Notices.Told(settling, notice.Slot.ID, who); err != nil {
		return fmt.Errorf("digests: recording who was told of slot %s: %w", notice.Slot.ID, err)
	}
	if who == ToldNobody {
		log.ErrorContext(ctx, "nobody can be told of a failed digest; set a log channel with /desk settings", "reason", notice.Slot.Reason, "err", err)
		return nil
	}
	log.InfoContext(ctx, "somebody was told of a failed digest", "told", who)
	return nil
}

// tell reaches whoever it can. An error may pass; that nobody wants or may be
// told is none.
func (n Notifier) tell(ctx context.Context, notice Notice) (Told, error) {
	card, key := n.card(notice), "n"+notice.Slot.ID
	if maker := notice.Subscription.CreatedBy; maker != briefings.FormerMember {
		err := n.Messenger.Direct(ctx, maker, card, key)
		if err == nil {
			return ToldCreator, nil
		}
		if !permanent(err) {
			return ToldNobody, err
		}
	}
	channel := n.LogChannel(ctx, notice.Subscription.Desk)
	if channel == "" {
		return ToldNobody, nil
	}
	switch _, err := n.Messenger.Post(ctx, channel, card, key); {
	case err == nil:
		return ToldChannel, nil
	case permanent(err):
		return ToldNobody, nil
	default:
		return ToldNobody, err
	}
}

func permanent(err error) bool {
	refused := new(PostError)
	return errors.As(err, &refused) && refused.Permanent
}

// card says what happened, why, and what becomes of it.
func (n Notifier) card(notice Notice) cards.Card {
	w, s := n.Book.In(notice.Subscription.Locale), notice.Subscription
	title, next := "notice.failed", "notice.next"
	switch {
	case s.Paused == PausedFailing:
		next = "notice.paused"
	case notice.Slot.State != Failed:
		title, next = "notice.trying", "notice.on"
	}
	args := words.Args{"Channel": cards.Markup("<#" + s.Channel + ">"), "Due": cards.Instant(notice.Slot.Due, "f")}
	return cards.Card{
		Title: "⚠ " + cards.Markup(w.Say(title, args)),
		Blocks: []cards.Block{
			{Lines: []cards.Line{{Text: cards.Escape(cards.Clip(notice.Slot.Reason, 1000))}}},
			{Lines: []cards.Line{{Text: cards.Escape(w.Say(next))}}},
		},
	}
}
