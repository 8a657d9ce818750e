package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"sitrep/briefings"
	"sitrep/testenv"
)

func sqliteStore(t *testing.T) *Store {
	t.Helper()
	return opened(t, "sqlite:"+filepath.Join(t.TempDir(), "sitrep.db"))
}

func opened(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func publishing(ctx context.Context, s *Store, seen int, text string) error {
	q := new(briefings.Question)
	q.ID, q.State, q.Text = "question/kept", briefings.OpenQuestion, text
	return s.Publish(ctx, "1", seen, []briefings.Revision{{Rev: seen + 1, Item: q, RecordedAt: time.UnixMilli(1)}})
}

func run(t *testing.T, s *Store, text string) {
	t.Helper()
	if _, err := s.write.ExecContext(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := sqliteStore(t)
	run(t, s, `PRAGMA max_page_count = 1`) // SQLite takes it as no more than there are
	err := publishing(t.Context(), s, 0, strings.Repeat("x", 200_000))
	if !errors.Is(err, briefings.ErrUnavailable) || !strings.Contains(err.Error(), "the disk is full; make room") {
		t.Errorf("got %v, want unavailable and what to do", err)
	}
	if revs, err := s.Revisions(t.Context(), "1", 0); err != nil || len(revs) != 0 {
		t.Errorf("got %d revisions, %v, want nothing kept by half", len(revs), err)
	}
	run(t, s, `PRAGMA max_page_count = 1000000`)
	if err := publishing(t.Context(), s, 0, "x"); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// TestBusy has another process hold the file for longer than one waits.
func TestBusy(t *testing.T) {
	t.Parallel()
	s := sqliteStore(t)
	run(t, s, `PRAGMA busy_timeout = 10`)
	tx, err := s.read.BeginTx(t.Context(), nil) // takes the write lock, as DSN says
	if err != nil {
		t.Fatal(err)
	}
	err = publishing(t.Context(), s, 0, "x")
	if !errors.Is(err, briefings.ErrUnavailable) || !strings.Contains(err.Error(), "another process holds") {
		t.Errorf("got %v, want unavailable and what to do", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := publishing(t.Context(), s, 0, "x"); err != nil {
		t.Errorf("when it is free again: %v", err)
	}
}

func TestOlderSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sitrep.db")
	s := opened(t, "sqlite:"+path)
	run(t, s, `DELETE FROM schema_versions WHERE version_id > 1`)
	_, err := OpenReadOnly(t.Context(), path)
	if err == nil || !strings.Contains(err.Error(), "start sitrep once") {
		t.Errorf("got %v, want what to do", err)
	}
}

// TestAppendOnly goes round the methods: the database itself must refuse.
func TestAppendOnly(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(t.TempDir(), "sitrep.db") },
		"postgres": func() string { return testenv.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			s := opened(t, url())
			if err := publishing(t.Context(), s, 0, "kept"); err != nil {
				t.Fatal(err)
			}
			change := []briefings.SettingChange{{Rev: 1, Setting: briefings.Zone, Now: "Europe/Kyiv", By: "42", RecordedAt: time.Now()}}
			if err := s.SaveSettings(t.Context(), "1", briefings.Settings{Rev: 1, Zone: "Europe/Kyiv"}, change); err != nil {
				t.Fatal(err)
			}
			run(t, s, `INSERT INTO revisions SELECT desk, 2, item, 0, op, body, reason, recorded_at, '42', '', 0 FROM revisions`)
			for text, want := range map[string]string{
				`UPDATE settings_log SET recorded_by = '43'`:                       "never changed",
				`UPDATE settings_log SET recorded_by = 'former member', was = 'x'`: "never changed",
				`UPDATE revisions SET recorded_by = '43'`:                          "never changed",
				`UPDATE revisions SET approved_by = 'former member'`:               "never changed", // nobody had to approve it
				`UPDATE revisions SET recorded_by = 'former member', body = '{}'`:  "never changed",
				`UPDATE revisions SET recorded_by = 'former member', rev = 2`:      "never changed",
				`UPDATE revisions SET recorded_by = 'former member', edition = 2`:  "never changed",
				`UPDATE settings_log SET now = 'UTC'`:                              "never changed",
				`DELETE FROM settings_log`:                                         "never",
				`UPDATE revisions SET reason = 'another'`:                          "never changed",
				`DELETE FROM revisions WHERE desk = '1'`:                           "never",
				`DELETE FROM desks WHERE desk IN ('1','2')`:                        "foreign key",
			} {
				_, err := s.write.ExecContext(t.Context(), text)
				if err == nil || !strings.Contains(strings.ToLower(err.Error()), want) {
					t.Errorf("%s: got %v, want %q", text, err, want)
				}
			}
			if got, err := s.Revisions(t.Context(), "1", 0); err != nil || len(got) != 2 || got[0].Reason+got[1].Reason != "" || got[1].RecordedBy != "42" {
				t.Errorf("got %+v, %v, want the revisions as they were", got, err)
			}
			run(t, s, `UPDATE revisions SET recorded_by = 'former member' WHERE rev = 2`)
			run(t, s, `INSERT INTO departures (desk, left_at, purging) VALUES ('1', 0, 0), ('2', 0, 1)`)
			for _, text := range []string{`DELETE FROM revisions`, `DELETE FROM settings_log`} {
				if _, err := s.write.ExecContext(t.Context(), text); err == nil {
					t.Errorf("%s: a desk that departed and another that is purged let it through", text)
				}
			}
			if name == "postgres" {
				if _, err := s.write.ExecContext(t.Context(), `TRUNCATE revisions`); err == nil {
					t.Error("TRUNCATE was let through")
				}
			}
		})
	}
}

// TestDamagedBody must be an error, not a revision less.
func TestDamagedBody(t *testing.T) {
	t.Parallel()
	s := sqliteStore(t)
	if err := publishing(t.Context(), s, 0, "kept"); err != nil {
		t.Fatal(err)
	}
	run(t, s, `INSERT INTO revisions SELECT desk, 2, item, 0, op, '{"id":"question/kept","surprise":1}',
		reason, recorded_at, recorded_by, approved_by, edition FROM revisions`)
	if revs, err := s.Revisions(t.Context(), "1", 0); err == nil || !strings.Contains(err.Error(), "revision 2") {
		t.Errorf("got %d revisions, %v, want an error that names revision 2", len(revs), err)
	}
}

// TestPostgresOutage cuts the line, and mends it.
func TestPostgresOutage(t *testing.T) {
	t.Parallel()
	url, l := cable(t, testenv.Postgres(t))
	s := opened(t, url)
	if err := publishing(t.Context(), s, 0, "before"); err != nil {
		t.Fatal(err)
	}
	l.cut(true)
	for range 3 {
		began := time.Now()
		for name, err := range map[string]error{
			"Ping":    s.Ping(t.Context()),
			"Publish": publishing(t.Context(), s, 1, "meanwhile"),
			"Migrate": s.Migrate(t.Context()),
		} {
			if !errors.Is(err, briefings.ErrUnavailable) {
				t.Errorf("%s: got %v, want unavailable", name, err)
			}
		}
		if took := time.Since(began); took > dialTimeout {
			t.Errorf("it took %s to tell", took)
		}
	}
	l.cut(false)
	if err := publishing(t.Context(), s, 1, "after"); err != nil {
		t.Errorf("mended: %v", err)
	}
}

// TestPostgresCutInTheMiddle cuts the line once a transaction has written, and
// as it is committed, whose answer is then lost. Nothing is kept by half.
func TestPostgresCutInTheMiddle(t *testing.T) {
	t.Parallel()
	url := testenv.Postgres(t)
	beside := opened(t, url)
	slow, l := cable(t, url)
	s := opened(t, slow)
	err := s.inTx(t.Context(), "test", func(ctx context.Context, q session) error {
		if _, err := q.exec(ctx, `INSERT INTO desks (desk, rev, recorded_at) VALUES ('7', 1, 0)`); err != nil {
			t.Fatal(err)
		}
		l.cut(true)
		return nil
	})
	if !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("cut before the commit: got %v, want unavailable", err)
	}
	l.cut(false)
	var n int
	if err := beside.read.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM desks WHERE desk = '7'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows of what was cut off, %v, want none", n, err)
	}
	for err = publishing(t.Context(), s, 0, "before"); errors.Is(err, briefings.ErrUnavailable) && t.Context().Err() == nil; {
		err = publishing(t.Context(), s, 0, "before") // each connection that was cut is found out by use
	}
	if err != nil {
		t.Errorf("mended: %v", err)
	}

	l.deafen() // what is sent arrives, no answer comes back
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := publishing(ctx, s, 1, "unheard"); !errors.Is(err, briefings.ErrUnavailable) {
		t.Errorf("without an answer: got %v, want unavailable", err)
	}
	revs, err := beside.Revisions(t.Context(), "1", 0)
	if err != nil || len(revs) > 2 {
		t.Errorf("got %d revisions, %v, want one or two, whole", len(revs), err)
	}
}

