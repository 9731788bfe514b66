package vocabulary_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/model"
)

// house is a database and a name server of a few, and a configuration of one of each. It counts what it is asked.
type house struct {
	asked  atomic.Int32
	err    error
	events []*model.Event
	// entitled says who has an entitlement; nil: zhangsan has those that are not called "no".
	entitled func(ctx context.Context, e *model.ApplicationEntitlement, o vocabulary.Occasion) (bool, error)
	calls    func(ctx context.Context, name string, o vocabulary.Occasion) (bool, []string, error)
}

func (h *house) words() *vocabulary.Vocabulary {
	s := snapshot()
	return vocabulary.New(vocabulary.Deps{
		Snapshot: func() *model.Snapshot { return s }, Store: h, Resolver: h, Now: time.Now, CallPolicy: h.call, Entitled: h.has,
		Record: func(_ context.Context, e *model.Event) error {
			h.events = append(h.events, e)
			return h.err
		},
	})
}

// call knows one policy, which passes in the run of a source.
func (h *house) call(ctx context.Context, name string, o vocabulary.Occasion) (bool, []string, error) {
	if h.calls != nil {
		return h.calls(ctx, name, o)
	}
	if name != "if-sso" {
		return false, nil, errors.New("there is no policy named " + name)
	}
	sso, _ := o.Context.Lookup("is_sso")
	return sso == true, []string{"asked"}, nil
}

func (h *house) has(ctx context.Context, e *model.ApplicationEntitlement, o vocabulary.Occasion) (bool, error) {
	if h.entitled != nil {
		return h.entitled(ctx, e, o)
	}
	return o.User.ID == 7 && e.Name != "no", h.err
}

func (h *house) GroupsOf(_ context.Context, id model.UserID) ([]model.UserGroup, error) {
	h.asked.Add(1)
	if id != 7 || h.err != nil {
		return nil, h.err
	}
	return []model.UserGroup{
		{Group: model.Group{ID: "g1", NumPK: 11, Name: "staff", Attributes: map[string]any{"quota": "1G", "roles": []any{"a"}}}, Direct: true},
		{Group: model.Group{ID: "g2", Name: "研发部", Attributes: map[string]any{"site": "sz"}}, Direct: true},
		{Group: model.Group{ID: "g3", Name: "everybody", IsSuperuser: true, Attributes: map[string]any{"quota": "0", "roles": []any{"b"}}}},
	}, nil
}

func (h *house) DevicesOf(_ context.Context, id model.UserID) ([]*model.Device, error) {
	h.asked.Add(1)
	if id != 7 {
		return nil, h.err
	}
	return []*model.Device{{Class: model.DeviceTOTP, Confirmed: true}, {Class: model.DeviceSMS}}, h.err
}

func (h *house) FindUser(_ context.Context, fields []string, value string, fold bool) (*model.User, error) {
	h.asked.Add(1)
	if h.err != nil {
		return nil, h.err
	}
	for _, u := range []*model.User{zhang(), akadmin()} {
		for _, f := range fields {
			have := map[string]string{"username": u.Username, "email": u.Email, "uuid": u.UUID}[f]
			if have == value || fold && strings.EqualFold(have, value) {
				return u, nil
			}
		}
	}
	return nil, model.ErrNotFound
}

func (h *house) User(_ context.Context, id model.UserID) (*model.User, error) {
	h.asked.Add(1)
	if id == 7 {
		return zhang(), h.err
	}
	return nil, model.ErrNotFound
}

func (h *house) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	if host != "host.example" {
		return nil, errors.New("no such host")
	}
	list := []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7")}
	switch network {
	case "ip4":
		list = list[:1]
	case "ip6":
		list = list[1:]
	}
	return list, nil
}

func (h *house) LookupAddr(_ context.Context, addr string) ([]string, error) {
	if addr == "192.0.2.7" {
		return []string{"host.example."}, nil
	}
	return nil, errors.New("no name")
}

// zhang has an e-mail address, groups and an authenticator.
func zhang() *model.User {
	return &model.User{
		ID: 7, UUID: "0b0c1a52-1111-4222-8333-944445555666", Username: "zhangsan", Name: "张三", Email: "zhangsan@example.org", IsActive: true, Path: "users",
		Type: model.UserInternal, PasswordHash: "$argon2id$hash",
		Attributes: map[string]any{"wechat": map[string]any{"unionid": "u1"}, "quota": "9G", "settings": map[string]any{"locale": "zh"}},
		DateJoined: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

// akadmin has no password.
func akadmin() *model.User {
	return &model.User{ID: 1, UUID: "a", Username: "akadmin", Name: "authentik Default Admin", Email: "root@example.com", IsActive: true, Path: "users", Type: model.UserInternal}
}

// guest came from WeChat, and has no address.
func guest() *model.User {
	return &model.User{ID: 8, UUID: "g", Username: "oGuest", Name: "李四", IsActive: true, Path: "goauthentik.io/sources/wechat", Type: model.UserExternal, Attributes: map[string]any{}}
}

// unborn is somebody whom a flow is about to make.
func unborn() *model.User { return &model.User{Username: "new", Type: model.UserExternal} }

func snapshot() *model.Snapshot {
	five := model.ProviderID(5)
	s := &model.Snapshot{
		Installation: "i", Settings: model.NewSettings(),
		Sources: map[model.SourceID]*model.Source{
			"s": {ID: "s", Slug: "wechat", Name: "WeChat", Kind: "oauth", Config: model.Config(`{"provider_type": "wechat"}`), UserPathTemplate: "goauthentik.io/sources/%(slug)s"},
		},
		Applications: map[model.ApplicationID]*model.Application{"a": {ID: "a", Slug: "wiki", Name: "Wiki", Group: "tools", Provider: &five}},
		Entitlements: map[model.EntitlementID]*model.ApplicationEntitlement{
			"e1": {ID: "e1", App: "a", Name: "reader", Attributes: map[string]any{"quota": "2G", "spaces": []any{"hall"}}},
			"e2": {ID: "e2", App: "a", Name: "editor", Attributes: map[string]any{"quota": "1G", "spaces": []any{"desk"}}},
			"e3": {ID: "e3", App: "a", Name: "no"},
			"e4": {ID: "e4", App: "b", Name: "elsewhere"},
		},
		Providers: map[model.ProviderID]*model.Provider{5: {ID: 5, Name: "wiki"}, 6: {ID: 6, Name: "unused"}},
		Flows:     map[model.FlowID]*model.Flow{"f": {ID: "f", Slug: "enroll", Name: "Enroll", Title: "Welcome", Designation: model.DesignationEnrollment}},
		Stages:    map[model.StageID]*model.Stage{"st": {ID: "st", Name: "ask"}},
		Bindings:  map[model.BindingID]*model.FlowStageBinding{"b": {ID: "b", Flow: "f", Stage: "st", Order: 10}},
	}
	s.Index()
	return s
}

// compile compiles a text that is right.
func compile(t testing.TB, v *vocabulary.Vocabulary, source string, extra ...string) *vocabulary.Expression {
	t.Helper()
	e, err := v.Compile("test", source, extra...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
