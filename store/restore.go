package store

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"sitrep/store/migrations"
)

// ErrNotEmpty says that a backup would replace what is recorded.
var ErrNotEmpty = errors.New("the database isn't empty")

// maxBackupLine is more than any row takes, and less than memory.
const maxBackupLine = 64 << 20

// Restore reads what [Backup] wrote, of either engine, into the database at url,
// makes it what this release needs, and returns how many rows there were. It is
// all or nothing. Where something is recorded already, the error wraps
// [ErrNotEmpty], or with replace the backup takes its place; no copy of sitrep
// may run then. Backups of a newer schema are refused.
func Restore(ctx context.Context, url string, r io.Reader, replace bool) (rows int64, err error) {
	const doing = "restore the backup"
	s, err := Connect(url)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.restorable(ctx, replace); err != nil {
		return 0, fault(doing, err)
	}
	from, err := openBackup(r)
	if err != nil {
		return 0, err
	}
	newest, err := migrations.Newest(s.write, s.engine)
	if err != nil {
		return 0, fault(doing, err)
	}
	if from.schema > newest {
		return 0, fmt.Errorf("store: the backup was made by a newer sitrep (step %d of the schema, this one knows %d); restore it with that one", from.schema, newest)
	}
	put := func(at *sql.DB) (err error) {
		rows, err = from.fill(ctx, at, s.engine)
		return err
	}
	if s.engine == migrations.Postgres {
		err = s.replacePostgres(ctx, url, put)
	} else {
		err = s.replaceSQLite(ctx, url, put)
	}
	if err != nil {
		return 0, fault(doing, err)
	}
	return rows, s.Migrate(ctx) // also SQLite's write-ahead log
}

// restorable refuses a database that holds anything, unless that is to go, and
// one that this release doesn't know.
func (s *Store) restorable(ctx context.Context, replace bool) error {
	newest, err := migrations.Newest(s.write, s.engine)
	if err != nil {
		return err
	}
	schema, err := migrations.Version(ctx, s.read, s.engine)
	if err != nil {
		return err
	}
	if schema > newest {
		return fmt.Errorf("a newer sitrep uses this database (step %d, this one knows %d); restore with that one", schema, newest)
	}
	if replace || schema == 0 {
		return nil
	}
	there, err := tables(ctx, session{s.read}, s.engine)
	if err != nil {
		return err
	}
	for _, table := range there {
		var n int64
		if err := s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return ErrNotEmpty
		}
	}
	return nil
}

// backupFile reads a backup line by line.
type backupFile struct {
	lines  *bufio.Scanner
	schema int64
	tables []string // read so far
}

func openBackup(r io.Reader) (*backupFile, error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("store: this is no backup (%w); name a file that sitrep backup wrote", err)
	}
	f := &backupFile{lines: bufio.NewScanner(unpacked)}
	f.lines.Buffer(nil, maxBackupLine)
	var header backupHeader
	if !f.lines.Scan() || json.Unmarshal(f.lines.Bytes(), &header) != nil || header.Form != backupForm || header.Schema < 1 {
		return nil, errors.New("store: this is no backup of sitrep's; name a file that sitrep backup wrote")
	}
	if header.Version != backupVersion {
		return nil, fmt.Errorf("store: the backup has form %d, this sitrep reads %d; restore it with the sitrep that made it", header.Version, backupVersion)
	}
	f.schema = header.Schema
	return f, nil
}

