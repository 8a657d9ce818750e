package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// newerStep is far above every step there will be.
const newerStep = 1_000_000

// Renew does to an up to date database, named by the URL that package store
// takes, all that steps of the next release may: every table gets columns and an
// index, one table is new, and a step that this release doesn't know is recorded.
func Renew(ctx context.Context, url string) (err error) {
	driver, name, list := "pgx", url, `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1`
	if path, is := strings.CutPrefix(url, "sqlite:"); is {
		driver, name, list = "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)", `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1`
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, list)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var steps []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return err
		}
		if table == "schema_versions" {
			continue
		}
		steps = append(steps,
			`ALTER TABLE `+table+` ADD COLUMN newer_note TEXT`,
			`ALTER TABLE `+table+` ADD COLUMN newer_count BIGINT NOT NULL DEFAULT 7 CHECK (newer_count > 0)`,
			`CREATE INDEX `+table+`_newer ON `+table+` (newer_count)`)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	steps = append(steps,
		`CREATE TABLE newer (desk TEXT NOT NULL PRIMARY KEY REFERENCES desks (desk) ON DELETE CASCADE)`,
		fmt.Sprintf(`INSERT INTO schema_versions (version_id, is_applied) VALUES (%d, %s)`, newerStep, map[string]string{"pgx": "true", "sqlite": "1"}[driver]))
	for _, step := range steps {
		if _, err := db.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
	}
	return nil
}
