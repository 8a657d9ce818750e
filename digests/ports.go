package digests

import (
	"context"
	"errors"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
)

// ChannelID is a Discord channel's id.
type ChannelID string

// RoleID is the id of a role in a Discord server.
type RoleID string

// A Subscription is one channel's standing order for digests.
type Subscription struct {
	ID        string // 13 characters of Crockford's base 32
	Desk      briefings.DeskID
	Channel   ChannelID
	Kind      string       // "daily", "cron" or "countdown"
	At        string       // local time of day, "08:00"; empty for cron
	Zone      string       // IANA
	Days      string       // of the week, as [Days] writes them; of a daily one
	Cron      string       // five fields; of a cron one
	Date      briefings.ID `json:",omitempty"`
	Offsets   string       // as [Offsets] writes them; of a countdown
	Sections  string       // ids with commas between; empty for all
	Quiet     string       // what comes when nothing changed: [QuietLine] or [QuietNothing]
	Paused    string       // why nothing is posted; empty where it is
	Locale    string       // of the words around the content; Discord's locale codes
	Mention   RoleID       // whom every message pings; empty for nobody
	Thread    bool         // whether every message gets a thread for discussion
	Publish   bool         // whether every message goes to the followers of the channel
	Grace     time.Duration
	CreatedBy briefings.UserID
	CreatedAt time.Time
	Since     time.Time // what fell due before was none of this schedule's
	NextDue   time.Time // the next slot that is not planned yet; zero where none is to come
}

// What a subscription posts when nothing changed since its last digest.
const (
	QuietLine    = "line"    // one line that says so
	QuietNothing = "nothing" // no message
)

// A Slot is one moment at which a subscription falls due.
type Slot struct {
	ID           string // the delivery id: 20 characters, derived from subscription and local time
	Subscription string
	Due          time.Time
	State        State
	Reason       string    // why it was skipped or failed, or what of it went wrong
	Message      string    // the id of the posted message
	Channel      ChannelID // where that is; empty where none was posted, or by a sitrep that didn't keep it
	Recalled     string    // why the message was taken back; empty where it was not
	RecalledBy   briefings.UserID
	Rev          int // the desk's revision that the message showed
	Tries        int
}

// State is how far a slot has come.
type State string

// The states. Planned and claimed slots are still to be sent; the others are final.
const (
	Planned State = "planned"
	Claimed State = "claimed"
	Sent    State = "sent"
	Skipped State = "skipped"
	Failed  State = "failed"
)

// A Claim is the right to send one slot until Until, by the wall clock.
type Claim struct {
	Slot         Slot
	Subscription Subscription
	Fence        int       // every claim of a slot has a higher one
	Until        time.Time // when another copy may claim the slot
	FirstClaimed time.Time // when the slot was first claimed, by the wall clock
	LastRev      int       // the Rev of the subscription's last sent slot; 0 where none was sent
}

// What [Ledger] reports besides faults.
var (
	// ErrNothing means that no slot is to be claimed now.
	ErrNothing = errors.New("digests: nothing to claim")
	// ErrFenced means that another copy has claimed the slot since.
	ErrFenced = errors.New("digests: the slot was claimed by another copy")
)

// Subscriptions is where standing orders are kept; package store satisfies it.
// Errors wrap [briefings.ErrUnavailable] where the database cannot be reached.
type Subscriptions interface {
	// Subscribe keeps a new subscription.
	Subscribe(ctx context.Context, s Subscription) error
	// Subscriptions returns those of desk, oldest first.
	Subscriptions(ctx context.Context, desk briefings.DeskID) ([]Subscription, error)
	// Amend gives s's subscription of s.Desk everything that s says, but for
	// when and by whom it was made. Slots still to be sent are skipped where s
	// is paused. It returns [briefings.ErrNotFound] where there is none.
	Amend(ctx context.Context, s Subscription) error
	// Unsubscribe ends a subscription of desk: it is listed no more and its
	// slots that are still to be sent are skipped. It returns
	// [briefings.ErrNotFound] where desk has none with that id.
	Unsubscribe(ctx context.Context, desk briefings.DeskID, id string) error
	// Slots returns the newest slots of desk's subscriptions, of ended ones too,
	// or of the one with that id, newest first, at most most.
	Slots(ctx context.Context, desk briefings.DeskID, id string, most int) ([]Slot, error)
	// Recall keeps why and by whom the message of a sent slot was taken back,
	// and ends what was still to be done about it. It returns
	// [briefings.ErrNotFound] where desk has no such slot, or no more.
	Recall(ctx context.Context, desk briefings.DeskID, slot string, by briefings.UserID, why string) error
	// Shown is the desk's revision that the last message of a subscription
	// showed, 0 where there was none; one that was taken back doesn't count.
	Shown(ctx context.Context, id string) (rev int, err error)
	// Followed returns, by the ids of their slots, which messages of desk's
	// subscription id were corrected after they were posted, or could not be.
	Followed(ctx context.Context, desk briefings.DeskID, id string) (map[string]Followed, error)
}

