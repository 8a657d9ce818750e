package digests_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
)

const (
	due  = "2026-01-19T08:00:00Z"
	sent = due + " sent m1"
)

// dueRig has one subscription that falls due at due.
func dueRig(t testing.TB) *rig {
	r := newRig(t)
	r.subscribe("c", "08:00", "UTC", "2026-01-18T12:00:00Z")
	return r
}

func TestRestartDoesNotRepeat(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	r.tick(r.runner(), due)
	r.open()
	r.parts.Ledger, r.parts.Planning = r.store, r.store
	r.tick(r.runner(), "2026-01-19T08:00:01Z")
	r.tick(r.runner(), "2026-01-19T09:59:00Z")
	r.check(sent)
	if got := r.room.titles(); len(got) != 1 {
		t.Errorf("posted %q, want one message", got)
	}
}

func TestNextDigestKnowsTheLastRevision(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	runner := r.runner()
	r.tick(runner, due)
	r.tick(runner, "2026-01-20T08:00:00Z")
	if len(r.composed) != 2 || r.composed[0].LastRev != 0 || r.composed[1].LastRev != 7 {
		t.Errorf("composed %+v, want two, with LastRev 0 and 7", r.composed)
	}
}

// losing is a ledger whose first answers to Finish get lost, the change with them.
type losing struct {
	digests.Ledger
	finish func() error
}

func (l losing) Finish(ctx context.Context, c digests.Claim, done digests.Slot) error {
	if err := l.finish(); err != nil {
		return err
	}
	return l.Ledger.Finish(ctx, c, done)
}

// TestKilledOnTheWay ends a copy between any two of its steps; another takes over.
func TestKilledOnTheWay(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset")
	for _, tt := range []struct {
		name  string
		spoil func(*rig)
		finds int
	}{
		{"before the claim", func(r *rig) { r.parts.Ledger = planOnly{r.store} }, 0},
		{"after the claim", func(r *rig) { r.parts.Ledger = dying{r.store} }, 1},
		{"after the post, told as an error", func(r *rig) { r.room.after = failing(1, lost) }, 1},
		{"after the post, told as refused for now", func(r *rig) {
			r.room.after = failing(1, &digests.PostError{Say: "Discord is away."})
		}, 1},
		{"before Finish", func(r *rig) {
			r.parts.Ledger = losing{r.store, failing(1, fmt.Errorf("store: %w", briefings.ErrUnavailable))}
		}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := dueRig(t)
			tt.spoil(r)
			r.wall = at(t, due)
			_ = r.runner().Tick(t.Context(), r.wall) // some of them end with an error
			r.parts.Ledger, r.room.after = r.store, nil
			other := r.runner()
			r.tick(other, "2026-01-19T08:01:01Z")
			r.tick(other, "2026-01-19T08:02:30Z")
			r.check(sent)
			if got := r.room.titles(); len(got) != 1 || r.room.finds != tt.finds {
				t.Errorf("posted %q after %d searches, want one message and %d", got, r.room.finds, tt.finds)
			}
		})
	}
}

// dying is a ledger whose caller doesn't live to see the claim it got.
type dying struct{ digests.Ledger }

func (d dying) Claim(ctx context.Context, owner string, wall time.Time, lease time.Duration) (digests.Claim, error) {
	if _, err := d.Ledger.Claim(ctx, owner, wall, lease); err != nil {
		return digests.Claim{}, err
	}
	return digests.Claim{}, errors.New("killed")
}

func TestFoundMessageKeepsTheRevisionBefore(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	runner := r.runner()
	r.tick(runner, due)
	r.room.after = failing(1, errors.New("connection reset"))
	r.tick(runner, "2026-01-20T08:00:00Z")
	r.tick(runner, "2026-01-20T08:00:05Z")
	slots, err := r.store.Slots(t.Context(), desk, "", 1)
	if err != nil || len(slots) != 1 || slots[0].State != digests.Sent || slots[0].Rev != 7 {
		t.Errorf("newest slot %+v, %v, want it sent with the revision of the one before, 7", slots, err)
	}
}

