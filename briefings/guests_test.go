package briefings_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/store"
)

// discord is what Discord tells of members: those of each server, or nothing
// while it is away.
type discord struct {
	members map[briefings.DeskID][]briefings.UserID
	away    bool
	asked   int // about members
}

func (d *discord) Member(_ context.Context, desk briefings.DeskID, who briefings.UserID) (bool, error) {
	d.asked++
	if d.away {
		return false, errors.New("no reply")
	}
	for _, m := range d.members[desk] {
		if m == who {
			return true, nil
		}
	}
	return false, nil
}

func (d *discord) ServerName(_ context.Context, desk briefings.DeskID) (string, error) {
	if d.away {
		return "", errors.New("no reply")
	}
	return "Server " + string(desk), nil
}

// ledger is a record of memberships that counts what is written, and can be away.
type ledger struct {
	*store.Store
	written int
	away    bool
}

func (l *ledger) Memberships(ctx context.Context, who briefings.UserID) ([]briefings.Membership, error) {
	if l.away {
		return nil, fmt.Errorf("store: %w", briefings.ErrUnavailable)
	}
	return l.Store.Memberships(ctx, who)
}

func (l *ledger) Use(ctx context.Context, who briefings.UserID, m briefings.Membership) error {
	l.written++
	return l.Store.Use(ctx, who, m)
}

// salon is where guests are received: two servers, in the first of which are 7
// and 8, in the second 7 alone.
type salon struct {
	t       *testing.T
	now     time.Time
	discord *discord
	record  *ledger
	log     *bytes.Buffer
	guests  *briefings.Guests
}

func newSalon(t *testing.T) *salon {
	t.Helper()
	record, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "sitrep.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := record.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &salon{
		t: t, now: begin(), record: &ledger{Store: record}, log: new(bytes.Buffer),
		discord: &discord{members: map[briefings.DeskID][]briefings.UserID{"1": {"7", "8"}, "2": {"7"}}},
	}
	s.guests = briefings.NewGuests(s.record, s.discord, func() time.Time { return s.now }, slog.New(slog.NewTextHandler(s.log, nil)))
	return s
}

func (s *salon) seen(who briefings.UserID, desk briefings.DeskID) {
	s.t.Helper()
	if err := s.guests.Seen(s.t.Context(), who, desk); err != nil {
		s.t.Error(err)
	}
}

func (s *salon) answers(when string, who briefings.UserID, want briefings.Guest) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.guests.Of(s.t.Context(), who)); diff != "" {
		s.t.Errorf("%s, %s (-want +got):\n%s", when, who, diff)
	}
}

func (s *salon) choose(who briefings.UserID, desk briefings.DeskID, want error) briefings.Guest {
	s.t.Helper()
	guest, err := s.guests.Choose(s.t.Context(), who, desk)
	if !errors.Is(err, want) {
		s.t.Errorf("%s chooses %s: got %v, want %v", who, desk, err, want)
	}
	return guest
}

// catalogued is who the bundled briefing answers for some reason.
func catalogued(why briefings.GuestReason, name string) briefings.Guest {
	return briefings.Guest{Desk: briefings.Catalogue, Why: why, Name: name}
}

func of(desk briefings.DeskID) briefings.Guest {
	return briefings.Guest{Desk: desk, Name: "Server " + string(desk)}
}

// The desk that was used last answers, or the one that was chosen since.
func TestGuestsFollowTheLastDesk(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.answers("never seen", "7", catalogued(briefings.GuestAsMeant, ""))
	s.seen("7", "1")
	s.answers("in the first", "7", of("1"))
	s.answers("somebody else", "8", catalogued(briefings.GuestAsMeant, ""))
	s.now = s.now.Add(time.Second)
	s.seen("7", "2")
	s.answers("in the second", "7", of("2"))
	s.now = s.now.Add(time.Second)
	s.seen("7", "1")
	s.answers("back in the first", "7", of("1"))

	s.now = s.now.Add(time.Second)
	if got := s.choose("7", "2", nil); got != of("2") {
		t.Errorf("choosing the second: got %+v", got)
	}
	s.answers("the second chosen", "7", of("2"))
	s.now = s.now.Add(time.Second)
	s.choose("7", briefings.Catalogue, nil)
	s.answers("the bundled one chosen", "7", catalogued(briefings.GuestAsMeant, ""))
	s.now = s.now.Add(time.Second)
	s.seen("7", "1")
	s.answers("and the first used again", "7", of("1"))
}

