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
		storetest.Run(t, func(t *testing.T) *store.Store {
			s := storetest.OpenDSN(t, dsn(t))
			t.Cleanup(func() {
				for text, plan := range store.Scans(t, s) {
					t.Errorf("no index for %s\n%s", text, plan)
				}
			})
			return s
		})
	})
}
