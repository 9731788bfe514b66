package store_test

import (
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
)

// TestSQLiteDoesNotSortNearlyEverybody: it takes the index of any column that is compared, also where nearly all rows are found by it, and would sort a million of them for a page.
func TestSQLiteDoesNotSortNearlyEverybody(t *testing.T) {
	t.Parallel()
	s := storetest.OpenDSN(t, sqliteDSN(t))
	for _, tt := range []struct {
		name  string
		where store.Where
		sorts bool
	}{
		{"those who are active", store.Where{Field: "is_active", Op: store.OpEq, Values: []string{"true"}}, false},
		{"people", store.Where{Field: "type", Op: store.OpIn, Values: []string{"internal", "external"}}, false},
		{"the few who are not active", store.Where{Field: "is_active", Op: store.OpEq, Values: []string{"false"}}, true},
		{"the few programs", store.Where{Field: "type", Op: store.OpEq, Values: []string{"service_account"}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plan := store.PlanOfUsers(t, s, store.List{Where: []store.Where{tt.where}, Order: []string{"username"}})
			if got := strings.Contains(plan, "TEMP B-TREE"); got != tt.sorts {
				t.Errorf("sorts %t: %s", got, plan)
			}
		})
	}
}
