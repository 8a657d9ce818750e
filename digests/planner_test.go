package digests_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

func TestLateMissedAndOnTime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, now string
		want      []string
		late      bool
	}{
		{name: "not due", now: "2026-01-19T07:59:59Z"},
		{name: "on time", now: "2026-01-19T08:00:00Z", want: []string{"2026-01-19T08:00:00Z sent m1"}},
		{name: "a busy minute", now: "2026-01-19T08:01:00Z", want: []string{"2026-01-19T08:00:00Z sent m1"}},
		{name: "late", now: "2026-01-19T09:12:00Z", want: []string{"2026-01-19T08:00:00Z sent m1"}, late: true},
		{name: "at the end of the grace", now: "2026-01-19T10:00:00Z", want: []string{"2026-01-19T08:00:00Z sent m1"}, late: true},
		{name: "after the grace", now: "2026-01-19T10:00:01Z", want: []string{"2026-01-19T08:00:00Z skipped (too late)"}},
		{name: "suspended for days", now: "2026-01-21T09:00:00Z", late: true, want: []string{
			"2026-01-19T08:00:00Z skipped (too late)",
			"2026-01-20T08:00:00Z skipped (too late)",
			"2026-01-21T08:00:00Z sent m1",
		}},
		{name: "suspended for days and too late", now: "2026-01-20T20:00:00Z", want: []string{
			"2026-01-19T08:00:00Z skipped (too late)",
			"2026-01-20T08:00:00Z skipped (too late)",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.subscribe("c", "08:00", "UTC", "2026-01-18T12:00:00Z")
			r.tick(r.runner(), tt.now)
			r.check(tt.want...)
			for _, c := range r.composed {
				next := c.Slot.Due.AddDate(0, 0, 1)
				if c.Late != tt.late || !c.At.Equal(r.wall) || !c.Next.Equal(next) {
					t.Errorf("composed with Late %v At %s Next %s, want %v %s %s", c.Late, c.At, c.Next, tt.late, r.wall, next)
				}
			}
		})
	}
}

func TestFirstStartLeavesThePastAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribe("c", "08:00", "Europe/Kyiv", "2026-01-19T06:30:00Z") // half an hour after today's
	runner := r.runner()
	r.tick(runner, "2026-01-19T06:30:01Z")
	r.check()
	r.tick(runner, "2026-01-20T06:00:00Z")
	r.check("2026-01-20T06:00:00Z sent m1")
}

func TestLongOutageRecordsFiftySlots(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribe("c", "08:00", "Europe/Kyiv", "2021-01-19T12:00:00Z")
	r.tick(r.runner(), "2026-01-19T07:00:00Z")
	got := r.slots()
	if len(got) != 50 {
		t.Fatalf("recorded %d slots, want 50", len(got))
	}
	if want := "2026-01-19T06:00:00Z sent m1"; got[49] != want {
		t.Errorf("the newest slot is %s, want %s", got[49], want)
	}
	for i, line := range got[:49] {
		if !strings.HasSuffix(line, "skipped (too late)") {
			t.Errorf("slot %d is %s, want it skipped", i, line)
		}
	}
	next, err := r.store.NextDue(t.Context())
	if want := at(t, "2026-01-20T06:00:00Z"); err != nil || !next.Equal(want) {
		t.Errorf("NextDue = %s, %v, want %s", next, err, want)
	}
}

// TestFiftySlotsAndAnHour has the clocks go forward within the last fifty days,
// so that 51 slots fell due in them.
func TestFiftySlotsAndAnHour(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribe("c", "08:00", "Europe/Zurich", "2026-01-19T12:00:00Z")
	r.tick(r.runner(), "2026-04-20T06:00:00Z")
	if got := r.slots(); len(got) != 50 || got[49] != "2026-04-20T06:00:00Z sent m1" {
		t.Errorf("recorded %d slots, the newest %s, want 50, the newest sent", len(got), got[len(got)-1])
	}
}

