package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
)

// TestAConnectionTellsWhatItsSourceToldLast reads the profile of a connection, as it came and where none came. Sources that are set up by their addresses alone may put tokens into it.
func TestAConnectionTellsWhatItsSourceToldLast(t *testing.T) {
	const hidden = "********************"
	h := open(t)
	src := model.SourceID(h.post("/sources/oauth/", wechatSource("w"))["pk"].(string))
	for name, want := range map[string]map[string]any{"zhang": {
		"nickname": "小张", "sex": json.Number("1"), "access_token": hidden, "deep": map[string]any{"id_token": hidden},
	}, "li": {}} {
		u, _ := h.person(name)
		c := &model.Connection{User: u.ID, Source: src, Identifier: name, Identifiers: []model.Identifier{{Kind: model.IdentifierOpenID, Namespace: "wx", Value: name}}}
		if len(want) > 0 {
			c.Profile = json.RawMessage(`{"nickname":"小张","sex":1,"access_token":"eyJ","deep":{"id_token":"eyJ"}}`)
		}
		must(t, h.store.SaveConnection(context.Background(), c))
		got := h.get(fmt.Sprintf("/sources/user_connections/oauth/%d/", c.ID))["profile"]
		if diff := cmp.Diff(any(want), got); diff != "" {
			t.Errorf("profile of %s:\n%s", name, diff)
		}
	}
}
