package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"sitrep/store"
	"sitrep/store/storetest"
	"sitrep/testenv"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(tb testing.TB) storetest.Opener { return opener(sqliteURL(tb)) })
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(tb testing.TB) storetest.Opener { return opener(testenv.Postgres(tb)) })
}

// TestBesideNewerSchema is a copy that works on while others were replaced by the
// next release, which has migrated the database: all of the contract holds.
func TestBesideNewerSchema(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"sqlite": sqliteURL, "postgres": testenv.Postgres} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(tb testing.TB) storetest.Opener {
				newer := url(tb)
				s, err := store.Open(tb.Context(), newer)
				if err != nil {
					tb.Fatal(err)
				}
				if err := errors.Join(storetest.Renew(tb.Context(), newer), s.Close()); err != nil {
					tb.Fatal(err)
				}
				return opener(newer)
			})
		})
	}
}

func opener(url string) storetest.Opener {
	return func(ctx context.Context) (storetest.Store, error) { return store.Open(ctx, url) }
}

func sqliteURL(tb testing.TB) string {
	return "sqlite:" + filepath.Join(tb.TempDir(), "sitrep.db")
}
