package sandbox

import (
	"maps"
	"math"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Limits are the rates that the sandbox enforces. Zero values are Discord's own, as far
// as those are known; a negative value sets no limit.
type Limits struct {
	Global      int // requests a second, of all routes but those of interactions
	Messages    int // messages created in 5 seconds in one channel
	Others      int // requests of any other kind a second, for each route and resource
	Identifies  int // gateway sessions started in 24 hours
	Concurrency int // keys by which shards start sessions: one each in 5 seconds
	Invalid     int // answers of 401, 403 and 429 in 10 minutes to one address, until it is shut out
}

// noLimit is more than anyone reaches.
const noLimit = math.MaxInt32

func (l Limits) filled() Limits {
	for _, f := range []struct {
		value *int
		usual int
	}{{&l.Global, 50}, {&l.Messages, 5}, {&l.Others, 50}, {&l.Identifies, 1000}, {&l.Concurrency, 16}, {&l.Invalid, 10_000}} {
		if *f.value == 0 {
			*f.value = f.usual
		} else if *f.value < 0 {
			*f.value = noLimit
		}
	}
	return l
}

// window counts requests between two resets.
type window struct {
	used  int
	reset time.Time
}

func (w *window) take(limit int, per time.Duration, now time.Time) bool {
	if !now.Before(w.reset) {
		w.used, w.reset = 0, now.Add(per)
	}
	if w.used >= limit {
		return false
	}
	w.used++
	return true
}

// maxBuckets is where buckets that have reset are swept.
const maxBuckets = 4096

type buckets struct {
	mu     sync.Mutex
	limits Limits
	byKey  map[string]*window
	subs   map[string]*window
	global window
	// invalid counts by address what Discord counts towards a ban.
	invalid map[string]*window
	swept   time.Time
}

func newBuckets(l Limits) *buckets {
	return &buckets{limits: l.filled(), byKey: map[string]*window{}, subs: map[string]*window{}, invalid: map[string]*window{}}
}

// refusal is a 429 with its documented body.
type refusal struct {
	scope string
	after time.Duration
	code  int
}

func (b *buckets) rate(rt *route) (limit int, per time.Duration) {
	if rt.messages {
		return b.limits.Messages, 5 * time.Second
	}
	return b.limits.Others, time.Second
}

// take counts one request, writes the headers of its bucket, and refuses one too many.
func (b *buckets) take(h http.Header, rt *route, resource string) *refusal {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if !rt.open && !b.global.take(b.limits.Global, time.Second, now) {
		h.Set("X-RateLimit-Global", "true")
		return &refusal{scope: "global", after: b.global.reset.Sub(now)}
	}
	key := rt.method + " " + rt.path + " " + resource
	w := b.byKey[key]
	if w == nil {
		b.sweep(now)
		w = &window{}
		b.byKey[key] = w
	}
	limit, per := b.rate(rt)
	ok := w.take(limit, per, now)
	h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(limit-w.used))
	h.Set("X-RateLimit-Reset", seconds(float64(w.reset.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", seconds(w.reset.Sub(now).Seconds()))
	h.Set("X-RateLimit-Bucket", rt.bucket)
	if !ok {
		return &refusal{scope: "user", after: w.reset.Sub(now)}
	}
	return nil
}

func (b *buckets) sweep(now time.Time) {
	if len(b.byKey) < maxBuckets || now.Sub(b.swept) < time.Second {
		return
	}
	b.swept = now
	for key, w := range b.byKey {
		if !now.Before(w.reset) {
			delete(b.byKey, key)
		}
	}
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 3, 64) }

// overLimit is the refusal of a route that finds a limit of its own exceeded.
type overLimit struct{ refusal *refusal }

func (o *overLimit) Error() string { return "rate limited" }

const (
	invalidWithin = 10 * time.Minute
	maxAddresses  = 1024
)

// banned is how long an address stays shut out for its invalid requests.
func (b *buckets) banned(address string) (left time.Duration, is bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w, now := b.invalid[address], time.Now()
	if w == nil || w.used < b.limits.Invalid || !now.Before(w.reset) {
		return 0, false
	}
	return w.reset.Sub(now), true
}

// tally counts an answer; a limit that others share is nobody's fault.
func (b *buckets) tally(address string, status int, scope string) {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
	case status == http.StatusTooManyRequests && scope != "shared":
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	w := b.invalid[address]
	if w == nil {
		if len(b.invalid) >= maxAddresses {
			maps.DeleteFunc(b.invalid, func(_ string, w *window) bool { return !now.Before(w.reset) })
		}
		w = &window{}
		b.invalid[address] = w
	}
	w.take(b.limits.Invalid, invalidWithin, now)
}

// shutOut is what Discord's guard before its API tells an address that is banned: a page,
// and none of the API's own headers.
func shutOut(h http.Header, left time.Duration) reply {
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(left.Seconds()))))
	h.Set("Server", "cloudflare")
	return reply{http.StatusTooManyRequests, page("<!DOCTYPE html><html><head><title>Access denied</title></head>" +
		"<body><h1>Error 1015</h1><p>You are being rate limited: too many invalid requests.</p></body></html>")}
}

// addressOf is a request's sender without the port.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// sublimit is one that no header tells of.
type sublimit struct {
	times int
	per   time.Duration
	scope string
	code  int
}

// sub counts against a sublimit, by the clock that the caller goes by.
func (b *buckets) sub(key string, l sublimit, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := b.subs[key]
	if w == nil {
		if len(b.subs) >= maxBuckets {
			maps.DeleteFunc(b.subs, func(_ string, w *window) bool { return !now.Before(w.reset) })
		}
		w = &window{}
		b.subs[key] = w
	}
	if w.reset.After(now.Add(l.per)) {
		*w = window{} // that clock was set back
	}
	if w.take(l.times, l.per, now) {
		return nil
	}
	return &overLimit{&refusal{scope: l.scope, after: w.reset.Sub(now), code: l.code}}
}

// reply is the answer to a refused request.
func (f *refusal) reply(h http.Header) reply {
	h.Set("X-RateLimit-Scope", f.scope)
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.after.Seconds()))))
	body := map[string]any{
		"message": "You are being rate limited.", "retry_after": math.Ceil(f.after.Seconds()*1000) / 1000,
		"global": f.scope == "global",
	}
	if f.code != 0 {
		body["code"] = f.code
	}
	return reply{http.StatusTooManyRequests, body}
}
