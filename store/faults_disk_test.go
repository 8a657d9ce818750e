package store

import (
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"sitrep/briefings"
	"sitrep/testenv"
)

// noise can't be compressed.
func noise(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + r.IntN(26))
	}
	return string(b)
}

// TestPostgresDiskFull keeps the tables on a disk that is filled up, and its log,
// without which Postgres would stop altogether, on another.
func TestPostgresDiskFull(t *testing.T) {
	t.Parallel()
	disk := testenv.SmallDisk(t, 48)
	folder, name := filepath.Join(disk.Folder, "tables"), "small"+strings.ToLower(noise(4))+strconv.Itoa(os.Getpid())
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, as := range []string{"postgres", "nobody"} { // as testenv runs it
		if u, err := user.Lookup(as); err == nil {
			uid, _ := strconv.Atoi(u.Uid)
			if err := os.Chown(folder, uid, -1); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	var admin *sql.DB
	t.Cleanup(func() { // once the database is gone
		_, err := admin.ExecContext(t.Context(), `DROP TABLESPACE `+name)
		if err := errors.Join(err, admin.Close()); err != nil && !errors.Is(err, t.Context().Err()) {
			t.Error(err)
		}
	})
	url := testenv.Postgres(t)
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	if admin, err = sql.Open("pgx", strings.Replace(url, "/"+config.Database, "/postgres", 1)); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`CREATE TABLESPACE ` + name + ` LOCATION '` + folder + `'`, `ALTER DATABASE ` + config.Database + ` SET TABLESPACE ` + name} {
		if _, err := admin.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	s := opened(t, url)
	if err := publishing(t.Context(), s, 0, "before"); err != nil {
		t.Fatal(err)
	}
	disk.Fill()
	long := noise(900_000)
	if err := publishing(t.Context(), s, 1, long); !errors.Is(err, briefings.ErrUnavailable) || !strings.Contains(err.Error(), "Postgres' disk is full; make room on it") {
		t.Errorf("got %.300v, want unavailable and what to do", err)
	}
	if revs, err := s.Revisions(t.Context(), "1", 0); err != nil || len(revs) != 1 {
		t.Errorf("got %d revisions, %v, want what was there before, readable", len(revs), err)
	}
	disk.Clear()
	if err := publishing(t.Context(), s, 1, long); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// TestReadOnly is a file whose disk was mounted anew to be only read, as Linux
// does after errors, and a Postgres that is no primary.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		store     func() *Store
		off, on   string
		wantWords string
	}{
		"sqlite": {func() *Store { return sqliteStore(t) }, `PRAGMA query_only = 1`, `PRAGMA query_only = 0`, "the database file or its folder can't be written"},
		"postgres": {func() *Store {
			s := opened(t, testenv.Postgres(t))
			s.write.SetMaxOpenConns(1) // the session that is told so
			return s
		}, `SET default_transaction_read_only = on`, `SET default_transaction_read_only = off`, "this Postgres only reads; let the database URL name the primary"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tt.store()
			if err := publishing(t.Context(), s, 0, "before"); err != nil {
				t.Fatal(err)
			}
			run(t, s, tt.off)
			if err := publishing(t.Context(), s, 1, "meanwhile"); !errors.Is(err, briefings.ErrUnavailable) || !strings.Contains(err.Error(), tt.wantWords) {
				t.Errorf("got %v, want unavailable and what to do", err)
			}
			if revs, err := s.Revisions(t.Context(), "1", 0); err != nil || len(revs) != 1 {
				t.Errorf("got %d revisions, %v, want what was there before, readable", len(revs), err)
			}
			run(t, s, tt.on)
			if err := publishing(t.Context(), s, 1, "after"); err != nil {
				t.Errorf("once it can be written: %v", err)
			}
		})
	}
}
