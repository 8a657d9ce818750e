package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
	"sitrep/store"
	"sitrep/testenv"
)

func open(tb testing.TB, url string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), url)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestOpenMakesPrivateFiles(t *testing.T) {
	t.Parallel()
	// Every character that a URI or a DSN gives a meaning.
	folder := filepath.Join(t.TempDir(), "a b?c#d%20&e=f", "data")
	path := filepath.Join(folder, "sitrep.db?mode=memory")
	s := open(t, "sqlite:"+path)
	if err := s.Publish(t.Context(), "1", 0, revisions(1, 1)); err != nil {
		t.Error(err)
	}
	for file, want := range map[string]fs.FileMode{
		folder: 0o700 | fs.ModeDir, path: 0o600, path + "-wal": 0o600,
	} {
		info, err := os.Stat(file)
		if err != nil {
			t.Error(err)
			continue
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %s, want %s", file, info.Mode(), want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	text := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database at all\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, url, says string
		away            bool
	}{
		{"nothing", "", "must be sqlite:PATH or postgres://", false},
		{"another database", "mysql://root:hunter2@localhost/x", "must be sqlite:PATH or postgres://", false},
		{"no path", "sqlite:", "names no file", false},
		{"memory", "sqlite::memory:", "names no file", false},
		{"a folder", "sqlite:" + folder, "can't be written", true},
		{"under a file", "sqlite:" + text + "/sitrep.db", "choose a place that may be written", false},
		{"a text file", "sqlite:" + text, "no SQLite database", false},
		{"no URL", "postgres://u:hunter2@[host/x", "can't be read", false},
		{"a bad port", "postgres://u:hunter2@host:port/x", "can't be read", false},
		{"a bad option", "postgres://u:hunter2@host/x?sslmode=maybe", "sslmode", false},
		{"nobody there", "postgres://u:hunter2@127.0.0.1:1/x?sslmode=disable", "can't be reached", true},
	} {
		s, err := store.Open(t.Context(), tt.url)
		if err == nil {
			t.Errorf("%s: got no error", tt.name)
			_ = s.Close()
			continue
		}
		if !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want one that says %q", tt.name, err, tt.says)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want no password", tt.name, err)
		}
		if got := errors.Is(err, briefings.ErrUnavailable); got != tt.away {
			t.Errorf("%s: got %v, want unavailable to be %t", tt.name, err, tt.away)
		}
	}
}

func TestPostgresRefuses(t *testing.T) {
	t.Parallel()
	url := testenv.Postgres(t)
	user := url[len("postgres://"):strings.Index(url, "@")]
	for _, tt := range []struct{ name, url, says string }{
		{"no such user", strings.Replace(url, user, "stranger:hunter2", 1), "refused the user or the password"},
		{"no such database", strings.Replace(url, "/test_", "/other_", 1), "no such database"},
	} {
		_, err := store.Open(t.Context(), tt.url)
		if err == nil || !strings.Contains(err.Error(), tt.says) || !errors.Is(err, briefings.ErrUnavailable) {
			t.Errorf("%s: got %v, want unavailable and %q", tt.name, err, tt.says)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want no password", tt.name, err)
		}
	}
}

// TestPostgresOverTLS opens with a password over TLS that is checked, and says
// what is wrong where either isn't right.
func TestPostgresOverTLS(t *testing.T) {
	t.Parallel()
	url, ca := testenv.PostgresTLS(t)
	s := open(t, url)
	if err := s.Publish(t.Context(), "1", 0, revisions(1, 1)); err != nil {
		t.Error(err)
	}
	stranger := testenv.NewCertificates(t)
	for _, tt := range []struct{ name, url, says string }{
		{"an authority that it doesn't know", strings.Replace(url, ca, stranger.CA, 1), "let sslrootcert in the database URL name"},
		{"a host that the certificate isn't for", strings.Replace(url, "@127.0.0.1", "@localhost", 1), "a host that it is for"},
		{"another password", strings.Replace(url, "@127.0.0.1", "hunter2@127.0.0.1", 1), "refused the user or the password"},
		{"no TLS", strings.Replace(url, "sslmode=verify-full", "sslmode=disable", 1), "refused the user or the password"},
	} {
		_, err := store.Open(t.Context(), tt.url)
		if !errors.Is(err, briefings.ErrUnavailable) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want unavailable and %q", tt.name, err, tt.says)
		}
	}
	_, err := store.Open(t.Context(), strings.Replace(url, ca, ca+".none", 1))
	if err == nil || !strings.Contains(err.Error(), "sslmode and the files they name") {
		t.Errorf("no such file: got %v, want that the URL's files are looked at", err)
	}
}

