package digests_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
)

// extras does whatever is asked of it, unless it is told to fail.
type extras struct {
	done    []string
	trouble string // with the role
	gone    bool
	fail    func() error
}

func (x *extras) Mentions(_ context.Context, desk briefings.DeskID, channel digests.ChannelID, role digests.RoleID) (string, bool, error) {
	x.done = append(x.done, fmt.Sprintf("mention %s in %s/%s", role, desk, channel))
	return x.trouble, x.gone, call(x.fail)
}

func (x *extras) Discuss(_ context.Context, channel digests.ChannelID, message, name string) error {
	x.done = append(x.done, fmt.Sprintf("thread %s/%s %s", channel, message, name))
	return call(x.fail)
}

func (x *extras) Publish(_ context.Context, channel digests.ChannelID, message string) error {
	x.done = append(x.done, fmt.Sprintf("publish %s/%s", channel, message))
	return call(x.fail)
}

// extrasRig has one subscription like wish, which falls due at due.
func extrasRig(t *testing.T, wish digests.Subscription) (*rig, *extras) {
	t.Helper()
	r, x := newRig(t), &extras{}
	wish.ID, wish.Desk, wish.Channel, wish.Kind, wish.At, wish.Zone = digests.NewID(), desk, "c", "daily", "08:00", "UTC"
	wish.CreatedAt, wish.NextDue = at(t, "2026-01-18T12:00:00Z"), at(t, due)
	r.keep(wish)
	r.parts.Errands, r.parts.Extras = r.store, x
	r.parts.Title = func(_ context.Context, _ digests.Subscription, slot digests.Slot) (string, error) {
		return slot.Due.Format("2 Jan"), nil
	}
	return r, x
}

// errands moves both clocks to now and does what is to be done.
func (r *rig) errands(runner *digests.Runner, now string) {
	r.t.Helper()
	r.wall = at(r.t, now)
	if err := runner.RunErrands(r.t.Context(), r.wall); err != nil {
		r.t.Fatalf("RunErrands at %s: %v", now, err)
	}
}

func TestMentionOfARole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		x       extras
		mention string
		want    string
	}{
		{"all is well", extras{}, "88", sent},
		{"the role is gone", extras{trouble: "The role is gone.", gone: true}, "", sent + " (The role is gone.)"},
		{"it may not be pinged", extras{trouble: "Nobody was pinged.", gone: false}, "88", sent + " (Nobody was pinged.)"},
		{"that can't be told", extras{fail: failing(1, errors.New("EOF"))}, "88", sent},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, x := extrasRig(t, digests.Subscription{Mention: "88"})
			*x = tt.x
			r.parts.Compose = func(_ context.Context, c digests.Composition) (cards.Card, int, error) {
				return cards.Card{Mention: string(c.Subscription.Mention)}, 7, nil
			}
			r.tick(r.runner(), due)
			r.check(tt.want)
			if got := r.room.messages[0].mention; got != tt.mention {
				t.Errorf("posted with the mention %q, want %q", got, tt.mention)
			}
			if want := []string{"mention 88 in 1/c"}; !slices.Equal(x.done, want) {
				t.Errorf("asked for %q, want %q", x.done, want)
			}
		})
	}
}

func TestErrandsFollowThePost(t *testing.T) {
	t.Parallel()
	r, x := extrasRig(t, digests.Subscription{Thread: true, Publish: true})
	runner := r.runner()
	r.tick(runner, due)
	if len(x.done) > 0 {
		t.Errorf("a tick did %q, want it to leave that to whoever has time", x.done)
	}
	r.errands(runner, due)
	r.errands(runner, "2026-01-19T09:00:00Z")
	if want := []string{"publish c/m1", "thread c/m1 19 Jan"}; !slices.Equal(x.done, want) {
		t.Errorf("did %q, want %q", x.done, want)
	}
	r.check(sent)
}

// TestErrandsAreRepaired kills a copy between the post and what follows it.
func TestErrandsAreRepaired(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(*rig)
	}{
		{"before the post is recorded", func(r *rig) { r.room.after = failing(1, errors.New("connection reset")) }},
		{"before the first errand", func(*rig) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, x := extrasRig(t, digests.Subscription{Thread: true})
			tt.spoil(r)
			r.tick(r.runner(), due)
			other := r.runner()
			r.tick(other, "2026-01-19T08:01:01Z")
			r.errands(other, "2026-01-19T08:01:01Z")
			r.check(sent)
			if want := []string{"thread c/m1 19 Jan"}; !slices.Equal(x.done, want) || len(r.room.titles()) != 1 {
				t.Errorf("did %q after %d messages, want %q after one", x.done, len(r.room.titles()), want)
			}
		})
	}
}

