package sandbox

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// outage is one way in which the sandbox misbehaves when asked to. A match is a route, like
// "POST /channels/*/messages", or a step of the gateway: HELLO, IDENTIFY, RESUME, HEARTBEAT,
// HEARTBEAT_ACK, the name of an event, or NOW for every connection that is open.
type outage struct {
	Match      string  `json:"match"`
	Times      int     `json:"times,omitempty"` // 0 means until taken away
	LatencyMS  int     `json:"latency_ms,omitempty"`
	Status     int     `json:"status,omitempty"`
	Code       int     `json:"code,omitempty"`
	RetryAfter float64 `json:"retry_after,omitempty"`
	Scope      string  `json:"scope,omitempty"`
	HTML       bool    `json:"html,omitempty"`
	// Cut drops the connection, before anything is done or after it was.
	Cut string `json:"cut,omitempty"`
	// Close ends a gateway connection with this code, Op sends this operation first, Drop
	// swallows the frame and Repeat sends it so many times more.
	Close  int   `json:"close,omitempty"`
	Op     int   `json:"op,omitempty"`
	Resume *bool `json:"resume,omitempty"` // d of operation 9
	Drop   bool  `json:"drop,omitempty"`
	Repeat int   `json:"repeat,omitempty"`
	// Used counts how often it struck.
	Used int `json:"used"`
}

const (
	maxOutages = 100
	maxLatency = 60_000
)

func (o *outage) check() error {
	switch {
	case o.Match == "":
		return wrong("match", "match is missing: write a route like \"POST /channels/*/messages\" or a gateway event")
	case o.LatencyMS < 0 || o.LatencyMS > maxLatency:
		return wrong("latency_ms", "latency_ms has to be between 0 and %d", maxLatency)
	case o.Status != 0 && (o.Status < 200 || o.Status > 599):
		return wrong("status", "status has to be between 200 and 599")
	case o.Cut != "" && o.Cut != "before" && o.Cut != "after":
		return wrong("cut", "cut is before or after")
	case o.Scope != "" && !slices.Contains([]string{"user", "global", "shared"}, o.Scope):
		return wrong("scope", "scope is user, global or shared")
	case o.Close != 0 && (o.Close < 1000 || o.Close > 4999):
		return wrong("close", "close has to be between 1000 and 4999")
	case o.RetryAfter < 0 || o.RetryAfter > 86400:
		return wrong("retry_after", "retry_after has to be between 0 and 86400 seconds")
	case o.Times < 0:
		return wrong("times", "times can't be negative; 0 means until taken away")
	case o.Repeat < 0 || o.Repeat > 100:
		return wrong("repeat", "repeat has to be between 0 and 100")
	case o.Op < 0 || o.Op > opAck:
		return wrong("op", "op is one of the gateway's operations, up to %d", opAck)
	}
	if _, err := path.Match(o.Match, ""); err != nil || len(o.Match) > 200 {
		return wrong("match", "%q isn't a pattern: a star stands for one id", short(o.Match))
	}
	return nil
}

type outages struct {
	mu   sync.Mutex
	list []*outage
}

func (o *outages) replace(list []*outage) {
	o.mu.Lock()
	o.list = list
	o.mu.Unlock()
}

func (o *outages) all() []outage {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := []outage{}
	for _, f := range o.list {
		list = append(list, *f)
	}
	return list
}

// strike finds and uses up the first outage that matches. target is "METHOD /path" or a
// step of the gateway.
func (o *outages) strike(targets ...string) *outage {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.list {
		if f.Times > 0 && f.Used >= f.Times {
			continue
		}
		if slices.ContainsFunc(targets, func(t string) bool { return matches(f.Match, t) }) {
			f.Used++
			hit := *f
			return &hit
		}
	}
	return nil
}

// matches compares segment by segment, so that a star stands for one id.
func matches(pattern, target string) bool {
	if strings.EqualFold(pattern, target) {
		return true
	}
	ok, err := path.Match(pattern, target)
	return err == nil && ok
}

func (o *outage) wait(ctx context.Context) {
	if o.LatencyMS == 0 {
		return
	}
	timer := time.NewTimer(time.Duration(o.LatencyMS) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// reply is what the client is told in place of an answer; ok is false where the outage
// changes no answer.
func (o *outage) reply(h http.Header) (_ reply, ok bool) {
	if o.Status == 0 {
		return reply{}, false
	}
	if o.HTML {
		if o.RetryAfter > 0 {
			h.Set("Retry-After", seconds(o.RetryAfter))
		}
		return reply{o.Status, page("<html><head><title>Error</title></head><body>The request could not be served.</body></html>")}, true
	}
	if o.Status == http.StatusTooManyRequests {
		f := refusal{scope: o.Scope, after: time.Duration(o.RetryAfter * float64(time.Second)), code: o.Code}
		if f.scope == "" {
			f.scope = "user"
		}
		if f.scope == "global" {
			h.Set("X-RateLimit-Global", "true")
			for _, name := range []string{"Limit", "Remaining", "Reset", "Reset-After", "Bucket"} {
				h.Del("X-RateLimit-" + name)
			}
		}
		return f.reply(h), true
	}
	if o.Status == http.StatusNoContent {
		return reply{o.Status, nil}, true
	}
	return reply{o.Status, map[string]any{"code": o.Code, "message": http.StatusText(o.Status)}}, true
}
