package bot

import (
	"context"
	"crypto/rand"
	"strings"
	"sync/atomic"
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
)

// A Pacer spaces the requests of all copies of one bot. Package cache satisfies it.
type Pacer interface {
	// Reserve takes the next place in a queue whose places are every apart: the
	// caller's turn comes after wait. Sharers are how many callers took one lately.
	Reserve(ctx context.Context, queue, caller string, every time.Duration) (wait time.Duration, sharers int, err error)
}

// A budget spaces the requests that count towards Discord's limit on all
// requests of a bot. Alone, or while the copies' queue can't be reached, a copy
// keeps to its even share. Safe for concurrent use.
type budget struct {
	local   *rate.Limiter
	sharers atomic.Int64 // as last known
	alone   atomic.Bool  // whether the queue was out of reach last

	common        Pacer // nil for a copy that is alone
	queue, caller string
}

func newBudget() *budget {
	return &budget{local: rate.NewLimiter(requestsPerSecond, 1), caller: rand.Text()}
}

// share makes b one with those of the other copies that use the same token.
// The token's first part is the bot's id, and no secret.
func (b *budget) share(p Pacer, token string) {
	b.common = p
	b.queue, _, _ = strings.Cut(token, ".")
}

// wait returns when it is the caller's turn. A turn that ctx is too short for is
// given back where it can be.
func (b *budget) wait(ctx context.Context) error {
	if b.common != nil {
		asking, cancel := context.WithTimeout(ctx, paceTime)
		wait, sharers, err := b.common.Reserve(asking, "requests:"+b.queue, b.caller, time.Second/requestsPerSecond)
		cancel()
		if err == nil {
			b.alone.Store(false)
			b.sharers.Store(int64(sharers))
			return sleep(ctx, wait)
		}
		b.fallBack()
	}
	turn := b.local.Reserve()
	if err := sleep(ctx, turn.Delay()); err != nil {
		turn.Cancel()
		return err
	}
	return nil
}

// fallBack is to go by this copy's even share from now on. Of each copy, any
// second may see one request more than its rate.
func (b *budget) fallBack() {
	if b.alone.Swap(true) {
		return
	}
	n := rate.Limit(max(1, b.sharers.Load()))
	b.local.SetLimit(max(1, (requestsPerSecond+1-n)/n))
	b.local.Allow() // the queue has just let one through
}