// Planning is what is to come; package store satisfies it. Errors wrap
// [briefings.ErrUnavailable] where the database cannot be reached.
type Planning interface {
	Changes
	// Due returns at most most subscriptions with NextDue <= now, most overdue first.
	Due(ctx context.Context, now time.Time, most int) ([]Subscription, error)
	// NextDue is the earliest NextDue of all, zero where there is none.
	NextDue(ctx context.Context) (time.Time, error)
	// Countdowns returns the countdowns of desks that are neither ended nor
	// paused, where desks is nil those of all.
	Countdowns(ctx context.Context, desks []briefings.DeskID) ([]Subscription, error)
	// Plan inserts slots that are not there yet, in the state they carry, and
	// moves the subscription's NextDue from s.NextDue to next, in one
	// transaction. Where another copy has moved NextDue already it does nothing.
	Plan(ctx context.Context, s Subscription, slots []Slot, next time.Time) error
}

// Changes tells which desks were changed; package store satisfies it. Errors
// wrap [briefings.ErrUnavailable] where the database cannot be reached.
type Changes interface {
	// Changed returns the desks whose newest revision was recorded after a time,
	// of all desks that have revisions of their own, and the catalogue always.
	Changed(ctx context.Context, since time.Time) (map[briefings.DeskID]DeskChange, error)
}

// A DeskChange is how far a desk's own revisions have come.
type DeskChange struct {
	Version int // another one after each change
	At      time.Time
}

// Ledger is the record of what was and is to be sent; package store satisfies
// it. Errors wrap [briefings.ErrUnavailable] where the database cannot be reached.
type Ledger interface {
	// Claim claims the oldest slot that is planned and not held back at wall,
	// or whose claim ended before wall, for owner until wall+lease. It returns
	// [ErrNothing] where there is none. No two copies ever get the same fence.
	Claim(ctx context.Context, owner string, wall time.Time, lease time.Duration) (Claim, error)
	// Finish makes the claimed slot final as done says (State sent, skipped or
	// failed, with Reason, Message and Rev), or returns [ErrFenced]. With a sent
	// one the errands begin that c.Subscription wants.
	Finish(ctx context.Context, c Claim, done Slot) error
	// Retry gives the claimed slot back, to be claimed again from notBefore on,
	// with one try more counted and reason kept, or returns [ErrFenced].
	Retry(ctx context.Context, c Claim, notBefore time.Time, reason string) error
	// Holds reports whether c is still the slot's newest claim.
	Holds(ctx context.Context, c Claim) (bool, error)
	// Waiting is when, by the wall clock, the first of the slots that are still
	// to be sent may be claimed; zero where there is none.
	Waiting(ctx context.Context) (time.Time, error)
	// ForgetSlots deletes final slots that were due before a time, and all that is
	// kept with them, but for the last message of every subscription that goes on.
	ForgetSlots(ctx context.Context, before time.Time) error
}

// A Poster puts messages into channels; package bot satisfies it.
type Poster interface {
	// Post sends card to channel and returns the message's id. The delivery id
	// makes a repeat within a few minutes return the first message instead of
	// posting a second one (Discord's enforce_nonce).
	Post(ctx context.Context, channel ChannelID, card cards.Card, delivery string) (message string, err error)
	// Find looks for the message that carries the delivery id among those
	// posted from since (wall clock) on; found is false where there is none.
	Find(ctx context.Context, channel ChannelID, delivery string, since time.Time) (message string, found bool, err error)
}

// A PostError is a post that Discord refused, or that did not get there.
type PostError struct {
	Say        string        // for people: what is wrong and what to do
	Permanent  bool          // trying again will not help
	RetryAfter time.Duration // at least this long, where Discord said so
	Cause      error
}

func (e *PostError) Error() string { return e.Say }

// Unwrap returns the cause.
func (e *PostError) Unwrap() error { return e.Cause }