// What nobody was seen in can't be chosen, whatever is asked for.
func TestGuestsChooseOnlyTheirOwn(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.seen("7", "1")
	s.seen("8", "1")
	for _, desk := range []briefings.DeskID{"2", "", "catalogue ", "1 ", "' OR 1=1 --", "\x00", "../1", "99999999999999999999"} {
		s.choose("8", desk, briefings.ErrNotFound)
	}
	s.answers("after all of that", "8", of("1"))
}

// Who was removed from a server reads on for as long as the last proof is
// believed, and no longer.
func TestGuestsWhoLeftReadNoMore(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		left   bool
		away   bool // Discord
		after  time.Duration
		want   briefings.Guest
		asked  int
		gone   bool // what was known of them
		logged bool
	}{
		{"a member, at once", false, false, time.Minute, of("2"), 0, false, false},
		{"a member, asked again", false, false, time.Hour, of("2"), 1, false, false},
		{"a member, long after", false, false, 900 * time.Hour, of("2"), 1, false, false},
		{"left, at once", true, false, 59 * time.Minute, of("2"), 0, false, false},
		{"left, an hour later", true, false, time.Hour, catalogued(briefings.GuestLeft, "Server 2"), 1, true, false},
		{"left, Discord away", true, true, 23 * time.Hour, of("2"), 1, false, false},
		{"left, Discord away for long", true, true, 24 * time.Hour, catalogued(briefings.GuestUnproved, "Server 2"), 1, false, true},
		{"left, the clock set back", true, false, -time.Hour, catalogued(briefings.GuestLeft, "Server 2"), 1, true, false},
		{"a clock set back, Discord away", false, true, -time.Hour, catalogued(briefings.GuestUnproved, "Server 2"), 1, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSalon(t)
			s.seen("7", "2")
			s.answers("at first", "7", of("2"))
			if tt.left {
				s.discord.members["2"] = nil
			}
			s.discord.away = tt.away
			s.now = s.now.Add(tt.after)
			s.answers("then", "7", tt.want)
			if s.discord.asked != tt.asked {
				t.Errorf("Discord was asked %d times, want %d", s.discord.asked, tt.asked)
			}
			if got := s.log.Len() > 0; got != tt.logged {
				t.Errorf("got the log %q, want a line: %t", s.log, tt.logged)
			}
			wanted := error(nil)
			if tt.gone {
				wanted = briefings.ErrNotFound
			}
			if got := s.choose("7", "2", wanted); !tt.gone && got != tt.want {
				t.Errorf("choosing it: got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// A proof that Discord gave is believed for as long as one that it sent.
func TestGuestsProofIsKept(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.seen("7", "1")
	for _, step := range []struct {
		after time.Duration
		asked int
	}{{30 * time.Minute, 0}, {time.Hour, 1}, {30 * time.Minute, 1}, {time.Hour, 2}} {
		s.now = s.now.Add(step.after)
		s.answers("later", "7", of("1"))
		if s.discord.asked != step.asked {
			t.Errorf("after another %s Discord was asked %d times, want %d", step.after, s.discord.asked, step.asked)
		}
	}
}

func TestGuestsWriteOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	for _, step := range []struct {
		name    string
		after   time.Duration
		desk    briefings.DeskID
		written int // so far
	}{
		{"the first time", 0, "1", 1},
		{"again", time.Second, "1", 1},
		{"minutes later", 4 * time.Minute, "1", 1},
		{"elsewhere", time.Second, "2", 2},
		{"back", time.Second, "1", 3},
		{"long after", 5 * time.Minute, "1", 4},
		{"the clock set back", -time.Hour, "1", 5},
	} {
		s.now = s.now.Add(step.after)
		s.seen("7", step.desk)
		if s.record.written != step.written {
			t.Errorf("%s: %d writes so far, want %d", step.name, s.record.written, step.written)
		}
	}
}

// With the record away the bundled briefing answers; a name that Discord doesn't
// tell is the server's id, until it does.
func TestGuestsWithPartsAway(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.discord.away = true
	s.seen("7", "1")
	s.answers("no name", "7", briefings.Guest{Desk: "1", Name: "1"})
	s.discord.away = false
	s.seen("7", "2")
	s.seen("7", "1")
	s.answers("a name", "7", of("1"))
	s.record.away = true
	s.answers("the record away", "7", catalogued(briefings.GuestUnread, ""))
	s.choose("7", "1", briefings.ErrUnavailable)
}
