package digests

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sitrep/briefings"
)

const (
	// DefaultGrace is how late a digest may still be posted where a
	// subscription doesn't say.
	DefaultGrace = 2 * time.Hour
	// MaxGrace is shorter than any day, so that two digests of one
	// subscription are never late together.
	MaxGrace = 12 * time.Hour

	planBatch  = 500
	mostMissed = 50 // slots recorded of one subscription, however long the outage
	tooLate    = "too late"

	// displaced is how far a change of a zone's rules may move a slot that
	// NextDue was computed for.
	displaced = 3 * time.Hour
)

// The kinds of subscription.
const (
	DailyKind     = "daily"
	CronKind      = "cron"
	CountdownKind = "countdown"
)

// Schedule is when s falls due; date is where its key date stands, for a
// countdown. It fails where the subscription was kept by a newer sitrep, or by
// hand.
func (s Subscription) Schedule(date KeyDate) (Schedule, error) { return s.schedule(loadZone, date) }

func (s Subscription) schedule(load func(string) (*time.Location, error), date KeyDate) (Schedule, error) {
	schedule, err := s.read(load, date)
	if err != nil {
		return nil, fmt.Errorf("digests: reading subscription %s: %w", s.ID, err)
	}
	return schedule, nil
}

func (s Subscription) read(load func(string) (*time.Location, error), date KeyDate) (Schedule, error) {
	if s.Kind == CronKind {
		return parseCron(s.Cron, s.Zone, load)
	}
	minute, err := parseClock(s.At)
	if err != nil {
		return nil, err
	}
	zone, err := load(s.Zone)
	if err != nil {
		return nil, err
	}
	d := Daily{minute: minute, zone: zone}
	switch s.Kind {
	case DailyKind:
		days, err := ParseDays(s.Days)
		return d.On(days), err
	case CountdownKind:
		offsets, err := ParseOffsets(s.Offsets)
		return d.Countdown(offsets, date), err
	}
	return nil, fmt.Errorf("its kind %s is not known", quote(s.Kind))
}

// SlotAt is a slot to be sent at once, besides the schedule: at most one in each
// minute, of which one that falls due in it counts as the same. It fails where
// the zone is unknown here.
func (s Subscription) SlotAt(now time.Time) (Slot, error) {
	zone, err := loadZone(s.Zone)
	if err != nil {
		return Slot{}, err
	}
	local := now.In(zone)
	_, seconds := local.Zone()
	m := moment{local: local.UTC().Add(time.Duration(seconds) * time.Second), due: now.Truncate(time.Minute)}
	return Slot{ID: m.id(s.ID), Subscription: s.ID, Due: m.due, State: Planned}, nil
}

// graceEnd is the last instant by the bot's clock at which a slot due at due is
// still worth posting.
func (s Subscription) graceEnd(due time.Time) time.Time {
	switch {
	case s.Grace <= 0:
		return due.Add(DefaultGrace)
	case s.Grace > MaxGrace:
		return due.Add(MaxGrace)
	}
	return due.Add(s.Grace)
}

// planner turns subscriptions that fell due into slots. Only date and zone are
// safe for concurrent use.
type planner struct {
	planning Planning
	dates    KeyDates
	zones    sync.Map // of *time.Location, by name; what sends reads it too
	news     news
	followed time.Time // when dates were followed last
}

func newPlanner(planning Planning, dates KeyDates) *planner {
	return &planner{planning: planning, dates: dates, news: news{record: planning}}
}

// dateInterval is how long a countdown may not know that its date has moved.
const dateInterval = 5 * time.Second

// tick records what fell due by now, then looks whether dates have moved. It
// calls planned whenever there is something to send.
func (p *planner) tick(ctx context.Context, now, wall time.Time, planned func()) error {
	err := p.plan(ctx, now, planned)
	if errors.Is(err, briefings.ErrUnavailable) || now.Sub(p.followed).Abs() < dateInterval {
		return err
	}
	p.followed = now
	return errors.Join(err, p.followDates(ctx, now, wall))
}

