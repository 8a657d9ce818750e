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
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"sitrep/briefings"
)

// Embedded is the URL of a Redis inside this process, which a single copy of
// sitrep can do with.
const Embedded = "embedded"

// prefix begins every key and holds the number of this form of storing things:
// copies with different forms never read one another's.
const prefix = "sitrep:1:"

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
	health   health
	embedded *embedded // nil with a Redis of its own
	channel  string    // where changes are told
	keep     *redis.Script
	reserve  *redis.Script
	start    *redis.Script
	admit    *redis.Script
	episode  *redis.Script
}

var _ briefings.Cache = (*Cache)(nil)

// Open makes a Cache for [Embedded] or a redis:// or rediss:// URL. It succeeds
// while Redis is away.
func Open(url string, log *slog.Logger) (*Cache, error) {
	// The library logs to standard error by a variable of its own, once per
	// failed attempt. The setting is the same for everyone, so that it is a
	// global one does no harm; what counts is in the errors and in health.
	logging.Disable()
	c := &Cache{
		log:     log,
		health:  health{log: log},
		keep:    redis.NewScript(keepScript),
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

func parse(url string) (*redis.UniversalOptions, error) {
	o, err := redis.ParseURL(url)
	if err != nil || !strings.HasPrefix(url, "redis") {
		// The parser's own words may quote the password.
		return nil, errors.New("cache: the Redis URL can't be read; write redis://USER:PASSWORD@HOST:6379/0," +
			" rediss:// for TLS, or embedded")
	}
	return &redis.UniversalOptions{
		Addrs:    []string{o.Addr},
		DB:       o.DB,
		Username: o.Username,
		Password: o.Password,

		TLSConfig: o.TLSConfig,
		Protocol:  2,

		DialTimeout:           dialTimeout,
		DialerRetries:         1,
		ReadTimeout:           patience,
		WriteTimeout:          patience,
		PoolTimeout:           patience,
		MaxRetries:            1, // for connections that died since they were used
		ContextTimeoutEnabled: true,

		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}, nil
}

// Ping reports whether Redis answers; unlike the other methods it asks even
// where Redis was away a moment ago.
func (c *Cache) Ping(ctx context.Context) error {
	return c.ask(ctx, "ping", func(ctx context.Context) error { return c.client.Ping(ctx).Err() })
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

// do runs f unless Redis is known to be away; doing is what an error says was tried.
func (c *Cache) do(ctx context.Context, doing string, f func(context.Context) error) error {
	if cause := c.health.away(); cause != nil {
		return unavailable(doing, cause)
	}
	return c.ask(ctx, doing, f)
}

func (c *Cache) ask(ctx context.Context, doing string, f func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("cache: %s: %w", doing, err)
	}
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	err := f(ctx)
	c.health.saw(err)
	if err == nil {
		return nil
	}
	return unavailable(doing, err)
}

func unavailable(doing string, err error) error {
	return fmt.Errorf("cache: %s: %w: %w", doing, briefings.ErrUnavailable, err)
}
