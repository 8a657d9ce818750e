package digests

import (
	"context"
	"errors"
	"fmt"
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

// Schedule is when s falls due. It fails where the subscription was kept by a
// newer sitrep, or by hand.
func (s Subscription) Schedule() (Daily, error) { return s.schedule(loadZone) }

func (s Subscription) schedule(load func(string) (*time.Location, error)) (Daily, error) {
	if s.Kind != "daily" {
		return Daily{}, fmt.Errorf("digests: reading subscription %s: its kind %s is not known", s.ID, quote(s.Kind))
	}
	minute, err := parseClock(s.At)
	if err != nil {
		return Daily{}, fmt.Errorf("digests: reading subscription %s: %w", s.ID, err)
	}
	zone, err := load(s.Zone)
	if err != nil {
		return Daily{}, fmt.Errorf("digests: reading subscription %s: %w", s.ID, err)
	}
	return Daily{minute: minute, zone: zone}, nil
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

// planner turns subscriptions that fell due into slots. It is not safe for
// concurrent use.
type planner struct {
	subscriptions Subscriptions
	ledger        Ledger
	zones         map[string]*time.Location
}

func newPlanner(subscriptions Subscriptions, ledger Ledger) *planner {
	return &planner{subscriptions: subscriptions, ledger: ledger, zones: map[string]*time.Location{}}
}

// plan records what fell due by now. A subscription that can't be planned
// doesn't keep the others waiting.
func (p *planner) plan(ctx context.Context, now time.Time) error {
	for {
		due, err := p.subscriptions.Due(ctx, now, planBatch)
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
	schedule, err := s.schedule(p.zone)
	if err != nil {
		return errors.Join(err, p.giveUp(ctx, s, now))
	}
	slots, next := missed(s, schedule, now)
	if err := p.ledger.Plan(ctx, s, slots, next); err != nil {
		return fmt.Errorf("digests: planning subscription %s: %w", s.ID, err)
	}
	return nil
}

// giveUp leaves a row for people to see and looks again tomorrow, perhaps as a
// sitrep that can read the subscription.
func (p *planner) giveUp(ctx context.Context, s Subscription, now time.Time) error {
	slot := Slot{
		ID: slotID(s.ID, s.NextDue.UTC()), Subscription: s.ID, Due: s.NextDue, State: Failed,
		Reason: "this version of sitrep can't read the subscription; remove it and add it again",
	}
	if err := p.ledger.Plan(ctx, s, []Slot{slot}, now.Add(24*time.Hour)); err != nil {
		return fmt.Errorf("digests: giving up on subscription %s: %w", s.ID, err)
	}
	return nil
}

// missed lists the slots of s that fell due by now, oldest first, and when the
// next one does. Only the newest may still be sent.
func missed(s Subscription, schedule Daily, now time.Time) (slots []Slot, next time.Time) {
	// A new rule of the zone may have moved the slot to before NextDue. One that
	// was planned already has its row and is not planned again.
	from := s.NextDue.Add(-displaced)
	if oldest := now.AddDate(0, 0, -mostMissed); from.Before(oldest) {
		from = oldest
	}
	m := schedule.slot(from)
	for ; !m.due.After(now); m = schedule.slot(m.due) {
		slots = append(slots, Slot{
			ID: slotID(s.ID, m.local), Subscription: s.ID, Due: m.due, State: Skipped, Reason: tooLate,
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
	if zone := p.zones[name]; zone != nil {
		return zone, nil
	}
	zone, err := loadZone(name)
	if err == nil {
		p.zones[name] = zone
	}
	return zone, err
}
