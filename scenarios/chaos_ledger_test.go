package scenarios

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// A chaosLedger looks at a bot's database from outside, and can hold it still.
type chaosLedger struct {
	db   *sql.DB
	hold string // the statement after which nobody else writes slots
}

func openLedger(url string) (*chaosLedger, error) {
	if path, is := strings.CutPrefix(url, "sqlite:"); is {
		db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?_pragma=busy_timeout(10000)")
		return &chaosLedger{db: db, hold: `BEGIN IMMEDIATE`}, err
	}
	db, err := sql.Open("pgx", url)
	return &chaosLedger{db: db, hold: `BEGIN; LOCK TABLE slots IN EXCLUSIVE MODE`}, err
}

// freeze keeps everybody from writing slots, as a disk that hangs, until thaw.
func (l *chaosLedger) freeze(ctx context.Context) (thaw func(), err error) {
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, l.hold); err != nil {
		return nil, errors.Join(fmt.Errorf("holding the ledger: %w", err), conn.Close())
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) // a broken connection has let go by itself
		_ = conn.Close()
	}, nil
}

// slot is a row of the ledger.
type slot struct {
	id, channel, state, reason, message string
	due                                 time.Time
}

// slots are all of them, oldest first.
func (l *chaosLedger) slots(ctx context.Context) (all []slot, err error) {
	rows, err := l.db.QueryContext(ctx, `
		SELECT slots.id, subscriptions.channel, due, state, reason, message FROM slots
		JOIN subscriptions ON subscriptions.id = slots.subscription
		ORDER BY due, subscriptions.channel`)
	if err != nil {
		return nil, fmt.Errorf("reading the ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s slot
		var due int64
		if err := rows.Scan(&s.id, &s.channel, &due, &s.state, &s.reason, &s.message); err != nil {
			return nil, err
		}
		s.due = time.UnixMilli(due).UTC()
		all = append(all, s)
	}
	return all, rows.Err()
}

// planned counts the slots that are due at a time, and those of any that are open.
func (l *chaosLedger) planned(ctx context.Context, due time.Time) (there, open int, err error) {
	err = l.db.QueryRowContext(ctx, `
		SELECT (SELECT COUNT(*) FROM slots WHERE due = $1),
			(SELECT COUNT(*) FROM slots WHERE state IN ('planned', 'claimed'))`, due.UnixMilli()).Scan(&there, &open)
	return there, open, err
}

// newest is how far the newest slot of a channel has come.
func (l *chaosLedger) newest(ctx context.Context, channel string) (state string, err error) {
	err = l.db.QueryRowContext(ctx, `
		SELECT state FROM slots
		WHERE subscription = (SELECT id FROM subscriptions WHERE channel = $1)
		ORDER BY due DESC LIMIT 1`, channel).Scan(&state)
	return state, err
}