// TestFrozenCopyDoesNotPost freezes a copy while it composes; meanwhile another
// claims the slot.
func TestFrozenCopyDoesNotPost(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	r.parts.Compose = func(ctx context.Context, _ digests.Composition) (cards.Card, int, error) {
		_, err := r.store.Claim(ctx, "another", r.wall.Add(2*time.Minute), time.Minute)
		return cards.Card{}, 1, err
	}
	r.tick(r.runner(), due)
	r.check(due + " claimed")
	if got := r.room.titles(); len(got) != 0 {
		t.Errorf("posted %q, want nothing", got)
	}
}

func TestTroubleWithOneSlot(t *testing.T) {
	t.Parallel()
	refused := &digests.PostError{Say: "I may not write in <#c>; give me Send Messages there.", Permanent: true}
	for _, tt := range []struct {
		name  string
		spoil func(*rig)
		want  string // after the first tick
		later string // ten seconds later
	}{
		{
			"refused for good", func(r *rig) { r.room.before = failing(1, fmt.Errorf("bot: %w", refused)) },
			due + " failed (" + refused.Say + ")", due + " failed (" + refused.Say + ")",
		},
		{
			"away for a moment", func(r *rig) { r.room.before = failing(1, &digests.PostError{Say: "Discord is away."}) },
			due + " planned (Discord is away.)", due + " sent m2",
		},
		{
			"no error of the poster's", func(r *rig) { r.room.before = failing(1, errors.New("EOF")) },
			due + " planned (something broke on sitrep's side; it has been logged)", due + " sent m2",
		},
		{"told to wait", func(r *rig) {
			r.room.before = failing(1, &digests.PostError{Say: "Discord asks to wait.", RetryAfter: time.Minute})
		}, due + " planned (Discord asks to wait.)", due + " planned (Discord asks to wait.)"},
		{"composing: a mistake to mend", func(r *rig) {
			r.composing(func() error { return briefings.Tell(briefings.ErrNotFound, "This desk has no sections. Add one.") })
		}, due + " failed (This desk has no sections. Add one.)", due + " failed (This desk has no sections. Add one.)"},
		{
			"composing: a panic", func(r *rig) { r.composing(func() error { panic("no such trend") }) },
			due + " failed (something broke on sitrep's side; it has been logged)", due + " failed (something broke on sitrep's side; it has been logged)",
		},
		{"composing: the database is away", func(r *rig) {
			r.composing(failing(1, briefings.Tell(briefings.ErrUnavailable, "Please try again.")))
		}, due + " planned (sitrep could not reach its database)", due + " sent m2"},
		{"no right to look after a lost answer", func(r *rig) {
			r.room.before = failing(1, errors.New("EOF"))
			r.room.find = failing(1, &digests.PostError{Say: "Give me Read Message History in <#c>.", Permanent: true})
		}, due + " planned (something broke on sitrep's side; it has been logged)", due + " failed (Give me Read Message History in <#c>.)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := dueRig(t)
			tt.spoil(r)
			r.subscribe("quiet", "08:00", "UTC", "2026-01-18T12:00:00Z")
			runner := r.runner()
			r.tick(runner, due)
			r.checkBesides(sent, tt.want)
			r.tick(runner, "2026-01-19T08:00:10Z")
			r.checkBesides(sent, tt.later)
			if got := r.log.count("level=WARN") + r.log.count("level=ERROR"); got != 1 && !strings.HasPrefix(tt.name, "no right") {
				t.Errorf("logged %d lines of trouble, want 1:\n%s", got, r.log.all.String())
			}
		})
	}
}

// composing makes the first composition fail with what f returns, and the
// following ones once f returns nil; other subscriptions are never in trouble.
func (r *rig) composing(f func() error) {
	plain, first := r.parts.Compose, ""
	r.parts.Compose = func(ctx context.Context, c digests.Composition) (cards.Card, int, error) {
		if first == "" {
			first = c.Slot.ID
		}
		if c.Slot.ID == first {
			if err := f(); err != nil {
				return cards.Card{}, 0, fmt.Errorf("compose: %w", err)
			}
		}
		return plain(ctx, c)
	}
}

