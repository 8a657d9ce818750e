package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const (
	discordHost = "discord.com"
	apiVersion  = "v10"

	// maxReply bounds what one answer of Discord's may weigh in memory; the
	// largest real ones (100 messages, 130 commands) stay under 2 MiB.
	maxReply = 8 << 20
)

// ErrTooManyRefusals is returned, without asking Discord, once so many requests
// were refused that more of them could get this address banned.
var ErrTooManyRefusals = errors.New("bot: Discord refused too many requests in the last ten minutes; " +
	"none is sent until some of them are older than that: look for a wrong token or lost permissions")

var apiPath = regexp.MustCompile(`^/api(?:/v[0-9]+)?/`)

// A Transport carries every REST request to Discord, and to nowhere else: it
// points them at the API's address and version, keeps to Discord's limits, and
// mends the replies that discordgo can't read. Safe for concurrent use; share
// one among everything that uses the same token.
type Transport struct {
	// Observe, when set before the first request, is told of every reply (status
	// 0 when there was none). The route holds no ids and no tokens.
	Observe func(method, route string, status int, took time.Duration)

	// Log is told when Discord refuses the token, and when it takes it again;
	// nil for nobody.
	Log *slog.Logger

	base    *url.URL
	next    http.RoundTripper
	budget  *budget
	refused breaker
	pauses  pauses
	token   credential
}

// NewTransport returns a Transport to Discord, or, where base is not empty, to
// the API at that address (such as http://127.0.0.1:8080/api).
func NewTransport(base string) (*Transport, error) {
	u := &url.URL{Scheme: "https", Host: discordHost, Path: "/api"}
	if base != "" {
		var err error
		if u, err = parseBase(base); err != nil {
			return nil, err
		}
	}
	return &Transport{
		base: u,
		next: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           256,
			MaxIdleConnsPerHost:    256, // all of them go to one host
			IdleConnTimeout:        90 * time.Second,
			TLSHandshakeTimeout:    5 * time.Second,
			ResponseHeaderTimeout:  15 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
		},
		budget: newBudget(),
	}, nil
}

func parseBase(base string) (*url.URL, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, errors.New("bot: SITREP_DISCORD_API is no address; write it like http://127.0.0.1:8080/api")
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("bot: SITREP_DISCORD_API %q must be http or https, a host and a path, and nothing else; "+
			"write it like http://127.0.0.1:8080/api", u.Redacted())
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/"+apiVersion)
	u.RawPath = ""
	return u, nil
}

// share has the Transport keep Discord's limits together with those of the other
// copies that use the same token.
func (t *Transport) share(p Pacer, token string) {
	t.budget.share(p, token)
	t.pauses.common, t.pauses.queue = p, t.budget.queue
}

// CloseIdle closes the connections that no request is using.
func (t *Transport) CloseIdle() {
	if c, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// RoundTrip satisfies [http.RoundTripper]. It waits, as long as the request's
// context allows, for Discord's limits to leave room.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	to, err := t.address(r.URL)
	if err != nil {
		return nil, errors.Join(err, closeBody(r))
	}
	way := routeOf(r.Method, strings.TrimPrefix(to.Path, t.base.Path))
	if err := t.admit(r.Context(), way); err != nil {
		return nil, errors.Join(err, closeBody(r))
	}
	q := r.Clone(r.Context())
	q.URL, q.Host = to, to.Host
	if way.exempt && t.token.doubted(time.Now()) {
		q.Header.Del("Authorization") // the token in the path is enough
	}
	start := time.Now()
	resp, err := t.next.RoundTrip(q)
	status := 0
	if err == nil {
		status = resp.StatusCode
		err = t.learn(r.Context(), way, resp)
	}
	if t.Observe != nil {
		t.Observe(r.Method, way.name, status, time.Since(start))
	}
	if err != nil {
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxReply)
	return resp, nil
}

// address returns where a request for Discord's API really goes. discordgo asks
// for v9 by package variables that are computed before anybody can set them.
func (t *Transport) address(u *url.URL) (*url.URL, error) {
	head := apiPath.FindString(u.Path)
	if u.Hostname() != discordHost || head == "" {
		return nil, fmt.Errorf("bot: no request is sent to %q: only to Discord's API", u.Hostname())
	}
	to := *t.base
	to.Path = t.base.Path + "/" + apiVersion + "/" + strings.TrimPrefix(u.Path, head)
	to.RawQuery = u.RawQuery
	if strings.Contains(to.Path, "/../") {
		return nil, errors.New("bot: no request is sent to a path with .. in it")
	}
	return &to, nil
}

// admit waits until the request may be sent, and refuses one whose time is up.
func (t *Transport) admit(ctx context.Context, way route) error {
	for {
		switch now := time.Now(); {
		case t.refusalsLeft(now) == 0:
			return ErrTooManyRefusals
		case !way.exempt && !t.token.mayTry(now):
			return ErrTokenRefused
		}
		if err := t.pauses.wait(ctx, way); err != nil {
			return err
		}
		if way.exempt {
			break
		}
		if err := t.budget.wait(ctx); err != nil {
			return err
		}
		if time.Until(t.pauses.until(way)) <= 0 {
			break // else a pause began while it waited for its turn
		}
	}
	if overdue(ctx) {
		return context.DeadlineExceeded
	}
	return nil
}

// refusalsLeft is how many more refusals this copy bears.
func (t *Transport) refusalsLeft(now time.Time) int {
	return t.refused.left(now, t.budget.copies())
}

// overdue asks the clocks, not ctx: a copy that was frozen may get here before
// the timer that ends ctx, and while a machine sleeps that timer stands still.
// What a digest's lease protects must not be sent then.
func overdue(ctx context.Context) bool {
	deadline, bounded := ctx.Deadline()
	now := time.Now()
	return bounded && (now.After(deadline) || now.Round(0).After(deadline.Round(0)))
}

// learn takes from a reply what the next requests must heed, and puts the reply
// into a form that discordgo reads without harm.
func (t *Transport) learn(ctx context.Context, way route, resp *http.Response) error {
	now := time.Now()
	t.pauses.bucket(way, resp.Header.Get("X-RateLimit-Bucket"))
	t.learnToken(ctx, way, resp.StatusCode, now)
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		t.refused.add(now)
	case http.StatusTooManyRequests:
		// A proxy's own 429 is none of Discord's.
		if resp.Header.Get("X-RateLimit-Scope") != "shared" && resp.Header.Get("Generated-By-Proxy") == "" {
			t.refused.add(now)
		}
		limit, err := normalise429(resp)
		if err != nil {
			return err
		}
		t.pauses.add(way, limit, now)
		if !limit.front {
			t.pauses.tell(ctx, way, limit)
		}
		return nil
	}
	dropBadHeaders(resp.Header)
	if resp.Header.Get("X-RateLimit-Remaining") == "0" {
		if after, ok := seconds(resp.Header.Get("X-RateLimit-Reset-After")); ok {
			used := tooMany{RetryAfter: after.Seconds()}
			t.pauses.add(way, used, now)
			t.pauses.tell(ctx, way, used)
		}
	}
	return nil
}

// sleep waits for d or for the end of ctx, whichever comes first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// closeBody does what an http.RoundTripper owes a request that it doesn't send.
func closeBody(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	return r.Body.Close()
}

func drain(body io.ReadCloser, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(body, limit))
	return b, errors.Join(err, body.Close())
}
