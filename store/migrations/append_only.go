package migrations

import (
	"context"
	"database/sql"
	"strings"

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
	return statementsStep(step, statements)
}

// formerMember is what package briefings calls somebody who had themselves
// forgotten. What the triggers below let through is fixed with the step.
const formerMember = "former member"

// A record is a table that [appendOnly] guards.
type record struct {
	table, thing string
	kept         []string // the columns that say what was done
	people       []string // those that say who did it
}

// forgettable is the step that lets two things through what [appendOnly] refuses,
// and nothing else: the id of a person may give way to [formerMember], and the
// rows of a desk may go while its row in departures says that they are purged. A
// column that is added to such a table later belongs into a step like this one.
func forgettable(e Engine, step int64, records ...record) *goose.Migration {
	var statements []string
	for _, r := range records {
		if e == Postgres {
			statements = append(statements, r.postgres()...)
			continue
		}
		statements = append(statements, r.sqlite()...)
	}
	return statementsStep(step, statements)
}

// admitted is the condition under which an update changes nothing but people:
// whoever did something, for the word in their place. A part of sitrep is no person.
func (r record) admitted() string {
	var same []string
	for _, c := range r.kept {
		same = append(same, "NEW."+c+" IS NOT DISTINCT FROM OLD."+c)
	}
	for _, c := range r.people {
		same = append(same, "(NEW."+c+" IS NOT DISTINCT FROM OLD."+c+" OR NEW."+c+" = '"+formerMember+"' AND OLD."+c+" NOT IN ('', 'catalogue'))")
	}
	return strings.Join(same, " AND ")
}

const purged = `EXISTS (SELECT 1 FROM departures WHERE departures.desk = OLD.desk AND purging = 1)`

func (r record) sqlite() []string {
	return []string{
		`DROP TRIGGER ` + r.table + `_never_change`,
		`DROP TRIGGER ` + r.table + `_never_go`,
		`CREATE TRIGGER ` + r.table + `_never_change BEFORE UPDATE ON ` + r.table + `
		WHEN NOT (` + r.admitted() + `)
		BEGIN SELECT RAISE(ABORT, '` + r.thing + ` is never changed'); END`,
		`CREATE TRIGGER ` + r.table + `_never_go BEFORE DELETE ON ` + r.table + `
		WHEN NOT ` + purged + `
		BEGIN SELECT RAISE(ABORT, '` + r.thing + ` is never deleted'); END`,
	}
}

func (r record) postgres() []string {
	return []string{
		`DROP TRIGGER ` + r.table + `_never_change ON ` + r.table,
		`CREATE TRIGGER ` + r.table + `_never_emptied BEFORE TRUNCATE ON ` + r.table + `
		FOR EACH STATEMENT EXECUTE FUNCTION ` + r.table + `_refuse()`,
		`CREATE FUNCTION ` + r.table + `_keep() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN
			IF TG_OP = 'UPDATE' AND ` + r.admitted() + ` THEN RETURN NEW; END IF;
			IF TG_OP = 'DELETE' AND ` + purged + ` THEN RETURN OLD; END IF;
			RAISE EXCEPTION '` + r.thing + ` is never changed or deleted';
		END $$`,
		`CREATE TRIGGER ` + r.table + `_never_change BEFORE UPDATE OR DELETE ON ` + r.table + `
		FOR EACH ROW EXECUTE FUNCTION ` + r.table + `_keep()`,
	}
}

func statementsStep(step int64, statements []string) *goose.Migration {
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
