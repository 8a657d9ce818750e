package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/store/migrations"
	"sitrep/testenv"
)

func freshURL(t *testing.T, e migrations.Engine) string {
	t.Helper()
	if e == migrations.Postgres {
		return testenv.Postgres(t)
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "a b?c#d", "sitrep.db")
}

func eachEngine(t *testing.T, test func(t *testing.T, e migrations.Engine)) {
	t.Parallel()
	for _, e := range []migrations.Engine{migrations.SQLite, migrations.Postgres} {
		t.Run(string(e), func(t *testing.T) { test(t, e) })
	}
}

func migrated(t *testing.T, url string) *Store {
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

// filled has a row with something in every column of every table, and one desk
// more.
func filled(t *testing.T, url string) *Store {
	t.Helper()
	s := migrated(t, url)
	// Those whose values the schema checks, or that refer to others.
	special := map[string]any{
		"desk": "d", "id": "id", "slot": "id", "subscription": "id",
		"slots.state": "claimed", "drafts.state": "waiting", "queue.sort": "asked", "errands.kind": "thread", "departures.purging": 0,
	}
	for _, table := range backedUp() {
		types := columnTypes(t, s, table)
		var names, places []string
		var values []any
		for i, c := range types {
			value, is := special[table+"."+c.Name()]
			if !is {
				value, is = special[c.Name()]
			}
			switch {
			case is:
			case c.DatabaseTypeName() == "TEXT":
				value = "<" + c.Name() + "> \"Київ\"\r\n\u2028\ufffd"
			default:
				value = int64(1)<<53 + 1 // no float holds it
			}
			names, values, places = append(names, c.Name()), append(values, value), append(places, fmt.Sprintf("$%d", i+1))
		}
		insert := `INSERT INTO ` + table + ` (` + strings.Join(names, ", ") + `) VALUES (` + strings.Join(places, ", ") + `)`
		if _, err := s.write.ExecContext(t.Context(), insert, values...); err != nil {
			t.Fatalf("%s: %v", insert, err)
		}
	}
	if _, err := s.write.ExecContext(t.Context(), `INSERT INTO desks (desk, rev, recorded_at) VALUES ('e', 1, -1)`); err != nil {
		t.Fatal(err)
	}
	return s
}

func columnTypes(t *testing.T, s *Store, table string) []*sql.ColumnType {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), `SELECT * FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err := errors.Join(err, rows.Err()); err != nil {
		t.Fatal(err)
	}
	return types
}

func backup(t *testing.T, url string) []byte {
	t.Helper()
	var file bytes.Buffer
	if _, err := Backup(t.Context(), url, &file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func unpacked(t *testing.T, file []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var file bytes.Buffer
	w := gzip.NewWriter(&file)
	_, err := io.WriteString(w, text)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestBackupHoldsEveryTable finds one that a migration brought and no backup keeps.
func TestBackupHoldsEveryTable(t *testing.T) {
	t.Parallel()
	s := migrated(t, freshURL(t, migrations.SQLite))
	var there []string
	err := session{s.read}.each(t.Context(), func(row scanner) error {
		var name string
		err := row.Scan(&name)
		there = append(there, name)
		return err
	}, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> $1 ORDER BY name`, migrations.VersionTable)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(there, slices.Sorted(slices.Values(backedUp()))); diff != "" {
		t.Errorf("tables that backedUp lacks, or that are no more (-there +backed up):\n%s", diff)
	}
}

// TestBackupGoesAnywhere restores from each engine to each: whatever was in one
// is in the other, and what was append-only still is.
func TestBackupGoesAnywhere(t *testing.T) {
	eachEngine(t, func(t *testing.T, from migrations.Engine) {
		source := freshURL(t, from)
		filled(t, source) // and is open all the while
		file := backup(t, source)
		for _, to := range []migrations.Engine{migrations.SQLite, migrations.Postgres} {
			t.Run("to "+string(to), func(t *testing.T) {
				target := freshURL(t, to)
				rows, err := Restore(t.Context(), target, bytes.NewReader(file), false)
				if want := int64(len(backedUp()) + 1); err != nil || rows != want {
					t.Fatalf("restored %d rows, %v, want %d", rows, err, want)
				}
				if diff := cmp.Diff(unpacked(t, file), unpacked(t, backup(t, target))); diff != "" {
					t.Errorf("what was backed up and what is there now (-want +got):\n%s", diff)
				}
				s := migrated(t, target)
				for _, text := range []string{`DELETE FROM revisions`, `UPDATE settings_log SET desk = 'x'`} {
					if _, err := s.write.ExecContext(t.Context(), text); err == nil || !strings.Contains(err.Error(), "never") {
						t.Errorf("%s: got %v, want that it is refused", text, err)
					}
				}
			})
		}
	})
}

