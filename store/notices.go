package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sitrep/digests"
)

// Untold is for [digests.Notices].
func (s *Store) Untold(ctx context.Context, wall time.Time, lease time.Duration) (n digests.Notice, err error) {
	const untold = `told = '' AND (state = 'failed' OR tries >= 3) AND (tell_after IS NULL OR tell_after <= $1)`
	err = s.inTx(ctx, "look for slots to tell of", func(ctx context.Context, q session) error {
		err := q.row(ctx, `
			UPDATE slots SET tell_after = $2, tells = tells + 1
			WHERE id = (SELECT id FROM slots WHERE `+untold+` ORDER BY due, id LIMIT 1) AND `+untold+`
			RETURNING tells, `+slotColumns, wall, wall.Add(lease)).Scan(append([]any{&n.Tells}, slotFields(&n.Slot)...)...)
		if errors.Is(err, sql.ErrNoRows) {
			return digests.ErrNothing // or another copy was quicker; the next look tells
		}
		if err != nil {
			return err
		}
		n.Subscription, err = scanSubscription(q.row(ctx, `
			SELECT `+subscriptionColumns+` FROM subscriptions WHERE id = $1`, n.Slot.Subscription))
		return err
	})
	if err != nil {
		return digests.Notice{}, err
	}
	return n, nil
}

// Told is for [digests.Notices].
func (s *Store) Told(ctx context.Context, slot string, who digests.Told) error {
	return s.within(ctx, "record who was told of slot "+slot, s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `UPDATE slots SET told = $2, tell_after = NULL WHERE id = $1`, slot, who)
		return err
	})
}

// rest pauses a subscription whose last digests all failed since its schedule
// was made, changed or resumed.
func rest(ctx context.Context, q session, subscription string) error {
	paused, err := q.exec(ctx, `
		UPDATE subscriptions SET paused = $2, next_due = NULL
		WHERE id = $1 AND ended = 0 AND paused = '' AND $3 = (
			SELECT COUNT(*) FROM (
				SELECT state, due FROM slots
				WHERE subscription = $1 AND state IN ('sent', 'failed')
				ORDER BY due DESC LIMIT $3) AS newest
			WHERE newest.state = 'failed' AND (since IS NULL OR newest.due >= since))`,
		subscription, digests.PausedFailing, digests.FailuresInRow)
	if err != nil || paused == 0 {
		return err
	}
	return skipPlanned(ctx, q, subscription, "paused")
}

// skipPlanned takes back what a subscription still has to send.
func skipPlanned(ctx context.Context, q session, subscription, why string) error {
	_, err := q.exec(ctx, `
		UPDATE slots SET state = 'skipped', reason = $2
		WHERE subscription = $1 AND state = 'planned'`, subscription, why)
	return err
}
