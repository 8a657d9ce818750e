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
