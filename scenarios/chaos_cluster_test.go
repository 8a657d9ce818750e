package scenarios

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
	"sitrep/store"
)

// settlesWithin is how long a round may take: a long outage, leases and
// back-offs, on a busy machine.
const settlesWithin = 8 * time.Minute

// A cluster is some copies of sitrep on one database and one Discord, and all
// that befalls them.
type cluster struct {
	name    string
	folder  string
	discord elsewhere
	ledger  *chaosLedger
	chance  *rand.Rand
	copies  []*doomed
	starts  atomic.Int64

	channels []string // ids
	wanted   []expectation
	refused  map[string]bool // in the round before

	ctx        context.Context //nolint:containedctx // it is the cluster's life, which its copies and proxies share
	fail       context.CancelCauseFunc
	background sync.WaitGroup // kills under way, which a round waits for

	mu      sync.Mutex
	points  map[string]point
	looks   map[string]chan struct{}
	kills   map[string]int // by point
	struck  map[string]int // by trouble
	slotted int
}

// newCluster starts the sandbox and gives each subscription a channel and a row;
// its copies are started by launch. Without a database it gets SQLite.
func newCluster(t *testing.T, seed uint64, name, database string, wanted ...digests.Subscription) *cluster {
	t.Helper()
	c := &cluster{
		name: name, folder: t.TempDir(), discord: startSandbox(t), chance: rand.New(rand.NewPCG(seed, uint64(len(name)))),
		points: map[string]point{}, looks: map[string]chan struct{}{}, kills: map[string]int{}, struck: map[string]int{},
	}
	c.ctx, c.fail = context.WithCancelCause(context.WithoutCancel(t.Context()))
	t.Cleanup(func() { c.fail(nil) })
	if database == "" {
		database = "sqlite:" + filepath.Join(c.folder, "sitrep.db")
	}
	desk, moderator, err := c.openChannels(len(wanted))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.subscribe(database, desk, moderator, wanted); err != nil {
		t.Fatal(err)
	}
	if c.ledger, err = openLedger(database); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.ledger.db.Close() })
	return c
}

// launch starts copies and waits until each of them follows the clock.
func (c *cluster) launch(t *testing.T, copies int, environ ...string) {
	t.Helper()
	environ = append([]string{"DISCORD_TOKEN=" + c.discord.Token, "SITREP_CLOCK=" + c.discord.URL + "/sandbox/clock", "SITREP_DATA=" + c.folder}, environ...)
	for n := range copies {
		d, err := newDoomed(c, fmt.Sprintf("copy %d on %s", n+1, c.name), environ)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(d.end)
		c.copies = append(c.copies, d)
		if _, err := d.log.await("ready http", d.exited); err != nil {
			t.Fatal(err)
		}
	}
}

// madeAt is when all subscriptions are made: fresh data starts then.
func madeAt() time.Time { return time.Date(2026, time.January, 19, 6, 0, 0, 0, time.UTC) }

