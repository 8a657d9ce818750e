package store

import (
	"context"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

const subscriptionColumns = `id, desk, channel, kind, at, zone, locale, grace, created_by, created_at, next_due`

func scanSubscription(row scanner) (o digests.Subscription, err error) {
	err = row.Scan(&o.ID, &o.Desk, &o.Channel, &o.Kind, &o.At, &o.Zone, &o.Locale, millis{&o.Grace},
		&o.CreatedBy, moment{&o.CreatedAt}, moment{&o.NextDue})
	return o, err
}

// Subscribe is for [digests.Subscriptions]. A zero NextDue means never.
func (s *Store) Subscribe(ctx context.Context, o digests.Subscription) error {
	return s.within(ctx, "subscribe channel "+string(o.Channel), s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `
			INSERT INTO subscriptions (`+subscriptionColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			o.ID, o.Desk, o.Channel, o.Kind, o.At, o.Zone, o.Locale, o.Grace, o.CreatedBy, o.CreatedAt, o.NextDue)
		return err
	})
}

// Subscriptions is for [digests.Subscriptions].
func (s *Store) Subscriptions(ctx context.Context, desk briefings.DeskID) ([]digests.Subscription, error) {
	return s.subscriptions(ctx, "read the subscriptions of desk "+string(desk), `
		SELECT `+subscriptionColumns+` FROM subscriptions
		WHERE desk = $1 AND ended = 0
		ORDER BY created_at, id`, desk)
}

// Due is for [digests.Subscriptions].
func (s *Store) Due(ctx context.Context, now time.Time, most int) ([]digests.Subscription, error) {
	return s.subscriptions(ctx, "read what falls due", `
		SELECT `+subscriptionColumns+` FROM subscriptions
		WHERE next_due <= $1
		ORDER BY next_due, id LIMIT $2`, now, most)
}

func (s *Store) subscriptions(ctx context.Context, doing, text string, args ...any) ([]digests.Subscription, error) {
	var all []digests.Subscription
	err := s.within(ctx, doing, s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			o, err := scanSubscription(row)
			all = append(all, o)
			return err
		}, text, args...)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// NextDue is for [digests.Subscriptions].
func (s *Store) NextDue(ctx context.Context) (next time.Time, err error) {
	err = s.within(ctx, "read when the next digest is due", s.read, func(ctx context.Context, q session) error {
		return q.row(ctx, `SELECT MIN(next_due) FROM subscriptions`).Scan(moment{&next})
	})
	return next, err
}

// Unsubscribe is for [digests.Subscriptions].
func (s *Store) Unsubscribe(ctx context.Context, desk briefings.DeskID, id string) error {
	return s.inTx(ctx, "end subscription "+id, func(ctx context.Context, q session) error {
		ended, err := q.exec(ctx, `
			UPDATE subscriptions SET ended = 1, next_due = NULL
			WHERE id = $1 AND desk = $2 AND ended = 0`, id, desk)
		if err == nil && ended == 0 {
			return briefings.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = q.exec(ctx, `
			UPDATE slots SET state = 'skipped', reason = 'removed'
			WHERE subscription = $1 AND state = 'planned'`, id)
		return err
	})
}
