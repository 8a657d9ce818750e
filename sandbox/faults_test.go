package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"
)

func TestFaultChecks(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	yes := func(pairs ...any) obj { return with(obj{"match": "GET /users/@me"}, pairs...) }
	step := func(pairs ...any) obj { return with(obj{"match": "HELLO"}, pairs...) }
	for _, tt := range []struct {
		name  string
		fault any
		field string // of what is refused; "" passes, "body" is a refusal without a field
	}{
		{"a match alone", yes(), ""},
		{"no match", obj{}, "match"},
		{"a match that is no pattern", obj{"match": "GET /users/[a"}, "match"},
		{"a match without an end", obj{"match": letters(201)}, "match"},
		{"a minute late", yes("latency_ms", 60_000), ""},
		{"over a minute late", yes("latency_ms", 60_001), "latency_ms"},
		{"too early", yes("latency_ms", -1), "latency_ms"},
		{"status 200", yes("status", 200), ""},
		{"status 199", yes("status", 199), "status"},
		{"status 599", yes("status", 599), ""},
		{"status 600", yes("status", 600), "status"},
		{"cut before", yes("cut", "before"), ""},
		{"cut sideways", yes("cut", "sideways"), "cut"},
		{"shared", yes("scope", "shared"), ""},
		{"shared by all", yes("scope", "all"), "scope"},
		{"close 1000", step("close", 1000), ""},
		{"close 999", step("close", 999), "close"},
		{"close 4999", step("close", 4999), ""},
		{"close 5000", step("close", 5000), "close"},
		{"again in a day", yes("retry_after", 86400), ""},
		{"again in over a day", yes("retry_after", 86401), "retry_after"},
		{"again before now", yes("retry_after", -1), "retry_after"},
		{"fewer times than none", yes("times", -1), "times"},
		{"after ten", yes("skip", 10), ""},
		{"before the first", yes("skip", -1), "skip"},
		{"half the time", yes("chance", 0.5, "seed", 1<<40), ""},
		{"more often than always", yes("chance", 1.1), "chance"},
		{"less often than never", yes("chance", -0.1), "chance"},
		{"now, but later", obj{"match": "NOW", "op": 7, "skip": 1}, "match"},
		{"now, perhaps", obj{"match": "NOW", "op": 7, "chance": 0.5}, "match"},
		{"100 times more", step("repeat", 100), ""},
		{"101 times more", step("repeat", 101), "repeat"},
		{"fewer repeats than none", step("repeat", -1), "repeat"},
		{"the last operation", step("op", opAck), ""},
		{"an operation after the last", step("op", opAck+1), "op"},
		{"an operation before the first", step("op", -1), "op"},
		{"a route that is closed", yes("close", 4000), "close"},
		{"a route with an operation", yes("op", 7), "op"},
		{"a route that is dropped", yes("drop", true), "drop"},
		{"a route that is repeated", yes("repeat", 1), "repeat"},
		{"a route to be resumed", yes("resume", false), "resume"},
		{"a frame with a status", step("status", 500), "status"},
		{"a frame with a code", step("code", 50001), "code"},
		{"a frame that is limited", step("retry_after", 1), "retry_after"},
		{"a frame of a scope", step("scope", "user"), "scope"},
		{"a frame that is a page", step("html", true), "html"},
		{"a misspelt key", yes("latency", 1), "body"},
		{"nothing", nil, "body"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, got := s.send("PUT", "/sandbox/faults", "", list{tt.fault})
			switch {
			case tt.field == "" && status != 200:
				t.Errorf("%d %v, want it taken", status, got)
			case tt.field == "body" && (status != 400 || got["field"] != nil):
				t.Errorf("%d %v, want 400 without a field", status, got)
			case tt.field != "" && tt.field != "body" && (status != 400 || got["field"] != tt.field):
				t.Errorf("%d %v, want 400 about %s", status, got, tt.field)
			}
		})
	}
	for n, want := range map[int]int{maxOutages: 200, maxOutages + 1: 400} {
		if status, got := s.send("PUT", "/sandbox/faults", "", many(n, func(int) any { return yes() })); status != want {
			t.Errorf("%d faults: %d %v, want %d", n, status, got, want)
		}
	}
	if got := listOf(s.control("GET", "faults", nil)["list"]); len(got) != maxOutages {
		t.Errorf("%d faults are kept, want %d", len(got), maxOutages)
	}
	s.control("DELETE", "faults", nil)
	if got := listOf(s.control("GET", "faults", nil)["list"]); len(got) != 0 {
		t.Errorf("faults = %v, want none", got)
	}
}

