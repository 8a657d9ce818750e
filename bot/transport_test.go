package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

// played is a RoundTripper that a function plays, for tests without sockets.
type played func(*http.Request) (*http.Response, error)

func (p played) RoundTrip(r *http.Request) (*http.Response, error) { return p(r) }

func canned(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func transportOver(t testing.TB, api played) *Transport {
	t.Helper()
	transport, err := NewTransport("")
	if err != nil {
		t.Fatal(err)
	}
	transport.next = api
	return transport
}

func get(ctx context.Context, t *Transport, address string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	return t.RoundTrip(r)
}

func TestTransportAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ base, address, want string }{
		{"", "https://discord.com/api/v9/users/@me", "https://discord.com/api/v10/users/@me"},
		{"", "https://discord.com/api/users/@me?a=b", "https://discord.com/api/v10/users/@me?a=b"},
		{"http://127.0.0.1:8080/api", "https://discord.com/api/v9/gateway", "http://127.0.0.1:8080/api/v10/gateway"},
		{"http://127.0.0.1:8080/api/v10/", "https://discord.com/api/v9/gateway", "http://127.0.0.1:8080/api/v10/gateway"},
		{"https://proxy.example/discord/api/", "https://discord.com/api/v10/gateway", "https://proxy.example/discord/api/v10/gateway"},
		{"", "https://example.org/api/v9/users/@me", "error"},
		{"", "https://discord.com.example.org/api/v9/users/@me", "error"},
		{"", "https://discord.com/login", "error"},
		{"", "https://discord.com/api/v9/channels/../users/@me", "error"},
		{"", "https://cdn.discordapp.com/x", "error"},
	} {
		transport, err := NewTransport(tt.base)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, tt.address, http.NoBody)
		got := "error"
		if u, err := transport.address(r.URL); err == nil {
			got = u.String()
		}
		if got != tt.want {
			t.Errorf("with base %q, %s leads to %s, want %s", tt.base, tt.address, got, tt.want)
		}
	}
}

func TestNewTransportRefusesBadBases(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"127.0.0.1:8080", "ftp://x/api", "http://", "http://u:password@x/api", "http://x/api?k=password", "http://x/#password", "http://%zz"} {
		_, err := NewTransport(base)
		if err == nil || !strings.Contains(err.Error(), "SITREP_DISCORD_API") {
			t.Errorf("NewTransport(%q): got %v, want an error that names the setting", base, err)
		}
		if err != nil && strings.Contains(err.Error(), ":password@") {
			t.Errorf("NewTransport(%q) shows the password: %v", base, err)
		}
	}
}

func TestRouteOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ path, name, key string }{
		{"/v10/channels/12/messages/34", "/channels/:id/messages/:id", "GET channels/12/messages/:id"},
		{"/v10/guilds/12/members/34", "/guilds/:id/members/:id", "GET guilds/12/members/:id"},
		{"/v10/interactions/12/tok/callback", "/interactions/:id/:token/callback", "GET interactions/12/tok/callback"},
		{"/v10/webhooks/12/tok/messages/@original", "/webhooks/:id/:token/messages/@original", "GET webhooks/12/tok/messages/@original"},
		{"/v10/applications/12/commands", "/applications/:id/commands", "GET applications/:id/commands"},
		{"/v10/x/SECRET/" + strings.Repeat("a", 33), "/x/:other/:other", "GET x/:other/:other"},
		{"/", "/:other/:other", "GET :other/:other"},
	} {
		if got := routeOf("GET", tt.path); got.name != tt.name || got.key != tt.key {
			t.Errorf("routeOf(%s) = %s, %s; want %s, %s", tt.path, got.name, got.key, tt.name, tt.key)
		}
	}
}

