package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestFourFormsOf429(t *testing.T) {
	t.Parallel()
	const user, own, elsewhere, callback = "users/1", "channels/1/messages", "channels/2/messages", "interactions/1/token/callback"
	for _, tt := range []struct {
		name   string
		resp   *http.Response
		body   string
		reset  string
		paused map[string]time.Duration
	}{
		{
			"user", canned(429, `{"message":"You are being rate limited.","retry_after":2.5,"global":false}`,
				"Retry-After", "3", "X-RateLimit-Scope", "user", "X-RateLimit-Reset-After", "2.5"),
			`{"message":"You are being rate limited.","retry_after":2.5,"global":false}`, "2.5",
			map[string]time.Duration{own: 2500 * time.Millisecond, elsewhere: 0, user: 0, callback: 0},
		},
		{
			"shared", canned(429, `{"message":"The resource is being rate limited.","retry_after":7,"global":false,"code":1}`,
				"Retry-After", "7", "X-RateLimit-Scope", "shared", "X-RateLimit-Reset-After", "nonsense"),
			`{"message":"The resource is being rate limited.","retry_after":7,"global":false}`, "",
			map[string]time.Duration{own: 7 * time.Second, elsewhere: 0, callback: 0},
		},
		{
			"global", canned(429, `{"message":"You are being rate limited.","retry_after":4,"global":true}`,
				"Retry-After", "4", "X-RateLimit-Global", "true", "X-RateLimit-Scope", "global"),
			`{"message":"You are being rate limited.","retry_after":4,"global":true}`, "4.000",
			map[string]time.Duration{own: 4 * time.Second, elsewhere: 4 * time.Second, user: 4 * time.Second, callback: 0},
		},
		{
			"HTML", canned(429, `<html>Error 1015</html>`, "Retry-After", "9"),
			`{"message":"rate limited","retry_after":9,"global":false}`, "",
			map[string]time.Duration{own: 9 * time.Second, elsewhere: 9 * time.Second, user: 9 * time.Second, callback: 0},
		},
		{
			"HTML that doesn't say how long", canned(429, `<html>Error 1015</html>`),
			`{"message":"rate limited","retry_after":60,"global":false}`, "",
			map[string]time.Duration{own: time.Minute, elsewhere: time.Minute, callback: 0},
		},
		{
			"global by its headers alone", canned(429, ``, "Retry-After", "4", "X-RateLimit-Global", "true"),
			`{"message":"rate limited","retry_after":4,"global":true}`, "4.000",
			map[string]time.Duration{own: 4 * time.Second, elsewhere: 4 * time.Second, callback: 0},
		},
		{
			"a proxy's own", canned(429, `{"global":false,"message":"You are being rate limited.","retry_after":1}`,
				"Generated-By-Proxy", "true", "X-RateLimit-Scope", "user", "X-RateLimit-After", "1", "Retry-After", "1", "X-RateLimit-Remaining", "0"),
			`{"message":"You are being rate limited.","retry_after":1,"global":false}`, "",
			map[string]time.Duration{own: time.Second, elsewhere: 0, callback: 0},
		},
		{
			"nonsense", canned(429, `{"retry_after":-1}`, "Retry-After", "NaN"),
			`{"message":"rate limited","retry_after":60,"global":false}`, "",
			map[string]time.Duration{own: time.Minute, elsewhere: 0, callback: 0},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				replies := []*http.Response{tt.resp}
				transport := transportOver(t, func(*http.Request) (*http.Response, error) {
					if len(replies) > 0 {
						next := replies[0]
						replies = nil
						return next, nil
					}
					return canned(200, ""), nil
				})
				resp, err := get(t.Context(), transport, "https://discord.com/api/v9/"+own)
				if err != nil {
					t.Fatal(err)
				}
				if body, _ := io.ReadAll(resp.Body); string(body) != tt.body {
					t.Errorf("body: got %s, want %s", body, tt.body)
				}
				if got := resp.Header.Get("X-RateLimit-Reset-After"); got != tt.reset {
					t.Errorf("X-RateLimit-Reset-After: got %q, want %q", got, tt.reset)
				}
				for path, want := range tt.paused {
					if got := time.Until(transport.pauses.until(routeOf("GET", "/v10/"+path))); max(got, 0) != want {
						t.Errorf("pause of %s: got %s, want %s", path, got, want)
					}
				}
				start := time.Now()
				if _, err := get(t.Context(), transport, "https://discord.com/api/v9/"+own); err != nil || time.Since(start) < tt.paused[own] {
					t.Errorf("the next request: got %v after %s, want it sent after %s", err, time.Since(start), tt.paused[own])
				}
			})
		})
	}
}

func TestUsedUpRoutesWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := transportOver(t, func(*http.Request) (*http.Response, error) {
			return canned(200, "", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "1.5", "X-RateLimit-Reset", "what"), nil
		})
		start := time.Now()
		for n := range 3 {
			resp, err := get(t.Context(), transport, "https://discord.com/api/v9/channels/1/messages")
			if err != nil {
				t.Fatal(err)
			}
			if got, want := time.Since(start), time.Duration(n)*1500*time.Millisecond; got != want {
				t.Errorf("request %d went out after %s, want %s", n, got, want)
			}
			if got := resp.Header.Get("X-RateLimit-Reset"); got != "" {
				t.Errorf("X-RateLimit-Reset %q is left for the library to fail on", got)
			}
		}
		time.Sleep(time.Minute)
		transport.pauses.add(routeOf("GET", "/v10/users/1"), tooMany{RetryAfter: 1}, time.Now())
		if got := len(transport.pauses.routes); got != 1 {
			t.Errorf("%d routes are remembered, want 1: those over are forgotten", got)
		}
	})
}

// sharing is a copy of the bot on a queue that it shares.
func sharing(t *testing.T, q Pacer, api played) *Transport {
	t.Helper()
	transport := transportOver(t, api)
	transport.share(q, botToken)
	return transport
}

// What Discord told one copy to wait for, the others wait for too; what counts
// by address or by an interaction's token is each copy's own.
func TestCopiesShareTheirPauses(t *testing.T) {
	t.Parallel()
	const messages, typing, elsewhere, callback = "channels/1/messages", "channels/1/typing", "channels/2/messages", "interactions/1/token/callback"
	user := func() *http.Response { return canned(429, `{"retry_after":5}`, "X-RateLimit-Scope", "user") }
	for _, tt := range []struct {
		name, asked string
		reply       func() *http.Response
		there       map[string]time.Duration // how long the other copy waits
	}{
		{"a 429 of a route", messages, user, map[string]time.Duration{messages: 5 * time.Second, typing: 0, elsewhere: 0}},
		{"a 429 of all", messages, func() *http.Response {
			return canned(429, `{"retry_after":5,"global":true}`, "X-RateLimit-Global", "true")
		}, map[string]time.Duration{messages: 5 * time.Second, elsewhere: 5 * time.Second, callback: 0}},
		{"a used up bucket", messages, func() *http.Response {
			return canned(200, "", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "5")
		}, map[string]time.Duration{messages: 5 * time.Second, elsewhere: 0}},
		{"Discord's front", messages, func() *http.Response { return canned(429, "<html>1015</html>", "Retry-After", "5") }, map[string]time.Duration{messages: 0}},
		{"an interaction", callback, user, map[string]time.Duration{callback: 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				q := newQueue()
				here := sharing(t, q, func(*http.Request) (*http.Response, error) { return tt.reply(), nil })
				if _, err := get(t.Context(), here, "https://discord.com/api/v9/"+tt.asked); err != nil {
					t.Fatal(err)
				}
				for path, want := range tt.there {
					there := sharing(t, q, func(*http.Request) (*http.Response, error) { return canned(200, ""), nil })
					ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
					_, err := get(ctx, there, "https://discord.com/api/v9/"+path)
					cancel()
					if limited := new(APIError); errors.As(err, &limited) != (want > 0) || limited.RetryAfter > want || limited.RetryAfter < want-time.Second {
						t.Errorf("%s: got %v, want a wait of %s", path, err, want)
					}
				}
				for what := range q.paused {
					if strings.Contains(what, "token") || strings.Contains(what, botToken) {
						t.Errorf("the queue holds %q, want no token in it", what)
					}
				}
			})
		})
	}
}

