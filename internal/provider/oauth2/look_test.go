package oauth2_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

func decode(t *testing.T, part string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(part)
	must(t, err)
	return b
}

// addMapping gives the provider one more scope mapping.
func addMapping(t *testing.T, h *house, scopeName, expression string) {
	t.Helper()
	h.change(func(ctx context.Context, tx *store.Change) error {
		config, err := json.Marshal(map[string]string{"scope_name": scopeName, "description": ""})
		must(t, err)
		m := &model.PropertyMapping{Name: "zz " + scopeName, Expression: expression, Kind: "scope", Config: config}
		must(t, tx.Put(ctx, m))
		p := *tx.Snapshot().Providers[h.provider]
		p.PropertyMappings = append(p.PropertyMappings[:len(p.PropertyMappings):len(p.PropertyMappings)], m.ID)
		return tx.Put(ctx, &p)
	})
}

func (h *house) events(action model.Action) []*model.Event {
	h.t.Helper()
	events, _, err := h.store.ListEvents(h.t.Context(), store.List{Where: []store.Where{{Field: "action", Op: store.OpEq, Values: []string{string(action)}}}})
	must(h.t, err)
	return events
}
