package bot

import (
	"context"
	"strings"
	"sync"
	"time"
)

// identifyEvery is half a second over Discord's five: the wait ends a moment
// before the packet goes out, and that moment varies.
const identifyEvery = 5500 * time.Millisecond

// Identifies settles when a gateway session may be started: one in five seconds
// for each remainder of the shard's number by max_concurrency, the lowest shard
// first, and no more in a day than Discord allows. That holds for all copies of a
// bot. While these can't reach what they share, each keeps to its own pace and
// leaves a tenth of a day's starts alone; should two of them start at once, Discord
// refuses one of them for a moment (op 9). Safe for concurrent use.
type Identifies struct {
	common Pacer // nil for a copy that is alone
	bot    string

	mu     sync.Mutex
	lanes  map[int]*lane
	shards map[int]chan struct{} // that have yet to begin, in this process; closed then
}

// A lane is the shards of which one at a time may start.
type lane struct {
	turn chan struct{} // held by the shard whose turn it is
	last time.Time     // when a session was started, here
}

// NewIdentifies returns the starts of all shards of one process.
func NewIdentifies(common Pacer, token string) *Identifies {
	id, _, _ := strings.Cut(token, ".") // the bot's, and no secret
	return &Identifies{common: common, bot: id, lanes: make(map[int]*lane), shards: make(map[int]chan struct{})}
}

// expect tells of a shard that is going to begin.
func (i *Identifies) expect(shard int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.shards[shard] = make(chan struct{})
}

// begun tells that a shard has started a session, or failed to.
func (i *Identifies) begun(shard int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if begun, waiting := i.shards[shard]; waiting {
		close(begun)
		delete(i.shards, shard)
	}
}

// before are the shards that Discord wants to see started earlier.
func (i *Identifies) before(shard, concurrency int) (all []chan struct{}) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for other, begun := range i.shards {
		if other < shard && other%concurrency == shard%concurrency {
			all = append(all, begun)
		}
	}
	return all
}

func (i *Identifies) lane(number int) *lane {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.lanes[number] == nil {
		i.lanes[number] = &lane{turn: make(chan struct{}, 1)}
	}
	return i.lanes[number]
}

// wait returns when the shard may start a session, which counts as started then.
func (i *Identifies) wait(ctx context.Context, shard int, a allowance) error {
	for _, begun := range i.before(shard, a.concurrency) {
		select {
		case <-begun:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	number := shard % a.concurrency
	lane := i.lane(number)
	select {
	case lane.turn <- struct{}{}:
		defer func() { <-lane.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		wait, err := i.ask(ctx, lane, number, a)
		if err == nil && wait <= 0 {
			lane.last = time.Now()
			i.begun(shard)
			return nil
		}
		if err == nil {
			err = sleep(ctx, wait)
		}
		if err != nil {
			return err
		}
	}
}

// ask tells how long to wait before asking again; 0 gives the start away.
func (i *Identifies) ask(ctx context.Context, own *lane, number int, a allowance) (time.Duration, error) {
	if i.common != nil {
		wait, spent, err := i.common.Start(ctx, i.bot, number, identifyEvery, a.left, max(0, time.Until(a.resets)))
		switch {
		case err == nil && spent:
			return 0, &spentError{max(wait, time.Second)}
		case err == nil:
			return wait, nil
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case a.left <= a.total/10:
			return 0, a.spent()
		}
	}
	return time.Until(own.last.Add(identifyEvery)), nil
}

// An allowance is how sessions may be started, as Discord said last.
type allowance struct {
	left, total, concurrency int
	resets                   time.Time // when Discord counts the starts anew
}

func newAllowance(l GatewayLimits) allowance {
	resets := time.Duration(min(max(l.Starts.ResetAfter, 0), longestWait.Milliseconds())) * time.Millisecond
	a := allowance{left: l.Starts.Remaining, total: l.Starts.Total, concurrency: max(l.Starts.MaxConcurrency, 1), resets: time.Now().Add(resets)}
	if a.total <= 0 { // Discord says nothing
		a.left = max(a.left, 1)
	}
	return a
}

// spent is the error that none is left.
func (a allowance) spent() error { return &spentError{max(time.Until(a.resets), time.Second)} }