func TestTroubleWithAnErrand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fail  func() error
		title error
		want  string
		tries []string // after due, at which it is tried
	}{
		{
			"refused for good", failing(1, &digests.PostError{Say: "Give me Create Public Threads.", Permanent: true}), nil,
			sent + " (Give me Create Public Threads.)",
			[]string{"0s"},
		},
		{"away for a moment", failing(2, &digests.PostError{Say: "Discord is away."}), nil, sent, []string{"0s", "30s", "1m0s"}},
		{"told to wait", failing(1, &digests.PostError{Say: "Wait.", RetryAfter: 40 * time.Minute}), nil, sent, []string{"0s", "40m0s"}},
		{"without a name", nil, briefings.Tell(briefings.ErrInvalid, "No such zone."), sent + " (No such zone.)", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, x := extrasRig(t, digests.Subscription{Thread: true})
			x.fail = tt.fail
			if tt.title != nil {
				r.parts.Title = func(context.Context, digests.Subscription, digests.Slot) (string, error) { return "", tt.title }
			}
			runner := r.runner()
			r.tick(runner, due)
			var tries []string
			for minutes := 0.0; minutes <= 60; minutes += 0.5 {
				before := len(x.done)
				r.errands(runner, r.wall.Format(time.RFC3339))
				if len(x.done) > before {
					tries = append(tries, r.wall.Sub(at(t, due)).String())
				}
				r.wall = r.wall.Add(30 * time.Second)
			}
			if !slices.Equal(tries, tt.tries) {
				t.Errorf("tried after %q, want %q", tries, tt.tries)
			}
			r.check(tt.want)
		})
	}
}

// TestErrandsEnd has a Discord that is away for good.
func TestErrandsEnd(t *testing.T) {
	t.Parallel()
	r, x := extrasRig(t, digests.Subscription{Publish: true})
	x.fail = func() error { return &digests.PostError{Say: "Discord is away."} }
	runner := r.runner()
	r.tick(runner, due)
	r.errands(runner, "2026-01-20T07:59:00Z")
	r.check(sent)
	r.errands(runner, "2026-01-20T08:01:00Z")
	r.errands(runner, "2026-01-20T09:00:00Z")
	if got := strings.Join(r.slots(), "\n"); got != sent+" (Discord is away.)" || len(x.done) != 2 {
		t.Errorf("after a day and %d tries: got %s, want the reason after 2", len(x.done), got)
	}
}

func TestFollowDoesErrands(t *testing.T) {
	t.Parallel()
	r, x := extrasRig(t, digests.Subscription{Thread: true})
	r.wall = at(t, due)
	if _, err := r.runner().Follow(t.Context(), r.wall); err != nil {
		t.Fatal(err)
	}
	if want := []string{"thread c/m1 19 Jan"}; !slices.Equal(x.done, want) {
		t.Errorf("a moved clock: did %q, want %q", x.done, want)
	}
}

// TestErrandsHoldUpNoDigest has an errand that ends once the next digest is there.
func TestErrandsHoldUpNoDigest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, x := live(t), &extras{}
		r.parts.Errands, r.parts.Extras = r.store, x
		wish := r.subscribe("d", "00:00", "UTC", "1999-12-31T12:00:00Z")
		wish.Publish, wish.NextDue = true, time.Now().Add(time.Minute)
		if err := r.store.Amend(t.Context(), wish); err != nil {
			t.Fatal(err)
		}
		r.subscribe("e", "00:02", "UTC", "1999-12-31T12:00:00Z")
		third := make(chan struct{})
		r.room.after = func() error {
			if len(r.room.titles()) == 3 {
				close(third)
			}
			return nil
		}
		x.fail = func() error { <-third; return nil }
		stop := r.run()
		<-third
		time.Sleep(time.Second)
		if err := stop(); err != nil || len(x.done) != 1 {
			t.Errorf("Run = %v after %q, want nil after one errand", err, x.done)
		}
	})
}
