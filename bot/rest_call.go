package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	attempts       = 5
	attemptTimeout = 15 * time.Second

	// patience is the longest pause that is waited out here; a longer one is for
	// whoever can put the work aside.
	patience = time.Minute
)

// A call is one request to Discord, repeated where that is safe.
type call struct {
	method string
	path   string // after the API's version, with a query if need be
	body   any    // nil, or marshalled as JSON, with its uploads if it has any
	secret string // a token in the path, kept out of every error

	// repeat says that doing it twice is doing it once: true of reading and
	// replacing, and of messages with an enforced nonce.
	repeat bool
}

// do carries out a call and returns the body of Discord's reply. Errors are
// *APIError, ErrTokenRefused, ErrTooManyRefusals, ErrSent, ErrUnknownWhetherSent,
// the context's, or the network's.
func (d *Discord) do(ctx context.Context, c call) ([]byte, error) {
	kind, body := "application/json", []byte(nil)
	if c.body != nil {
		var err error
		if kind, body, err = encode(c.body); err != nil {
			return nil, fmt.Errorf("bot: writing the body of %s: %w", d.describe(c), err)
		}
	}
	doubt := false // whether an attempt got no reply that may have been carried out
	for n := 1; ; n++ {
		reply, err := d.attempt(ctx, c, kind, body)
		if err == nil {
			return reply, nil
		}
		if n > 1 && (c.method == http.MethodDelete && IsCode(err, CodeUnknownMessage) || IsCode(err, CodeAlreadyAcknowledged)) {
			return nil, nil // the attempt before this one did it
		}
		wait, again := d.again(ctx, c, n, err)
		if again {
			again = sleep(ctx, wait) == nil
		}
		if !again {
			return nil, fmt.Errorf("bot: %s: %w", d.describe(c), d.final(ctx, err, doubt))
		}
		lost := new(lostError)
		doubt = doubt || errors.As(err, &lost) && lost.sent
	}
}

// again decides whether, and when, a failed call is repeated.
func (d *Discord) again(ctx context.Context, c call, n int, err error) (time.Duration, bool) {
	if n == attempts || ctx.Err() != nil || errors.Is(err, ErrTooManyRefusals) {
		return 0, false
	}
	backOff := time.Duration(float64(d.backOff<<(n-1)) * (0.5 + rand.Float64()/2))
	refused, lost := new(APIError), new(lostError)
	switch {
	case errors.As(err, &lost):
		if lost.sent && !c.repeat {
			return 0, false
		}
	case errors.As(err, &refused) && refused.Status == http.StatusTooManyRequests:
		backOff = refused.RetryAfter
		if backOff > patience {
			return 0, false
		}
	case errors.As(err, &refused):
		if refused.Status < 500 || !c.repeat {
			return 0, false
		}
	default:
		return 0, false
	}
	deadline, bounded := ctx.Deadline()
	return backOff, !bounded || time.Until(deadline) > backOff
}

// final is the error that the caller sees. A refusal says nothing of the doubtful
// attempts before it, unless it is that what they made was deleted.
func (d *Discord) final(ctx context.Context, err error, doubt bool) error {
	lost := new(lostError)
	switch {
	case !errors.As(err, &lost) && doubt && !IsCode(err, CodeUnknownMessage):
		return errors.Join(ErrUnknownWhetherSent, err)
	case !errors.As(err, &lost):
		return err
	case errors.Is(err, ErrSent):
		return lost.err
	case lost.sent || doubt:
		return errors.Join(ErrUnknownWhetherSent, context.Cause(ctx), lost.err)
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return lost.err
}

// A lostError is a request without a reply.
type lostError struct {
	err  error
	sent bool // or at least begun
}

func (e *lostError) Error() string { return e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// attempt sends a call once, with a body of that content type.
func (d *Discord) attempt(ctx context.Context, c call, kind string, body []byte) ([]byte, error) {
	var sent atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	seen := &witness{next: d.transport}
	// A limiter of its own per request: the library's would make all edits of all
	// interactions wait for one another, keep their tokens for ever, and sleep
	// through the end of the context. The Transport keeps the limits instead.
	bucket := discordgo.NewRatelimiter().LockBucket("")
	reply, err := d.session.RequestWithLockedBucket(c.method, apiURL+c.path, kind, body, bucket, 0,
		discordgo.WithContext(traced),
		discordgo.WithClient(&http.Client{Transport: seen, Timeout: attemptTimeout, CheckRedirect: stay}),
		discordgo.WithRetryOnRatelimit(false),
		discordgo.WithRestRetries(0))
	if err == nil {
		return reply, nil
	}
	return nil, d.translate(err, c, seen.status, sent.Load())
}

// translate takes what matters out of the library's errors, which hold the
// request with its token and the address with the interaction's.
func (d *Discord) translate(err error, c call, status int, sent bool) error {
	if limited := new(discordgo.RateLimitError); errors.As(err, &limited) && limited.RateLimit != nil {
		return &APIError{Status: status, Message: redact(tidy(limited.Message), d.token, c.secret), RetryAfter: limited.RetryAfter}
	}
	if rest := new(discordgo.RESTError); errors.As(err, &rest) {
		said := refusal(status, rest.ResponseBody)
		said.Message = redact(said.Message, d.token, c.secret)
		switch {
		case status == http.StatusUnauthorized && c.secret == "":
			return fmt.Errorf("%w (HTTP 401)", ErrTokenRefused) // it isn't what was asked that is at fault
		case status == http.StatusRequestTimeout: // a proxy that gave up on Discord, which may do it yet
			return &lostError{err: said, sent: true}
		}
		return said
	}
	if failed := new(url.Error); errors.As(err, &failed) {
		err = failed.Err
	}
	if ours := new(APIError); errors.As(err, &ours) || errors.Is(err, ErrTooManyRefusals) || errors.Is(err, ErrTokenRefused) {
		return err
	}
	switch {
	case status == http.StatusBadGateway:
		return &APIError{Status: status} // the library hides this one's status in a text
	case status >= 200 && status < 300:
		err = errors.Join(ErrSent, err)
		sent = true
	}
	if clean := redact(err.Error(), d.token, c.secret); clean != err.Error() {
		err = errors.New(clean)
	}
	return &lostError{err: err, sent: sent}
}

func (d *Discord) describe(c call) string {
	path, _, _ := strings.Cut(c.path, "?")
	return c.method + " " + routeOf(c.method, "/"+apiVersion+path).name
}

// A witness notes the status of the reply, which the library doesn't tell.
type witness struct {
	next   http.RoundTripper
	status int
}

func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(r)
	if err == nil {
		w.status = resp.StatusCode
	}
	return resp, err
}

// stay refuses redirects: they would carry the token to another host.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