func TestGraceHasBounds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		grace time.Duration
		after string
		want  string
	}{
		{0, "2026-01-19T10:00:00Z", due + " sent m1"},
		{0, "2026-01-19T10:00:01Z", due + " skipped (too late)"},
		{-time.Hour, "2026-01-19T09:00:00Z", due + " sent m1"},
		{time.Minute, "2026-01-19T08:01:01Z", due + " skipped (too late)"},
		{48 * time.Hour, "2026-01-19T20:00:00Z", due + " sent m1"},
		{48 * time.Hour, "2026-01-19T20:00:01Z", due + " skipped (too late)"},
	} {
		t.Run(fmt.Sprint(tt.grace, " ", tt.after), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s := r.subscribe("other", "12:00", "UTC", "2026-01-30T00:00:00Z")
			s.ID, s.At, s.Grace, s.NextDue = digests.NewID(), "08:00", tt.grace, at(t, due)
			r.keep(s)
			r.tick(r.runner(), tt.after)
			r.check(tt.want)
		})
	}
}

func TestClockSetBackFiresNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribe("c", "08:00", "UTC", "2026-01-18T12:00:00Z")
	runner := r.runner()
	for _, now := range []string{
		"2026-01-19T08:00:00Z", "2026-01-19T07:59:00Z", "2026-01-19T08:00:00Z", "2026-01-17T08:00:00Z", "2026-01-19T08:00:05Z",
	} {
		r.tick(runner, now)
		r.check("2026-01-19T08:00:00Z sent m1")
	}
	r.tick(runner, "2026-01-20T08:00:00Z")
	r.check("2026-01-19T08:00:00Z sent m1", "2026-01-20T08:00:00Z sent m2")
}

func TestNextDueOfAnOlderZoneRule(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		planned time.Duration // where the old rule had the slot
		want    []string
	}{
		{"moved to earlier", time.Hour, []string{"2026-01-19T08:00:00Z sent m1"}},
		{"moved to later", -time.Hour, []string{"2026-01-19T08:00:00Z sent m1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s := r.subscribe("other", "12:00", "UTC", "2026-01-30T00:00:00Z")
			s.ID, s.At = digests.NewID(), "08:00"
			s.NextDue = at(t, "2026-01-19T08:00:00Z").Add(tt.planned)
			r.keep(s)
			runner := r.runner()
			for _, now := range []string{"2026-01-19T07:00:00Z", "2026-01-19T08:00:00Z", "2026-01-19T09:00:00Z"} {
				r.tick(runner, now)
			}
			r.check(tt.want...)
		})
	}
}

// TestUnreadableSubscription has one that a newer sitrep may have kept among
// more than are planned at once.
func TestUnreadableSubscription(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(*digests.Subscription)
	}{
		{"kind", func(s *digests.Subscription) { s.Kind = "lunar" }},
		{"zone", func(s *digests.Subscription) { s.Zone = "Local" }},
		{"no zone", func(s *digests.Subscription) { s.Zone = "" }},
		{"time", func(s *digests.Subscription) { s.At = "25:00" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s := r.subscribe("good", "08:00", "UTC", "2026-01-18T12:00:00Z")
			s.ID, s.Channel, s.NextDue = digests.NewID(), "bad", s.NextDue.Add(-time.Second)
			tt.spoil(&s)
			r.keep(s)
			runner := r.runner()
			r.wall = at(t, "2026-01-19T08:00:00Z")
			if err := runner.Tick(t.Context(), r.wall); err == nil || !strings.Contains(err.Error(), s.ID) {
				t.Errorf("Tick = %v, want an error that names %s", err, s.ID)
			}
			if err := runner.Tick(t.Context(), r.wall); err != nil {
				t.Errorf("Tick again = %v, want none before tomorrow", err)
			}
			r.check("2026-01-19T07:59:59Z failed (this version of sitrep can't read the subscription; remove it and add it again)",
				"2026-01-19T08:00:00Z sent m1")
		})
	}
}

