package sandbox

import (
	"context"
	"encoding/json"
	"math/rand/v2"
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
//
// The first in the list that is due strikes. Each counts what it matches, whether it strikes
// then or not, so that a list always does the same to the same requests: with skip it lets
// so many pass first, and with chance it strikes at those that seed picks.
type outage struct {
	Match      string  `json:"match"`
	Skip       int     `json:"skip,omitempty"`
	Times      int     `json:"times,omitempty"`  // 0 means until taken away
	Chance     float64 `json:"chance,omitempty"` // 0 means always
	Seed       uint64  `json:"seed,omitempty"`
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
	// Seen counts what matched, and Used how often it struck. Remaining is how often it
	// still will, where that is known. They are told, and of no meaning in what is put.
	Seen      int  `json:"seen"`
	Used      int  `json:"used"`
	Remaining *int `json:"remaining,omitempty"`
}

const (
	matchNow   = "NOW"
	maxOutages = 1000
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
	case o.Skip < 0:
		return wrong("skip", "skip can't be negative")
	case o.Chance < 0 || o.Chance > 1:
		return wrong("chance", "chance has to be between 0 and 1; 0 means always")
	case o.Match == matchNow && (o.Skip > 0 || o.Chance > 0):
		return wrong("match", "NOW strikes once it is put: it takes neither skip nor chance")
	case o.Repeat < 0 || o.Repeat > 100:
		return wrong("repeat", "repeat has to be between 0 and 100")
	case o.Op < 0 || o.Op > opAck:
		return wrong("op", "op is one of the gateway's operations, up to %d", opAck)
	}
	if _, err := path.Match(o.Match, ""); err != nil || len(o.Match) > 200 {
		return wrong("match", "%q isn't a pattern: a star stands for one id", short(o.Match))
	}
	return o.checkKind()
}

// checkKind refuses what would be counted and do nothing: frames have no status, and
// answers no operation.
func (o *outage) checkKind() error {
	if strings.Contains(o.Match, " ") {
		for _, f := range []struct {
			field string
			set   bool
		}{{"close", o.Close != 0}, {"op", o.Op != 0}, {"resume", o.Resume != nil}, {"drop", o.Drop}, {"repeat", o.Repeat != 0}} {
			if f.set {
				return wrong(f.field, "%s is for steps of the gateway, like HELLO or MESSAGE_CREATE; %q is a route", f.field, short(o.Match))
			}
		}
		return nil
	}
	for _, f := range []struct {
		field string
		set   bool
	}{{"status", o.Status != 0}, {"code", o.Code != 0}, {"retry_after", o.RetryAfter != 0}, {"scope", o.Scope != ""}, {"html", o.HTML}} {
		if f.set {
			return wrong(f.field, "%s is for routes, like \"GET /users/@me\"; %q is a step of the gateway", f.field, short(o.Match))
		}
	}
	return nil
}

// outages is the list in force, and the record of what it did since it was put.
type outages struct {
	log *trace

	mu     sync.Mutex
	list   []*outage
	record []outage
	lost   bool // whether more struck than the record holds
}

func (o *outages) replace(list []*outage) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range list {
		f.Seen, f.Used, f.Remaining = 0, 0, nil
	}
	o.list, o.record, o.lost = list, nil, false
}

func (o *outages) all() []outage {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := []outage{}
	for _, f := range o.list {
		told := *f
		if f.Times > 0 {
			left := f.Times - f.Used
			told.Remaining = &left
		}
		list = append(list, told)
	}
	return list
}

// recorded is a list that strikes just where the one in force did, once each; whole is
// false where that would be longer than a list may be.
func (o *outages) recorded() (list []outage, whole bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]outage{}, o.record...), !o.lost
}

// strike finds and uses up the first outage that is due. targets name one thing that
// happens: "METHOD /path" in its forms, or a step of the gateway.
func (o *outages) strike(targets ...string) *outage {
	o.mu.Lock()
	defer o.mu.Unlock()
	var struck *outage
	for _, f := range o.list {
		if !slices.ContainsFunc(targets, func(t string) bool { return matches(f.Match, t) }) {
			continue
		}
		f.Seen++
		if struck == nil && f.due() {
			struck = f
		}
	}
	if struck == nil {
		return nil
	}
	struck.Used++
	hit := *struck
	o.note(hit, targets[0])
	return &hit
}

// due says whether an outage strikes at what it has just seen.
func (o *outage) due() bool {
	if o.Seen <= o.Skip || o.Times > 0 && o.Used >= o.Times {
		return false
	}
	return o.Chance == 0 || rand.New(rand.NewPCG(o.Seed, uint64(o.Seen))).Float64() < o.Chance
}

// note writes down what struck. The lock is held.
func (o *outages) note(hit outage, target string) {
	raw, err := json.Marshal(hit)
	if err != nil {
		raw = nil // it came as JSON
	}
	o.log.add(entry{Kind: "fault", Route: hit.Match, Path: target, Verdict: "struck", Data: raw})
	if len(o.record) == maxOutages {
		o.lost = true
		return
	}
	hit.Times, hit.Skip, hit.Chance, hit.Seed = 1, hit.Seen-1, 0, 0
	if hit.Match == matchNow {
		hit.Skip = 0
	}
	hit.Seen, hit.Used = 0, 0
	o.record = append(o.record, hit)
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
