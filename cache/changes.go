package cache

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"sitrep/briefings"
)

// tellScript publishes. The channel is given as a key, so that in a Cluster the
// node is asked that listeners subscribe at; any other passes a message on too.
const tellScript = `return redis.call('PUBLISH', KEYS[1], ARGV[1])`

const (
	firstWait = 100 * time.Millisecond
	lastWait  = 2 * time.Second
	// quiet is how long a subscription hears nothing before it asks whether
	// anybody is there.
	quiet = 15 * time.Second
)

// Changes is for [briefings.Cache]. Whenever it has subscribed, the first time
// as well, it calls f with no desk and no rev: what was told before is lost, so
// whoever holds snapshots should compare their versions.
func (c *Cache) Changes(ctx context.Context, f func(desk briefings.DeskID, rev int)) error {
	l := &listener{cache: c, tell: f, wait: firstWait}
	for {
		err := l.listen(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, redis.ErrClosed) {
			return fmt.Errorf("cache: listen for changes: %w", err)
		}
		c.saw(ctx, c.channel, err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(l.wait):
		}
		l.wait = min(2*l.wait, lastWait)
	}
}

// A listener is one call of Changes.
type listener struct {
	cache      *Cache
	tell       func(briefings.DeskID, int)
	wait       time.Duration // before it subscribes anew
	complained bool          // about a message that can't be read
}

// listen subscribes and hears until the connection or ctx ends.
func (l *listener) listen(ctx context.Context) error {
	sub := l.cache.client.Subscribe(ctx)
	// Nothing else ends a read that is under way.
	defer context.AfterFunc(ctx, func() { _ = sub.Close() })()
	defer func() { _ = sub.Close() }()
	if err := sub.Subscribe(ctx, l.cache.channel); err != nil {
		return err
	}
	waiting := perCall // for the answer to Subscribe or to Ping
	for {
		heard, err := sub.ReceiveTimeout(ctx, waiting)
		if late := net.Error(nil); waiting == quiet && errors.As(err, &late) && late.Timeout() {
			if err := sub.Ping(ctx); err != nil {
				return err
			}
			waiting = perCall
			continue
		}
		if err != nil {
			return err
		}
		waiting = quiet
		switch m := heard.(type) {
		case *redis.Subscription:
			l.wait = firstWait
			l.cache.saw(ctx, l.cache.channel, nil)
			l.tell("", 0)
		case *redis.Message:
			l.hear(ctx, m.Payload)
		}
	}
}

func (l *listener) hear(ctx context.Context, payload string) {
	desk, rev, ok := parseMessage(payload)
	if ok {
		l.tell(desk, rev)
		return
	}
	if !l.complained {
		l.cache.log.WarnContext(ctx, "somebody else writes to our channel in redis", "channel", l.cache.channel, "bytes", len(payload))
		l.complained = true
	}
}

// Tell is for [briefings.Cache].
func (c *Cache) Tell(ctx context.Context, desk briefings.DeskID) error {
	return c.do(ctx, "tell of the settings of desk "+string(desk), c.channel, func(ctx context.Context) error {
		return c.tell.Run(ctx, c.client, []string{c.channel}, message(desk, 0)).Err()
	})
}

func message(desk briefings.DeskID, rev int) string { return strconv.Itoa(rev) + " " + string(desk) }

func parseMessage(payload string) (desk briefings.DeskID, rev int, ok bool) {
	number, name, found := strings.Cut(payload, " ")
	rev, err := strconv.Atoi(number)
	if !found || err != nil || rev < 0 || name == "" || len(name) > 64 {
		return "", 0, false
	}
	return briefings.DeskID(name), rev, true
}