// fill makes an empty database what the backup tells, then what this release
// needs: rows meet the tables they left, so that later steps change both.
func (f *backupFile) fill(ctx context.Context, db *sql.DB, e migrations.Engine) (rows int64, err error) {
	if err := migrations.UpTo(ctx, db, e, f.schema); err != nil {
		return 0, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if rows, err = f.insert(ctx, tx, e); err != nil {
		return 0, err
	}
	if err := tx.Commit(); err != nil {
		return 0, err
	}
	return rows, migrations.Up(ctx, db, e)
}

// insert reads to the end, and fails where that is missing.
func (f *backupFile) insert(ctx context.Context, tx *sql.Tx, e migrations.Engine) (rows int64, err error) {
	var into *sql.Stmt
	defer func() {
		if into != nil {
			err = errors.Join(err, into.Close())
		}
	}()
	for f.lines.Scan() {
		line := f.lines.Bytes()
		if bytes.HasPrefix(line, []byte("[")) {
			if err := insertRow(ctx, into, line); err != nil {
				return 0, fmt.Errorf("row %d: %w", rows+1, err)
			}
			rows++
			continue
		}
		var mark struct {
			backupTable
			Rows *int64 `json:"rows"`
		}
		if err := json.Unmarshal(line, &mark); err != nil {
			// A file that ends here leaves half a line.
			return 0, f.damaged(rows, err)
		}
		if mark.Rows != nil {
			return rows, f.ended(rows, *mark.Rows)
		}
		if into != nil {
			if err := into.Close(); err != nil {
				return 0, err
			}
		}
		if into, err = f.table(ctx, tx, e, mark.backupTable); err != nil {
			return 0, err
		}
	}
	return 0, f.damaged(rows, io.ErrUnexpectedEOF)
}

// damaged doesn't wrap: an end that comes too early would count as the
// database's.
func (f *backupFile) damaged(rows int64, err error) error {
	return fmt.Errorf("the backup is damaged or cut short after row %d (%s); copy it again, or take another", rows, cmp.Or(f.lines.Err(), err).Error())
}

// ended also reads to the end of the file, where its checksum is.
func (f *backupFile) ended(rows, want int64) error {
	if rows != want {
		return fmt.Errorf("the backup is damaged: it tells of %d rows and holds %d", want, rows)
	}
	if f.lines.Scan() {
		return errors.New("the backup is damaged: something follows its end")
	}
	if f.lines.Err() != nil {
		return f.damaged(rows, nil)
	}
	return nil
}

// table prepares what inserts a row. Names come from a file, so they are
// compared with those of the database before they are part of a statement.
func (f *backupFile) table(ctx context.Context, tx *sql.Tx, e migrations.Engine, t backupTable) (*sql.Stmt, error) {
	there, err := tables(ctx, session{tx}, e)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(there, t.Table) || slices.Contains(f.tables, t.Table) {
		return nil, fmt.Errorf("the backup is damaged: it tells of a table %q, which isn't there or was told of before", t.Table)
	}
	f.tables = append(f.tables, t.Table)
	known, err := columns(ctx, tx, t.Table)
	if err != nil {
		return nil, err
	}
	places := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		if !slices.Contains(known, name) || slices.Contains(t.Columns[:i], name) {
			return nil, fmt.Errorf("the backup is damaged: table %s has no column %q, or has it twice", t.Table, name)
		}
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	return tx.PrepareContext(ctx, `INSERT INTO `+t.Table+` (`+strings.Join(t.Columns, ", ")+`) VALUES (`+strings.Join(places, ", ")+`)`)
}

func columns(ctx context.Context, tx *sql.Tx, table string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table+` WHERE 1 = 0`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	names, err := rows.Columns()
	return names, errors.Join(err, rows.Err())
}

func insertRow(ctx context.Context, into *sql.Stmt, line []byte) error {
	if into == nil {
		return errors.New("the backup is damaged: no table is told before it")
	}
	reader := json.NewDecoder(bytes.NewReader(line))
	reader.UseNumber()
	var values []any
	if err := reader.Decode(&values); err != nil {
		return errors.New("the backup is damaged: " + err.Error()) // see damaged
	}
	for i, v := range values {
		switch v := v.(type) {
		case nil:
		case string:
			values[i] = clean(v)
		case json.Number:
			n, err := v.Int64()
			if err != nil {
				return errors.New("the backup is damaged: " + err.Error())
			}
			values[i] = n
		default:
			return fmt.Errorf("the backup is damaged: it holds a %T", v)
		}
	}
	_, err := into.ExecContext(ctx, values...)
	return err
}
