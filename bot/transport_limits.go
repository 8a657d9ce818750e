package bot

import (
	"bytes"
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
	// Discord bans an address after 10,000 refused requests in ten minutes. A
	// copy bears a fifth of that, and all copies of a bot, which may well be
	// behind one address, no more than four fifths.
	refusalsAllowed  = 2000
	refusalsTogether = 8000
	refusalWindow    = 10 * time.Minute

	// An HTML 429 comes from Discord's front, not its API, and may not say how
	// long it lasts.
	unsaidWait  = time.Minute
	longestWait = 24 * time.Hour
)

// A route is what Discord counts requests by, until it names the bucket.
type route struct {
	method string
	name   string // the path with neither ids nor tokens, for people
	key    string // with the ids that have a limit of their own
	major  string // those ids
	exempt bool   // from the limit on all requests of a bot
}

// routeOf reads the path after the API's address, such as /v10/channels/1/messages.
func routeOf(method, path string) route {
	parts := strings.Split(strings.TrimPrefix(path, "/"+apiVersion+"/"), "/")
	kind := parts[0]
	secret := kind == "interactions" || kind == "webhooks"
	names, keys := make([]string, len(parts)), make([]string, len(parts))
	var major []string
	for i, part := range parts {
		names[i] = plain(part)
		if secret && i == 2 {
			names[i] = ":token"
		}
		keys[i] = names[i]
		if i == 1 && (secret || kind == "channels" || kind == "guilds") || i == 2 && secret {
			keys[i] = part
			major = append(major, part)
		}
	}
	return route{
		method: method,
		name:   "/" + strings.Join(names, "/"),
		key:    method + " " + strings.Join(keys, "/"),
		major:  strings.Join(major, "/"),
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

// A breaker counts refusals in a sliding window. Each copy has its own: Discord
// counts by address, and copies may share one or not.
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

// left is how many more refusals a copy bears that is one of so many.
func (b *breaker) left(now time.Time, copies int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	left := min(refusalsAllowed, refusalsTogether/max(1, copies))
	for i := 1; i <= len(b.times) && left > 0; i++ { // the latest first
		if now.Sub(b.times[(b.next+len(b.times)-i)%len(b.times)]) >= refusalWindow {
			break
		}
		left--
	}
	return left
}

// tooMany is the body of a 429.
type tooMany struct {
	Message    string  `json:"message"`
	RetryAfter float64 `json:"retry_after"`
	Global     bool    `json:"global"`
	front      bool    // of Discord's front, which counts by address
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
		limit.front = !json.Valid(body)
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