func TestPlansMoreThanABatch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribeMany(520)
	r.wall = at(t, "2026-01-19T08:00:00Z")
	r.parts.Ledger = planOnly{r.store}
	if err := r.runner().Tick(t.Context(), r.wall); err != nil {
		t.Fatal(err)
	}
	due, err := r.store.Due(t.Context(), at(t, "2026-01-19T23:00:00Z"), 10)
	if err != nil || len(due) > 0 {
		t.Errorf("after the tick %d subscriptions are due, %v, want 0", len(due), err)
	}
	if got := len(r.slots()); got != 520 {
		t.Errorf("the ledger holds %d slots, want 520", got)
	}
}

// planOnly is a ledger that has nothing to send.
type planOnly struct{ digests.Ledger }

func (planOnly) Claim(context.Context, string, time.Time, time.Duration) (digests.Claim, error) {
	return digests.Claim{}, digests.ErrNothing
}

func (r *rig) subscribeMany(n int) {
	r.t.Helper()
	for i := range n {
		s := digests.Subscription{
			ID: digests.NewID(), Desk: desk, Channel: digests.ChannelID(fmt.Sprint("c", i)), Kind: "daily",
			At: "08:00", Zone: "UTC", Locale: "en-US", CreatedBy: "2",
			CreatedAt: at(r.t, "2026-01-18T12:00:00Z"), NextDue: at(r.t, "2026-01-19T08:00:00Z"),
		}
		r.keep(s)
	}
}

// countdown subscribes to three days before, the day and the day after.
func (r *rig) countdown(first string) digests.Subscription {
	r.t.Helper()
	r.dateIs(first)
	s := digests.Subscription{
		ID: digests.NewID(), Desk: desk, Channel: "c", Kind: digests.CountdownKind, At: "08:00", Zone: "UTC", Offsets: "3,0,-1",
		Date: "event/davos", CreatedAt: at(r.t, "2026-01-01T00:00:00Z"),
	}
	schedule, err := s.Schedule(r.date)
	if err != nil {
		r.t.Fatal(err)
	}
	s.NextDue = schedule.Next(s.CreatedAt)
	r.keep(s)
	return s
}

func (r *rig) dateIs(first string) {
	day := at(r.t, first+"T00:00:00Z")
	r.date = digests.KeyDate{First: day, Last: day}
	r.changed()
}

func (r *rig) cancel() {
	r.date.Cancelled = true
	r.changed()
}