func TestTransportKeepsTheBudget(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		path string
		want string
	}{
		{"channels/1/messages", "bounded"},
		{"interactions/1/token/callback", "free"},
		{"webhooks/1/token", "free"},
	} {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := transportOver(t, func(*http.Request) (*http.Response, error) { return canned(200, ""), nil })
				start, busiest := time.Now(), 0
				seconds := map[int]int{}
				for range 200 {
					if _, err := get(t.Context(), transport, "https://discord.com/api/v9/"+tt.path); err != nil {
						t.Fatal(err)
					}
					second := int(time.Since(start) / time.Second)
					seconds[second]++
					busiest = max(busiest, seconds[second])
				}
				if got := map[bool]string{true: "bounded", false: "free"}[busiest <= 50]; got != tt.want {
					t.Errorf("%d requests in one second: got %s, want %s", busiest, got, tt.want)
				}
			})
		})
	}
}

func TestBreakerStopsRefusedRequests(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		scope  string
		want   error
	}{
		{"401", 401, "", ErrTooManyRefusals},
		{"403", 403, "", ErrTooManyRefusals},
		{"429", 429, "user", ErrTooManyRefusals},
		{"429 shared", 429, "shared", nil},
		{"404", 404, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := transportOver(t, func(*http.Request) (*http.Response, error) {
					return canned(tt.status, `{"retry_after":0.001}`, "X-RateLimit-Scope", tt.scope), nil
				})
				transport.budget.local.SetLimit(rate.Inf)
				const path = "https://discord.com/api/v9/webhooks/1/token" // the bot's own token isn't insisted on that long
				for n := range refusalsAllowed {
					if _, err := get(t.Context(), transport, path); err != nil {
						t.Fatalf("request %d: %v", n, err)
					}
				}
				if _, err := get(t.Context(), transport, path); !errors.Is(err, tt.want) {
					t.Errorf("after %d: got %v, want %v", refusalsAllowed, err, tt.want)
				}
				time.Sleep(refusalWindow)
				if _, err := get(t.Context(), transport, path); err != nil {
					t.Errorf("after the window: %v", err)
				}
			})
		})
	}
}

func TestRepliesAreBounded(t *testing.T) {
	t.Parallel()
	transport := transportOver(t, func(*http.Request) (*http.Response, error) {
		return canned(200, strings.Repeat("x", maxReply+1)), nil
	})
	resp, err := get(t.Context(), transport, "https://discord.com/api/v9/users/1")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, resp.Body); err == nil {
		t.Errorf("%d bytes were read without an error", n)
	}
}

func TestObserveIsToldNoSecrets(t *testing.T) {
	t.Parallel()
	transport := transportOver(t, func(*http.Request) (*http.Response, error) { return canned(204, ""), nil })
	var got string
	transport.Observe = func(method, route string, status int, _ time.Duration) {
		got = fmt.Sprint(method, " ", route, " ", status)
	}
	if _, err := get(t.Context(), transport, "https://discord.com/api/v9/interactions/1/secret/callback"); err != nil {
		t.Fatal(err)
	}
	if want := "GET /interactions/:id/:token/callback 204"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// thawed is the context of a copy that was frozen: its time is up, but nothing
// has got to ending it yet.
type thawed struct {
	context.Context //nolint:containedctx // it is a context
	deadline        time.Time
}

func (c thawed) Deadline() (time.Time, bool) { return c.deadline, true }

func TestNothingIsSentAfterItsDeadline(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		deadline time.Time
		sent     bool
	}{
		{"in time", time.Now().Add(time.Hour), true},
		{"overdue", time.Now().Add(-time.Second), false},
		{"overdue by the wall clock alone, as after a machine's sleep", time.Now().Round(0).Add(-time.Second), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sent := false
			transport := transportOver(t, func(*http.Request) (*http.Response, error) {
				sent = true
				return canned(http.StatusOK, "{}"), nil
			})
			_, err := get(thawed{t.Context(), tt.deadline}, transport, "https://discord.com/api/v10/gateway")
			if sent != tt.sent || (err == nil) != tt.sent {
				t.Errorf("got sent %t, error %v; want it sent: %t", sent, err, tt.sent)
			}
		})
	}
}
