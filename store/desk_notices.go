package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// Unnudged is for [digests.DeskNotices].
func (s *Store) Unnudged(ctx context.Context, now time.Time, most int) (map[briefings.DeskID]briefings.Settings, error) {
	all := map[briefings.DeskID]briefings.Settings{}
	err := s.within(ctx, "look for desks to remind", s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			var desk briefings.DeskID
			o, err := scanSettings(row, &desk)
			all[desk] = o
			return err
		}, `
			SELECT desk, `+settingsColumns+` FROM settings
			WHERE log_channel <> '' AND nudge <> 'off' AND `+here("settings")+` AND NOT EXISTS (
				SELECT 1 FROM notices WHERE notices.desk = settings.desk AND kind = 'weekly' AND due > $1)
			ORDER BY desk LIMIT $2`, now, most)
	})
	return all, err
}

// PlanNotices is for [digests.DeskNotices].
func (s *Store) PlanNotices(ctx context.Context, all []digests.DeskNotice) error {
	return s.inTx(ctx, "plan notices", func(ctx context.Context, q session) error {
		for some := range slices.Chunk(all, rowsAtOnce) {
			var args []any
			for _, n := range some {
				args = append(args, n.ID, n.Desk, n.Kind, n.Subject, n.Due)
			}
			_, err := q.exec(ctx, `
				INSERT INTO notices (id, desk, kind, subject, due) VALUES `+placeholders(len(some), 5)+`
				ON CONFLICT DO NOTHING`, args...)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DueNotice is for [digests.DeskNotices]. Of two copies that choose the same
// notice on Postgres the second gets none, and looks again a second later.
func (s *Store) DueNotice(ctx context.Context, now, wall time.Time, lease time.Duration) (n digests.DeskNotice, err error) {
	open := `told = '' AND due <= $1 AND (tell_after IS NULL OR tell_after <= $2) AND ` + here("notices")
	err = s.within(ctx, "look for notices", s.write, func(ctx context.Context, q session) error {
		err := q.row(ctx, `
			UPDATE notices SET tell_after = $3, tries = tries + 1, first_tried = COALESCE(first_tried, $2)
			WHERE id = (SELECT id FROM notices WHERE `+open+` ORDER BY due, id LIMIT 1) AND `+open+`
			RETURNING id, desk, kind, subject, due, tries, first_tried`, now, wall, wall.Add(lease)).
			Scan(&n.ID, &n.Desk, &n.Kind, &n.Subject, moment{&n.Due}, &n.Tries, moment{&n.FirstTried})
		if errors.Is(err, sql.ErrNoRows) {
			return digests.ErrNothing
		}
		return err
	})
	return n, err
}

// MoveNotice is for [digests.DeskNotices].
func (s *Store) MoveNotice(ctx context.Context, id string, due time.Time) error {
	return s.within(ctx, "move notice "+id, s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `
			UPDATE notices SET due = $2, tries = 0, tell_after = NULL, first_tried = NULL WHERE id = $1 AND told = ''`, id, due)
		return err
	})
}

// EndNotice is for [digests.DeskNotices].
func (s *Store) EndNotice(ctx context.Context, id, how string) error {
	return s.within(ctx, "end notice "+id, s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `UPDATE notices SET told = $2, tell_after = NULL WHERE id = $1 AND told = ''`, id, how)
		return err
	})
}

// NextNotice is for [digests.DeskNotices].
func (s *Store) NextNotice(ctx context.Context, now time.Time) (next time.Time, err error) {
	err = s.within(ctx, "read when the next notice is due", s.read, func(ctx context.Context, q session) error {
		return q.row(ctx, `SELECT MIN(due) FROM notices WHERE told = '' AND due > $1 AND `+here("notices"), now).Scan(moment{&next})
	})
	return next, err
}
