package store_test

import (
	"path/filepath"
	"testing"

	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
	"github.com/weimen-id/weimen/internal/testenv"
)

// databases runs a test on both. dsn gives a new, empty database each time.
func databases(t *testing.T, test func(t *testing.T, dsn func(testing.TB) string)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, sqliteDSN)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, testenv.Postgres)
	})
}

func sqliteDSN(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "weimen.db") }

func TestContract(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		storetest.Run(t, func(t *testing.T) *store.Store { return storetest.OpenDSN(t, dsn(t)) })
	})
}
