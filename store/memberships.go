package store

import (
	"context"
	"time"

	"sitrep/briefings"
)

// Memberships is for [briefings.Memberships].
func (s *Store) Memberships(ctx context.Context, who briefings.UserID) ([]briefings.Membership, error) {
	var all []briefings.Membership
	err := s.within(ctx, "read where somebody is a member", s.read, func(ctx context.Context, q session) error {
		return q.each(ctx, func(row scanner) error {
			var m briefings.Membership
			err := row.Scan(&m.Desk, &m.Name, moment{&m.ProvedAt}, moment{&m.UsedAt})
			all = append(all, m)
			return err
		}, `
			SELECT desk, name, proved_at, used_at
			FROM memberships WHERE person = $1
			ORDER BY used_at DESC, desk`, who)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Use is for [briefings.Memberships].
func (s *Store) Use(ctx context.Context, who briefings.UserID, m briefings.Membership) error {
	return s.within(ctx, "keep where somebody is a member", s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `
			INSERT INTO memberships (person, desk, name, proved_at, used_at)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (person, desk) DO UPDATE SET
				name = CASE WHEN excluded.name = '' THEN memberships.name ELSE excluded.name END,
				proved_at = excluded.proved_at, used_at = excluded.used_at`, who, m.Desk, m.Name, m.ProvedAt, m.UsedAt)
		return err
	})
}

// Call is for [briefings.Memberships].
func (s *Store) Call(ctx context.Context, who briefings.UserID, desk briefings.DeskID, name string) error {
	return s.within(ctx, "keep what a server is called", s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `UPDATE memberships SET name = $3 WHERE person = $1 AND desk = $2`, who, desk, name)
		return err
	})
}

// Prove is for [briefings.Memberships].
func (s *Store) Prove(ctx context.Context, who briefings.UserID, desk briefings.DeskID, at time.Time) error {
	return s.within(ctx, "keep that somebody is a member", s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `UPDATE memberships SET proved_at = $3 WHERE person = $1 AND desk = $2`, who, desk, at)
		return err
	})
}

// Forget is for [briefings.Memberships].
func (s *Store) Forget(ctx context.Context, who briefings.UserID, desk briefings.DeskID) error {
	return s.within(ctx, "forget where somebody was a member", s.write, func(ctx context.Context, q session) error {
		_, err := q.exec(ctx, `DELETE FROM memberships WHERE person = $1 AND desk = $2`, who, desk)
		return err
	})
}
