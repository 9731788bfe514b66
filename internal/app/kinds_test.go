package app

import (
	"net/http"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/kind/kindtest"
)

func TestEveryKind(t *testing.T) {
	shelves := newShelves(kindDeps{client: &http.Client{Timeout: time.Second}, now: time.Now})
	t.Run("stages", func(t *testing.T) { kindtest.All(t, shelves.Stages.Describe()) })
	t.Run("mappings", func(t *testing.T) { kindtest.All(t, shelves.Mappings.Describe()) })
	t.Run("sources", func(t *testing.T) { kindtest.All(t, shelves.Sources.Describe()) })
	t.Run("providers", func(t *testing.T) { kindtest.All(t, shelves.Providers.Describe()) })
	if len(shelves.Policies.Describe()) > 0 {
		t.Run("policies", func(t *testing.T) { kindtest.All(t, shelves.Policies.Describe()) })
	}
}
