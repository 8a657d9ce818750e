package cache

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// probeEvery is how often a Redis that is away gets asked: whoever asks a
// machine that swallows packets waits for the whole time-out.
const probeEvery = 500 * time.Millisecond

// health remembers whether Redis answers, and logs when that changes.
type health struct {
	log *slog.Logger

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
func (h *health) saw(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	switch {
	case err == nil:
		if h.cause != nil {
			h.log.Info("redis is back", "away", now.Sub(h.since).Round(time.Millisecond))
		}
		h.cause = nil
	case !lost(err):
	default:
		if h.cause == nil {
			h.log.Warn("redis is away, going on without it", "err", err)
			h.since = now
		}
		h.cause, h.probe = err, now.Add(probeEvery)
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
