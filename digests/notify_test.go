package digests_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
	"sitrep/words"
)

// people are everybody who can be written to: direct messages by user, and the
// rooms of the rig.
type people struct {
	*room
	closed error // what a direct message is refused with
	got    []string
}

func (p *people) Direct(_ context.Context, user briefings.UserID, card cards.Card, key string) error {
	if p.closed != nil {
		return p.closed
	}
	p.got = append(p.got, string(user)+" "+key+": "+card.Plain())
	return nil
}

// notifying gives r a notifier; logChannel may be empty.
func notifying(t testing.TB, r *rig, logChannel digests.ChannelID) *people {
	t.Helper()
	p := &people{room: &room{now: r.room.now}}
	r.parts.Notify = digests.Notifier{
		Notices: r.store, Messenger: p, Book: book(t), Log: slog.New(slog.NewTextHandler(r.log, nil)),
		LogChannel: func(context.Context, briefings.DeskID) digests.ChannelID { return logChannel },
	}.Notify
	return p
}

func forbidden() *digests.PostError {
	return &digests.PostError{Say: "I lack a permission: give me Send Messages.", Permanent: true}
}

func TestCreatorIsToldOfAFailure(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	p := notifying(t, r, "")
	r.room.before = failing(1, forbidden())
	runner := r.runner()
	for _, now := range []string{due, "2026-01-19T08:00:01Z", "2026-01-19T09:00:00Z"} {
		r.tick(runner, now)
	}
	r.check(due + " failed (" + forbidden().Say + ")")
	if len(p.got) != 1 {
		t.Fatalf("told %q, want one message", p.got)
	}
	for _, want := range []string{"2 n", "was not posted", forbidden().Say, "/digest log"} {
		if !strings.Contains(p.got[0], want) {
			t.Errorf("told %q, want %q in it", p.got[0], want)
		}
	}
}

func TestCreatorIsToldAfterThreeTries(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	p := notifying(t, r, "")
	r.room.before = failing(4, &digests.PostError{Say: "Discord is away."})
	runner := r.runner()
	for i, want := range []int{0, 0, 1, 1, 1} {
		r.tick(runner, at(t, due).Add(time.Duration(i)*6*time.Minute).Format(time.RFC3339))
		if len(p.got) != want {
			t.Errorf("after %d tries: told %q, want %d messages", i+1, p.got, want)
		}
	}
	r.check(due + " sent m1")
	if len(p.got) != 1 || !strings.Contains(p.got[0], "could not be posted yet") || !strings.Contains(p.got[0], "Discord is away.") {
		t.Errorf("told %q, want once that it could not be posted yet", p.got)
	}
}

func TestLogChannelStandsIn(t *testing.T) {
	t.Parallel()
	closed := &digests.PostError{Say: "They take no direct messages.", Permanent: true}
	for _, tt := range []struct {
		name       string
		logChannel digests.ChannelID
		refuses    error // the log channel
		posts      int
		logs       string
	}{
		{"takes it", "log", nil, 1, "told=channel"},
		{"there is none", "", nil, 0, "nobody can be told"},
		{"refuses", "log", forbidden(), 0, "nobody can be told"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := dueRig(t)
			p := notifying(t, r, tt.logChannel)
			p.closed = closed
			if tt.refuses != nil {
				p.before = failing(99, tt.refuses)
			}
			r.room.before = failing(1, forbidden())
			runner := r.runner()
			r.tick(runner, due)
			r.tick(runner, "2026-01-19T08:05:00Z")
			if got := p.titles(); len(got) != tt.posts {
				t.Errorf("posted %q, want %d messages", got, tt.posts)
			}
			if n := r.log.count(tt.logs); n != 1 {
				t.Errorf("logged %q %d times, want once:\n%s", tt.logs, n, r.log.all.String())
			}
		})
	}
}

// What may pass is tried again, but not for ever.
func TestTellingIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fails, told int
	}{{3, 1}, {99, 0}} {
		r := dueRig(t)
		p := notifying(t, r, "")
		r.room.before = failing(1, forbidden())
		tries, runner := 0, r.runner()
		p.closed = errors.New("connection reset")
		for minute := range 30 {
			if tries = r.log.count("nobody was told of a failed digest yet"); tries == tt.fails {
				p.closed = nil
			}
			r.tick(runner, at(t, due).Add(time.Duration(minute)*time.Minute).Format(time.RFC3339))
		}
		if len(p.got) != tt.told || tries > 10 {
			t.Errorf("failing %d times: told %q after %d tries, want %d messages after at most 10", tt.fails, p.got, tries, tt.told)
		}
		if want := 1 - tt.told; r.log.count("nobody can be told") != want {
			t.Errorf("failing %d times: gave up %d times, want %d", tt.fails, r.log.count("nobody can be told"), want)
		}
	}
}

// A copy that dies between telling and recording it tells again with the same
// key, of which Discord makes one message.
func TestToldAgainWithTheSameKey(t *testing.T) {
	t.Parallel()
	r := dueRig(t)
	p := notifying(t, r, "")
	r.room.before = failing(1, forbidden())
	dying := digests.Notifier{Notices: forgetting{r.store}, Messenger: p, Book: book(t), Log: slog.New(slog.DiscardHandler)}
	r.parts.Notify = dying.Notify
	runner := r.runner()
	r.wall = at(t, due)
	if err := runner.Tick(t.Context(), r.wall); err == nil {
		t.Fatal("the tick succeeded, want the record's error")
	}
	dying.Notices = r.store
	r.parts.Notify = dying.Notify
	r.tick(r.runner(), "2026-01-19T08:02:00Z")
	if len(p.got) != 2 || p.got[0] != p.got[1] {
		t.Errorf("told %q, want the same twice", p.got)
	}
}

// forgetting can't record who was told.
type forgetting struct{ digests.Notices }

func (forgetting) Told(context.Context, string, digests.Told) error { return briefings.ErrUnavailable }

func TestThreeFailuresInARowPause(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		fails  []bool // day by day
		paused bool
	}{
		{"two", []bool{true, true}, false},
		{"three", []bool{true, true, true}, true},
		{"with one that got out", []bool{true, true, false, true, true}, false},
		{"three after one that got out", []bool{false, true, true, true}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := dueRig(t)
			p := notifying(t, r, "")
			runner := r.runner()
			for day, fails := range tt.fails {
				r.room.before = nil
				if fails {
					r.room.before = failing(1, forbidden())
				}
				r.tick(runner, at(t, due).AddDate(0, 0, day).Format(time.RFC3339))
			}
			kept, err := r.store.Subscriptions(t.Context(), desk)
			if err != nil || len(kept) != 1 {
				t.Fatalf("subscriptions %v, %v", kept, err)
			}
			if paused := kept[0].Paused == digests.PausedFailing && kept[0].NextDue.IsZero(); paused != tt.paused {
				t.Errorf("paused %q, next due %s, want paused %t", kept[0].Paused, kept[0].NextDue, tt.paused)
			}
			said := slices.ContainsFunc(p.got, func(m string) bool { return strings.Contains(m, "paused now") })
			if said != tt.paused {
				t.Errorf("told %q, want that it is paused: %t", p.got, tt.paused)
			}
		})
	}
}

func book(t testing.TB) *words.Book {
	t.Helper()
	b, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	return b
}
