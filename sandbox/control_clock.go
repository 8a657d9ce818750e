package sandbox

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// maxAdvance bounds how far one request may let time flow.
const maxAdvance = 366 * 24 * time.Hour

// getClock tells the time. With follower=ID it is the question of a follower in another
// process: the first one is answered at once; one with seen=STEP says that everything due
// at that step has been done, with next=TIME for when something will be, and waits up to
// 20 s for the next step.
func (s *Sandbox) getClock(r *http.Request) (any, error) {
	q := r.URL.Query()
	id := q.Get("follower")
	if id == "" {
		return s.clockState(), nil
	}
	if len(id) > 64 {
		return nil, wrong("follower", "a follower's name has 64 characters at most")
	}
	step, err := s.hearFollower(r.Context(), id, q.Get("seen"), q.Get("next"))
	if err != nil {
		return nil, err
	}
	state := s.clockState()
	state["step"] = step
	return state, nil
}

// clockState also tells when a follower next has something due, by its last answer; an
// advance of nothing has all of them answer anew.
func (s *Sandbox) clockState() map[string]any {
	state := map[string]any{"now": timeText(s.clock.now()), "running": s.clock.running()}
	if next := s.clock.next(); !next.IsZero() {
		state["next"] = timeText(next)
	}
	return state
}

func (s *Sandbox) hearFollower(ctx context.Context, id, seen, next string) (int, error) {
	if seen == "" {
		step, ok := s.clock.away.meet(id)
		if !ok {
			return 0, wrong("follower", "%d followers at most", maxAway)
		}
		return step, nil
	}
	done, err := strconv.Atoi(seen)
	if err != nil {
		return 0, wrong("seen", "seen is a step's number")
	}
	due := time.Time{}
	if next != "" {
		if due, err = time.Parse(time.RFC3339, next); err != nil {
			return 0, wrong("next", "next is a time like 2026-01-19T06:00:00Z")
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)() //nolint:contextcheck // the question ends with the sandbox too
	step, ok := s.clock.away.heard(ctx, id, done, due)
	if !ok {
		return 0, missing("follower", "this follower was silent for too long; begin again without seen")
	}
	return step, nil
}

// postClock moves the clock, and answers when all that became due is done or 10 s have passed.
func (s *Sandbox) postClock(r *http.Request) (any, error) {
	var body struct {
		Now     string `json:"now"`
		Advance string `json:"advance"`
	}
	if err := readControl(r, &body); err != nil {
		return nil, err
	}
	move, err := s.readMove(body.Now, body.Advance)
	if err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, errors.New("sandbox: closing")
	}
	s.wg.Go(func() { done <- move(s.life) })
	s.mu.Unlock()
	timer := time.NewTimer(settleTime)
	defer timer.Stop()
	settled := false
	select {
	case err := <-done:
		if err != nil {
			return nil, err
		}
		settled = true
	case <-timer.C:
	case <-r.Context().Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.journal.append(line{At: s.clock.now()}); err != nil {
		return nil, err
	}
	state := s.clockState()
	state["settled"] = settled
	return state, nil
}

func (s *Sandbox) readMove(now, advance string) (func(context.Context) error, error) {
	switch {
	case (now == "") == (advance == ""):
		return nil, wrong("now", "give either now, a time like 2026-01-19T06:00:00Z, or advance, like 24h")
	case now != "":
		at, err := time.Parse(time.RFC3339, now)
		if err != nil || at.Year() < 2015 || at.Year() > 2100 {
			return nil, wrong("now", "now is a time like 2026-01-19T06:00:00Z, between 2015 and 2100")
		}
		return func(ctx context.Context) error { return s.clock.jump(ctx, at) }, nil
	}
	by, err := time.ParseDuration(advance)
	if err != nil || by < 0 || by > maxAdvance {
		return nil, wrong("advance", "advance is a duration like 24h or 90m, a year at most")
	}
	return func(ctx context.Context) error { return s.clock.advance(ctx, by) }, nil
}
