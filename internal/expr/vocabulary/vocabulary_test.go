package vocabulary_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/model"
)

// people is a database of one person, in two groups and with one authenticator.
type people struct {
	asked int
	err   error
}

func (p *people) GroupsOf(_ context.Context, id model.UserID) ([]model.UserGroup, error) {
	p.asked++
	if id != 7 || p.err != nil {
		return nil, p.err
	}
	return []model.UserGroup{
		{Group: model.Group{ID: "g1", Name: "staff", Attributes: map[string]any{"quota": "1G", "goauthentik.io/user/can-change-name": true}}, Direct: true},
		{Group: model.Group{ID: "g2", Name: "everybody", IsSuperuser: true, Attributes: map[string]any{"quota": "0"}}},
	}, nil
}

func (p *people) DevicesOf(_ context.Context, id model.UserID) ([]*model.Device, error) {
	p.asked++
	if id != 7 {
		return nil, nil
	}
	return []*model.Device{{Class: model.DeviceTOTP, Confirmed: true}, {Class: model.DeviceSMS}}, p.err
}

func (p *people) FindUser(_ context.Context, fields []string, value string, fold bool) (*model.User, error) {
	p.asked++
	u := zhang()
	for _, f := range fields {
		have := map[string]string{"username": u.Username, "email": u.Email, "uuid": u.UUID}[f]
		if have == value || fold && strings.EqualFold(have, value) {
			return u, p.err
		}
	}
	return nil, model.ErrNotFound
}

func (p *people) User(_ context.Context, id model.UserID) (*model.User, error) {
	p.asked++
	if id == 7 {
		return zhang(), p.err
	}
	return nil, model.ErrNotFound
}

func zhang() *model.User {
	return &model.User{
		ID: 7, UUID: "0b0c1a52-1111-4222-8333-944445555666", Username: "zhangsan", Name: "张三", Email: "zhangsan@example.org", IsActive: true, Path: "users", Type: model.UserExternal,
		PasswordHash: "$argon2id$hash", Attributes: map[string]any{"wechat": map[string]any{"unionid": "u1"}, "quota": "9G"},
		DateJoined: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

func TestSmoke(t *testing.T) {
	v := vocabulary.New(vocabulary.Deps{Store: &people{}, Snapshot: func() *model.Snapshot { s := &model.Snapshot{}; s.Index(); return s }, Now: time.Now})
	e, err := v.Compile("x", `context["prompt_data"]["username"] = context["oauth_userinfo"]["nickname"]
context["flow_plan"].context["pending_user"] = ak_user_by(username="zhangsan")
ak_message(f"hello {request.user.username}")
return ak_client_ip in ip_network("10.0.0.0/8") and request.user == ak_user_by(pk=7)`)
	if err != nil {
		t.Fatal(err)
	}
	c := model.NewPlanContext()
	c.Put("prompt_data", map[string]any{"a": 1, "password": "hush"})
	c.Put("oauth_userinfo", map[string]any{"nickname": "n"})
	r, err := e.Run(t.Context(), vocabulary.Occasion{Visitor: &model.Visitor{ClientIP: "10.1.1.1"}, User: zhang(), Context: c, Redirect: func(string) {}}, nil)
	t.Log(r, err)
	for _, n := range c.Names() {
		x, _ := c.Lookup(n)
		t.Logf("%s %#v", n, x)
	}
}
