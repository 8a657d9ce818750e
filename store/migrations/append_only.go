package migrations

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// appendOnly is the step that makes the database itself refuse to change or
// delete a revision. The two engines have no words for triggers in common.
func appendOnly(e Engine) *goose.Migration {
	statements := []string{
		`CREATE TRIGGER revisions_never_change BEFORE UPDATE ON revisions
		BEGIN SELECT RAISE(ABORT, 'a revision is never changed'); END`,
		`CREATE TRIGGER revisions_never_go BEFORE DELETE ON revisions
		BEGIN SELECT RAISE(ABORT, 'a revision is never deleted'); END`,
	}
	if e == Postgres {
		statements = []string{
			`CREATE FUNCTION revisions_refuse() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE EXCEPTION 'a revision is never changed or deleted'; END $$`,
			`CREATE TRIGGER revisions_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON revisions
			FOR EACH STATEMENT EXECUTE FUNCTION revisions_refuse()`,
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
	return goose.NewGoMigration(2, &goose.GoFunc{RunTx: run}, nil)
}
