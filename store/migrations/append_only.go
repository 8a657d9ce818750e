package migrations

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// appendOnly is the step that makes the database itself refuse to change or
// delete rows of table, each of which is called a thing. The two engines have no
// words for triggers in common.
func appendOnly(e Engine, step int64, table, thing string) *goose.Migration {
	statements := []string{
		`CREATE TRIGGER ` + table + `_never_change BEFORE UPDATE ON ` + table + `
		BEGIN SELECT RAISE(ABORT, '` + thing + ` is never changed'); END`,
		`CREATE TRIGGER ` + table + `_never_go BEFORE DELETE ON ` + table + `
		BEGIN SELECT RAISE(ABORT, '` + thing + ` is never deleted'); END`,
	}
	if e == Postgres {
		statements = []string{
			`CREATE FUNCTION ` + table + `_refuse() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE EXCEPTION '` + thing + ` is never changed or deleted'; END $$`,
			`CREATE TRIGGER ` + table + `_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ` + table + `
			FOR EACH STATEMENT EXECUTE FUNCTION ` + table + `_refuse()`,
		}
	}
	run := func(ctx context.Context, tx *sql.Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}
	return goose.NewGoMigration(step, &goose.GoFunc{RunTx: run}, nil)
}