// changed records that the desk was changed.
func (r *rig) changed() {
	r.t.Helper()
	q := &briefings.Question{Question: "?", State: briefings.OpenQuestion}
	q.ID, q.Refs = "question/a", []string{"Q1"}
	r.revs++
	err := r.store.Publish(r.t.Context(), desk, r.revs-1, []briefings.Revision{{
		Rev: r.revs, Item: q, Op: briefings.OpAmend, RecordedAt: at(r.t, "2026-01-16T00:00:00Z"), RecordedBy: "2",
	}})
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestCountdownFollowsItsDate(t *testing.T) {
	t.Parallel()
	sent := func(day, message string) string { return day + "T08:00:00Z sent " + message }
	for _, tt := range []struct {
		name string
		then func(r *rig, tick func(now string))
		want []string
	}{
		{"to its end", func(_ *rig, tick func(string)) {
			tick("2026-01-19T08:00:00Z")
			tick("2026-01-20T08:00:00Z")
			tick("2026-01-21T08:00:00Z")
		}, []string{sent("2026-01-16", "m1"), sent("2026-01-19", "m2"), sent("2026-01-20", "m3")}},
		{"later", func(r *rig, tick func(string)) {
			r.dateIs("2026-01-29")
			for _, day := range []string{"17", "19", "20", "26"} {
				tick("2026-01-" + day + "T08:00:00Z")
			}
		}, []string{sent("2026-01-16", "m1"), sent("2026-01-26", "m2")}},
		{"earlier, to before it was to come", func(r *rig, tick func(string)) {
			r.dateIs("2026-01-18")
			tick("2026-01-17T12:00:00Z")
			tick("2026-01-18T08:00:00Z")
		}, []string{sent("2026-01-16", "m1"), sent("2026-01-18", "m2")}},
		{"to and fro: what was posted is not posted again", func(r *rig, tick func(string)) {
			r.dateIs("2026-01-29")
			tick("2026-01-16T08:01:00Z")
			r.dateIs("2026-01-19")
			tick("2026-01-16T08:02:00Z")
			tick("2026-01-19T08:00:00Z")
		}, []string{sent("2026-01-16", "m1"), sent("2026-01-19", "m2")}},
		{"cancelled, said once, and on again", func(r *rig, tick func(string)) {
			r.cancel()
			tick("2026-01-17T12:00:00Z")
			tick("2026-01-17T12:01:00Z")
			tick("2026-01-19T08:00:00Z")
			r.dateIs("2026-01-29")
			tick("2026-01-20T08:00:00Z")
			tick("2026-01-26T08:00:00Z")
		}, []string{sent("2026-01-16", "m1"), "2026-01-17T12:00:00Z sent m2", sent("2026-01-26", "m3")}},
		{"cancelled while away, said once", func(r *rig, tick func(string)) {
			r.cancel()
			tick("2026-01-19T09:00:00Z")
			tick("2026-01-20T08:00:00Z")
		}, []string{sent("2026-01-16", "m1"), "2026-01-19T09:00:00Z sent m2"}},
		{"cancelled when nothing was to come", func(r *rig, tick func(string)) {
			tick("2026-01-19T08:00:00Z")
			tick("2026-01-20T08:00:00Z")
			r.cancel()
			tick("2026-01-21T08:00:00Z")
		}, []string{sent("2026-01-16", "m1"), sent("2026-01-19", "m2"), sent("2026-01-20", "m3")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.countdown("2026-01-19")
			runner := r.runner()
			r.tick(runner, "2026-01-16T08:00:00Z")
			tt.then(r, func(now string) { r.tick(runner, now) })
			r.check(tt.want...)
		})
	}
}

func TestHourlyCronIsLateOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := digests.Subscription{
		ID: digests.NewID(), Desk: desk, Channel: "c", Kind: digests.CronKind, Cron: "0 * * * *", Zone: "UTC",
		CreatedAt: at(t, "2026-01-19T07:30:00Z"), Since: at(t, "2026-01-19T07:30:00Z"), NextDue: at(t, "2026-01-19T08:00:00Z"),
	}
	r.keep(s)
	r.room.before = failing(1, &digests.PostError{Say: "not now"})
	runner := r.runner()
	r.tick(runner, "2026-01-19T08:00:00Z")
	r.tick(runner, "2026-01-19T10:10:00Z") // the machine slept: 08:00 was not posted, 09:00 not planned
	r.check("2026-01-19T08:00:00Z failed (not now)", "2026-01-19T09:00:00Z skipped (too late)", "2026-01-19T10:00:00Z sent m1")
}

func TestSlotAtOnceAMinute(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.subscribe("c", "08:00", "Europe/Kyiv", "2026-01-18T12:00:00Z")
	runner := r.runner()
	for _, now := range []string{"2026-01-18T17:30:10Z", "2026-01-18T17:30:50Z", "2026-01-19T06:00:00Z"} {
		slot, err := s.SlotAt(at(t, now))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.store.Plan(t.Context(), s, []digests.Slot{slot}, s.NextDue); err != nil {
			t.Fatal(err)
		}
		r.tick(runner, now)
	}
	r.check("2026-01-18T17:30:00Z sent m1", "2026-01-19T06:00:00Z sent m2")
	s.Zone = "Nowhere"
	if _, err := s.SlotAt(at(t, due)); err == nil {
		t.Error("a zone that is unknown: got no error")
	}
}
