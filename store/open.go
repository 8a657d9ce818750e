package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"sitrep/briefings"
	"sitrep/store/migrations"
)

const (
	sqliteReaders = 4
	postgresConns = 16
	dialTimeout   = 5 * time.Second
)

// Connect makes a Store for "sqlite:PATH" or a postgres:// URL without asking
// the database anything, so it succeeds while Postgres is away. A SQLite file,
// and its folder, are made where they are missing, for their owner alone.
func Connect(url string) (*Store, error) {
	kind, rest, _ := strings.Cut(url, ":")
	switch kind {
	case "sqlite":
		return connectSQLite(strings.TrimPrefix(rest, "//"))
	case "postgres", "postgresql":
		return connectPostgres(url)
	}
	// Not even the kind is shown: in a URL without one it may be a secret.
	return nil, errors.New("store: the database URL must be sqlite:PATH or postgres://USER:PASSWORD@HOST:5432/DATABASE")
}

// OpenReadOnly opens the SQLite file that another process may be writing. The
// error wraps [fs.ErrNotExist] where nothing was ever recorded in it, and it
// refuses a file that a newer sitrep has to bring up to date first.
func OpenReadOnly(ctx context.Context, path string) (*Store, error) {
	const doing = "open the database for reading"
	if _, err := os.Stat(path); err != nil {
		return nil, fault(doing, err)
	}
	db, err := openSQLite(path, "mode=ro", sqliteReaders)
	if err != nil {
		return nil, fault(doing, err)
	}
	s := &Store{engine: migrations.SQLite, read: db, write: db}
	if err := s.Current(ctx); err != nil && !errors.Is(err, ErrNewer) {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// How a database's schema may differ from that of this release.
var (
	ErrOlder = errors.New("the database was written by an older sitrep; start sitrep once to bring it up to date")
	ErrNewer = errors.New("a newer sitrep has brought the database up to date")
)

// Current returns nil where the database has the schema of this release,
// [ErrOlder] or [ErrNewer] where it has another, and an error that wraps
// [fs.ErrNotExist] where it holds nothing of sitrep's. It changes nothing.
func (s *Store) Current(ctx context.Context) error {
	return s.within(ctx, "compare the schema", s.read, func(ctx context.Context, _ session) error {
		behind, err := migrations.Behind(ctx, s.read, s.engine)
		switch {
		case behind > 0:
			return ErrOlder
		case behind < 0:
			return ErrNewer
		}
		return err
	})
}

// Writable tries whether the database takes what sitrep will write, a table
// included, and leaves nothing behind.
func (s *Store) Writable(ctx context.Context) error {
	undone := errors.New("undone")
	err := s.inTx(ctx, "try to write", func(ctx context.Context, q session) error {
		if _, err := q.exec(ctx, `CREATE TABLE sitrep_writable (one BIGINT)`); err != nil {
			return err
		}
		return undone
	})
	if errors.Is(err, undone) {
		return nil
	}
	return err
}

func connectSQLite(path string) (*Store, error) {
	if path == "" || path == ":memory:" {
		return nil, errors.New("store: the database URL names no file; write sqlite:PATH, like sqlite:sitrep-data/sitrep.db")
	}
	if err := makeFile(path); err != nil {
		return nil, fmt.Errorf("store: make the database file: %w; choose a place that may be written", err)
	}
	write, err := openSQLite(path, "mode=rw", 1)
	if err != nil {
		return nil, fault("open "+path, err)
	}
	read, err := openSQLite(path, "mode=rw", sqliteReaders)
	if err != nil {
		return nil, errors.Join(fault("open "+path, err), write.Close())
	}
	return &Store{engine: migrations.SQLite, read: read, write: write}, nil
}

// makeFile makes an empty file, which is an empty database: SQLite itself would
// let everybody read it. Files that SQLite puts beside it get the same mode.
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func openSQLite(path, mode string, conns int) (*sql.DB, error) {
	pragmas := "&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)"
	if mode != "mode=ro" {
		pragmas += "&_pragma=synchronous(FULL)&_txlock=immediate"
	}
	name, err := sqliteName(path, mode+pragmas)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// sqliteName is a URI, in which the path may hold any character.
func sqliteName(path, query string) (string, error) {
	absolute, err := filepath.Abs(path)
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: query}
	return name.String(), err
}

func connectPostgres(url string) (*Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The parser's own words may quote the password.
		return nil, errors.New("store: the database URL can't be read; write postgres://USER:PASSWORD@HOST:5432/DATABASE," +
			" with %-escapes for special characters in the password, and check options such as sslmode and the files they name")
	}
	if !strings.Contains(url, "connect_timeout=") {
		config.ConnectTimeout = dialTimeout
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour) // so that a moved server is found again
	return &Store{engine: migrations.Postgres, read: db, write: db}, nil
}

// unavailable marks err as something that may pass.
func unavailable(err error) error {
	return fmt.Errorf("%w: %w", briefings.ErrUnavailable, err)
}
