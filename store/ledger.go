package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// Plan is for [digests.Planning]. Only planned and final slots can be planned.
func (s *Store) Plan(ctx context.Context, o digests.Subscription, slots []digests.Slot, next time.Time) error {
	return s.inTx(ctx, "plan subscription "+o.ID, func(ctx context.Context, q session) error {
		moved, err := q.exec(ctx, `
			UPDATE subscriptions SET next_due = $3
			WHERE id = $1 AND ended = 0 AND next_due IS NOT DISTINCT FROM $2`, o.ID, o.NextDue, next)
		if err != nil || moved == 0 {
			return err
		}
		for _, slot := range slots {
			if slot.Subscription != o.ID {
				return fmt.Errorf("slot %s belongs to subscription %s", slot.ID, slot.Subscription)
			}
			_, err := q.exec(ctx, `
				INSERT INTO slots (id, subscription, due, state, reason, message, rev, tries)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
				ON CONFLICT DO NOTHING`,
				slot.ID, slot.Subscription, slot.Due, slot.State, slot.Reason, slot.Message, slot.Rev, slot.Tries)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// errTaken means that another claimer was a moment earlier.
var errTaken = errors.New("a digest is going out to the channel")

// Claim is for [digests.Ledger].
func (s *Store) Claim(ctx context.Context, owner string, wall time.Time, lease time.Duration) (digests.Claim, error) {
	for {
		c := digests.Claim{Until: wall.Add(lease).UTC().Truncate(time.Millisecond)}
		err := s.inTx(ctx, "claim a slot", func(ctx context.Context, q session) error { return claim(ctx, q, &c, owner, wall) })
		switch {
		case err == nil:
			return c, nil
		case !errors.Is(err, errTaken):
			return digests.Claim{}, err
		}
	}
}

func claim(ctx context.Context, q session, c *digests.Claim, owner string, wall time.Time) error {
	if err := take(ctx, q, c, owner, wall); err != nil {
		return err
	}
	var err error
	c.Subscription, err = scanSubscription(q.row(ctx, `
		SELECT `+subscriptionColumns+` FROM subscriptions WHERE id = $1`, c.Slot.Subscription))
	if err != nil {
		return err
	}
	if err := keepChannel(ctx, q, c, wall); err != nil {
		return err
	}
	c.LastRev, err = lastShown(ctx, q, c.Slot.Subscription)
	return err
}

// keepChannel returns errTaken where another slot of the channel was claimed in
// the same instant. In Postgres neither claimer sees what the other hasn't
// committed, so each first waits for the channel's oldest row.
func keepChannel(ctx context.Context, q session, c *digests.Claim, wall time.Time) error {
	_, err := q.exec(ctx, `
		UPDATE subscriptions SET channel = channel
		WHERE id = (SELECT MIN(id) FROM subscriptions WHERE desk = $1 AND channel = $2)`, c.Subscription.Desk, c.Subscription.Channel)
	if err != nil {
		return err
	}
	var others int
	err = q.row(ctx, `
		SELECT COUNT(*) FROM slots JOIN subscriptions ON subscriptions.id = slots.subscription
		WHERE slots.state = 'claimed' AND slots.lease_until > $1 AND slots.id <> $2
			AND subscriptions.channel = $3`, wall, c.Slot.ID, c.Subscription.Channel).Scan(&others)
	if err == nil && others > 0 {
		return errTaken
	}
	return err
}

const slotColumns = `slots.id, slots.subscription, slots.due, slots.state, slots.reason,
	slots.message, slots.rev, slots.tries, slots.channel, slots.recalled, slots.recalled_by`

func slotFields(slot *digests.Slot) []any {
	return []any{
		&slot.ID, &slot.Subscription,
		moment{&slot.Due},
		&slot.State, &slot.Reason,
		&slot.Message, &slot.Rev, &slot.Tries, &slot.Channel, &slot.Recalled, &slot.RecalledBy,
	}
}

// take claims a slot whose channel no other digest is going out to. Postgres lets
// two claimers choose the same one; then the second waits for the first and, the
// condition being repeated outside, gets no row. It has to choose again, for
// there may be other slots.
func take(ctx context.Context, q session, c *digests.Claim, owner string, wall time.Time) error {
	// That the state is one of two says nothing new; it is what lets both engines
	// see that the index on open slots will do.
	const open = `slots.state IN ('planned', 'claimed')
		AND (slots.state = 'planned' AND (slots.not_before IS NULL OR slots.not_before <= $1)
			OR slots.state = 'claimed' AND slots.lease_until <= $1)`
	const choice = `
		SELECT slots.id FROM slots JOIN subscriptions ON subscriptions.id = slots.subscription
		WHERE ` + open + ` AND NOT EXISTS (SELECT 1 FROM departures WHERE departures.desk = subscriptions.desk) AND NOT EXISTS (
			SELECT 1 FROM slots AS busy JOIN subscriptions AS other ON other.id = busy.subscription
			WHERE busy.state = 'claimed' AND busy.lease_until > $1 AND other.channel = subscriptions.channel)
		ORDER BY slots.due, slots.id LIMIT 1`
	const claim = `
		UPDATE slots
		SET state = 'claimed', owner = $2, lease_until = $3, fence = fence + 1,
			first_claimed = COALESCE(first_claimed, $1)
		WHERE id = (` + choice + `) AND ` + open + `
		RETURNING fence, first_claimed, ` + slotColumns
	for {
		fields := append([]any{&c.Fence, moment{&c.FirstClaimed}}, slotFields(&c.Slot)...)
		err := q.row(ctx, claim, wall, owner, c.Until).Scan(fields...)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var some int
		if err := q.row(ctx, `SELECT COUNT(*) FROM (`+choice+`) AS open_slots`, wall).Scan(&some); err != nil {
			return err
		}
		if some == 0 {
			return digests.ErrNothing
		}
	}
}

// Finish is for [digests.Ledger]. Said twice in the same words it is no error:
// the answer to the first may have been lost.
func (s *Store) Finish(ctx context.Context, c digests.Claim, done digests.Slot) error {
	doing := "finish slot " + c.Slot.ID
	switch done.State {
	case digests.Sent, digests.Skipped, digests.Failed:
	default:
		return fault(doing, fmt.Errorf("state %q is not final", done.State))
	}
	channel := digests.ChannelID("")
	if done.State == digests.Sent {
		channel = c.Subscription.Channel
	}
	return s.inTx(ctx, doing, func(ctx context.Context, q session) error {
		err := fenced(ctx, q, `
			UPDATE slots SET state = $3, reason = $4, message = $5, rev = $6, channel = $7, owner = '', lease_until = NULL
			WHERE id = $1 AND fence = $2
				AND (state = 'claimed' OR state = $3 AND reason = $4 AND message = $5 AND rev = $6)`,
			c.Slot.ID, c.Fence, done.State, done.Reason, done.Message, done.Rev, channel)
		switch {
		case err != nil:
			return err
		case done.State == digests.Sent:
			return beginErrands(ctx, q, c)
		case done.State == digests.Failed:
			return rest(ctx, q, c.Slot.Subscription)
		}
		return nil
	})
}

// Retry is for [digests.Ledger].
func (s *Store) Retry(ctx context.Context, c digests.Claim, notBefore time.Time, reason string) error {
	return s.fenced(ctx, "give back slot "+c.Slot.ID, `
		UPDATE slots SET state = 'planned', not_before = $3, reason = $4, tries = tries + 1,
			owner = '', lease_until = NULL
		WHERE id = $1 AND fence = $2 AND state = 'claimed'`,
		c.Slot.ID, c.Fence, notBefore, reason)
}

func (s *Store) fenced(ctx context.Context, doing, text string, args ...any) error {
	return s.within(ctx, doing, s.write, func(ctx context.Context, q session) error {
		return fenced(ctx, q, text, args...)
	})
}

// fenced changes the one slot whose fence the caller holds.
func fenced(ctx context.Context, q session, text string, args ...any) error {
	changed, err := q.exec(ctx, text, args...)
	if err == nil && changed == 0 {
		return digests.ErrFenced
	}
	return err
}

// Holds is for [digests.Ledger].
func (s *Store) Holds(ctx context.Context, c digests.Claim) (bool, error) {
	var held int
	err := s.within(ctx, "look at slot "+c.Slot.ID, s.read, func(ctx context.Context, q session) error {
		return q.row(ctx, `
			SELECT COUNT(*) FROM slots WHERE id = $1 AND fence = $2 AND state = 'claimed'`,
			c.Slot.ID, c.Fence).Scan(&held)
	})
	return held == 1, err
}

// Waiting is for [digests.Ledger].
func (s *Store) Waiting(ctx context.Context) (first time.Time, err error) {
	err = s.within(ctx, "look for slots still to be sent", s.read, func(ctx context.Context, q session) error {
		// A planned slot that nothing holds back may be claimed at any time.
		return q.row(ctx, `
			SELECT MIN(COALESCE(lease_until, not_before, due))
			FROM slots JOIN subscriptions ON subscriptions.id = slots.subscription
			WHERE state IN ('planned', 'claimed') AND `+here("subscriptions")).Scan(moment{&first})
	})
	return first, err
}

// Slots is for [digests.Subscriptions].
func (s *Store) Slots(ctx context.Context, desk briefings.DeskID, id string, most int) ([]digests.Slot, error) {
	var all []digests.Slot
	err := s.within(ctx, "read the slots of desk "+string(desk), s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			var slot digests.Slot
			err := row.Scan(slotFields(&slot)...)
			all = append(all, slot)
			return err
		}, `
			SELECT `+slotColumns+` FROM slots
			JOIN subscriptions ON subscriptions.id = slots.subscription
			WHERE subscriptions.desk = $1 AND (subscriptions.id = $2 OR $2 = '')
			ORDER BY slots.due DESC, slots.id DESC LIMIT $3`, desk, id, most)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
