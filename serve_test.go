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
	if _, err := follow(t.Context(), time.Now()); err != nil || calls != 1 {
		t.Errorf("after the stop: error %v and %d calls, want none and the one before", err, calls)
	}
	p.moves.Wait()
}

func TestFollowingEndsWithTheBot(t *testing.T) {
	t.Parallel()
	p := &parts{log: slog.New(slog.DiscardHandler)}
	running, stop := context.WithCancel(t.Context())
	began := make(chan struct{})
	follow := p.following(running, func(ctx context.Context, _ time.Time) (time.Time, error) {
		close(began)
		<-ctx.Done()
		return time.Time{}, ctx.Err()
	})
	ended := make(chan error, 1)
	go func() {
		_, err := follow(context.Background(), time.Now())
		ended <- err
	}()
	<-began
	stop()
	if err := <-ended; err != nil {
		t.Errorf("a move that was cut off by the stop ended with %v, want nothing", err)
	}
}