// TestConnectBeforeTables is a copy that starts while the database is away and
// takes up work when another has migrated.
func TestConnectBeforeTables(t *testing.T) {
	t.Parallel()
	url := testenv.Postgres(t)
	early, err := store.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := early.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := early.Ping(t.Context()); !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("Ping without tables: got %v, want unavailable", err)
	}
	if _, err := early.Newest(t.Context(), []briefings.DeskID{"1"}); !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("Newest without tables: got %v, want unavailable", err)
	}
	open(t, url)
	if err := early.Ping(t.Context()); err != nil {
		t.Errorf("Ping after another copy migrated: %v", err)
	}
	if err := early.Migrate(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOpenReadOnly(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	missing, empty := filepath.Join(folder, "missing.db"), filepath.Join(folder, "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{missing, empty} {
		if _, err := store.OpenReadOnly(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, want that there is none", path, err)
		}
	}
	if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading made a file: %v", err)
	}

	path := filepath.Join(folder, "sitrep.db")
	s := open(t, "sqlite:"+path)
	if err := s.Publish(t.Context(), "1", 0, revisions(1, 3)); err != nil {
		t.Fatal(err)
	}
	beside(t, path, "while it is being written")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	beside(t, path, "after it was closed")
}

func beside(t *testing.T, path, when string) {
	t.Helper()
	s, err := store.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	if revs, err := s.Revisions(t.Context(), "1", 0); err != nil || len(revs) != 3 {
		t.Errorf("%s: got %d revisions, %v, want 3", when, len(revs), err)
	}
	err = s.Publish(t.Context(), "1", 1, revisions(2, 1))
	if !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("%s: Publish: got %v, want it refused", when, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestWritable leaves an empty database empty.
func TestWritable(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": sqliteURL(t), "postgres": testenv.Postgres(t)} {
		s, err := store.Connect(url)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // what the first left would refuse the second
			if err := s.Writable(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.Current(t.Context()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, want that nothing is there", name, err)
		}
		if err := errors.Join(s.Migrate(t.Context()), s.Current(t.Context()), s.Writable(t.Context()), s.Close()); err != nil {
			t.Errorf("%s, once it is migrated: %v", name, err)
		}
	}
	s, err := store.Connect(testenv.Postgres(t) + "&default_transaction_read_only=on")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Writable(t.Context()); !errors.Is(err, briefings.ErrUnavailable) || !strings.Contains(err.Error(), "name the primary") {
		t.Errorf("a replica: got %v, want unavailable and what to do", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestCallerGone is no fault of the database.
func TestCallerGone(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteURL(t))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"Ping":    s.Ping(gone),
		"Publish": s.Publish(gone, "1", 0, revisions(1, 1)),
	} {
		if !errors.Is(err, context.Canceled) || errors.Is(err, briefings.ErrUnavailable) {
			t.Errorf("%s: got %v, want canceled", name, err)
		}
	}
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if err := s.Ping(late); !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("out of time: got %v, want unavailable", err)
	}
}

func revisions(rev, n int) []briefings.Revision {
	all := make([]briefings.Revision, n)
	for i := range all {
		f := new(briefings.Figure)
		f.ID = briefings.ID(fmt.Sprintf("figure/number-%d", i))
		f.Refs = []string{fmt.Sprintf("F%d", i)}
		f.Text = "About 800 bn over ten years, said at the meeting of ministers and repeated the day after."
		f.Value, f.Qualifier, f.Status = "800", briefings.About, briefings.Claimed
		all[i] = briefings.Revision{
			Rev: rev, Item: f, Op: briefings.OpAmend,
			RecordedAt: time.Date(2026, 1, 19, 8, 0, 0, 0, time.UTC), RecordedBy: "42",
		}
	}
	return all
}

func subscribed(tb testing.TB, s *store.Store) digests.Subscription {
	tb.Helper()
	o := digests.Subscription{ID: "s", Desk: "1", NextDue: time.UnixMilli(1), CreatedAt: time.UnixMilli(1)}
	if err := s.Subscribe(tb.Context(), o); err != nil {
		tb.Fatal(err)
	}
	return o
}
