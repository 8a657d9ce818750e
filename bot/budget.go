package bot

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// Requests are spaced evenly, so that no second sees more than 49 of Discord's
	// 50, whichever second is looked at; the last is for what the network bunches.
	// https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
	requestsPerSecond = 48

	// paceTime is how long the copies' common queue may keep a request waiting
	// for its place.
	paceTime = 250 * time.Millisecond

	// tardy is how much later than usual a turn may be taken. Taken later it would
	// bunch with those of others.
	tardy = time.Second / requestsPerSecond

	// changeover is a pause between turns of the queue and those of even shares,
	// which know nothing of one another.
	changeover = 100 * time.Millisecond

	// attendance is how often a copy that sends nothing lets itself be counted; a
	// queue forgets whom it hasn't heard of for thrice that.
	attendance = 10 * time.Second
)

// A Pacer spaces the requests of all copies of one bot, and the starts of their
// gateway sessions. Package cache satisfies it.
type Pacer interface {
	// Reserve takes the next place in a queue whose places are every apart: the
	// caller's turn comes after wait. Sharers are how many callers were there
	// lately; with an every of 0 the caller is counted and takes no place.
	Reserve(ctx context.Context, queue, caller string, every time.Duration) (wait time.Duration, sharers int, err error)
	// Pause keeps all callers of a queue from what for so long, and Paused tells
	// how long each of these is paused yet, 0 for not.
	Pause(ctx context.Context, queue, what string, long time.Duration) error
	Paused(ctx context.Context, queue string, what ...string) ([]time.Duration, error)
	// Start takes a start of a session out of bot's, where one is left and the
	// last one in the same lane was every ago: then wait is 0. Otherwise it is how
	// long to wait before asking again; spent says that none is left until then.
	// Left is what Discord said last, and resets when it counts anew.
	Start(ctx context.Context, bot string, lane int, every time.Duration, left int, resets time.Duration) (wait time.Duration, spent bool, err error)
}

// A budget spaces the requests that count towards Discord's limit on all
// requests of a bot. Alone, or while the copies' queue can't be reached, a copy
// keeps to its even share. Safe for concurrent use.
type budget struct {
	common        Pacer // nil for a copy that is alone
	queue, caller string
	sleep         func(context.Context, time.Duration) error

	mu      sync.Mutex
	local   *rate.Limiter
	sharers int           // as last known
	alone   bool          // whether the queue was out of reach last
	last    time.Time     // the latest turn given
	since   time.Time     // before then come the turns from before alone has changed
	usual   time.Duration // from asking the queue to sending, besides the wait
}

func newBudget() *budget {
	return &budget{local: rate.NewLimiter(requestsPerSecond, 1), caller: rand.Text(), sleep: sleep}
}

// share makes b one with those of the other copies that use the same token.
// The token's first part is the bot's id, and no secret.
func (b *budget) share(p Pacer, token string) {
	b.common = p
	id, _, _ := strings.Cut(token, ".")
	b.queue = "requests:" + id
}

// attend lets a copy that sends nothing be counted among the sharers, and know
// of the others, until ctx ends.
func (b *budget) attend(ctx context.Context) {
	for b.common != nil && ctx.Err() == nil {
		if _, sharers, err := b.reserve(ctx, 0); err == nil {
			b.mu.Lock()
			b.sharers = sharers
			b.mu.Unlock()
		}
		_ = sleep(ctx, attendance) // it ends with ctx, as the loop does
	}
}

func (b *budget) reserve(ctx context.Context, every time.Duration) (wait time.Duration, sharers int, err error) {
	ctx, cancel := context.WithTimeout(ctx, paceTime)
	defer cancel()
	return b.common.Reserve(ctx, b.queue, b.caller, every)
}

// wait returns when it is the caller's turn. A turn that was missed, because the
// process or the queue hung, is left to nobody and another one taken.
func (b *budget) wait(ctx context.Context) error {
	for b.common != nil {
		asked := time.Now()
		wait, sharers, err := b.reserve(ctx, time.Second/requestsPerSecond)
		if err != nil {
			break
		}
		if err := b.sleep(ctx, time.Until(b.together(time.Now().Add(wait), sharers))); err != nil {
			return err
		}
		if b.inTime(time.Since(asked) - wait) {
			return nil
		}
	}
	return b.sleep(ctx, time.Until(b.apart()))
}

// together is the caller's turn, which comes in the queue at a time.
func (b *budget) together(at time.Time, sharers int) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sharers = sharers
	if b.alone {
		b.alone, b.since = false, b.last.Add(changeover)
	}
	return b.given(at)
}

// apart is the caller's turn where this copy keeps to its even share. Of each
// copy, any second may see one request more than its rate.
func (b *budget) apart() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.common != nil && !b.alone {
		b.alone, b.since = true, b.last.Add(changeover)
		n := rate.Limit(max(1, b.sharers))
		b.local.SetLimit(max(1, (requestsPerSecond+1-n)/n))
		b.local.AllowN(b.since, 1) // the queue lets one through then
	}
	now := time.Now()
	from := now
	if from.Before(b.since) {
		from = b.since
	}
	return b.given(from.Add(b.local.ReserveN(from, 1).DelayFrom(from)))
}

// given notes a turn. None comes before those from before the copies found or
// lost one another, or the two kinds would add up; the lock is held.
func (b *budget) given(turn time.Time) time.Time {
	if turn.Before(b.since) {
		turn = b.since
	}
	if turn.After(b.last) {
		b.last = turn
	}
	return turn
}

// copies is how many there are, as last known, this one among them.
func (b *budget) copies() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(1, b.sharers)
}

// queued is how far ahead the latest turn was given.
func (b *budget) queued() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(0, time.Until(b.last))
}

// inTime reports whether a turn is taken as late as usual, which does no harm. A
// lasting change of that becomes usual after some turns.
func (b *budget) inTime(late time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	most := b.usual + tardy
	b.usual += (min(late, most) - b.usual) / 16
	return late <= most
}