// TestPostgresFrozen has the line swallow everything, as a broken network does.
func TestPostgresFrozen(t *testing.T) {
	t.Parallel()
	url, l := cable(t, testenv.Postgres(t))
	s := opened(t, url)
	l.freeze()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Ping(ctx); !errors.Is(err, briefings.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want that it took too long", err)
	}
}

// A line carries bytes to a server, until it is cut or frozen.
type line struct {
	mu     sync.Mutex
	down   bool
	frozen bool
	deaf   bool // for what the server says
	conns  []net.Conn
}

// cable returns url with a line of its own in the way.
func cable(t *testing.T, url string) (string, *line) {
	t.Helper()
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	server := net.JoinHostPort(config.Host, fmt.Sprint(config.Port))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := new(line)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", server)
			if err != nil || !l.join(near, far) {
				_ = near.Close()
				continue
			}
			all.Go(func() { l.carry(near, far, func() bool { return l.frozen }) })
			all.Go(func() { l.carry(far, near, func() bool { return l.frozen || l.deaf }) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		l.cut(true)
		all.Wait()
	})
	return strings.Replace(url, server, listener.Addr().String(), 1), l
}

func (l *line) join(near, far net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, near, far)
	if l.down {
		_ = far.Close()
	}
	return !l.down
}