// subscribe completes subscriptions, one for each channel, and records them.
func (c *cluster) subscribe(database, desk, moderator string, wanted []digests.Subscription) (err error) {
	record, err := store.Open(c.ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, record.Close()) }()
	for i, s := range wanted {
		s.ID, s.Desk, s.Channel = digests.NewID(), briefings.DeskID(desk), digests.ChannelID(c.channels[i])
		s.Quiet, s.Locale, s.CreatedBy = digests.QuietLine, "en-US", briefings.UserID(moderator)
		s.CreatedAt, s.Since = madeAt(), madeAt()
		if err := record.Subscribe(c.ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// round lets one digest of every channel fall due amid what a plan does, and
// returns when all of them have ended.
func (c *cluster) round(number int) error {
	due := madeAt().Add(time.Duration(number) * time.Hour)
	plan := newRoundPlan(c.chance, number, c.channels, c.refused)
	c.refused = plan.refused
	for _, channel := range c.channels {
		c.wanted = append(c.wanted, expectation{channel: channel, due: due, failed: plan.refused[channel]})
	}
	if err := c.call(http.MethodPut, "/sandbox/faults", plan.outages, nil); err != nil {
		return err
	}
	c.mu.Lock()
	c.points = plan.points
	c.mu.Unlock()
	c.background.Go(func() { c.killPlanning(due, plan.part) })
	for after, at := range plan.timed {
		c.background.Go(func() { c.strike(after, at) })
	}
	if err := c.jump(due.Add(plan.late)); err != nil {
		return err
	}
	if err := c.settled(func(there, open int) bool { return there == len(c.channels) && open == 0 }, due); err != nil {
		return err
	}
	c.background.Wait()
	if err := context.Cause(c.ctx); err != nil {
		return err
	}
	c.slotted += len(c.channels)
	return c.count(plan)
}

// settled waits until so many slots that are due at a time, and open ones of any, are enough.
func (c *cluster) settled(enough func(there, open int) bool, due time.Time) error {
	for deadline := time.Now().Add(settlesWithin); ; c.pause(100 * time.Millisecond) {
		there, open, err := c.ledger.planned(c.ctx, due)
		switch {
		case context.Cause(c.ctx) != nil:
			return context.Cause(c.ctx)
		case err != nil:
			return err
		case enough(there, open):
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("%v after %s: %d of %d slots are planned, %d of all are open", settlesWithin, due, there, len(c.channels), open)
		}
	}
}

// killPlanning ends all copies once a part of the slots is planned.
func (c *cluster) killPlanning(due time.Time, part float64) {
	for c.ctx.Err() == nil {
		there, _, err := c.ledger.planned(c.ctx, due)
		if err != nil {
			c.fail(err)
			return
		}
		if there > int(part*float64(len(c.channels)/2)) {
			break
		}
		c.pause(time.Millisecond)
	}
	thaw, err := c.ledger.freeze(c.ctx)
	if err != nil {
		c.fail(err)
		return
	}
	c.killAll(planning, 0)
	thaw()
}

func (c *cluster) killAll(at point, dead time.Duration) {
	var all sync.WaitGroup
	for _, d := range c.copies {
		all.Go(func() { d.killFor(at, dead) })
	}
	all.Wait()
}

// strike does after some time what no request leads to.
func (c *cluster) strike(after time.Duration, at point) {
	c.pause(after)
	victim := c.copies[int(after)%len(c.copies)]
	switch at {
	case everywhere:
		c.killAll(at, 0)
	case frozen:
		if len(c.copies) > 1 { // to one alone it is but a pause
			victim.freeze(22 * time.Second)
		}
	default:
		victim.kill(at)
	}
}

// reached says at which point a copy is that sends a request, "" at none; each is
// reached once a round.
func (c *cluster) reached(channel, method string) point {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.points[channel]
	if at == "" || (at == looking) != (method == looks) || method != looks && method != posts {
		return ""
	}
	delete(c.points, channel)
	return at
}

// awaitLook is closed when a copy has looked for a digest in a channel.
func (c *cluster) awaitLook(channel string) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looks[channel] = make(chan struct{})
	return c.looks[channel]
}

func (c *cluster) looked(channel string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if awaited := c.looks[channel]; awaited != nil {
		close(awaited)
		delete(c.looks, channel)
	}
}

func (c *cluster) settledIn(channel string) bool {
	state, err := c.ledger.newest(c.ctx, channel)
	if err != nil {
		c.fail(err)
	}
	return state == "sent" || state == "failed"
}

func (c *cluster) tally(in map[string]int, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	in[name]++
}

// random is some part of most.
func (c *cluster) random(most time.Duration) time.Duration { return rand.N(most) }

// pause returns at once when the cluster's life is over.
func (c *cluster) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-c.ctx.Done():
	}
}

// verdict is the judge's.
func (c *cluster) verdict() (verdict, error) {
	ledger, err := c.ledger.slots(c.ctx)
	if err != nil {
		return verdict{}, err
	}
	channels, err := c.posted()
	if err != nil {
		return verdict{}, err
	}
	return judge(c.wanted, ledger, channels), nil
}
