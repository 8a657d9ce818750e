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
	"math"

	"github.com/pressly/goose/v3"
)

// An Engine is a kind of database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// VersionTable is where the steps are recorded that a database has had.
const VersionTable = "schema_versions"

//go:embed *.sql
var files embed.FS

// Up brings the database up to date. Many processes may call it at once, and
// every step is done once: on Postgres the others wait, on SQLite, which has
// no lock to wait for, they fail at the unique version and look again.
func Up(ctx context.Context, db *sql.DB, e Engine) error {
	return UpTo(ctx, db, e, math.MaxInt64)
}

// UpTo is Up, but takes no step above version.
func UpTo(ctx context.Context, db *sql.DB, e Engine, version int64) error {
	p, err := provider(db, e)
	if err != nil {
		return err
	}
	if e == SQLite {
		if err := useWAL(ctx, db); err != nil {
			return fmt.Errorf("switch to a write-ahead log: %w", err)
		}
		return climb(ctx, p, version)
	}
	unlock, err := lock(ctx, db)
	if err != nil {
		return fmt.Errorf("wait for other copies to migrate: %w", err)
	}
	err = climb(ctx, p, version)
	// A context that ended must not leave the lock behind.
	return errors.Join(err, unlock(context.WithoutCancel(ctx)))
}

// climb tries again as long as somebody gets on.
func climb(ctx context.Context, p *goose.Provider, to int64) error {
	for {
		before, err := p.GetDBVersion(ctx)
		if err != nil {
			return fmt.Errorf("read the schema's version: %w", err)
		}
		_, failed := p.UpTo(ctx, to)
		if failed == nil {
			return nil
		}
		after, err := p.GetDBVersion(ctx)
		if err != nil || after <= before {
			return fmt.Errorf("migrate: %w", errors.Join(failed, err))
		}
	}
}

// Behind returns how many steps a database lacks, -1 where a newer release has
// taken more than this one knows, without changing it. The error wraps
// [fs.ErrNotExist] where it has had none at all.
func Behind(ctx context.Context, db *sql.DB, e Engine) (int, error) {
	p, err := provider(db, e)
	if err != nil {
		return 0, err
	}
	version, err := Version(ctx, db, e)
	if err != nil {
		return 0, err
	}
	if version == 0 {
		return 0, fmt.Errorf("the schema is missing: %w", fs.ErrNotExist)
	}
	steps := p.ListSources() // in ascending order
	if version > steps[len(steps)-1].Version {
		return -1, nil
	}
	behind := 0
	for _, step := range steps {
		if step.Version > version {
			behind++
		}
	}
	return behind, nil
}

// Version returns the highest step that a database has had, 0 for none, without
// changing it.
func Version(ctx context.Context, db Querier, e Engine) (int64, error) {
	known := `SELECT COUNT(*) FROM sqlite_master WHERE name = '` + VersionTable + `'`
	if e == Postgres {
		known = `SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = '` + VersionTable + `'`
	}
	var there, version int64
	err := db.QueryRowContext(ctx, known).Scan(&there)
	if err == nil && there > 0 {
		err = db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+VersionTable).Scan(&version)
	}
	if err != nil {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	return version, nil
}

// Newest returns the highest step that this release knows.
func Newest(db *sql.DB, e Engine) (int64, error) {
	p, err := provider(db, e)
	if err != nil {
		return 0, err
	}
	steps := p.ListSources() // in ascending order
	return steps[len(steps)-1].Version, nil
}

// A Querier is a pool or a transaction.
type Querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func provider(db *sql.DB, e Engine) (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	if e == Postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, db, files,
		goose.WithTableName(VersionTable),
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
