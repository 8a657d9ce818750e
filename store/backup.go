package store

import (
	"bufio"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"sitrep/store/migrations"
)

// ErrNothing says that nothing was ever recorded.
var ErrNothing = errors.New("the database holds nothing of sitrep's")

// A backup is JSON lines, compressed: a [backupHeader], then for each table a
// [backupTable] and its rows as arrays, then a [backupEnd]. Every column is a
// text, a whole number or null in both engines, so either reads the other's.
const (
	backupForm    = "sitrep backup"
	backupVersion = 1
)

type backupHeader struct {
	Form    string `json:"form"`
	Version int    `json:"version"`
	Schema  int64  `json:"schema"` // the last migration that the database had had
}

type backupTable struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

type backupEnd struct {
	Rows int64 `json:"rows"`
}

// backedUp are all tables of ours, those first that others refer to.
func backedUp() []string {
	return []string{
		"desks", "revisions", "drafts", "queue", "holds", "looks", "memberships", "settings", "settings_log",
		"joins", "departures", "notices",
		"subscriptions", "slots", "errands", "postings",
	}
}

// Backup writes all that the database at url holds, as it is at one moment, to
// w, and returns how many rows there are. The database may be in use and is only
// read. The error wraps [ErrNothing] where that is so; a database that a newer
// sitrep has brought up to date is refused.
func Backup(ctx context.Context, url string, w io.Writer) (rows int64, err error) {
	const doing = "back up the database"
	db, e, err := forBackup(url)
	if err != nil {
		return 0, fault(doing, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	// One snapshot for all tables: SQLite's transactions always have that.
	how := &sql.TxOptions{ReadOnly: true}
	if e == migrations.Postgres {
		how.Isolation = sql.LevelRepeatableRead
	}
	tx, err := db.BeginTx(ctx, how)
	if err != nil {
		return 0, fault(doing, err)
	}
	defer func() { _ = tx.Rollback() }() // it has only read
	schema, err := migrations.Version(ctx, tx, e)
	if err != nil {
		return 0, fault(doing, err)
	}
	if err := backupable(db, e, schema); err != nil {
		return 0, fault(doing, err)
	}
	packed := gzip.NewWriter(w)
	rows, err = writeBackup(ctx, session{tx}, e, schema, packed)
	return rows, fault(doing, errors.Join(err, packed.Close()))
}

// forBackup opens the database without making or changing it.
func forBackup(url string) (*sql.DB, migrations.Engine, error) {
	if path, is := strings.CutPrefix(url, "sqlite:"); is {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, "", ErrNothing
		} else if err != nil {
			return nil, "", err
		}
		db, err := openSQLite(path, "mode=ro", 1)
		return db, migrations.SQLite, err
	}
	s, err := Connect(url)
	if err != nil {
		return nil, "", err
	}
	return s.write, s.engine, nil
}

func backupable(db *sql.DB, e migrations.Engine, schema int64) error {
	newest, err := migrations.Newest(db, e)
	switch {
	case err != nil:
		return err
	case schema == 0:
		return ErrNothing
	case schema > newest:
		return fmt.Errorf("a newer sitrep has brought it to step %d, this one knows %d; use the newer one", schema, newest)
	}
	return nil
}

func writeBackup(ctx context.Context, q session, e migrations.Engine, schema int64, w io.Writer) (rows int64, err error) {
	buffered := bufio.NewWriter(w)
	lines := json.NewEncoder(buffered)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(backupHeader{backupForm, backupVersion, schema}); err != nil {
		return 0, err
	}
	there, err := tables(ctx, q, e)
	if err != nil {
		return 0, err
	}
	for _, table := range backedUp() {
		if !slices.Contains(there, table) {
			continue // it came after this schema
		}
		n, err := writeTable(ctx, q, table, lines)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", table, err)
		}
		rows += n
	}
	return rows, errors.Join(lines.Encode(backupEnd{rows}), buffered.Flush())
}

func writeTable(ctx context.Context, q session, table string, lines *json.Encoder) (n int64, err error) {
	rows, err := q.on.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	if err := lines.Encode(backupTable{table, columns}); err != nil {
		return 0, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return 0, err
		}
		for i, v := range values {
			switch v.(type) {
			case nil, int64, string:
			default:
				return 0, fmt.Errorf("column %s holds a %T, which no backup can", columns[i], v)
			}
		}
		if err := lines.Encode(values); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}

// tables are those of ours that are there.
func tables(ctx context.Context, q session, e migrations.Engine) ([]string, error) {
	query := `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	if e == migrations.SQLite {
		query = `SELECT name FROM sqlite_master WHERE type = 'table'`
	}
	var found []string
	err := q.each(ctx, func(row scanner) error {
		var name string
		if err := row.Scan(&name); err != nil {
			return err
		}
		if slices.Contains(backedUp(), name) {
			found = append(found, name)
		}
		return nil
	}, query)
	return found, err
}
