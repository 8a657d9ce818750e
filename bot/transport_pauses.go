package bot

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	// mostBuckets bounds what is remembered of how routes belong together; the
	// bot asks some forty.
	mostBuckets = 1000
	mostBucket  = 64 // characters in the name of one
	// sweepEvery is how often pauses that are over are forgotten.
	sweepEvery = time.Second
	allRoutes  = "*"
)

// pauses remembers which routes must wait, and until when. Only routes that have
// to wait are kept, so tokens in their keys don't outlive the wait by much. What
// the copies of a bot have in common they tell one another.
type pauses struct {
	common Pacer // nil for a copy that is alone
	queue  string

	mu      sync.Mutex
	all     time.Time
	swept   time.Time
	routes  map[string]time.Time
	buckets map[string]string // of a route without ids, as Discord named it
}

// bucket notes which bucket Discord counts a route in: several may share one.
func (p *pauses) bucket(way route, name string) {
	if name == "" || len(name) > mostBucket {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.buckets == nil || len(p.buckets) >= mostBuckets {
		p.buckets = make(map[string]string)
	}
	p.buckets[way.method+way.name] = name
}

// key is what a route's pauses are kept under; the lock is held.
func (p *pauses) key(way route) string {
	if name, known := p.buckets[way.method+way.name]; known {
		return name + " " + way.major
	}
	return way.key
}

// add has a route wait, or all of them.
func (p *pauses) add(way route, limit tooMany, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold(p.key(way), limit.Global || limit.front, now, now.Add(limit.wait()))
}

// hold is add with the lock held.
func (p *pauses) hold(key string, all bool, now, until time.Time) {
	if all {
		if until.After(p.all) {
			p.all = until
		}
		return
	}
	if now.Sub(p.swept) >= sweepEvery {
		p.swept = now
		for key, end := range p.routes {
			if !end.After(now) {
				delete(p.routes, key)
			}
		}
	}
	if p.routes == nil {
		p.routes = make(map[string]time.Time)
	}
	if until.After(p.routes[key]) {
		p.routes[key] = until
	}
}

// tell has the other copies wait too. The token of an interaction is nobody's
// but of the copy that answers it.
func (p *pauses) tell(ctx context.Context, way route, limit tooMany) {
	if p.common == nil || way.exempt {
		return
	}
	p.mu.Lock()
	key := p.key(way)
	p.mu.Unlock()
	if limit.Global {
		key = allRoutes
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), paceTime)
	defer cancel()
	_ = p.common.Pause(ctx, p.queue, key, limit.wait()) // without Redis each copy finds out by itself
}

// ask takes over what other copies were told to wait for.
func (p *pauses) ask(ctx context.Context, way route) {
	if p.common == nil || way.exempt {
		return
	}
	p.mu.Lock()
	key := p.key(way)
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, paceTime)
	defer cancel()
	left, err := p.common.Paused(ctx, p.queue, allRoutes, key)
	if err != nil || len(left) != 2 {
		return // without Redis each copy finds out by itself
	}
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, all := range []bool{true, false} {
		if left[i] > 0 {
			p.hold(key, all, now, now.Add(left[i]))
		}
	}
}

func (p *pauses) until(way route) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.routes[way.key] // from before its bucket was known
	if in := p.routes[p.key(way)]; in.After(until) {
		until = in
	}
	if !way.exempt && p.all.After(until) {
		until = p.all
	}
	return until
}

// wait returns once no pause holds for the route. A pause that outlasts the
// context's deadline ends the wait at once: there is nothing to wait for.
func (p *pauses) wait(ctx context.Context, way route) error {
	p.ask(ctx, way)
	for {
		left := time.Until(p.until(way))
		if left <= 0 {
			return ctx.Err()
		}
		deadline, bounded := ctx.Deadline()
		if left > patience || bounded && time.Until(deadline) < left {
			return &APIError{
				Status: http.StatusTooManyRequests, RetryAfter: left,
				Message: "not sent: Discord has asked for a pause",
			}
		}
		if err := sleep(ctx, left); err != nil {
			return err
		}
	}
}
