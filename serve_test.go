package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// A move of the clock that can't be followed must not end the bot, and none is
// followed once it is stopping.
func TestFollowingBearsFaults(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := &parts{log: slog.New(slog.NewTextHandler(&log, nil))}
	running, stop := context.WithCancel(t.Context())
	calls := 0
	follow := p.following(running, func(context.Context, time.Time) (time.Time, error) {
		calls++
		return time.Time{}, errors.New("the database is away")
	})
	if next, err := follow(t.Context(), time.Now()); err != nil || !next.IsZero() {
		t.Errorf("following = %s, %v, want the fault borne", next, err)
	}
	if got := strings.Count(log.String(), "the database is away"); got != 1 {
		t.Errorf("the fault was logged %d times, want once:\n%s", got, log.String())
	}
	stop()
	p.moves.Wait()
	clock, closed := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := follow(clock, time.Now())
		ended <- err
	}()
	select {
	case err := <-ended:
		t.Errorf("after the stop the clock was let go on (%v), want it held until the sandbox closes", err)
	case <-time.After(50 * time.Millisecond):
	}
	closed()
	if err := <-ended; !errors.Is(err, context.Canceled) || calls != 1 {
		t.Errorf("after the stop: error %v and %d calls, want it cancelled and the one before", err, calls)
	}
}

// A move under way ends with the bot, and then with the clock.
func TestFollowingEndsWithTheBot(t *testing.T) {
	t.Parallel()
	p := &parts{log: slog.New(slog.DiscardHandler)}
	running, stop := context.WithCancel(t.Context())
	clock, closed := context.WithCancel(t.Context())
	began := make(chan struct{})
	follow := p.following(running, func(ctx context.Context, _ time.Time) (time.Time, error) {
		close(began)
		<-ctx.Done()
		return time.Time{}, ctx.Err()
	})
	ended := make(chan error, 1)
	go func() {
		_, err := follow(clock, time.Now())
		ended <- err
	}()
	<-began
	stop()
	p.moves.Wait()
	closed()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("a move that was cut off ended with %v, want it cancelled", err)
	}
}