// raw asks as the bot for something under /api and returns what came back, or the error.
func (s *stand) raw(method, path string) (*http.Response, []byte, error) {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+"/api"+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+s.credentials.Token)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(resp.Body)
	return resp, body, errors.Join(err, resp.Body.Close())
}

func TestFaultsAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		fault   obj
		status  int
		headers map[string]string // "" wants none
		body    obj
	}{
		{
			"server's fault",
			obj{"match": "GET /users/@me", "status": 503},
			503,
			map[string]string{"Content-Type": "application/json"},
			obj{"code": 0, "message": "Service Unavailable"},
		},
		{
			"with Discord's code",
			obj{"match": "GET /users/@me", "status": 403, "code": 50001},
			403,
			map[string]string{"X-Ratelimit-Limit": "50"},
			obj{"code": 50001, "message": "Forbidden"},
		},
		{
			"a star for an id",
			obj{"match": "GET /users/*", "status": 429, "retry_after": 1.5, "scope": "shared"},
			429,
			map[string]string{"X-Ratelimit-Scope": "shared", "Retry-After": "2", "X-Ratelimit-Global": ""},
			obj{"message": "You are being rate limited.", "retry_after": 1.5, "global": false},
		},
		{
			"of this bot alone",
			obj{"match": "get /users/@me", "status": 429, "retry_after": 0.25},
			429,
			map[string]string{"X-Ratelimit-Scope": "user", "Retry-After": "1"},
			obj{"message": "You are being rate limited.", "retry_after": 0.25, "global": false},
		},
		{
			"of everything, as documented",
			obj{"match": "GET /users/@me", "status": 429, "retry_after": 2, "scope": "global", "code": 7},
			429,
			map[string]string{
				"X-Ratelimit-Global": "true", "X-Ratelimit-Scope": "global", "Retry-After": "2",
				"X-Ratelimit-Limit": "", "X-Ratelimit-Remaining": "", "X-Ratelimit-Reset": "", "X-Ratelimit-Bucket": "",
			},
			obj{"message": "You are being rate limited.", "retry_after": 2, "global": true, "code": 7},
		},
		{
			"from before Discord",
			obj{"match": "GET /users/@me", "status": 429, "html": true, "retry_after": 3},
			429,
			map[string]string{"Content-Type": "text/html; charset=utf-8", "Retry-After": "3.000", "X-Ratelimit-Scope": ""},
			nil,
		},
		{"nothing to say", obj{"match": "GET /users/@me", "status": 204}, 204, map[string]string{"Content-Type": ""}, nil},
		{
			"another route",
			obj{"match": "GET /channels/*", "status": 500},
			200,
			map[string]string{"Content-Type": "application/json"},
			nil,
		},
		{
			"another method",
			obj{"match": "POST /users/@me", "status": 500},
			200,
			map[string]string{"Content-Type": "application/json"},
			nil,
		},
		{"too many segments for a star", obj{"match": "GET /*", "status": 500}, 200, nil, nil},
		{"the route as documented", obj{"match": "GET /users/{user.id}", "status": 500}, 200, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			s.control("PUT", "faults", list{tt.fault})
			resp, raw, err := s.raw("GET", "/users/@me")
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != tt.status {
				t.Errorf("status = %d, want %d", resp.StatusCode, tt.status)
			}
			for name, want := range tt.headers {
				if got := resp.Header.Get(name); got != want {
					t.Errorf("%s = %q, want %q", name, got, want)
				}
			}
			if tt.body == nil {
				return
			}
			want, err := json.Marshal(tt.body)
			if err != nil {
				t.Fatal(err)
			}
			if got := compacted(t, raw); got != string(want) {
				t.Errorf("body = %s, want %s", got, want)
			}
		})
	}
}

// compacted is JSON with its keys sorted and without spaces.
func compacted(t *testing.T, raw []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%q isn't JSON: %v", raw, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestFaultsStrikeInTurnAndRunOut(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	s.control("PUT", "faults", list{
		obj{"match": "GET /users/@me", "status": 500, "times": 1, "used": 7},
		obj{"match": "GET /users/@me", "status": 502, "times": 2},
	})
	for i, want := range []int{500, 502, 502, 200} {
		if resp, _, err := s.raw("GET", "/users/@me"); err != nil || resp.StatusCode != want {
			t.Errorf("request %d: %v, %v, want %d", i, resp, err, want)
		}
	}
	for i, want := range []int{1, 2} {
		if got := objectOf(listOf(s.control("GET", "faults", nil)["list"])[i]); intOf(got["used"]) != want {
			t.Errorf("fault %d = %v, want it used %d times", i, got, want)
		}
	}
}