// Routes that Discord counts in one bucket wait together, but for other ids.
func TestRoutesOfOneBucketWaitTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		remaining := "1"
		transport := transportOver(t, func(*http.Request) (*http.Response, error) {
			return canned(200, "", "X-RateLimit-Bucket", "80c17d2f203122d936070c88c8d10f33", "X-RateLimit-Remaining", remaining, "X-RateLimit-Reset-After", "5"), nil
		})
		for _, path := range []string{"channels/1/messages", "channels/1/typing"} { // their bucket gets known
			if _, err := get(t.Context(), transport, "https://discord.com/api/v9/"+path); err != nil {
				t.Fatal(err)
			}
		}
		remaining = "0"
		if _, err := get(t.Context(), transport, "https://discord.com/api/v9/channels/1/typing"); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]time.Duration{"channels/1/messages": 5 * time.Second, "channels/1/typing": 5 * time.Second, "channels/2/messages": 0, "channels/1/pins": 0} {
			if got := max(0, time.Until(transport.pauses.until(routeOf("GET", "/v10/"+path)))); got != want {
				t.Errorf("pause of %s: got %s, want %s", path, got, want)
			}
		}
	})
}

// Those that waited for their turn when Discord asked all to pause, pause.
func TestWhoIsQueuedPausesToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int32
		start := time.Now()
		transport := transportOver(t, func(*http.Request) (*http.Response, error) {
			switch n := sent.Add(1); {
			case n == 1:
				return canned(429, `{"retry_after":10,"global":true}`, "X-RateLimit-Global", "true"), nil
			case time.Since(start) < 10*time.Second:
				t.Errorf("request %d went out after %s, in the pause", n, time.Since(start))
			}
			return canned(200, ""), nil
		})
		var all sync.WaitGroup
		for n := range 20 {
			all.Go(func() {
				if _, err := get(t.Context(), transport, fmt.Sprintf("https://discord.com/api/v9/channels/%d/messages", n+1)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

// Copies that may be behind one address bear, all together, less than what gets
// it banned.
func TestCopiesBearLessEach(t *testing.T) {
	t.Parallel()
	for copies, want := range map[int]int{0: 2000, 1: 2000, 4: 2000, 8: 1000, 100: 80} {
		b := new(breaker)
		now := time.Now()
		if got := b.left(now, copies); got != want {
			t.Errorf("of %d copies each bears %d refusals, want %d", copies, got, want)
		}
		for range want - 1 {
			b.add(now)
		}
		if got := b.left(now, copies); got != 1 {
			t.Errorf("of %d copies, after %d refusals: %d left, want 1", copies, want-1, got)
		}
		b.add(now)
		if got := b.left(now, copies); got != 0 {
			t.Errorf("of %d copies, after %d refusals: %d left, want none", copies, want, got)
		}
		if got := b.left(now.Add(refusalWindow), copies); got != want {
			t.Errorf("of %d copies, ten minutes later: %d left, want %d", copies, got, want)
		}
	}
}

// A proxy that answers by itself has asked nothing of Discord.
func TestAProxysOwn429CountsAsNoRefusal(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]int{"X-Else": refusalsAllowed - 1, "Generated-By-Proxy": refusalsAllowed} {
		transport := transportOver(t, func(*http.Request) (*http.Response, error) {
			return canned(429, `{"retry_after":1}`, header, "true", "X-RateLimit-Scope", "user"), nil
		})
		if _, err := get(t.Context(), transport, "https://discord.com/api/v9/users/1"); err != nil {
			t.Fatal(err)
		}
		if got := transport.refusalsLeft(time.Now()); got != want {
			t.Errorf("with %s: %d refusals left, want %d", header, got, want)
		}
	}
}

// A hundred thousand interactions, each with a token that has to wait, leave
// nothing behind but those of the last moments.
//
//nolint:paralleltest // it measures the memory of the whole process
func TestInteractionsLeaveNothingBehind(t *testing.T) {
	const interactions, most = 100_000, 100 // bytes each; a token alone has twice that
	transport := transportOver(t, func(*http.Request) (*http.Response, error) {
		return canned(200, "{}", "X-RateLimit-Bucket", "edits", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "0.01"), nil
	})
	d, err := NewDiscord(botToken, transport)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(n int) {
		if err := d.EditOriginal(t.Context(), "2", fmt.Sprintf("%s%d", strings.Repeat("t", 200), n), "x"); err != nil {
			t.Fatal(err)
		}
	}
	edit(0)
	before := heap()
	for n := range interactions {
		edit(n + 1)
	}
	transport.pauses.swept = time.Time{}
	time.Sleep(20 * time.Millisecond)
	edit(0)
	if grown := int64(heap()) - int64(before); grown > interactions*most {
		t.Errorf("%d interactions left %d bytes behind, want less than %d", interactions, grown, interactions*most)
	}
	if got := len(transport.pauses.routes); got > 1 {
		t.Errorf("%d tokens are remembered, want the last alone", got)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
