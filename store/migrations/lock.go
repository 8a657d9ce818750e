package migrations

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// advisoryLock is "sitrep" in ASCII: any number that nobody else locks will do.
const advisoryLock int64 = 0x736974726570

// lock waits until no other process migrates the same Postgres database. The
// lock goes with its connection, so a copy that dies leaves none behind.
func lock(ctx context.Context, db *sql.DB) (unlock func(context.Context) error, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, advisoryLock); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func(ctx context.Context) error {
		_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, advisoryLock)
		return errors.Join(err, conn.Close())
	}, nil
}

// useWAL makes readers and the writer of a SQLite file not wait for each other,
// for good. Two that switch at once fail without the wait that SQLite grants
// elsewhere.
func useWAL(ctx context.Context, db *sql.DB) error {
	for {
		_, err := db.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
		if busy := new(sqlite.Error); !errors.As(err, &busy) || busy.Code()&0xff != lib.SQLITE_BUSY {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}
