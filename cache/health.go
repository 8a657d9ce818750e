package cache

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// probeEvery is how often a Redis that is away gets asked: whoever asks a
// machine that swallows packets waits for the whole time-out.
const probeEvery = 500 * time.Millisecond

// health remembers whether a Redis answers, and logs when that changes.
type health struct {
	log  *slog.Logger
	find func(context.Context) // looks for another in its place, nil where there is none

	mu    sync.Mutex
	cause error     // why it is away, nil while it answers
	since time.Time // when it went
	probe time.Time // when one may ask again
}

// away returns why Redis need not be asked now. While it is away one caller
// every probeEvery is let through.
func (h *health) away() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cause == nil {
		return nil
	}
	now := time.Now()
	if now.Before(h.probe) {
		return h.cause
	}
	h.probe = now.Add(probeEvery)
	return nil
}

// saw takes note of how asking Redis ended.
func (h *health) saw(ctx context.Context, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	switch {
	case err == nil:
		if h.cause != nil {
			h.log.InfoContext(ctx, "redis is back", "away", now.Sub(h.since).Round(time.Millisecond))
		}
		h.cause = nil
	case !lost(err):
	default:
		if h.cause == nil {
			h.log.WarnContext(ctx, "redis is away, going on without it", "err", err)
			h.since = now
		}
		h.cause, h.probe = err, now.Add(probeEvery)
		if h.find != nil {
			h.find(ctx)
		}
	}
}

// holder is the health of who has key: one node of a Cluster may be away while
// the others answer.
func (c *Cache) holder(ctx context.Context, key string) (*health, error) {
	cluster, many := c.client.(*redis.ClusterClient)
	if !many {
		return &c.health, nil
	}
	if cause := c.health.away(); cause != nil {
		return nil, cause
	}
	// It asks somebody only while nothing is known of the nodes.
	node, err := cluster.MasterForKey(ctx, key)
	c.health.saw(ctx, err)
	if err != nil {
		return nil, err
	}
	return c.healthOf(node), nil
}

func (c *Cache) healthOf(node *redis.Client) *health {
	cluster, many := c.client.(*redis.ClusterClient)
	if !many {
		return &c.health
	}
	addr := node.Options().Addr
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.nodes[addr]
	if h == nil {
		// The client itself asks who took over from a node once a minute, and where
		// another node says so.
		h = &health{log: c.log.With("node", addr), find: cluster.ReloadState}
		c.nodes[addr] = h
	}
	return h
}

// saw takes note of how asking whoever has key ended.
func (c *Cache) saw(ctx context.Context, key string, err error) {
	if h, unknown := c.holder(ctx, key); unknown == nil {
		h.saw(ctx, err)
	}
}

// lost tells a Redis that can't be used from one that refused a single command,
// for instance because its memory is full.
func lost(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, redis.ErrClosed) {
		return false // the caller's doing
	}
	if reply := redis.Error(nil); errors.As(err, &reply) {
		return redis.IsLoadingError(err) || redis.IsAuthError(err) || redis.IsMaxClientsError(err) ||
			redis.IsClusterDownError(err) || redis.IsMasterDownError(err)
	}
	return true
}

// advise says what to do where an error's own words don't.
func advise(err error) string {
	if wrong := new(tls.CertificateVerificationError); errors.As(err, &wrong) {
		return "the certificate of Redis can't be trusted: let sslrootcert in the Redis URL name the file of the authority that signed it, and the URL a host that it is for"
	}
	if refusal := new(net.OpError); errors.As(err, &refusal) && refusal.Op == "remote error" { // as package tls calls it
		return "Redis refused the connection over TLS: let sslcert and sslkey in the Redis URL name a certificate that it takes"
	}
	if refusal := new(net.OpError); errors.As(err, &refusal) && refusal.Op == "dial" && !refusal.Timeout() {
		return "Redis can't be reached: check that it runs and that the Redis URL names it"
	}
	if late := net.Error(nil); errors.Is(err, context.DeadlineExceeded) || errors.As(err, &late) && late.Timeout() {
		return "Redis took too long"
	}
	if redis.IsAuthError(err) || redis.IsPermissionError(err) {
		return "Redis refused the user or the password: correct the Redis URL, or what the user may do"
	}
	if redis.IsReadOnlyError(err) {
		return "this Redis only reads: let the Redis URL name the primary, or its Sentinels"
	}
	if redis.IsOOMError(err) {
		return "the memory of Redis is full and it may drop nothing: raise its maxmemory, or set maxmemory-policy to allkeys-lru; all that sitrep keeps there may go"
	}
	return ""
}