func (l *line) carry(from, to net.Conn, swallows func() bool) {
	defer func() { _ = to.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		l.mu.Lock()
		swallowed := swallows()
		l.mu.Unlock()
		if !swallowed && n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (l *line) cut(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

func (l *line) freeze() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen = true
}

func (l *line) deafen() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deaf = true
}

func TestDiagnose(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err    error
		advice string
		away   bool
	}{
		{&pgconn.PgError{Code: "53100"}, "disk is full", true},
		{&pgconn.PgError{Code: "53300"}, "max_connections", true},
		{&pgconn.PgError{Code: "25006"}, "primary", true},
		{&pgconn.PgError{Code: "28P01"}, "password", true},
		{&pgconn.PgError{Code: "42501"}, "grant", true},
		{&pgconn.PgError{Code: "57P01"}, "can't serve", true},
		{&pgconn.PgError{Code: "40001"}, "busy", true},
		{&pgconn.PgError{Code: "23505"}, "", false},
		{&pgconn.PgError{Code: "5"}, "", false},
		{&pgconn.PgError{}, "", false},
		{fmt.Errorf("wrapped: %w", io.ErrUnexpectedEOF), "can't be reached", true},
		{&net.OpError{Op: "write", Err: net.ErrClosed}, "can't be reached", true},
		{context.Canceled, "", false},
		{context.DeadlineExceeded, "too long", true},
		{briefings.ErrStale, "", false},
		{errors.New("else"), "", false},
	} {
		advice, away := diagnose(tt.err)
		if !strings.Contains(advice, tt.advice) || (advice == "") != (tt.advice == "") || away != tt.away {
			t.Errorf("diagnose(%#v) = %q, %t, want %q, %t", tt.err, advice, away, tt.advice, tt.away)
		}
		if got := fault("test", tt.err); !errors.Is(got, tt.err) || errors.Is(got, briefings.ErrUnavailable) != tt.away {
			t.Errorf("fault(%v) = %v, want its cause kept, and unavailable to be %t", tt.err, got, tt.away)
		}
	}
}
