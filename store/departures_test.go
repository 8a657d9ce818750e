package store

import (
	"slices"
	"testing"
)

// TestPurgeKnowsEveryTable: what a table that is added keeps of a desk goes too.
func TestPurgeKnowsEveryTable(t *testing.T) {
	t.Parallel()
	s := sqliteStore(t)
	rows, err := s.read.QueryContext(t.Context(), `
		SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
		WHERE m.type = 'table' AND c.name IN ('desk', 'slot', 'subscription') GROUP BY m.name`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}()
	known := []string{"desks", "departures"}
	for _, p := range purges() {
		known = append(known, p.table)
	}
	found := 0
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		found++
		if !slices.Contains(known, name) {
			t.Errorf("the table %s is not purged", name)
		}
	}
	if err := rows.Err(); err != nil || found != len(known) {
		t.Errorf("found %d tables, %v, want %d", found, err, len(known))
	}
}
