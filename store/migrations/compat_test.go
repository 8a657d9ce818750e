package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Copies of the release before work beside the newest schema while they are
// replaced (docs/backup.md, "Upgrade"). These tests compare the schema before
// and after each step, as the database itself tells it, and refuse what such a
// copy would stumble over.

// admitted are the steps that may do what these tests refuse, each with the
// reason: what it takes away, no copy of the release before uses any more; or
// there was no release before. Steps up to 19 came with the first release.
func admitted() map[int64]string {
	return map[int64]string{
		2:  "revisions are new with the first release",
		3:  "errands are new with the first release",
		4:  "postings are new with the first release",
		11: "settings_log is new with the first release",
		18: "triggers that refused more give way to some that refuse less",
	}
}

// A fact is something that a schema holds a table to.
type fact struct {
	what, table, name string
}

func (f fact) String() string { return fmt.Sprintf("%s %s of %s", f.what, f.name, f.table) }

// A schema is each fact with its words.
type schema map[fact]string

// The kinds of facts. What tables have in common, such as indexes that only make
// queries faster, is none.
const (
	column  = "column"
	check   = "check"
	unique  = "unique index"
	foreign = "foreign key"
	trigger = "trigger"
)

// bare is how a column ends that an INSERT has to give.
const bare = "NOT NULL without a default"

