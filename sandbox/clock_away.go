package sandbox

import (
	"context"
	"sync"
	"time"
)

const (
	// silence is how long a follower in another process may say nothing before moves of the
	// clock stop waiting for it.
	silence = 30 * time.Second
	// brokenOff is the same for one whose connection broke while it waited: most likely its
	// process has ended, but a client also hangs up when its own next due time comes.
	brokenOff = 5 * time.Second
	// longPoll is how long a follower's question waits for the next move.
	longPoll = 20 * time.Second
	// maxAway bounds the followers in other processes.
	maxAway = 64
)

// away keeps the followers in other processes. Each move of the clock is a step; a follower
// acknowledges a step by naming it as seen.
type away struct {
	mu      sync.Mutex
	current int
	list    map[string]*remote
	// changed is closed and replaced at every step and every acknowledgement.
	changed chan struct{}
}

type remote struct {
	seen    int
	next    time.Time
	heard   time.Time
	waiting int
}

func newAway() *away {
	return &away{list: map[string]*remote{}, changed: make(chan struct{})}
}

func (a *away) announce() {
	close(a.changed)
	a.changed = make(chan struct{})
}

// step tells every remote follower of a move and waits until all have done their work for
// it. It returns the earliest time that one of them named.
func (a *away) step(ctx context.Context) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.current++
	mine := a.current
	a.announce()
	for {
		earliest, behind := a.survey(mine)
		if !behind || ctx.Err() != nil {
			return earliest
		}
		changed := a.changed
		a.mu.Unlock()
		timer := time.NewTimer(time.Second)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		a.mu.Lock()
	}
}

// next is the earliest time that a follower named.
func (a *away) next() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	earliest, _ := a.survey(a.current)
	return earliest
}

// survey drops the silent and says whether someone has yet to finish a step.
func (a *away) survey(step int) (earliest time.Time, behind bool) {
	for id, r := range a.list {
		if r.waiting == 0 && time.Since(r.heard) > silence {
			delete(a.list, id)
			continue
		}
		behind = behind || r.seen < step
		earliest = sooner(earliest, r.next)
	}
	return earliest, behind
}

// meet enrols a follower, which is then behind by one step until it says otherwise.
func (a *away) meet(id string) (step int, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.survey(a.current)
	if a.list[id] == nil && len(a.list) >= maxAway {
		return 0, false
	}
	a.list[id] = &remote{seen: a.current - 1, heard: time.Now()}
	return a.current, true
}

// heard records what a follower has done, then waits for a step that it hasn't seen.
// It says false for a follower that was dropped, which has to begin anew.
func (a *away) heard(ctx context.Context, id string, seen int, next time.Time) (step int, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.list[id]
	if r == nil {
		return 0, false
	}
	r.heard = time.Now()
	if seen >= r.seen {
		r.seen, r.next = seen, next
		a.announce()
	}
	deadline := time.NewTimer(longPoll)
	defer deadline.Stop()
	r.waiting++
	defer func() {
		r.waiting--
		r.heard = time.Now()
		if ctx.Err() != nil {
			r.heard = r.heard.Add(brokenOff - silence)
		}
	}()
	for a.current <= seen {
		changed := a.changed
		a.mu.Unlock()
		select {
		case <-changed:
			a.mu.Lock()
			continue
		case <-deadline.C:
		case <-ctx.Done():
		}
		a.mu.Lock()
		break
	}
	return a.current, true
}
