package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// Discord bans an address after 10,000 refused requests in ten minutes; a
	// fifth of that leaves room for the other copies behind the same address.
	refusalsAllowed = 2000
	refusalWindow   = 10 * time.Minute

	// An HTML 429 comes from Discord's front, not its API, and may not say how
	// long it lasts.
	unsaidWait  = time.Minute
	longestWait = 24 * time.Hour
)

// A route is what Discord counts requests by.
type route struct {
	name   string // the path with neither ids nor tokens, for people
	key    string // with the ids that have a limit of their own
	exempt bool   // from the limit on all requests of a bot
}

// routeOf reads the path after the API's address, such as /v10/channels/1/messages.
func routeOf(method, path string) route {
	parts := strings.Split(strings.TrimPrefix(path, "/"+apiVersion+"/"), "/")
	kind := parts[0]
	secret := kind == "interactions" || kind == "webhooks"
	names, keys := make([]string, len(parts)), make([]string, len(parts))
	for i, part := range parts {
		names[i] = plain(part)
		if secret && i == 2 {
			names[i] = ":token"
		}
		keys[i] = names[i]
		if i == 1 && (secret || kind == "channels" || kind == "guilds") || i == 2 && secret {
			keys[i] = part
		}
	}
	return route{
		name:   "/" + strings.Join(names, "/"),
		key:    method + " " + strings.Join(keys, "/"),
		exempt: secret,
	}
}

// plain returns a part of a path if it is a word of Discord's, else a stand-in,
// so that nothing secret or unbounded gets into logs and metrics.
func plain(part string) string {
	if part == "" || len(part) > 32 {
		return ":other"
	}
	if strings.Trim(part, "0123456789") == "" {
		return ":id"
	}
	if strings.Trim(part, "abcdefghijklmnopqrstuvwxyz-@") != "" {
		return ":other"
	}
	return part
}

// pauses remembers which routes must wait, and until when. Only routes that have
// to wait are kept, so tokens in their keys don't outlive the wait by much.
type pauses struct {
	mu     sync.Mutex
	all    time.Time
	routes map[string]time.Time
}

func (p *pauses) add(way route, global bool, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if global {
		if until.After(p.all) {
			p.all = until
		}
		return
	}
	now := time.Now()
	for key, end := range p.routes {
		if !end.After(now) {
			delete(p.routes, key)
		}
	}
	if p.routes == nil {
		p.routes = make(map[string]time.Time)
	}
	if until.After(p.routes[way.key]) {
		p.routes[way.key] = until
	}
}

func (p *pauses) until(way route) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.routes[way.key]
	if !way.exempt && p.all.After(until) {
		until = p.all
	}
	return until
}

// wait returns once no pause holds for the route. A pause that outlasts the
// context's deadline ends the wait at once: there is nothing to wait for.
func (p *pauses) wait(ctx context.Context, way route) error {
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

// A breaker counts refusals in a sliding window.
type breaker struct {
	mu    sync.Mutex
	times []time.Time // a ring, once it holds refusalsAllowed of them
	next  int
}

func (b *breaker) add(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.times) < refusalsAllowed {
		b.times = append(b.times, now)
		return
	}
	b.times[b.next] = now
	b.next = (b.next + 1) % refusalsAllowed
}

func (b *breaker) tripped(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.times) == refusalsAllowed && now.Sub(b.times[b.next]) < refusalWindow
}

// left is how many more refusals are borne.
func (b *breaker) left(now time.Time) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	left := refusalsAllowed
	for _, at := range b.times {
		if now.Sub(at) < refusalWindow {
			left--
		}
	}
	return left
}

// tooMany is the body of a 429.
type tooMany struct {
	Message    string  `json:"message"`
	RetryAfter float64 `json:"retry_after"`
	Global     bool    `json:"global"`
}

func (m tooMany) wait() time.Duration {
	return time.Duration(m.RetryAfter * float64(time.Second))
}

// normalise429 rewrites a 429 of any form, HTML included, into the one that
// discordgo reads: JSON, with X-RateLimit-Reset-After even where it is global.
func normalise429(resp *http.Response) (tooMany, error) {
	body, err := drain(resp.Body, 64<<10)
	if err != nil {
		return tooMany{}, fmt.Errorf("bot: reading a 429: %w", err)
	}
	var limit tooMany
	header, said := seconds(resp.Header.Get("Retry-After"))
	if json.Unmarshal(body, &limit) != nil || limit.RetryAfter <= 0 || limit.RetryAfter > longestWait.Seconds() {
		limit.Message, limit.RetryAfter = "rate limited", unsaidWait.Seconds()
		if said {
			limit.RetryAfter = header.Seconds()
		}
	}
	limit.Global = limit.Global || resp.Header.Get("X-RateLimit-Global") != ""
	dropBadHeaders(resp.Header)
	if limit.Global && resp.Header.Get("X-RateLimit-Reset-After") == "" {
		resp.Header.Set("X-RateLimit-Reset-After", strconv.FormatFloat(limit.RetryAfter, 'f', 3, 64))
	}
	body, err = json.Marshal(limit)
	if err != nil {
		return tooMany{}, fmt.Errorf("bot: rewriting a 429: %w", err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	resp.Header.Set("Content-Type", "application/json")
	resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return limit, nil
}

// dropBadHeaders removes limits that are no numbers: discordgo would report such
// a reply as a failed request, although Discord has carried it out.
func dropBadHeaders(h http.Header) {
	for _, name := range []string{"X-RateLimit-Reset-After", "X-RateLimit-Reset"} {
		if _, ok := seconds(h.Get(name)); !ok {
			h.Del(name)
		}
	}
	if _, err := strconv.ParseInt(h.Get("X-RateLimit-Remaining"), 10, 32); err != nil {
		h.Del("X-RateLimit-Remaining")
	}
	if _, err := http.ParseTime(h.Get("Date")); err != nil {
		h.Del("X-RateLimit-Reset") // discordgo reads it against Date
	}
}

func seconds(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f < 0 {
		return 0, false
	}
	if f > longestWait.Seconds() {
		// X-RateLimit-Reset is a date in seconds; as a wait it is only bounded.
		return longestWait, true
	}
	return time.Duration(f * float64(time.Second)), true
}
