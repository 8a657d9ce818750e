// Package migrations holds the steps that bring a database to the schema that
// package store speaks to.
//
// A step is a numbered SQL file that SQLite and Postgres both understand; the
// few words in which the two differ are Go steps. A step that was released is
// never edited. Steps only add, so that copies of sitrep which are a release
// behind go on working while the others are replaced.
//
// The package knows nothing of what the tables mean.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// An Engine is a kind of database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

const versionTable = "schema_versions"

//go:embed *.sql
var files embed.FS

// Up brings the database up to date. Many processes may call it at once, and
// every step is done once: on Postgres the others wait, on SQLite, which has
// no lock to wait for, they fail at the unique version and look again.
func Up(ctx context.Context, db *sql.DB, e Engine) error {
	p, err := provider(db, e)
	if err != nil {
		return err
	}
	if e == SQLite {
		if err := useWAL(ctx, db); err != nil {
			return fmt.Errorf("switch to a write-ahead log: %w", err)
		}
		return climb(ctx, p)
	}
	unlock, err := lock(ctx, db)
	if err != nil {
		return fmt.Errorf("wait for other copies to migrate: %w", err)
	}
	err = climb(ctx, p)
	// A context that ended must not leave the lock behind.
	return errors.Join(err, unlock(context.WithoutCancel(ctx)))
}

// climb tries again as long as somebody gets on.
func climb(ctx context.Context, p *goose.Provider) error {
	for {
		before, err := p.GetDBVersion(ctx)
		if err != nil {
			return fmt.Errorf("read the schema's version: %w", err)
		}
		_, failed := p.Up(ctx)
		if failed == nil {
			return nil
		}
		after, err := p.GetDBVersion(ctx)
		if err != nil || after <= before {
			return fmt.Errorf("migrate: %w", errors.Join(failed, err))
		}
	}
}

// Behind returns how many steps a database lacks, without changing it. The
// error wraps [fs.ErrNotExist] where it has had none at all.
func Behind(ctx context.Context, db *sql.DB, e Engine) (int, error) {
	p, err := provider(db, e)
	if err != nil {
		return 0, err
	}
	var there int
	const known = `SELECT COUNT(*) FROM sqlite_master WHERE name = '` + versionTable + `'`
	if err := db.QueryRowContext(ctx, known).Scan(&there); err != nil {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	if there == 0 {
		return 0, fmt.Errorf("the schema is missing: %w", fs.ErrNotExist)
	}
	var version int64
	const newest = `SELECT COALESCE(MAX(version_id), 0) FROM ` + versionTable
	if err := db.QueryRowContext(ctx, newest).Scan(&version); err != nil {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	if version == 0 {
		return 0, fmt.Errorf("the schema is missing: %w", fs.ErrNotExist)
	}
	behind := 0
	for _, step := range p.ListSources() {
		if step.Version > version {
			behind++
		}
	}
	return behind, nil
}

func provider(db *sql.DB, e Engine) (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	if e == Postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, db, files,
		goose.WithTableName(versionTable),
		goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(
			appendOnly(e, 2, "revisions", "a revision"),
			appendOnly(e, 11, "settings_log", "a change of settings"),
			forgettable(e, 18,
				record{
					table: "revisions", thing: "a revision", people: []string{"recorded_by", "approved_by"},
					kept: []string{"desk", "rev", "item", "place", "op", "body", "reason", "recorded_at", "edition"},
				},
				record{
					table: "settings_log", thing: "a change of settings", people: []string{"recorded_by"},
					kept: []string{"desk", "rev", "setting", "was", "now", "recorded_at"},
				}),
		),
	)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}
