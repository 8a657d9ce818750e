package store

import (
	"context"
	"time"

	"sitrep/briefings"
)

// FirstStart keeps now as when sitrep was started first, unless an earlier start
// is known, and returns the earliest.
func (s *Store) FirstStart(ctx context.Context, now time.Time) (first time.Time, err error) {
	err = s.within(ctx, "keep when sitrep was started first", s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `
			INSERT INTO joins (desk, joined_at)
			SELECT '', CAST($1 AS BIGINT) WHERE NOT EXISTS (SELECT 1 FROM joins WHERE desk = '')
			ON CONFLICT DO NOTHING`, now)
		if err != nil {
			return err
		}
		return q.row(ctx, `SELECT MIN(joined_at) FROM joins WHERE desk = ''`).Scan(moment{&first})
	})
	return first, err
}

// Greet keeps that desk's server, which the bot joined then, is greeted. It
// reports false where it was kept already.
func (s *Store) Greet(ctx context.Context, desk briefings.DeskID, joined time.Time) (first bool, err error) {
	err = s.within(ctx, "keep that desk "+string(desk)+" is greeted", s.write, func(ctx context.Context, q session) error {
		kept, err := q.exec(ctx, `INSERT INTO joins (desk, joined_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, desk, joined)
		first = kept == 1
		return err
	})
	return first, err
}

// Ungreet takes back that desk's server was greeted.
func (s *Store) Ungreet(ctx context.Context, desk briefings.DeskID, joined time.Time) error {
	return s.within(ctx, "take back that desk "+string(desk)+" is greeted", s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `DELETE FROM joins WHERE desk = $1 AND joined_at = $2`, desk, joined)
		return err
	})
}