// TestRestoreReplaces only where it is told to, and while a copy has the
// database open.
func TestRestoreReplaces(t *testing.T) {
	eachEngine(t, func(t *testing.T, e migrations.Engine) {
		url := freshURL(t, e)
		s := filled(t, url)
		file := backup(t, url)
		if _, err := s.write.ExecContext(t.Context(), `INSERT INTO desks (desk, rev, recorded_at) VALUES ('later', 1, 1)`); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), url, bytes.NewReader(file), false); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("got %v, want %v", err, ErrNotEmpty)
		}
		if !strings.Contains(unpacked(t, backup(t, url)), "later") {
			t.Error("a refused restore changed something")
		}
		if _, err := Restore(t.Context(), url, bytes.NewReader(file), true); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(unpacked(t, file), unpacked(t, backup(t, url))); diff != "" {
			t.Errorf("after replacing (-want +got):\n%s", diff)
		}
		var n int
		if err := s.read.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM desks`).Scan(&n); err != nil || n != 2 {
			t.Errorf("a copy that had the database open sees %d desks, %v, want 2", n, err)
		}
	})
}

// TestRestoreClimbs restores what an older sitrep recorded: its rows meet the
// steps that came since, as they do in a database that stayed.
func TestRestoreClimbs(t *testing.T) {
	eachEngine(t, func(t *testing.T, e migrations.Engine) {
		old := freshURL(t, migrations.SQLite)
		s, err := Connect(old)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		if err := migrations.UpTo(t.Context(), s.write, s.engine, 2); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			`INSERT INTO subscriptions (id, desk, channel, kind, at, zone, days, cron, key_date, offsets, sections, locale, quiet, grace, paused, created_by, created_at)
				VALUES ('s', 'd', 'the channel', '', '', '', '', '', '', '', '', '', '', 1, '', '', 1)`,
			`INSERT INTO slots (id, subscription, due, state, reason, message, rev, tries) VALUES ('t', 's', 1, 'sent', '', 'm', 1, 1)`,
		} {
			if _, err := s.write.ExecContext(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
		target := freshURL(t, e)
		if _, err := Restore(t.Context(), target, bytes.NewReader(backup(t, old)), false); err != nil {
			t.Fatal(err)
		}
		var channel string
		err = migrated(t, target).read.QueryRowContext(t.Context(), `SELECT channel FROM slots WHERE id = 't'`).Scan(&channel)
		if err != nil || channel != "the channel" {
			t.Errorf("got %q, %v, want what step 3 fills in", channel, err)
		}
	})
}

// TestRestoreRefuses leaves the database as it was, whatever the file holds.
func TestRestoreRefuses(t *testing.T) {
	eachEngine(t, func(t *testing.T, e migrations.Engine) {
		url := freshURL(t, e)
		filled(t, url)
		file := backup(t, url)
		text := unpacked(t, file)
		change := func(old, new string) []byte { return packed(t, strings.Replace(text, old, new, 1)) }
		for _, tt := range []struct {
			name string
			file []byte
			says string
		}{
			{"nothing", nil, "no backup"},
			{"something else", []byte("PK\x03\x04 an archive"), "name a file that sitrep backup wrote"},
			{"another file", packed(t, "hello\n"), "no backup of sitrep's"},
			{"another form", change(`"version":1`, `"version":2`), "has form 2"},
			{"a newer schema", change(`"schema":`, `"schema":9`), "newer sitrep"},
			{"half of it", file[:len(file)/2], "damaged"},
			{"without its last byte", file[:len(file)-1], "damaged"},
			{"another checksum", append(slices.Clone(file[:len(file)-8]), 1, 2, 3, 4, 5, 6, 7, 8), "damaged"},
			{"without an end", packed(t, text[:strings.LastIndex(text, `{"rows"`)]), "unexpected EOF"},
			{"more after the end", packed(t, text+"{}\n"), "follows its end"},
			{"a row less", change(`["e",1,-1,0]`+"\n", ""), "holds"},
			{"a row twice", change(`["e",1,-1,0]`, `["d",1,-1,0]`), "row"},
			{"no row", change(`["e",1,-1,0]`, `["e",1,{},0]`), "damaged"},
			{"a fraction", change(`["e",1,-1,0]`, `["e",1,-1.5,0]`), "damaged"},
			{"a column less", change(`["e",1,-1,0]`, `["e",1,-1]`), "row"},
			{"a rule broken", change(`["e",1,-1,0]`, `["e",0,-1,0]`), "row"},
			{"another table", change(`"table":"desks"`, `"table":"schema_versions"`), `"schema_versions"`},
			{"a table that is a statement", change(`"table":"desks"`, `"table":"desks; DROP TABLE looks"`), "isn't there"},
			{"a column that is a statement", change(`"desk","rev","recorded_at"`, `"desk","rev","recorded_at) SELECT 1, 1, 1 --"`), "no column"},
			{"rows before a table", change(`{"table":"desks"`, "[1]\n"+`{"table":"desks"`), "no table"},
		} {
			if _, err := Restore(t.Context(), url, bytes.NewReader(tt.file), true); err == nil || !strings.Contains(err.Error(), tt.says) || errors.Is(err, briefings.ErrUnavailable) {
				t.Errorf("%s: got %v, want %q, and no hope that it passes", tt.name, err, tt.says)
			}
		}
		if diff := cmp.Diff(text, unpacked(t, backup(t, url))); diff != "" {
			t.Errorf("a refused restore changed something (-before +after):\n%s", diff)
		}
		if e == migrations.SQLite {
			left, err := filepath.Glob(filepath.Join(filepath.Dir(strings.TrimPrefix(url, "sqlite:")), ".restore*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %q, %v", left, err)
			}
		}
	})
}

func TestBackupAndRestoreKnowTheirSchema(t *testing.T) {
	eachEngine(t, func(t *testing.T, e migrations.Engine) {
		url := freshURL(t, e)
		s := filled(t, url)
		file := backup(t, url)
		if _, err := s.write.ExecContext(t.Context(), `INSERT INTO schema_versions (version_id, is_applied) VALUES (9999, `+map[migrations.Engine]string{migrations.SQLite: "1", migrations.Postgres: "true"}[e]+`)`); err != nil {
			t.Fatal(err)
		}
		if _, err := Backup(t.Context(), url, io.Discard); err == nil || !strings.Contains(err.Error(), "use the newer one") {
			t.Errorf("backing up a newer database: %v", err)
		}
		if _, err := Restore(t.Context(), url, bytes.NewReader(file), true); err == nil || !strings.Contains(err.Error(), "newer sitrep uses this database") {
			t.Errorf("restoring over a newer database: %v", err)
		}
	})
}

func TestBackupOfNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, e migrations.Engine) {
		if _, err := Backup(t.Context(), freshURL(t, e), io.Discard); !errors.Is(err, ErrNothing) {
			t.Errorf("got %v, want %v", err, ErrNothing)
		}
	})
}

// TestBackupIsOfOneMoment backs up while a copy writes, each time a row of two
// tables.
func TestBackupIsOfOneMoment(t *testing.T) {
	eachEngine(t, func(t *testing.T, e migrations.Engine) {
		url := freshURL(t, e)
		s := migrated(t, url)
		ctx, stop := context.WithCancel(t.Context())
		wrote := make(chan error, 1)
		go func() { wrote <- pairs(ctx, s.write) }()
		for range 10 {
			text := unpacked(t, backup(t, url))
			if desks, drafts := strings.Count(text, `",1,1,0]`), strings.Count(text, `"of a pair"`); desks != drafts {
				t.Errorf("%d desks and %d drafts, want as many", desks, drafts)
			}
		}
		stop()
		if err := <-wrote; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// pairs writes until ctx ends, and only what is whole.
func pairs(ctx context.Context, db *sql.DB) error {
	for i := 0; ctx.Err() == nil; i++ {
		tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
		if err != nil {
			return err
		}
		for _, text := range []string{
			`INSERT INTO desks (desk, rev, recorded_at) VALUES ($1, 1, 1)`,
			`INSERT INTO drafts (id, desk, author, item, seen, fields, recorded_at) VALUES ($1, '', '', '', 1, 'of a pair', 1)`,
		} {
			if _, err := tx.ExecContext(context.WithoutCancel(ctx), text, fmt.Sprintf("pair%d", i)); err != nil {
				return errors.Join(err, tx.Rollback())
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// FuzzRestore reads any lines as a backup. It ends, and keeps nothing where it
// fails.
func FuzzRestore(f *testing.F) {
	url := "sqlite:" + filepath.Join(f.TempDir(), "sitrep.db")
	s, err := Open(f.Context(), url)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := s.Close(); err != nil {
			f.Error(err)
		}
	})
	const head = `{"form":"sitrep backup","version":1,"schema":13}` + "\n"
	for _, text := range []string{
		"", head, head + `{"rows":0}`, head + `{"table":"desks","columns":["desk","rev","recorded_at"]}` + "\n" + `["a",1,2]` + "\n" + `{"rows":1}`,
		head + `{"table":"desks","columns":[]}` + "\n[]\n" + `{"rows":1}`, head + "[", head + `{"table":"looks","columns":["rev","rev"]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var file bytes.Buffer
		w := gzip.NewWriter(&file)
		_, err := w.Write(text)
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		from, err := openBackup(&file)
		if err != nil {
			return
		}
		tx, err := s.write.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		rows, err := from.insert(t.Context(), tx, s.engine)
		var kept int64
		for _, table := range backedUp() {
			var n int64
			if err := tx.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil {
				t.Fatalf("%s isn't as it was: %v", table, err)
			}
			kept += n
		}
		if err == nil && kept != rows || err != nil && rows != 0 {
			t.Errorf("%q: told of %d rows with %v, and %d are there", text, rows, err, kept)
		}
	})
}