// objections are what a copy of before would stumble over after.
func objections(before, after schema) []string {
	var all []string
	older, columns := map[string]bool{}, map[string]bool{}
	for f, words := range before {
		older[f.table] = true
		if f.what == column {
			columns[f.table+"."+f.name] = true
		}
		if now, is := after[f]; !is {
			all = append(all, fmt.Sprintf("%s is gone", f))
		} else if now != words {
			all = append(all, fmt.Sprintf("%s was %q and is %q", f, words, now))
		}
	}
	for f, words := range after {
		if _, is := before[f]; is {
			continue
		}
		switch {
		case f.what == foreign:
			if to := referred.FindStringSubmatch(words); older[to[1]] && to[2] != "CASCADE" && to[2] != "SET NULL" {
				all = append(all, fmt.Sprintf("%s holds up what the older copy deletes of %s: %s", f, to[1], words))
			}
		case !older[f.table]:
		case f.what == column && strings.HasSuffix(words, bare):
			all = append(all, fmt.Sprintf("%s is missing in what the older copy inserts: %s", f, words))
		case f.what == unique, f.what == trigger:
			all = append(all, fmt.Sprintf("%s refuses what the older copy may write: %s", f, words))
		case f.what == check:
			for _, word := range regexp.MustCompile(`\w+`).FindAllString(words, -1) {
				if columns[f.table+"."+word] {
					all = append(all, fmt.Sprintf("%s refuses what the older copy may write into %s: %s", f, word, words))
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// referred finds the table that a foreign key leads to, and what becomes of its
// row when that one's goes.
var referred = regexp.MustCompile(`^to (\w+), ON DELETE (.+)$`)

// asked is a pool or a transaction.
type asked interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// facts asks the database itself.
func facts(t *testing.T, db asked, e Engine) schema {
	t.Helper()
	queries := sqliteFacts()
	if e == Postgres {
		queries = postgresFacts()
	}
	all := schema{}
	for what, query := range queries {
		for f, words := range listed(t, db, what, query) {
			if f.what == check && e == SQLite { // the words are those of the whole table
				maps.Copy(all, checksIn(f.table, words))
			} else {
				all[f] = words
			}
		}
	}
	for f := range all {
		if f.table == VersionTable {
			delete(all, f)
		}
	}
	return all
}

func listed(t *testing.T, db asked, what, query string) schema {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	defer rows.Close()
	all := schema{}
	for rows.Next() {
		f, words := fact{what: what}, ""
		if err := rows.Scan(&f.table, &f.name, &words); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		all[f] = words
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return all
}

func sqliteFacts() map[string]string {
	const tables = ` FROM sqlite_master m, `
	return map[string]string{
		column: `SELECT m.name, c.name, c.type || CASE WHEN c.pk > 0 OR c."notnull" = 0 OR c.dflt_value IS NOT NULL
				THEN CASE WHEN c."notnull" THEN ' NOT NULL' ELSE '' END || ' DEFAULT ' || COALESCE(c.dflt_value, 'NULL')
				ELSE ' ` + bare + `' END` + tables + `pragma_table_xinfo(m.name) c WHERE m.type = 'table'`,
		check: `SELECT name, '', sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL`,
		unique: `SELECT m.name, COALESCE(CASE WHEN i.origin = 'c' THEN i.name END,
				(SELECT group_concat(x.name) FROM pragma_index_info(i.name) x)), COALESCE((SELECT sql FROM sqlite_master s WHERE s.name = i.name), '')` +
			tables + `pragma_index_list(m.name) i WHERE m.type = 'table' AND i."unique" = 1`,
		foreign: `SELECT m.name, k."from", 'to ' || k."table" || ', ON DELETE ' || k.on_delete` + tables + `pragma_foreign_key_list(m.name) k WHERE m.type = 'table'`,
		trigger: `SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'`,
	}
}

func postgresFacts() map[string]string {
	const here = `relnamespace = current_schema()::regnamespace`
	return map[string]string{
		column: `SELECT table_name, column_name, data_type || CASE WHEN is_nullable = 'YES' OR column_default IS NOT NULL
				THEN CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END || ' DEFAULT ' || COALESCE(column_default, 'NULL')
				ELSE ' ` + bare + `' END FROM information_schema.columns WHERE table_schema = current_schema()`,
		check: `SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
				WHERE contype = 'c' AND ` + here,
		unique: `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE UNIQUE %'`,
		foreign: `SELECT r.relname, c.conname, 'to ' || confrelid::regclass || ', ON DELETE ' ||
				CASE confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'NO ACTION' END
				FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid WHERE contype = 'f' AND ` + here,
		trigger: `SELECT r.relname, g.tgname, pg_get_triggerdef(g.oid) || ' ' || p.prosrc FROM pg_trigger g
				JOIN pg_class r ON r.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid WHERE NOT tgisinternal AND ` + here,
	}
}

// checksIn are the conditions in the words of a table, which SQLite lists nowhere.
func checksIn(table, words string) schema {
	all := schema{}
	for {
		_, after, found := strings.Cut(words, "CHECK (")
		if !found {
			return all
		}
		end, depth := 0, 1
		for ; depth > 0; end++ {
			depth += map[byte]int{'(': 1, ')': -1}[after[end]]
		}
		condition := after[:end-1]
		all[fact{check, table, condition}] = condition
		words = after[end:]
	}
}

// TestStepsOnlyAdd looks at every step in turn.
func TestStepsOnlyAdd(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sql.DB, e Engine) {
		p, err := provider(db, e)
		if err != nil {
			t.Fatal(err)
		}
		before := schema{}
		for _, step := range p.ListSources() {
			if err := UpTo(t.Context(), db, e, step.Version); err != nil {
				t.Fatal(err)
			}
			after := facts(t, db, e)
			against := objections(before, after)
			why, is := admitted()[step.Version]
			if len(against) > 0 && !is {
				t.Errorf("step %d breaks copies of the release before:\n%s", step.Version, strings.Join(against, "\n"))
			}
			if is && (len(against) == 0 || why == "") {
				t.Errorf("step %d needs no exception, or one with a reason", step.Version)
			}
			before = after
		}
	})
}

// TestObjections has steps that nobody took, on the schema of today.
func TestObjections(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sql.DB, e Engine) {
		if err := Up(t.Context(), db, e); err != nil {
			t.Fatal(err)
		}
		before := facts(t, db, e)
		found := map[string]int{}
		for f := range before {
			found[f.what]++
		}
		for kind, least := range map[string]int{column: 100, check: 6, unique: 15, foreign: 4, trigger: 4} {
			if found[kind] < least {
				t.Errorf("%d facts of the kind %q were found, want %d at least", found[kind], kind, least)
			}
		}
		for _, tt := range []struct {
			step, says string
			only       Engine // empty for both
		}{
			{`CREATE TABLE glances (id TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL CHECK (n > 0))`, "", ""},
			{`CREATE TABLE glances (desk TEXT NOT NULL REFERENCES desks (desk) ON DELETE CASCADE)`, "", ""},
			{`CREATE INDEX looks_by_time ON looks (looked_at)`, "", ""},
			{`DROP INDEX looks_by_person`, "", ""},
			{`ALTER TABLE looks ADD COLUMN note TEXT`, "", ""},
			{`ALTER TABLE looks ADD COLUMN note TEXT NOT NULL DEFAULT 'none' CHECK (note <> '')`, "", ""},
			{`UPDATE looks SET rev = 1`, "", ""},

			{`DROP TABLE looks`, "column rev of looks is gone", ""},
			{`ALTER TABLE looks RENAME TO glances`, "column rev of looks is gone", ""},
			{`ALTER TABLE looks RENAME COLUMN looked_at TO at`, "column looked_at of looks is gone", ""},
			{`ALTER TABLE settings DROP COLUMN share`, "column share of settings is gone", ""},
			{`ALTER TABLE subscriptions ADD COLUMN late BIGINT CHECK (at <> '')`, "refuses what the older copy may write into at", ""},
			{`CREATE UNIQUE INDEX one_channel ON subscriptions (channel)`, "unique index one_channel of subscriptions refuses", ""},
			{`CREATE TABLE glances (desk TEXT NOT NULL REFERENCES desks (desk))`, "holds up what the older copy deletes of desks", ""},
			{`DROP TRIGGER revisions_never_change`, "trigger revisions_never_change of revisions is gone", SQLite},
			{`ALTER TABLE looks ADD COLUMN note TEXT NOT NULL`, "is missing in what the older copy inserts", Postgres},
			{`ALTER TABLE looks ALTER COLUMN rev TYPE TEXT`, "column rev of looks was", Postgres},
			{`ALTER TABLE looks ALTER COLUMN rev DROP NOT NULL`, "column rev of looks was", Postgres},
			{`ALTER TABLE subscriptions ALTER COLUMN since SET NOT NULL`, "column since of subscriptions was", Postgres},
			{`ALTER TABLE subscriptions ALTER COLUMN mention DROP DEFAULT`, "column mention of subscriptions was", Postgres},
			{`ALTER TABLE slots DROP CONSTRAINT slots_state_check, ADD CONSTRAINT slots_state_check CHECK (state <> 'failed')`, "check slots_state_check of slots was", Postgres},
			{`ALTER TABLE slots ADD CHECK (tries < 9)`, "refuses what the older copy may write into tries", Postgres},
			{`ALTER TABLE slots ADD CONSTRAINT once UNIQUE (message)`, "unique index once of slots refuses", Postgres},
			{`ALTER TABLE looks ADD FOREIGN KEY (desk) REFERENCES desks`, "holds up what the older copy deletes of desks", Postgres},
			{`CREATE OR REPLACE FUNCTION revisions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`, "trigger revisions_never_emptied of revisions was", Postgres},
			{`CREATE TRIGGER looks_never_go BEFORE DELETE ON looks EXECUTE FUNCTION revisions_refuse()`, "trigger looks_never_go of looks refuses", Postgres},
			{`CREATE TRIGGER looks_never_go BEFORE DELETE ON looks BEGIN SELECT 1; END`, "trigger looks_never_go of looks refuses", SQLite},
		} {
			if tt.only != "" && tt.only != e {
				continue
			}
			if got := tried(t, db, e, before, tt.step); !strings.Contains(got, tt.says) || tt.says == "" && got != "" {
				t.Errorf("%s: got %q, want %q", tt.step, got, tt.says)
			}
		}
	})
}

// tried returns the objections to a step, which it takes back.
func tried(t *testing.T, db *sql.DB, e Engine, before schema, step string) string {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // a test's, of a database that goes with it
	if _, err := tx.ExecContext(t.Context(), step); err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	return strings.Join(objections(before, facts(t, tx, e)), "\n")
}

// TestUpAtOnce starts five copies on an empty database.
func TestUpAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sql.DB, e Engine) {
		var all sync.WaitGroup
		for n := range 5 {
			all.Go(func() {
				if err := Up(t.Context(), db, e); err != nil {
					t.Errorf("copy %d: %v", n, err)
				}
			})
		}
		all.Wait()
		var done, once int
		err := db.QueryRowContext(t.Context(), `SELECT COUNT(*), COUNT(DISTINCT version_id) FROM schema_versions`).Scan(&done, &once)
		if want := steps(t, db, e) + 1; err != nil || done != want || once != want { // goose counts from a step 0 of its own
			t.Errorf("got %d steps, %d of them different, %v, want each of %d once", done, once, err, want)
		}
	})
}
