package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"sitrep/briefings"
)

// Leave is for [briefings.Queue].
func (s *Store) Leave(ctx context.Context, e briefings.Entry) error {
	return s.inTx(ctx, "keep an entry for the moderators of desk "+string(e.Desk), func(ctx context.Context, q session) error {
		var open, today int
		err := q.row(ctx, `
			SELECT COUNT(*), COALESCE(SUM(CASE WHEN author = $2 AND recorded_at > $3 THEN 1 ELSE 0 END), 0)
			FROM queue WHERE desk = $1`, e.Desk, e.By, e.RecordedAt.Add(-24*time.Hour)).Scan(&open, &today)
		if err != nil {
			return err
		}
		var before int
		err = q.row(ctx, `
			SELECT COUNT(*) FROM queue WHERE desk = $1 AND sort = $2 AND subject = $3 AND author = $4`,
			e.Desk, e.Sort, e.Subject, e.By).Scan(&before)
		switch {
		case err != nil:
			return err
		case before > 0:
			return briefings.ErrLeft
		case today >= briefings.MostADay:
			return briefings.ErrEnough
		case open >= briefings.MostEntries:
			return briefings.ErrFull
		}
		kept, err := q.exec(ctx, `
			INSERT INTO queue (id, desk, sort, subject, author, said, fault, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (desk, sort, subject, author) DO NOTHING`,
			rand.Text(), e.Desk, e.Sort, e.Subject, e.By, e.Text, e.Fault, e.RecordedAt)
		if err == nil && kept == 0 {
			return briefings.ErrLeft
		}
		return err
	})
}

// Queue is for [briefings.Queue].
func (s *Store) Queue(ctx context.Context, desk briefings.DeskID) ([]briefings.Entry, error) {
	var all []briefings.Entry
	err := s.within(ctx, "read the queue of desk "+string(desk), s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			e := briefings.Entry{Desk: desk}
			err := row.Scan(&e.ID, &e.Sort, &e.Subject, &e.By, &e.Text, &e.Fault, moment{&e.RecordedAt}, &e.HeldBy, moment{&e.HeldAt})
			all = append(all, e)
			return err
		}, `
			SELECT id, queue.sort, queue.subject, author, said, fault, recorded_at, COALESCE(held_by, ''), held_at
			FROM queue LEFT JOIN holds ON holds.desk = queue.desk AND holds.sort = queue.sort AND holds.subject = queue.subject
			WHERE queue.desk = $1
			ORDER BY recorded_at DESC, id`, desk)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Resolve is for [briefings.Queue].
func (s *Store) Resolve(ctx context.Context, desk briefings.DeskID, id string) error {
	return s.inTx(ctx, "resolve an entry of desk "+string(desk), func(ctx context.Context, q session) error {
		sort, subject, at, err := entryOf(ctx, q, desk, id)
		if err != nil {
			return err
		}
		_, err = q.exec(ctx, `
			DELETE FROM queue WHERE desk = $1 AND sort = $2 AND subject = $3 AND recorded_at <= $4`, desk, sort, subject, at)
		if err != nil {
			return err
		}
		_, err = q.exec(ctx, `DELETE FROM holds WHERE desk = $1 AND sort = $2 AND subject = $3`, desk, sort, subject)
		return err
	})
}

// entryOf is what an entry is about, and when it was left.
func entryOf(ctx context.Context, q session, desk briefings.DeskID, id string) (sort, subject string, at time.Time, err error) {
	err = q.row(ctx, `SELECT sort, subject, recorded_at FROM queue WHERE id = $1 AND desk = $2`, id, desk).
		Scan(&sort, &subject, moment{&at})
	if errors.Is(err, sql.ErrNoRows) {
		err = briefings.ErrNotFound
	}
	return sort, subject, at, err
}

// Hold is for [briefings.Queue]. Of two at once the second waits for the first,
// and sees it.
func (s *Store) Hold(ctx context.Context, desk briefings.DeskID, id string, who briefings.UserID, at time.Time) (holder briefings.UserID, err error) {
	err = s.inTx(ctx, "hold an entry of desk "+string(desk), func(ctx context.Context, q session) error {
		sort, subject, _, err := entryOf(ctx, q, desk, id)
		if err != nil {
			return err
		}
		if _, err := q.exec(ctx, `DELETE FROM holds WHERE desk = $1 AND held_at <= $2`, desk, at.Add(-briefings.HoldLasts)); err != nil {
			return err
		}
		_, err = q.exec(ctx, `
			INSERT INTO holds (desk, sort, subject, held_by, held_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (desk, sort, subject) DO NOTHING`, desk, sort, subject, who, at)
		if err != nil {
			return err
		}
		return q.row(ctx, `SELECT held_by FROM holds WHERE desk = $1 AND sort = $2 AND subject = $3`, desk, sort, subject).Scan(&holder)
	})
	return holder, err
}

// LetGo is for [briefings.Queue].
func (s *Store) LetGo(ctx context.Context, desk briefings.DeskID, id string, who briefings.UserID) error {
	return s.inTx(ctx, "let an entry of desk "+string(desk)+" go", func(ctx context.Context, q session) error {
		sort, subject, _, err := entryOf(ctx, q, desk, id)
		if errors.Is(err, briefings.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = q.exec(ctx, `
			DELETE FROM holds WHERE desk = $1 AND sort = $2 AND subject = $3 AND held_by = $4`, desk, sort, subject, who)
		return err
	})
}

// LastLook is for [briefings.Looks].
func (s *Store) LastLook(ctx context.Context, desk briefings.DeskID, who briefings.UserID) (briefings.Look, error) {
	var l briefings.Look
	err := s.within(ctx, "read when somebody last looked at desk "+string(desk), s.read, func(ctx context.Context, q session) error {
		err := q.row(ctx, `SELECT rev, looked_at FROM looks WHERE desk = $1 AND person = $2`, desk, who).Scan(&l.Rev, moment{&l.At})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return l, err
}

// Looked is for [briefings.Looks].
func (s *Store) Looked(ctx context.Context, desk briefings.DeskID, who briefings.UserID, l briefings.Look) error {
	return s.within(ctx, "keep when somebody looked at desk "+string(desk), s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `
			INSERT INTO looks (desk, person, rev, looked_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (desk, person) DO UPDATE SET rev = excluded.rev, looked_at = excluded.looked_at
			WHERE excluded.looked_at >= looks.looked_at`, desk, who, l.Rev, l.At)
		return err
	})
}
