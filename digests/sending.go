package digests

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// mostSenders is how many slots one copy sends at a time. Discord takes some 50
// requests a second and answers each in a fraction of one, so more would only
// wait, and with their leases running.
const mostSenders = 24

// A sending is what one tick sends. It is safe for concurrent use.
type sending struct {
	runner  *Runner
	clock   func() time.Time
	senders sync.WaitGroup

	mu  sync.Mutex
	err error // the first one
}

// more sets another sender to work, unless as many are at work as may be.
func (s *sending) more(ctx context.Context) {
	select {
	case s.runner.senders <- struct{}{}:
		s.senders.Go(func() {
			defer func() { <-s.runner.senders }()
			s.fail(guarded(func() error { return s.sendAll(ctx) }))
		})
	default:
	}
}

// sendAll sends until nothing is to be claimed. Whoever finds something calls
// for another sender: there may be more.
func (s *sending) sendAll(ctx context.Context) error {
	r := s.runner
	for ctx.Err() == nil && s.failure() == nil {
		c, err := r.parts.Ledger.Claim(ctx, r.owner, r.parts.Wall(), lease)
		if errors.Is(err, ErrNothing) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("digests: claiming a slot: %w", err)
		}
		s.more(ctx)
		// Stopping must not cut a digest in half.
		if err := r.send(context.WithoutCancel(ctx), c, s.clock()); err != nil {
			return err
		}
	}
	return nil
}

// wait returns when all senders are done, with what went wrong first.
func (s *sending) wait(ctx context.Context) error {
	s.senders.Wait()
	return errors.Join(s.failure(), ctx.Err())
}

func (s *sending) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

func (s *sending) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// guarded is f with its panics turned into errors.
func guarded(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{value: v, stack: debug.Stack()}
		}
	}()
	return f()
}
