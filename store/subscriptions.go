package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

const subscriptionColumns = `id, desk, created_by, created_at, channel, kind, at, zone, days, cron, key_date, offsets,
	sections, locale, quiet, grace, paused, since, next_due, mention, thread, publish`

func scanSubscription(row scanner) (o digests.Subscription, err error) {
	err = row.Scan(&o.ID, &o.Desk, &o.CreatedBy, moment{&o.CreatedAt}, &o.Channel, &o.Kind, &o.At, &o.Zone, &o.Days, &o.Cron, &o.Date, &o.Offsets,
		&o.Sections, &o.Locale, &o.Quiet, millis{&o.Grace}, &o.Paused, moment{&o.Since}, moment{&o.NextDue},
		&o.Mention, &o.Thread, &o.Publish)
	return o, err
}

// subscriptionFields are the columns that somebody may change, from channel on.
func subscriptionFields(o digests.Subscription) []any {
	return []any{
		o.Channel, o.Kind, o.At, o.Zone, o.Days, o.Cron, o.Date, o.Offsets,
		o.Sections, o.Locale, o.Quiet, o.Grace, o.Paused, o.Since, o.NextDue,
		o.Mention, o.Thread, o.Publish,
	}
}

// Subscribe is for [digests.Subscriptions]. A zero NextDue means never.
func (s *Store) Subscribe(ctx context.Context, o digests.Subscription) error {
	return s.within(ctx, "subscribe channel "+string(o.Channel), s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `
			INSERT INTO subscriptions (`+subscriptionColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
			append([]any{o.ID, o.Desk, o.CreatedBy, o.CreatedAt}, subscriptionFields(o)...)...)
		return err
	})
}

// Amend is for [digests.Subscriptions].
func (s *Store) Amend(ctx context.Context, o digests.Subscription) error {
	return s.inTx(ctx, "amend subscription "+o.ID, func(ctx context.Context, q session) error {
		amended, err := q.exec(ctx, `
			UPDATE subscriptions
			SET channel = $3, kind = $4, at = $5, zone = $6, days = $7, cron = $8, key_date = $9, offsets = $10,
				sections = $11, locale = $12, quiet = $13, grace = $14, paused = $15, since = $16, next_due = $17,
				mention = $18, thread = $19, publish = $20
			WHERE id = $1 AND desk = $2 AND ended = 0`,
			append([]any{o.ID, o.Desk}, subscriptionFields(o)...)...)
		if err == nil && amended == 0 {
			return briefings.ErrNotFound
		}
		if err != nil || o.Paused == "" {
			return err
		}
		return skipPlanned(ctx, q, o.ID, "paused")
	})
}

// Subscriptions is for [digests.Subscriptions].
func (s *Store) Subscriptions(ctx context.Context, desk briefings.DeskID) ([]digests.Subscription, error) {
	return s.subscriptions(ctx, "read the subscriptions of desk "+string(desk), `
		SELECT `+subscriptionColumns+` FROM subscriptions
		WHERE desk = $1 AND ended = 0
		ORDER BY created_at, id`, desk)
}

// Countdowns is for [digests.Planning].
func (s *Store) Countdowns(ctx context.Context, desks []briefings.DeskID) ([]digests.Subscription, error) {
	text := `
		SELECT ` + subscriptionColumns + ` FROM subscriptions
		WHERE kind = 'countdown' AND ended = 0 AND paused = '' AND ` + here("subscriptions")
	if desks == nil {
		return s.subscriptions(ctx, "read the countdowns", text+` ORDER BY id`)
	}
	var all []digests.Subscription
	err := s.within(ctx, "read the countdowns of some desks", s.read, func(ctx context.Context, q session) error {
		return q.eachOf(ctx, func(row scanner) error {
			o, err := scanSubscription(row)
			all = append(all, o)
			return err
		}, text+` AND desk IN `, ` ORDER BY id`, desks)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Changed is for [digests.Changes].
func (s *Store) Changed(ctx context.Context, since time.Time) (map[briefings.DeskID]digests.DeskChange, error) {
	all := map[briefings.DeskID]digests.DeskChange{}
	err := s.within(ctx, "look for desks that were changed", s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			var desk briefings.DeskID
			var c digests.DeskChange
			err := row.Scan(&desk, &c.Version, moment{&c.At})
			all[desk] = c
			return err
		}, `
			SELECT desk, rev + renewed * 4294967296, recorded_at FROM desks WHERE recorded_at > $1
			UNION SELECT desk, rev + renewed * 4294967296, recorded_at FROM desks WHERE desk = 'catalogue'`, since.UnixMilli())
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Shown is for [digests.Subscriptions].
func (s *Store) Shown(ctx context.Context, id string) (rev int, err error) {
	err = s.within(ctx, "read what subscription "+id+" showed", s.read, func(ctx context.Context, q session) error {
		rev, err = lastShown(ctx, q, id)
		return err
	})
	return rev, err
}

func lastShown(ctx context.Context, q session, id string) (rev int, err error) {
	err = q.row(ctx, `
		SELECT rev FROM slots WHERE subscription = $1 AND state = 'sent' AND recalled = ''
		ORDER BY due DESC LIMIT 1`, id).Scan(&rev)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return rev, err
}

// Due is for [digests.Planning].
func (s *Store) Due(ctx context.Context, now time.Time, most int) ([]digests.Subscription, error) {
	return s.subscriptions(ctx, "read what falls due", `
		SELECT `+subscriptionColumns+` FROM subscriptions
		WHERE next_due <= $1 AND `+here("subscriptions")+`
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

// NextDue is for [digests.Planning].
func (s *Store) NextDue(ctx context.Context) (next time.Time, err error) {
	err = s.within(ctx, "read when the next digest is due", s.read, func(ctx context.Context, q session) error {
		return q.row(ctx, `
			SELECT MIN(next_due) FROM (
				SELECT next_due FROM subscriptions WHERE next_due IS NOT NULL AND `+here("subscriptions")+`
				ORDER BY next_due LIMIT 1) AS earliest`).Scan(moment{&next})
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
		return skipPlanned(ctx, q, id, "removed")
	})
}
