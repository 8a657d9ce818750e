package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"sitrep/briefings"
	"sitrep/digests"
	"sitrep/store/migrations"
	"sitrep/testenv"
)

// Nothing that is done every few seconds reads a table whole that grows with
// servers, with their digests or with time.
func TestTickReadsNoTableWhole(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		name, err := sqliteName(filepath.Join(t.TempDir(), "sitrep.db"), "mode=rwc&_pragma=foreign_keys(1)")
		if err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", name)
		if err != nil {
			t.Fatal(err)
		}
		closeAtEnd(t, db)
		testPlans(t, migrations.SQLite, db, seeing{db.Driver(), name})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		config, err := pgx.ParseConfig(testenv.Postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		connector := stdlib.GetConnector(*config)
		db := sql.OpenDB(connector)
		closeAtEnd(t, db)
		testPlans(t, migrations.Postgres, db, connector)
	})
}

func closeAtEnd(t *testing.T, db io.Closer) {
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// seeing opens connections by a driver that has no connector.
type seeing struct {
	driver driver.Driver
	name   string
}

func (s seeing) Connect(context.Context) (driver.Conn, error) { return s.driver.Open(s.name) }
func (s seeing) Driver() driver.Driver                        { return s.driver }

func testPlans(t *testing.T, engine migrations.Engine, db *sql.DB, to driver.Connector) {
	t.Helper()
	if err := migrations.Up(t.Context(), db, engine); err != nil {
		t.Fatal(err)
	}
	for _, text := range muchKept() {
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	seen := &explained{engine: engine, plans: map[string]string{}}
	watched := sql.OpenDB(explaining{to, seen})
	closeAtEnd(t, watched)
	watched.SetMaxOpenConns(1)
	second(t, &Store{engine: engine, read: watched, write: watched})
	if len(seen.plans) < 15 {
		t.Errorf("only %d queries were explained", len(seen.plans))
	}
	for text, plan := range seen.plans {
		for _, table := range wholeTables(plan) {
			t.Errorf("%s is read whole:\n%s\n%s", table, text, plan)
		}
	}
}

// muchKept are 300 servers with 20 digests each and three days of them, so that
// to read a table whole is worse than to use its index.
func muchKept() []string {
	const n = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d) `
	return []string{
		fmt.Sprintf(n, 6000) + `
			INSERT INTO subscriptions (id, desk, channel, kind, at, zone, days, cron, key_date, offsets, sections, locale, quiet, grace,
				paused, since, created_by, created_at, next_due)
			SELECT 'S' || i, 'D' || i % 300, 'C' || i, CASE WHEN i % 20 = 0 THEN 'countdown' ELSE 'daily' END, '08:00', 'UTC', '', '', '', '',
				'', 'en', 'line', 0, '', 0, '42', 0, 1000000000000 + i FROM n`,
		`INSERT INTO slots (id, subscription, due, state, reason, message, rev, tries, channel, told)
			SELECT id || '-' || day, id, next_due - day * 86400000, 'sent', '', '1', 1, 0, channel, ''
			FROM subscriptions, (SELECT 1 AS day UNION SELECT 2 UNION SELECT 3) AS days`,
		`INSERT INTO postings (slot, desk, channel, facts, rev, posted, seen)
			SELECT slots.id, subscriptions.desk, slots.channel, '{"some":"facts, which are somewhat longer than anything else in the row"}', 1, slots.due, 1
			FROM slots JOIN subscriptions ON subscriptions.id = slots.subscription`,
		`INSERT INTO errands (slot, kind, channel, done_at) SELECT id, 'publish', channel, due FROM slots`,
		`INSERT INTO notices (id, desk, kind, subject, due, told)
			SELECT id, desk, 'weekly', id, due, 'posted' FROM (SELECT slots.id, desk, due FROM slots JOIN subscriptions ON subscriptions.id = subscription) AS s`,
		fmt.Sprintf(n, 20_000) + `INSERT INTO desks (desk, rev, recorded_at) SELECT 'D' || i, 1, i FROM n`,
		fmt.Sprintf(n, 3000) + `INSERT INTO revisions (desk, rev, item, place, op, body, reason, recorded_at, recorded_by, approved_by, edition)
			SELECT 'D' || i, 1, 'question/a', 0, 'amend', '{}', '', i, '42', '', 0 FROM n`,
		fmt.Sprintf(n, 20_000) + `INSERT INTO settings (desk, rev, moderator_role, log_channel, zone, locale, share)
			SELECT 'D' || i, 1, '', '', 'UTC', '', '' FROM n`,
		`ANALYZE`, //nolint:misspell // SQL's word
	}
}

// second does what a copy does in a second in which nothing is due, and in one in
// which a digest is.
func second(t *testing.T, s *Store) {
	t.Helper()
	ctx, now := t.Context(), time.UnixMilli(1_000_000_000_000-1)
	none := func(what string, err error) {
		if err != nil && !errors.Is(err, digests.ErrNothing) && !errors.Is(err, briefings.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	some := []briefings.DeskID{"D1", "D2"}
	for _, at := range []time.Time{now, now.Add(time.Millisecond)} {
		due, err := s.Due(ctx, at, 500)
		none("due", err)
		for _, o := range due {
			slot := digests.Slot{ID: "new-" + o.ID, Subscription: o.ID, Due: o.NextDue, State: digests.Planned}
			none("plan", s.Plan(ctx, o, []digests.Slot{slot}, at.Add(24*time.Hour)))
		}
		c, err := s.Claim(ctx, "one", at, time.Minute)
		none("claim", err)
		if err == nil {
			_, err = s.Holds(ctx, c)
			none("holds", err)
			none("record", s.Record(ctx, c, digests.Composition{Subscription: c.Subscription, Slot: c.Slot, At: at}, 1))
			none("finish", s.Finish(ctx, c, digests.Slot{State: digests.Sent, Message: "1", Rev: 1}))
		}
		_, err = s.Untold(ctx, at, time.Minute)
		none("untold", err)
		_, err = s.NextErrand(ctx, at, time.Minute)
		none("errands", err)
		_, err = s.Changed(ctx, at)
		none("changed", err)
		_, err = s.Behind(ctx, at.AddDate(0, 0, -14), some)
		none("behind", err)
		_, err = s.Countdowns(ctx, some)
		none("countdowns", err)
		_, err = s.DueNotice(ctx, at, at, time.Minute)
		none("notices", err)
		_, err = s.BeginPurge(ctx, at.AddDate(0, 0, -30))
		none("departures", err)
		_, err = s.Newest(ctx, some)
		none("newest", err)
		_, err = s.SettingsRevs(ctx, some)
		none("settings", err)
		_, _, err = s.Tally(ctx, at.Add(-time.Hour), at)
		none("tally", err)
		none("old messages", s.ForgetPostings(ctx, at.AddDate(0, 0, -28)))
		none("old slots", s.ForgetSlots(ctx, at.AddDate(0, 0, -90)))
	}
}

// wholeTables are those that a plan reads from end to end. An index on a part of
// a table holds only what is still to be done; departures holds few rows.
func wholeTables(plan string) (all []string) {
	partial := regexp.MustCompile(`slots_open|slots_claimed|slots_untold|errands_open|notices_untold`)
	for _, found := range regexp.MustCompile(`(?m)(?:SCAN|Seq Scan on) (\w+).*$`).FindAllStringSubmatch(plan, -1) {
		switch found[1] {
		case "departures", "CONSTANT", "open_slots", "SUBQUERY":
			continue
		}
		if !partial.MatchString(found[0]) {
			all = append(all, found[1])
		}
	}
	return all
}

// explained is what the engine said of each query, by its text.
type explained struct {
	engine migrations.Engine
	mu     sync.Mutex
	plans  map[string]string
}

// explaining makes connections that have every query explained before it is run.
type explaining struct {
	driver.Connector
	seen *explained
}

func (e explaining) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := e.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return explainingConn{conn, e.seen}, nil
}

type explainingConn struct {
	driver.Conn
	seen *explained
}

func (c explainingConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func (c explainingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.explain(ctx, text, args); err != nil {
		return nil, err
	}
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, text, args)
}

func (c explainingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.explain(ctx, text, args); err != nil {
		return nil, err
	}
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, text, args)
}

func (c explainingConn) explain(ctx context.Context, text string, args []driver.NamedValue) error {
	how := "EXPLAIN QUERY PLAN "
	if c.seen.engine == migrations.Postgres {
		how = "EXPLAIN "
	}
	rows, err := c.Conn.(driver.QueryerContext).QueryContext(ctx, how+text, args)
	if err != nil {
		return fmt.Errorf("explain %s: %w", text, err)
	}
	var plan []string
	row := make([]driver.Value, len(rows.Columns()))
	for err = rows.Next(row); err == nil; err = rows.Next(row) {
		plan = append(plan, fmt.Sprint(row[len(row)-1]))
	}
	if !errors.Is(err, io.EOF) {
		return errors.Join(err, rows.Close())
	}
	c.seen.mu.Lock()
	c.seen.plans[strings.TrimSpace(text)] = strings.Join(plan, "\n")
	c.seen.mu.Unlock()
	return rows.Close()
}