func TestFaultsCutAndWait(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	const late = 30
	for _, tt := range []struct {
		name   string
		fault  obj
		answer bool
		posted int
		least  time.Duration
	}{
		{"cut before", obj{"cut": "before"}, false, 0, 0},
		{"cut after", obj{"cut": "after"}, false, 1, 0},
		{"late", obj{"latency_ms": late}, true, 1, late * time.Millisecond},
		{"late and cut", obj{"latency_ms": late, "cut": "before"}, false, 0, late * time.Millisecond},
		{"refused after a wait", obj{"latency_ms": late, "status": 500}, true, 0, late * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := len(listOf(s.control("GET", "channels/digests/messages", nil)["messages"]))
			s.control("PUT", "faults", list{with(tt.fault, "match", "POST /channels/*/messages", "times", 1)})
			began := time.Now()
			answered := s.posts("x")
			if took := time.Since(began); answered != tt.answer || took < tt.least {
				t.Errorf("answered: %t after %v, want %t after %v", answered, took, tt.answer, tt.least)
			}
			after := len(listOf(s.control("GET", "channels/digests/messages", nil)["messages"]))
			if after-before != tt.posted {
				t.Errorf("%d messages were posted, want %d", after-before, tt.posted)
			}
		})
	}
}

// posts says whether posting got any answer at all.
func (s *stand) posts(content string) bool {
	s.t.Helper()
	req, err := http.NewRequest("POST", s.url+"/api/v10"+digestMessages(s), jsonBody(s.t, obj{"content": content}))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bot "+s.credentials.Token)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return true
}

// brokenLine is what a client makes of a connection that ends without a word.
const brokenLine = 1006

func TestGatewayFaults(t *testing.T) {
	t.Parallel()
	// A step is told what the client does; seen is what it is sent, closed how that ends: a
	// code, or 0 for a connection that stands.
	beat := func(w *wire) { w.send(opHeartbeat, 1) }
	for _, tt := range []struct {
		name   string
		fault  obj
		do     func(w *wire)
		seen   []string
		closed int
	}{
		{"reconnect before the answer", obj{"match": "HEARTBEAT_ACK", "op": opReconnect}, beat, []string{"7", "11"}, 0},
		{"session invalid", obj{"match": "HEARTBEAT_ACK", "op": opInvalidSession}, beat, []string{"9 false", "11"}, 0},
		{"session to be resumed", obj{"match": "HEARTBEAT_ACK", "op": opInvalidSession, "resume": true}, beat, []string{"9 true", "11"}, 0},
		{"reconnect upon a heartbeat", obj{"match": "HEARTBEAT", "op": opReconnect}, beat, []string{"7", "11"}, 0},
		{"closed upon a heartbeat", obj{"match": "HEARTBEAT", "close": 4008}, beat, nil, 4008},
		{"no answer", obj{"match": "HEARTBEAT_ACK", "drop": true}, beat, nil, 0},
		{"three answers", obj{"match": "HEARTBEAT_ACK", "repeat": 2}, beat, []string{"11", "11", "11"}, 0},
		{"closed in place of the answer", obj{"match": "HEARTBEAT_ACK", "close": 4000}, beat, nil, 4000},
		{"closed after the answer", obj{"match": "HEARTBEAT_ACK", "close": 4000, "cut": "after"}, beat, []string{"11"}, 4000},
		{"cut before the answer", obj{"match": "HEARTBEAT_ACK", "cut": "before"}, beat, nil, brokenLine},
		{"cut after the answer", obj{"match": "HEARTBEAT_ACK", "cut": "after"}, beat, []string{"11"}, brokenLine},
		{"late", obj{"match": "HEARTBEAT_ACK", "latency_ms": 20}, beat, []string{"11"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t, Options{})
			w, _ := s.connect(intentGuilds)
			w.until("GUILD_CREATE", opDispatch)
			s.control("PUT", "faults", list{with(tt.fault, "times", 1)})
			tt.do(w)
			for _, want := range tt.seen {
				if f, err := w.read(); err != nil || told(f) != want {
					t.Fatalf("next frame = %v, %v, want %s", f, err, want)
				}
			}
			if tt.closed == 0 {
				s.control("PATCH", "guilds/Briefing Room", obj{"name": "Still here"})
				if f, err := w.read(); err != nil || f["t"] != "GUILD_UPDATE" {
					t.Errorf("next frame = %v, %v, want an event", f, err)
				}
				return
			}
			if got := w.code(); got != tt.closed {
				t.Errorf("closed with %d, want %d", got, tt.closed)
			}
		})
	}
}

// told is a frame's operation, with its data for an invalid session.
func told(f obj) string {
	op := strconv.Itoa(intOf(f["op"]))
	if intOf(f["op"]) == opInvalidSession {
		if truthOf(f["d"]) {
			return op + " true"
		}
		return op + " false"
	}
	return op
}
