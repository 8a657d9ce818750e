// Package store is the record: every revision, draft, entry of the moderators'
// queue, look at the changes, membership, server's setting, subscription and
// slot, in SQLite or in Postgres.
//
// [Store] satisfies the ports of packages briefings and digests, where the
// contracts stand. One query text serves both engines; what differs between
// them is in open.go, in faults.go and in package migrations. Times are kept to
// the millisecond and come back in UTC. NUL and broken UTF-8, which Postgres
// does not take, become U+FFFD in both engines.
//
// What is published is decided elsewhere: this package keeps what cannot be
// kept outside a transaction (who was first, that nothing is changed or
// deleted, that time does not run backwards) and knows no other rule.
package store

import (
	"context"
	"database/sql"
	"errors"

	"sitrep/briefings"
	"sitrep/digests"
	"sitrep/store/migrations"
)

// A Store is safe for concurrent use, and for use by many processes on one
// database.
type Store struct {
	engine migrations.Engine
	// On SQLite write has a single connection, so that writers queue up here
	// instead of polling for the file's lock. On Postgres both are one pool.
	read, write *sql.DB
}

var (
	_ briefings.Record      = (*Store)(nil)
	_ briefings.Queue       = (*Store)(nil)
	_ briefings.Looks       = (*Store)(nil)
	_ briefings.Memberships = (*Store)(nil)
	_ digests.Subscriptions = (*Store)(nil)
	_ digests.Corrections   = (*Store)(nil)
	_ digests.Changes       = (*Store)(nil)
	_ digests.Planning      = (*Store)(nil)
	_ digests.Ledger        = (*Store)(nil)
	_ digests.DeskNotices   = (*Store)(nil)

	_ briefings.DepartureRecord = (*Store)(nil)
)

// Open is [Connect] and [Store.Migrate] in one. The error wraps
// [briefings.ErrUnavailable] where trying again may help.
func Open(ctx context.Context, url string) (*Store, error) {
	s, err := Connect(url)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Migrate brings the database up to date; copies that start together do it
// once. A copy that starts with the database away calls it until it succeeds.
// The other methods work without it once any copy has migrated.
func (s *Store) Migrate(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, migratePatience)
	defer cancel()
	return fault("bring the database up to date", migrations.Up(ctx, s.write, s.engine))
}

// Ping reports whether the database answers and holds sitrep's tables.
func (s *Store) Ping(ctx context.Context) error {
	return s.within(ctx, "ping", s.read, func(ctx context.Context, q session) error {
		var none int
		return q.row(ctx, `SELECT COUNT(*) FROM desks WHERE desk = ''`).Scan(&none)
	})
}

// Close waits for queries under way.
func (s *Store) Close() error {
	if s.read == s.write {
		return s.write.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close())
}
