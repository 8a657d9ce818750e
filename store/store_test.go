package store_test

import (
	"context"
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

func opener(url string) storetest.Opener {
	return func(ctx context.Context) (storetest.Store, error) { return store.Open(ctx, url) }
}

func sqliteURL(tb testing.TB) string {
	return "sqlite:" + filepath.Join(tb.TempDir(), "sitrep.db")
}
