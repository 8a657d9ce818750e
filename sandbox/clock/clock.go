// Package clock follows the clock of a sandbox in another process, over HTTP: it tells the
// time there without asking each time, and takes part in its moves.
//
// It knows nothing of the sandbox's insides, nor of what its user does when something is due.
package clock

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// A Follower does everything that is due by now and says when it next has something due;
// the zero time says that it has nothing.
type Follower func(ctx context.Context, now time.Time) (next time.Time, err error)

const (
	patience  = 30 * time.Second // for one question, longer than the sandbox lets it wait
	stillHere = 2 * time.Second  // between signs of life while a follower works
	backOff   = time.Second      // between questions to a sandbox that is away
	maxReply  = 64 << 10
)

// Clock is a sandbox's clock. It is safe for concurrent use.
type Clock struct {
	url    string
	client *http.Client

	mu      sync.Mutex
	base    time.Time
	anchor  time.Time
	running bool
}

// state is the sandbox's answer.
type state struct {
	Now     time.Time `json:"now"`
	Running bool      `json:"running"`
	Step    int       `json:"step"`
}

// errDropped says that the sandbox has forgotten this follower.
var errDropped = errors.New("clock: the sandbox has dropped this follower")

// Dial reads the clock at address, like http://127.0.0.1:8080/sandbox/clock, once.
func Dial(ctx context.Context, address string) (*Clock, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("clock: %q isn't the address of a sandbox's clock, like http://127.0.0.1:8080/sandbox/clock", address)
	}
	c := &Clock{url: u.String(), client: &http.Client{Timeout: patience}}
	if _, err := c.ask(ctx, nil); err != nil {
		return nil, err
	}
	return c, nil
}

// Now is the sandbox's time, run on from the last answer.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.running {
		return c.base
	}
	return c.base.Add(time.Since(c.anchor))
}

func (c *Clock) ask(ctx context.Context, query url.Values) (state, error) {
	address := c.url
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return state{}, fmt.Errorf("clock: asking for the time: %w", err)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return state{}, fmt.Errorf("clock: asking for the time: %w", err)
	}
	var s state
	switch {
	case resp.StatusCode == http.StatusNotFound && query.Has("seen"):
		err = errDropped
	case resp.StatusCode != http.StatusOK:
		err = fmt.Errorf("clock: the sandbox answered with status %d", resp.StatusCode)
	default:
		err = json.NewDecoder(io.LimitReader(resp.Body, maxReply)).Decode(&s)
	}
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return state{}, err
	}
	c.mu.Lock()
	c.base, c.anchor, c.running = s.Now.UTC(), time.Now(), s.Running
	c.mu.Unlock()
	return s, nil
}

// Follow calls f at every move of the sandbox's clock, and between moves when f's time
// comes, until ctx ends; then it returns nil. A sandbox that goes away is waited for. The
// error of f ends it.
func (c *Clock) Follow(ctx context.Context, f Follower) error {
	id := rand.Text()
	step, enrolled := 0, false
	var next time.Time
	for {
		query := url.Values{"follower": {id}}
		if enrolled {
			query.Set("seen", strconv.Itoa(step))
			if !next.IsZero() {
				query.Set("next", next.Format(time.RFC3339Nano))
			}
		}
		s, moved, err := c.waitForMove(ctx, query, next)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errDropped):
			enrolled = false
			continue
		case err != nil:
			pause(ctx, backOff)
			continue
		}
		if moved {
			moved = !enrolled || s.Step != step
			step, enrolled = s.Step, true
		}
		if now := c.Now(); moved || !next.IsZero() && !next.After(now) {
			if next, err = c.work(ctx, id, step, f); err != nil {
				return err
			}
		}
	}
}

// waitForMove asks until the sandbox answers or, while time flows by itself, until next comes.
func (c *Clock) waitForMove(ctx context.Context, query url.Values, next time.Time) (s state, answered bool, err error) {
	until := ctx
	if !next.IsZero() && c.flows() {
		limited, cancel := context.WithTimeout(ctx, max(next.Sub(c.Now()), 50*time.Millisecond))
		defer cancel()
		until = limited
	}
	s, err = c.ask(until, query)
	if err != nil && until.Err() != nil && ctx.Err() == nil {
		return state{}, false, nil
	}
	return s, err == nil, err
}

func (c *Clock) flows() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.running
}

// work runs f, and gives signs of life as long as that takes.
func (c *Clock) work(ctx context.Context, id string, step int, f Follower) (time.Time, error) {
	alive, stop := context.WithCancel(ctx)
	var signs sync.WaitGroup
	signs.Go(func() {
		// A step that is older than the present one is answered at once.
		query := url.Values{"follower": {id}, "seen": {strconv.Itoa(step - 1)}}
		for pause(alive, stillHere) {
			_, _ = c.ask(alive, query) // a lost sign of life is mended by the next
		}
	})
	defer signs.Wait()
	defer stop()
	next, err := f(ctx, c.Now())
	if err != nil {
		return next, fmt.Errorf("clock: following: %w", err)
	}
	return next, nil
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
