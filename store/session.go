package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// A database that accepts connections and never answers must not hold up its
// callers for good. Migrating may mean to wait for another copy that rewrites a
// big table.
const (
	patience        = 20 * time.Second
	rowPatience     = 3 * time.Millisecond // more for each revision of a large import
	migratePatience = 5 * time.Minute
)

// A session runs statements on a pool or in a transaction, and gives arguments
// the form that both engines take.
type session struct {
	on interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	}
}

// within runs f on pool. Every query goes through it or through inTx, so errors
// are translated in one place; doing is what the error says was tried.
func (s *Store) within(ctx context.Context, doing string, pool *sql.DB, f func(context.Context, session) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return fault(doing, f(ctx, session{pool}))
}

// inTx runs f in one transaction.
func (s *Store) inTx(ctx context.Context, doing string, f func(context.Context, session) error) error {
	return s.inLongTx(ctx, doing, patience, f)
}

// inLongTx is inTx for what may take longer than a few rows do.
func (s *Store) inLongTx(ctx context.Context, doing string, most time.Duration, f func(context.Context, session) error) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fault(doing, err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if err := f(ctx, session{tx}); err != nil {
		return fault(doing, err)
	}
	return fault(doing, tx.Commit())
}

// exec returns how many rows it changed.
func (q session) exec(ctx context.Context, text string, args ...any) (int64, error) {
	result, err := q.on.ExecContext(ctx, text, plain(args)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (q session) row(ctx context.Context, text string, args ...any) *sql.Row {
	return q.on.QueryRowContext(ctx, text, plain(args)...)
}

// scanner is what [sql.Row] and [sql.Rows] have in common.
type scanner interface{ Scan(dest ...any) error }

func (q session) each(ctx context.Context, f func(scanner) error, text string, args ...any) (err error) {
	rows, err := q.on.QueryContext(ctx, text, plain(args)...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// plain turns arguments into what both engines store: times and durations as
// milliseconds, no time as NULL, yes as 1, text without what Postgres refuses.
func plain(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			if !v.IsZero() {
				out[i] = v.UnixMilli()
			}
		case time.Duration:
			out[i] = v.Milliseconds()
		case bool:
			out[i] = 0
			if v {
				out[i] = 1
			}
		default:
			out[i] = a
			if r := reflect.ValueOf(a); r.Kind() == reflect.String {
				out[i] = clean(r.String())
			}
		}
	}
	return out
}

func clean(s string) string {
	const replacement = "\uFFFD"
	return strings.ReplaceAll(strings.ToValidUTF8(s, replacement), "\x00", replacement)
}

// A moment scans milliseconds into a time in UTC, NULL into none.
type moment struct{ to *time.Time }

// Scan is for package sql.
func (m moment) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*m.to = time.Time{}
	case int64:
		*m.to = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("%T is no time in milliseconds", src)
	}
	return nil
}

// millis scans milliseconds into a duration.
type millis struct{ to *time.Duration }

// Scan is for package sql.
func (m millis) Scan(src any) error {
	v, ok := src.(int64)
	if !ok {
		return fmt.Errorf("%T is no duration in milliseconds", src)
	}
	*m.to = time.Duration(v) * time.Millisecond
	return nil
}
