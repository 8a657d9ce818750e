// Package cache is what all copies of sitrep remember together, in Redis: the
// compiled snapshots, the news that one has changed, and which interactions
// were seen.
//
// Everything in it may vanish at any time, and nothing depends on it for being
// right. [Cache] satisfies [briefings.Cache], where the contract stands. While
// Redis is away every method fails fast with [briefings.ErrUnavailable], the
// log gets one line when it goes and one when it is back, and nobody has to do
// anything.
//
// This package treats what it reads as hostile: others may write to that Redis.
package cache

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"sitrep/briefings"
)

// Embedded is the URL of a Redis inside this process, which a single copy of
// sitrep can do with.
const Embedded = "embedded"

// prefix begins every key and holds the number of this form of storing things:
// copies with different forms never read one another's. What stands in braces
// after it decides, in a Redis Cluster, which node has the key: keys that one
// script touches have the same there.
const prefix = "sitrep:2:"

// Discord waits three seconds for an answer, so a Redis that hangs may cost a
// small part of that.
const (
	dialTimeout = time.Second
	patience    = 500 * time.Millisecond // for an answer to one command
	perCall     = time.Second            // for a method, with its second try
)

// A Cache is safe for concurrent use.
type Cache struct {
	client   redis.UniversalClient
	log      *slog.Logger
	health   health    // in a Cluster, of all that is known of its nodes
	embedded *embedded // nil with a Redis of its own
	channel  string    // where changes are told
	keep     *redis.Script
	tell     *redis.Script
	reserve  *redis.Script
	start    *redis.Script
	admit    *redis.Script
	episode  *redis.Script

	mu    sync.Mutex
	nodes map[string]*health // of a Cluster, by address
}

var _ briefings.Cache = (*Cache)(nil)

// Open makes a Cache for [Embedded] or the URL of one server, of Sentinels or of
// a Cluster; an error says how that is written. It succeeds while Redis is away.
func Open(url string, log *slog.Logger) (*Cache, error) {
	// The library logs to standard error by a variable of its own, once per
	// failed attempt. The setting is the same for everyone, so that it is a
	// global one does no harm; what counts is in the errors and in health.
	logging.Disable()
	c := &Cache{
		log:     log,
		health:  health{log: log},
		nodes:   map[string]*health{},
		keep:    redis.NewScript(keepScript),
		tell:    redis.NewScript(tellScript),
		reserve: redis.NewScript(reserveScript),
		start:   redis.NewScript(startScript),
		admit:   redis.NewScript(admitScript),
		episode: redis.NewScript(episodeScript),
	}
	if url == Embedded {
		e, err := startEmbedded()
		if err != nil {
			return nil, err
		}
		c.embedded, url = e, e.url()
	}
	options, err := parse(url)
	if err != nil {
		return nil, errors.Join(err, c.embedded.close())
	}
	// Databases keep their keys apart, but not their messages.
	c.channel = prefix + "changed:" + strconv.Itoa(options.DB)
	c.client = redis.NewUniversalClient(options)
	return c, nil
}

// Ping reports whether Redis, in a Cluster each of its nodes, answers and takes
// what is written; unlike the other methods it asks even where Redis was away a
// moment ago.
func (c *Cache) Ping(ctx context.Context) error {
	const key = prefix + "ping"
	return c.within(ctx, "ping", func(ctx context.Context) error {
		err := c.onEachNode(ctx, func(ctx context.Context, node *redis.Client) error {
			err := node.Ping(ctx).Err()
			c.healthOf(node).saw(ctx, err)
			return err
		})
		if err != nil {
			return err
		}
		err = c.client.Set(ctx, key, "", time.Second).Err()
		c.saw(ctx, key, err)
		return err
	})
}

// onEachNode calls f with the one server there is, or with each node of a Cluster.
func (c *Cache) onEachNode(ctx context.Context, f func(ctx context.Context, node *redis.Client) error) error {
	switch client := c.client.(type) {
	case *redis.ClusterClient:
		return client.ForEachMaster(ctx, f)
	case *redis.Client:
		return f(ctx, client)
	}
	return fmt.Errorf("cache: a client that is a %T", c.client)
}

// Close makes the methods fail from then on. A running [Cache.Changes] returns.
// A second Close does nothing.
func (c *Cache) Close() error {
	err := c.client.Close()
	if errors.Is(err, redis.ErrClosed) {
		err = nil
	}
	return errors.Join(err, c.embedded.close())
}

// do runs f, which asks whoever has key, unless that is known to be away; doing
// is what an error says was tried.
func (c *Cache) do(ctx context.Context, doing, key string, f func(context.Context) error) error {
	return c.within(ctx, doing, func(ctx context.Context) error {
		h, err := c.holder(ctx, key)
		if err == nil {
			err = h.away()
		}
		if err != nil {
			return err
		}
		err = f(ctx)
		h.saw(ctx, err)
		return err
	})
}

// within runs f for as long as a method may take. Whatever Redis or the way
// there did, its error is the same to callers: nobody can tell.
func (c *Cache) within(ctx context.Context, doing string, f func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("cache: %s: %w", doing, err)
	}
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	err := f(ctx)
	if err == nil {
		return nil
	}
	if advice := advise(err); advice != "" {
		err = fmt.Errorf("%s (%w)", advice, err)
	}
	return fmt.Errorf("cache: %s: %w: %w", doing, briefings.ErrUnavailable, err)
}
