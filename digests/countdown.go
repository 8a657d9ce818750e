package digests

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sitrep/briefings"
)

// The offsets that a countdown may have.
const (
	mostOffsets  = 20
	mostBefore   = 366
	mostAfter    = 30
	offsetsUsual = "14,7,3,1,0,-1"
)

// A KeyDate is where a desk's key date stands.
type KeyDate struct {
	First, Last time.Time // its days, as midnights in UTC; zero where no day is known
	Cancelled   bool      // it was called off, or left the briefing
}

// KeyDates tells where key dates stand.
type KeyDates func(ctx context.Context, desk briefings.DeskID, id briefings.ID) (KeyDate, error)

// Offsets are days before a key date: 0 is its first day, -1 the day after its last.
type Offsets []int

// ParseOffsets reads "14,7,1,0,-1"; nothing is the usual ones. Its errors are
// [briefings.UserError].
func ParseOffsets(typed string) (Offsets, error) {
	parts := strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ' ' })
	if len(parts) == 0 {
		return ParseOffsets(offsetsUsual)
	}
	var all Offsets
	for _, part := range parts {
		n, err := strconv.Atoi(strings.Replace(part, "−", "-", 1))
		if err != nil || strings.HasPrefix(part, "+") || n > mostBefore || n < -mostAfter {
			return nil, refuse("schedule.offsets", args{"Text": quoted(part), "Before": mostBefore, "After": mostAfter, "Usual": offsetsUsual},
				`I can't read "{{.Text}}" as days before a date. Write numbers from {{.Before}} to -{{.After}}, like {{.Usual}}: 0 is the day itself, -1 the day after.`)
		}
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b int) int { return b - a })
	all = slices.Compact(all)
	if len(all) > mostOffsets {
		return nil, refuse("schedule.many_offsets", args{"Number": len(all), "Most": mostOffsets}, "That is {{.Number}} digests for one date, and {{.Most}} is the most. Leave some out.")
	}
	return all, nil
}

// String is the form that subscriptions keep.
func (o Offsets) String() string {
	var parts []string
	for _, n := range o {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ",")
}

// A Countdown falls due on days counted from a key date, at one time of day.
// Without a day, or when it is cancelled, it is never due.
type Countdown struct {
	time    Daily
	offsets Offsets
	date    KeyDate
}

// Countdown counts to date, at d's time of day; d's days of the week don't matter.
func (d Daily) Countdown(offsets Offsets, date KeyDate) Countdown {
	return Countdown{time: d, offsets: offsets, date: date}
}

// Next is for [Schedule].
func (c Countdown) Next(after time.Time) time.Time { return c.slot(after).due }

func (c Countdown) slot(after time.Time) (next moment) {
	if c.date.First.IsZero() || c.date.Cancelled {
		return moment{}
	}
	for _, before := range c.offsets {
		from := c.date.First
		if before < 0 {
			from = c.date.Last
		}
		local := time.Date(from.Year(), from.Month(), from.Day()-before, 0, c.time.minute, 0, 0, time.UTC)
		due := firstReach(local, c.time.location())
		if due.After(after) && (next.due.IsZero() || due.Before(next.due)) {
			next = moment{local: local, due: due}
		}
	}
	return next
}

// KeyDate is a [KeyDates]: where a date of one of the service's desks stands.
func (wr Writer) KeyDate(ctx context.Context, desk briefings.DeskID, id briefings.ID) (KeyDate, error) {
	snap, err := wr.Briefings.Snapshot(ctx, desk)
	if err != nil {
		return KeyDate{}, fmt.Errorf("digests: read desk %s: %w", desk, err)
	}
	return keyDate(snap, id), nil
}

func keyDate(snap *briefings.Snapshot, id briefings.ID) KeyDate {
	e, ok := snap.Item(id).(*briefings.Event)
	if !ok || e.Happened == briefings.Cancelled || e.Happened == briefings.No {
		return KeyDate{Cancelled: true}
	}
	first, begins := e.Valid.First()
	last, ends := e.Valid.Last()
	if !begins || !ends || e.Valid.Precision() != briefings.Day {
		return KeyDate{}
	}
	return KeyDate{First: first, Last: last}
}

// followDates moves the countdowns whose dates moved. A date that was
// cancelled while something was still to come gets one last slot, which says so.
func (p *planner) followDates(ctx context.Context, now, wall time.Time) error {
	changed, err := p.news.due(ctx, now, wall)
	if err != nil || len(changed) == 0 {
		return err
	}
	desks, reads, err := p.news.scope(ctx, changed)
	if err != nil {
		return err
	}
	counting, err := p.planning.Countdowns(ctx, desks)
	if err != nil {
		return fmt.Errorf("digests: looking for countdowns: %w", err)
	}
	var failed []error
	for _, s := range counting {
		if err := p.followDate(ctx, s, reads(s.Desk), now); errors.Is(err, briefings.ErrUnavailable) || ctx.Err() != nil {
			return err
		} else if err != nil && len(failed) < 3 {
			failed = append(failed, err)
		}
	}
	if len(failed) == 0 { // else all are tried again
		for _, desk := range changed {
			p.news.looked(desk, wall)
		}
	}
	return errors.Join(failed...)
}

func (p *planner) followDate(ctx context.Context, s Subscription, from briefings.DeskID, now time.Time) error {
	if !s.NextDue.IsZero() && !s.NextDue.After(now) {
		return nil // it is due, and planned first
	}
	date, err := p.dateOf(ctx, s, from)
	if err != nil {
		return err
	}
	schedule, err := s.schedule(p.zone, date)
	if err != nil {
		return fmt.Errorf("digests: following the date of a countdown: %w", err)
	}
	next := schedule.Next(now)
	if next.Equal(s.NextDue) {
		return nil
	}
	if date.Cancelled {
		return p.cancel(ctx, s, now)
	}
	if err := p.planning.Plan(ctx, s, nil, next); err != nil {
		return fmt.Errorf("digests: moving countdown %s: %w", s.ID, err)
	}
	return nil
}

// cancel plans the slot that says that s has nothing more to count down to.
func (p *planner) cancel(ctx context.Context, s Subscription, now time.Time) error {
	m := moment{local: now.UTC(), due: now}
	slot := Slot{ID: m.id(s.ID), Subscription: s.ID, Due: now, State: Planned}
	if err := p.planning.Plan(ctx, s, []Slot{slot}, time.Time{}); err != nil {
		return fmt.Errorf("digests: ending countdown %s: %w", s.ID, err)
	}
	return nil
}
