package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// beginErrands notes what is to be done about the message of a claimed slot.
func beginErrands(ctx context.Context, q session, c digests.Claim) error {
	for _, kind := range c.Subscription.Errands() {
		_, err := q.exec(ctx, `
			INSERT INTO errands (slot, kind, channel) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, c.Slot.ID, kind, c.Subscription.Channel)
		if err != nil {
			return err
		}
	}
	return nil
}

// NextErrand is for [digests.Errands]. Where two copies choose the same one, the
// second gets none; it looks again a second later anyway.
func (s *Store) NextErrand(ctx context.Context, now time.Time, lease time.Duration) (e digests.Errand, err error) {
	const open = `done_at IS NULL AND not_before <= $1`
	err = s.inTx(ctx, "look for errands", func(ctx context.Context, q session) error {
		err := q.row(ctx, `
			UPDATE errands SET not_before = $2
			WHERE (slot, kind) IN (
				SELECT slot, kind FROM errands AS waiting
				WHERE `+open+` AND (kind <> 'publish' OR $4 > (
					SELECT COUNT(*) FROM errands AS published
					WHERE published.kind = 'publish' AND published.channel = waiting.channel AND published.done_at > $3))
				ORDER BY not_before, slot, kind LIMIT 1)
				AND `+open+`
			RETURNING slot, kind`,
			now, now.Add(lease), now.Add(-time.Hour), digests.PublishesPerHour).Scan(&e.Slot.ID, &e.Kind)
		if errors.Is(err, sql.ErrNoRows) {
			return digests.ErrNothing
		}
		if err != nil {
			return err
		}
		err = q.row(ctx, `SELECT `+slotColumns+` FROM slots WHERE id = $1`, e.Slot.ID).Scan(slotFields(&e.Slot)...)
		if err != nil {
			return err
		}
		e.Subscription, err = scanSubscription(q.row(ctx, `
			SELECT `+subscriptionColumns+` FROM subscriptions WHERE id = $1`, e.Slot.Subscription))
		return err
	})
	return e, err
}

// PutOff is for [digests.Errands].
func (s *Store) PutOff(ctx context.Context, e digests.Errand, until time.Time) error {
	return s.onErrand(ctx, "put off an errand of slot "+e.Slot.ID, `
		UPDATE errands SET not_before = $3 WHERE slot = $1 AND kind = $2`, e.Slot.ID, e.Kind, until)
}

// Done is for [digests.Errands].
func (s *Store) Done(ctx context.Context, e digests.Errand, now time.Time) error {
	return s.onErrand(ctx, "end an errand of slot "+e.Slot.ID, `
		UPDATE errands SET done_at = $3 WHERE slot = $1 AND kind = $2`, e.Slot.ID, e.Kind, now)
}

func (s *Store) onErrand(ctx context.Context, doing, text string, args ...any) error {
	return s.within(ctx, doing, s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, text, args...)
		return err
	})
}

// GiveUp is for [digests.Errands].
func (s *Store) GiveUp(ctx context.Context, e digests.Errand, why string) error {
	return s.inTx(ctx, "give up an errand of slot "+e.Slot.ID, func(ctx context.Context, q session) error {
		given, err := q.exec(ctx, `
			DELETE FROM errands WHERE slot = $1 AND kind = $2 AND done_at IS NULL`, e.Slot.ID, e.Kind)
		if err != nil || given == 0 {
			return err
		}
		_, err = q.exec(ctx, `
			UPDATE slots SET reason = CASE WHEN reason = '' THEN $2 ELSE reason || ' ' || $2 END
			WHERE id = $1`, e.Slot.ID, why)
		return err
	})
}

// Recall is for [digests.Subscriptions].
func (s *Store) Recall(ctx context.Context, desk briefings.DeskID, slot string, by briefings.UserID, why string) error {
	return s.inTx(ctx, "recall slot "+slot, func(ctx context.Context, q session) error {
		recalled, err := q.exec(ctx, `
			UPDATE slots SET recalled = $3, recalled_by = $4
			WHERE id = $1 AND state = 'sent' AND recalled = ''
				AND subscription IN (SELECT id FROM subscriptions WHERE desk = $2)`, slot, desk, why, by)
		if err == nil && recalled == 0 {
			return briefings.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = q.exec(ctx, `DELETE FROM errands WHERE slot = $1 AND done_at IS NULL`, slot)
		return err
	})
}
