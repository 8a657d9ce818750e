package store

import (
	"context"
	"time"

	"sitrep/digests"
)

// Tally counts the slots that fell due from since on by their state, and finds
// the oldest one that fell due by now and is still to be sent; the zero time
// where there is none.
func (s *Store) Tally(ctx context.Context, since, now time.Time) (states map[digests.State]int, overdue time.Time, err error) {
	err = s.within(ctx, "count the slots", s.read, func(ctx context.Context, q session) error {
		states = map[digests.State]int{digests.Planned: 0, digests.Claimed: 0, digests.Sent: 0, digests.Skipped: 0, digests.Failed: 0}
		if err := q.each(ctx, func(row scanner) error {
			var state digests.State
			var n int
			err := row.Scan(&state, &n)
			states[state] = n
			return err
		}, `SELECT state, COUNT(*) FROM slots WHERE due >= $1 GROUP BY state`, since); err != nil {
			return err
		}
		return q.row(ctx, `SELECT MIN(due) FROM slots WHERE state IN ('planned', 'claimed') AND due <= $1`, now).Scan(moment{&overdue})
	})
	return states, overdue, err
}

// ForgetSlots is for [digests.Ledger].
func (s *Store) ForgetSlots(ctx context.Context, before time.Time) error {
	// What a subscription showed last is what its next digest tells the changes from.
	const old = `
		SELECT slots.id FROM slots JOIN subscriptions ON subscriptions.id = slots.subscription
		WHERE slots.due < $1 AND slots.state IN ('sent', 'skipped', 'failed') AND (subscriptions.ended = 1 OR slots.state <> 'sent' OR slots.recalled <> '' OR slots.due < (
			SELECT MAX(due) FROM slots AS shown
			WHERE shown.subscription = slots.subscription AND shown.state = 'sent' AND shown.recalled = ''))
		ORDER BY slots.due LIMIT $2`
	for {
		forgotten, err := s.forgetSlots(ctx, old, before)
		if err != nil || forgotten < forgottenAtOnce {
			return err
		}
	}
}

func (s *Store) forgetSlots(ctx context.Context, old string, before time.Time) (forgotten int, err error) {
	err = s.inTx(ctx, "forget old slots", func(ctx context.Context, q session) error {
		var ids []any
		if err := q.each(ctx, func(row scanner) error {
			var id string
			err := row.Scan(&id)
			ids = append(ids, id)
			return err
		}, old, before, forgottenAtOnce); err != nil || len(ids) == 0 {
			return err
		}
		forgotten = len(ids)
		for _, of := range []string{`errands WHERE slot`, `postings WHERE slot`, `slots WHERE id`} {
			if _, err := q.exec(ctx, `DELETE FROM `+of+` IN `+placeholders(1, len(ids)), ids...); err != nil {
				return err
			}
		}
		return nil
	})
	return forgotten, err
}
