package migrations

import (
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"

	"sitrep/testenv"
)

func onBoth(t *testing.T, test func(t *testing.T, db *sql.DB, e Engine)) {
	t.Parallel()
	for e, open := range map[Engine]func() (*sql.DB, error){
		SQLite: func() (*sql.DB, error) {
			// Waits for the file's lock as package store does.
			return sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "test.db")+"?_pragma=busy_timeout(5000)&_txlock=immediate")
		},
		Postgres: func() (*sql.DB, error) { return sql.Open("pgx", testenv.Postgres(t)) },
	} {
		t.Run(string(e), func(t *testing.T) {
			db, err := open()
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}()
			test(t, db, e)
		})
	}
}

func TestUp(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sql.DB, e Engine) {
		for _, when := range []string{"first", "again"} {
			if err := Up(t.Context(), db, e); err != nil {
				t.Errorf("%s: %v", when, err)
			}
		}
		var done int
		err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM schema_versions`).Scan(&done)
		if want := steps(t, db, e) + 1; err != nil || done != want { // goose counts from a step 0 of its own
			t.Errorf("got %d steps, %v, want each of %d once", done, err, want)
		}
	})
}

// steps is how many there are.
func steps(t *testing.T, db *sql.DB, e Engine) int {
	t.Helper()
	p, err := provider(db, e)
	if err != nil {
		t.Fatal(err)
	}
	return len(p.ListSources())
}

// TestUpFails puts something in the way of a step.
func TestUpFails(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sql.DB, e Engine) {
		if _, err := db.ExecContext(t.Context(), `CREATE TABLE drafts (ours TEXT)`); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := Up(t.Context(), db, e); err == nil || !strings.Contains(err.Error(), "drafts") {
				t.Errorf("got %v, want what is in the way", err)
			}
		}
		if _, err := db.ExecContext(t.Context(), `SELECT rev FROM desks`); err == nil {
			t.Error("half of the step was kept")
		}
		if _, err := db.ExecContext(t.Context(), `DROP TABLE drafts`); err != nil {
			t.Fatal(err)
		}
		if err := Up(t.Context(), db, e); err != nil {
			t.Errorf("with nothing in the way: %v", err)
		}
	})
}

// TestLock has a second copy wait for the first, and not get in.
func TestLock(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("pgx", testenv.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	unlock, err := lock(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan error, 1)
	go func() { second <- Up(t.Context(), db, Postgres) }()
	waits := `SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`
	for waiting := 0; waiting == 0; {
		select {
		case err := <-second:
			t.Fatalf("the second copy got past the lock: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
		if err := db.QueryRowContext(t.Context(), waits).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := unlock(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-second; err != nil {
		t.Errorf("the second copy, after the first: %v", err)
	}
}

func TestBehind(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := Behind(t.Context(), db, SQLite); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty file: got %v, want that the schema is missing", err)
	}
	if err := Up(t.Context(), db, SQLite); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, change string
		want         int
	}{
		{"up to date", `SELECT 1`, 0},
		{"newer", `INSERT INTO schema_versions (version_id, is_applied) VALUES (99, 1)`, -1},
		{"older", `DELETE FROM schema_versions WHERE version_id > 1`, steps(t, db, SQLite) - 1},
	} {
		if _, err := db.ExecContext(t.Context(), tt.change); err != nil {
			t.Fatal(err)
		}
		if got, err := Behind(t.Context(), db, SQLite); got != tt.want || err != nil {
			t.Errorf("%s: got %d steps, %v, want %d", tt.name, got, err, tt.want)
		}
	}
	if _, err := db.ExecContext(t.Context(), `DELETE FROM schema_versions WHERE version_id > 0`); err != nil {
		t.Fatal(err)
	}
	if _, err := Behind(t.Context(), db, SQLite); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file with no step done: got %v, want that the schema is missing", err)
	}
}
