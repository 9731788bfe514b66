package access_test

import (
	"errors"
	"testing"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
)

func TestMayDecidesByOwnershipUnlessSomeoneIsSuperuser(t *testing.T) {
	person := &access.Principal{User: &model.User{ID: 7}}
	super := &access.Principal{User: &model.User{ID: 1, Groups: []model.UserGroup{{Group: model.Group{IsSuperuser: true}}}}}
	const token, flow, user, session = "authentik_core.token", "authentik_flows.flow", "authentik_core.user", "authentik_core.authenticatedsession"
	tests := []struct {
		name   string
		who    *access.Principal
		action access.Action
		noun   string
		owner  model.UserID
		want   model.Code
	}{
		{"a superuser may everything", super, access.Delete, flow, 0, ""},
		{"a superuser may what is others'", super, access.View, token, 7, ""},
		{"the server itself may everything", access.System(), access.Add, flow, 0, ""},
		{"a person may see their token", person, access.View, token, 7, ""},
		{"a person may delete their token", person, access.Delete, token, 7, ""},
		{"a person is not told of others' tokens", person, access.View, token, 1, model.CodeNotFound},
		{"a person may not list configuration", person, access.View, flow, 0, model.CodeDenied},
		{"a person may see themselves", person, access.View, user, 7, ""},
		{"a person may not change themselves here", person, access.Change, user, 7, model.CodeDenied},
		{"a person may not delete themselves", person, access.Delete, user, 7, model.CodeDenied},
		{"a person may end their session", person, access.Delete, session, 7, ""},
		{"a session is not changed", person, access.Change, session, 7, model.CodeDenied},
		{"an unknown noun is refused", person, access.View, "x.y", 7, model.CodeDenied},
		{"nobody may nothing", nil, access.View, token, 0, model.CodeUnauthenticated},
		{"a principal without user may nothing", &access.Principal{}, access.View, token, 0, model.CodeUnauthenticated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := access.May(tt.who, tt.action, tt.noun, tt.owner)
			if got := model.CodeOf(err); got != tt.want {
				t.Errorf("code %q, want %q", got, tt.want)
			}
			if tt.want == model.CodeNotFound && !errors.Is(err, model.ErrNotFound) {
				t.Error("an absent object and someone else's look different")
			}
		})
	}
}
