package digests_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/cards"
	"sitrep/digests"
)

// settle makes a desk choose its settings; rev counts the times it did.
func (r *rig) settle(desk briefings.DeskID, s briefings.Settings) {
	r.t.Helper()
	if err := r.store.SaveSettings(r.t.Context(), desk, s, nil); err != nil {
		r.t.Fatal(err)
	}
}

// nudger is one copy; what it tells is in the rig's room.
func (r *rig) nudger() *digests.Nudger {
	return &digests.Nudger{
		Record: r.store, Poster: r.room, Settings: r.store.Settings, Log: slog.New(slog.NewTextHandler(r.log, nil)),
		Wall: func() time.Time { return r.wall },
		Writers: map[digests.NoticeKind]digests.NoticeWriter{
			digests.WeeklyNotice: func(_ context.Context, n digests.DeskNotice, s briefings.Settings) (cards.Card, error) {
				if s.Locale == "quiet" {
					return cards.Card{}, digests.ErrQuiet
				}
				return cards.Card{Title: cards.Markup(n.Desk) + " " + cards.Markup(r.wall.UTC().Format("2 15:04"))}, nil
			},
			"other": func(context.Context, digests.DeskNotice, briefings.Settings) (cards.Card, error) {
				return cards.Card{Title: "other"}, nil
			},
		},
	}
}

// passes lets the nudgers run every minute until then.
func (r *rig) passes(until string, copies ...*digests.Nudger) {
	r.t.Helper()
	for end := at(r.t, until); r.wall.Before(end); {
		r.wall = r.wall.Add(10 * time.Minute)
		for _, n := range copies {
			if err := n.Run(r.t.Context(), r.wall); err != nil {
				r.t.Fatal(err)
			}
		}
	}
}

func (r *rig) said(want ...string) {
	r.t.Helper()
	if got := strings.Join(r.room.titles(), ", "); got != strings.Join(want, ", ") {
		r.t.Errorf("told %q, want %q", got, want)
	}
}

// Every Monday at nine of the desk's own zone, once however many copies run.
func TestNudgesOnMondays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.settle("1", briefings.Settings{Rev: 1, LogChannel: "77", Zone: "Europe/Kyiv"})
	r.settle("2", briefings.Settings{Rev: 1, LogChannel: "78"})
	r.settle("3", briefings.Settings{Rev: 1, LogChannel: "79", Nudge: briefings.SettingOff})
	r.settle("4", briefings.Settings{Rev: 1, Zone: "UTC"}) // no log channel
	r.settle("5", briefings.Settings{Rev: 1, LogChannel: "81", Locale: "quiet"})
	r.wall = at(t, "2026-01-19T10:00:00Z") // a Monday, after nine: a first start tells of nothing past
	r.passes("2026-02-02T12:00:00Z", r.nudger(), r.nudger())
	r.said("1 26 07:00", "2 26 09:00", "1 2 07:00", "2 2 09:00")
}

// What was chosen since a notice was planned counts when it falls due.
func TestNudgesFollowSettings(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, d := range []briefings.DeskID{"1", "2", "3"} {
		r.settle(d, briefings.Settings{Rev: 1, LogChannel: "77", Zone: "UTC"})
	}
	r.wall = at(t, "2026-01-20T08:00:00Z")
	n := r.nudger()
	r.passes("2026-01-20T09:00:00Z", n)
	r.settle("1", briefings.Settings{Rev: 2, LogChannel: "77", Zone: "America/New_York"})
	r.settle("2", briefings.Settings{Rev: 2, LogChannel: "77", Zone: "UTC", Nudge: briefings.SettingOff})
	r.settle("3", briefings.Settings{Rev: 2, Zone: "UTC"})
	r.passes("2026-01-27T09:00:00Z", n)
	r.said("1 26 14:00")
}

// Down on Monday morning, a copy tells later that day and no more on Tuesday.
func TestNudgesAfterAnOutage(t *testing.T) {
	t.Parallel()
	for up, want := range map[string][]string{"2026-01-26T15:00:00Z": {"1 26 15:10"}, "2026-01-27T09:30:00Z": nil, "2026-03-03T00:00:00Z": nil} {
		r := newRig(t)
		r.settle("1", briefings.Settings{Rev: 1, LogChannel: "77", Zone: "UTC"})
		r.wall = at(t, "2026-01-20T08:00:00Z")
		r.passes("2026-01-20T09:00:00Z", r.nudger())
		r.wall = at(t, up)
		r.passes(r.wall.Add(time.Hour).Format(time.RFC3339), r.nudger())
		r.said(want...)
	}
}

// Whether a post got there that was not answered is looked up before the next try.
func TestNudgesOnceAmidTrouble(t *testing.T) {
	t.Parallel()
	away := errors.New("no answer")
	for name, tt := range map[string]struct {
		trouble func(r *room)
		want    []string
	}{
		"posted and not answered": {func(r *room) { r.after = failing(1, away) }, []string{"1 26 09:00"}},
		"not posted":              {func(r *room) { r.before = failing(2, away) }, []string{"1 26 09:20"}},
		"never posted":            {func(r *room) { r.before = failing(1000, away) }, nil},
		"forbidden":               {func(r *room) { r.before = failing(1, forbidden()) }, nil},
		"hidden after a try":      {func(r *room) { r.after, r.find = failing(1, away), failing(1, forbidden()) }, []string{"1 26 09:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.settle("1", briefings.Settings{Rev: 1, LogChannel: "77", Zone: "UTC"})
			r.wall = at(t, "2026-01-26T08:00:00Z")
			tt.trouble(r.room)
			r.passes("2026-01-27T12:00:00Z", r.nudger(), r.nudger())
			r.said(tt.want...)
		})
	}
}

// A notice of another kind takes the same road, once for each subject.
func TestNoticesOfAnyKind(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.settle("1", briefings.Settings{Rev: 1, LogChannel: "77", Nudge: briefings.SettingOff})
	r.wall = at(t, "2026-01-20T08:00:00Z")
	for _, subject := range []string{"a", "b", "a"} {
		if err := r.store.PlanNotices(t.Context(), []digests.DeskNotice{digests.NewDeskNotice("1", "other", subject, at(t, "2026-01-20T09:00:00Z"))}); err != nil {
			t.Fatal(err)
		}
	}
	n := r.nudger()
	r.passes("2026-01-20T10:00:00Z", n)
	r.said("other", "other")
	if next, err := n.Follow(t.Context(), r.wall); err != nil || !next.IsZero() {
		t.Errorf("next at %s, %v, want never", next, err)
	}
	r.settle("1", briefings.Settings{Rev: 2, LogChannel: "77"})
	if next, err := n.Follow(t.Context(), r.wall); err != nil || !next.Equal(at(t, "2026-01-26T09:00:00Z")) {
		t.Errorf("next at %s, %v, want the Monday after", next, err)
	}
	ids := map[string]bool{}
	for _, m := range r.room.messages {
		ids[m.delivery] = true
	}
	if len(ids) != 2 {
		t.Errorf("delivered as %v, want two ids", maps.Keys(ids))
	}
}