// checkBesides compares a ledger of two slots in any order: which of two that
// are due together goes first depends on their ids.
func (r *rig) checkBesides(want ...string) {
	r.t.Helper()
	got := r.slots()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		r.t.Errorf("ledger:\n got  %q\n want %q", got, want)
	}
}

// TestBackOff has a Discord that is away for good: the slot is tried less and
// less often, and fails with its reason when its grace is over.
func TestBackOff(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	start := at(t, due)
	var tries []time.Duration
	r.room.before = func() error {
		tries = append(tries, r.wall.Sub(start))
		return &digests.PostError{Say: "Discord is away."}
	}
	runner := r.runner()
	step := time.Second
	for r.wall = start; r.wall.Before(start.Add(3 * time.Hour)); r.wall = r.wall.Add(step) {
		if len(tries) == 6 {
			step = time.Minute
		}
		if err := runner.Tick(t.Context(), r.wall); err != nil {
			t.Fatal(err)
		}
	}
	want := []time.Duration{0, time.Second, 6 * time.Second, 36 * time.Second, 156 * time.Second, 456 * time.Second}
	if len(tries) < len(want) || !slices.Equal(tries[:len(want)], want) {
		t.Errorf("tried after %v, want %v and on", tries, want)
	}
	if last := tries[len(tries)-1]; last < 2*time.Hour-5*time.Minute || last > 2*time.Hour+time.Minute {
		t.Errorf("the last try was after %v, want it near the end of the grace", last)
	}
	r.check(due + " failed (Discord is away.)")
}

func TestMessageFoundAfterTheGraceCounts(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	r.room.after = failing(1, &digests.PostError{Say: "Discord asks to wait.", RetryAfter: 72 * time.Hour})
	runner := r.runner()
	r.tick(runner, due)
	r.tick(runner, "2026-01-19T10:01:00Z")
	r.check(due + " planned (Discord asks to wait.)")
	r.tick(runner, "2026-01-19T10:01:02Z") // no later, however long it is to wait
	r.check(sent)
}

func TestPlannedSlotOfADeadCopyIsTooLate(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	r.parts.Ledger = planOnly{r.store}
	r.tick(r.runner(), due)
	r.parts.Ledger = r.store
	r.tick(r.runner(), "2026-01-19T10:30:00Z")
	r.check(due + " skipped (too late)")
}

// TestDoubtThatNeverEnds loses the answer to a post, and never lets the copy
// look for the message: the slot ends as failed and is posted no second time.
func TestDoubtThatNeverEnds(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	r.room.after = failing(1, errors.New("connection reset"))
	r.room.find = failing(1000, &digests.PostError{Say: "Discord is away."})
	runner := r.runner()
	for r.wall = at(t, due); r.wall.Before(at(t, "2026-01-19T12:00:00Z")); r.wall = r.wall.Add(5 * time.Minute) {
		if err := runner.Tick(t.Context(), r.wall); err != nil {
			t.Fatal(err)
		}
	}
	r.check(due + " failed (Discord is away.)")
	if got := r.room.titles(); len(got) != 1 {
		t.Errorf("posted %q, want the one message whose answer was lost", got)
	}
}

func TestTimeFlowsDuringATick(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	r.subscribe("c", "08:00", "UTC", "2026-01-18T12:00:00Z") // to the same channel, so after the other
	var passed atomic.Int64                                  // senders look at the clock side by side
	begun := at(t, due)
	r.parts.Wall = func() time.Time { return begun.Add(time.Duration(passed.Load())) }
	r.room.now = r.parts.Wall
	plain := r.parts.Compose
	r.parts.Compose = func(ctx context.Context, c digests.Composition) (cards.Card, int, error) {
		card, rev, err := plain(ctx, c)
		passed.Add(int64(90 * time.Second))
		return card, rev, err
	}
	r.tick(r.runner(), due)
	if len(r.composed) != 2 || r.composed[0].Late || !r.composed[1].Late {
		t.Errorf("composed %+v, want two, the second late by what the first took", r.composed)
	}
}
