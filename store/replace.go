package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"sitrep/store/migrations"
)

// What is append-only can't be emptied, so a backup is restored beside what is
// recorded, and takes its place whole in one transaction.

// replaceSQLite fills a file beside that at url, and copies it over that.
func (s *Store) replaceSQLite(ctx context.Context, url string, fill func(*sql.DB) error) (err error) {
	folder, err := os.MkdirTemp(filepath.Dir(strings.TrimPrefix(url, "sqlite:")), ".restore-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "sitrep.db")
	if err := makeFile(path); err != nil {
		return err
	}
	beside, err := openSQLite(path, "mode=rw", 1)
	if err != nil {
		return err
	}
	if err := errors.Join(fill(beside), beside.Close()); err != nil {
		return err
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return conn.Raw(func(driver any) error { return copySQLite(ctx, driver, path) })
}

// copySQLite copies every page of the file at path in one transaction.
func copySQLite(ctx context.Context, driver any, path string) error {
	to, is := driver.(interface {
		NewRestore(from string) (*sqlite.Backup, error)
	})
	if !is {
		return fmt.Errorf("a %T copies no database", driver)
	}
	name, err := sqliteName(path, "mode=rw")
	if err != nil {
		return err
	}
	copying, err := to.NewRestore(name)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, replacePatience)
	defer cancel()
	_, err = copying.Step(-1)
	for isBusy(err) && ctx.Err() == nil {
		time.Sleep(20 * time.Millisecond)
		_, err = copying.Step(-1)
	}
	if isBusy(err) {
		err = fmt.Errorf("another program uses the database; stop sitrep and try again: %w", err)
	}
	return errors.Join(err, copying.Finish())
}

func isBusy(err error) bool {
	refusal := new(sqlite.Error)
	return errors.As(err, &refusal) && refusal.Code()&0xff == lib.SQLITE_BUSY
}

const (
	// besideSchema holds a backup until it takes the place of what is recorded.
	besideSchema = "sitrep_restore"
	// restoreLock is "restore" in ASCII, another than that of migrations.
	restoreLock     int64 = 0x726573746f7265
	replacePatience       = 10 * time.Second
)

// replacePostgres fills a schema beside the one that url leads to, and moves
// what is in it there.
func (s *Store) replacePostgres(ctx context.Context, url string, fill func(*sql.DB) error) (err error) {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var alone bool
	if err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, restoreLock).Scan(&alone); err != nil {
		return err
	}
	if !alone {
		return errors.New("another restore is under way; wait for it")
	}
	defer func() {
		_, failed := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, restoreLock)
		err = errors.Join(err, failed)
	}()
	const clear = `DROP SCHEMA IF EXISTS ` + besideSchema + ` CASCADE` // one that was killed leaves it
	if _, err := conn.ExecContext(ctx, clear); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `CREATE SCHEMA `+besideSchema); err != nil {
		return fmt.Errorf("make a place to restore to: %w", err)
	}
	defer func() {
		_, failed := conn.ExecContext(context.WithoutCancel(ctx), clear)
		err = errors.Join(err, failed)
	}()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	config.RuntimeParams["search_path"] = besideSchema
	beside := stdlib.OpenDB(*config)
	if err := errors.Join(fill(beside), beside.Close()); err != nil {
		return err
	}
	return moveSchema(ctx, conn)
}

// moveSchema drops what is recorded, and puts what is beside it in its place.
func moveSchema(ctx context.Context, conn *sql.Conn) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	// A copy that still works on the tables must not be waited for without end.
	wait := fmt.Sprintf(`SET LOCAL lock_timeout = %d`, replacePatience.Milliseconds())
	statements := []string{wait}
	schema, err := migrations.Version(ctx, tx, migrations.Postgres)
	if err != nil {
		return err
	}
	if schema > 0 {
		there, err := tables(ctx, session{tx}, migrations.Postgres)
		if err != nil {
			return err
		}
		statements = append(statements, `DROP TABLE `+strings.Join(append(there, migrations.VersionTable), ", "))
	}
	moving, err := moves(ctx, session{tx}, schema > 0)
	if err != nil {
		return err
	}
	for _, text := range append(statements, moving...) {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// moves are the statements that bring tables, with all that is theirs, and
// functions from the schema beside. Only catalogues of Postgres name them, and
// quote what they name.
func moves(ctx context.Context, q session, replace bool) (statements []string, err error) {
	var here string
	if err := q.row(ctx, `SELECT quote_ident(current_schema())`).Scan(&here); err != nil {
		return nil, err
	}
	add := func(row scanner) error {
		var kind, name string
		if err := row.Scan(&kind, &name); err != nil {
			return err
		}
		if replace && kind == "FUNCTION" {
			statements = append(statements, `DROP FUNCTION IF EXISTS `+here+`.`+name)
		}
		statements = append(statements, `ALTER `+kind+` `+besideSchema+`.`+name+` SET SCHEMA `+here)
		return nil
	}
	err = q.each(ctx, add, `SELECT 'TABLE', quote_ident(tablename) FROM pg_tables WHERE schemaname = $1
		UNION ALL SELECT 'FUNCTION', quote_ident(proname) || '()' FROM pg_proc WHERE pronamespace = $1::text::regnamespace`, besideSchema)
	return statements, err
}