// plan records what fell due by now. A subscription that can't be planned
// doesn't keep the others waiting.
func (p *planner) plan(ctx context.Context, now time.Time, planned func()) error {
	for {
		due, err := p.planning.Due(ctx, now, planBatch)
		if err != nil {
			return fmt.Errorf("digests: looking for what is due: %w", err)
		}
		var first error
		failed := 0
		for _, s := range due {
			err := p.planOne(ctx, s, now)
			if err != nil && (errors.Is(err, briefings.ErrUnavailable) || ctx.Err() != nil) {
				return err
			}
			if err == nil {
				planned()
				continue
			}
			if failed++; first == nil {
				first = err
			}
		}
		if failed > 0 {
			return fmt.Errorf("digests: planning failed for %d of %d subscriptions, first: %w", failed, len(due), first)
		}
		if len(due) < planBatch {
			return nil
		}
	}
}

func (p *planner) planOne(ctx context.Context, s Subscription, now time.Time) error {
	date, err := p.date(ctx, s)
	if err != nil {
		return err
	}
	schedule, err := s.schedule(p.zone, date)
	if err != nil {
		return errors.Join(err, p.giveUp(ctx, s, now))
	}
	if date.Cancelled {
		return p.cancel(ctx, s, now)
	}
	slots, next := missed(s, schedule, now)
	if err := p.planning.Plan(ctx, s, slots, next); err != nil {
		return fmt.Errorf("digests: planning subscription %s: %w", s.ID, err)
	}
	return nil
}

// date is where the key date of a countdown stands.
func (p *planner) date(ctx context.Context, s Subscription) (KeyDate, error) {
	return p.dateOf(ctx, s, s.Desk)
}

// dateOf is date as desk has it.
func (p *planner) dateOf(ctx context.Context, s Subscription, desk briefings.DeskID) (KeyDate, error) {
	if s.Kind != CountdownKind {
		return KeyDate{}, nil
	}
	date, err := p.dates(ctx, desk, s.Date)
	if err != nil {
		return KeyDate{}, fmt.Errorf("digests: looking for the date of subscription %s: %w", s.ID, err)
	}
	return date, nil
}

// giveUp leaves a row for people to see and looks again tomorrow, perhaps as a
// sitrep that can read the subscription.
func (p *planner) giveUp(ctx context.Context, s Subscription, now time.Time) error {
	slot := Slot{
		ID: moment{local: s.NextDue.UTC()}.id(s.ID), Subscription: s.ID, Due: s.NextDue, State: Failed,
		Reason: "this version of sitrep can't read the subscription; remove it and add it again",
	}
	if err := p.planning.Plan(ctx, s, []Slot{slot}, now.Add(24*time.Hour)); err != nil {
		return fmt.Errorf("digests: giving up on subscription %s: %w", s.ID, err)
	}
	return nil
}

// missed lists the slots of s that fell due by now, oldest first, and when the
// next one does. Only the newest may still be sent.
func missed(s Subscription, schedule Schedule, now time.Time) (slots []Slot, next time.Time) {
	// A new rule of the zone may have moved the slot to before NextDue. One that
	// was planned already has its row and is not planned again.
	from := s.NextDue.Add(-displaced)
	if from.Before(s.Since) {
		from = s.Since
	}
	if oldest := now.AddDate(0, 0, -mostMissed); from.Before(oldest) {
		from = oldest
	}
	m := schedule.slot(from)
	for ; !m.due.IsZero() && !m.due.After(now); m = schedule.slot(m.due) {
		slots = append(slots, Slot{
			ID: m.id(s.ID), Subscription: s.ID, Due: m.due, State: Skipped, Reason: tooLate,
		})
	}
	slots = slots[max(0, len(slots)-mostMissed):]
	if n := len(slots); n > 0 && !now.After(s.graceEnd(slots[n-1].Due)) {
		slots[n-1].State, slots[n-1].Reason = Planned, ""
	}
	return slots, m.due
}

// zone is [loadZone] from memory: reading one takes longer than planning with it.
func (p *planner) zone(name string) (*time.Location, error) {
	if zone, known := p.zones.Load(name); known {
		return zone.(*time.Location), nil
	}
	zone, err := loadZone(name)
	if err == nil {
		p.zones.Store(name, zone)
	}
	return zone, err
}
