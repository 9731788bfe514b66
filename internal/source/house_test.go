package source_test

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/mapping/mappingtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/redirect"
	sourcestage "github.com/weimen-id/weimen/internal/stage/source"
	"github.com/weimen-id/weimen/internal/stage/userlogin"
	"github.com/weimen-id/weimen/internal/stage/userwrite"
)

// fake is an upstream in one type: whoever comes back with the code "o1.u1" has that openid and unionid; "o1" has the openid only.
type fake struct {
	fakeConfig
	house *house
}

type fakeConfig struct {
	AppID   string       `json:"app_id"`
	Account string       `json:"account"`
	Secret  model.Secret `json:"secret"`
}

var (
	_ source.Driver    = (*fake)(nil)
	_ source.Providing = (*fake)(nil)
)

func (d *fake) Provides(property string) bool { return property == "username" || property == "name" }

func (d *fake) Begin(_ context.Context, b source.Begin) (source.Departure, error) {
	q := url.Values{"state": {b.State}, "redirect_uri": {b.CallbackURL}}
	return source.Departure{URL: "https://upstream.example/authorize?" + q.Encode(), Keep: map[string]string{"verifier": "kept for " + b.State}}, nil
}

func (d *fake) Finish(ctx context.Context, r source.Return) (*source.Account, error) {
	d.house.exchanges.Add(1)
	if d.house.during != nil {
		d.house.during()
	}
	if err := ctx.Err(); err != nil {
		return nil, model.Refuse(model.CodeUpstream, "oauth.unreachable", "the upstream does not answer").Because(err)
	}
	if r.Keep["verifier"] != "kept for "+r.Query.Get("state") || r.SourceID == "" {
		return nil, model.Refuse(model.CodeUpstream, "oauth.verifier", "the verifier is not the one that was kept")
	}
	code := r.Query.Get("code")
	if code == "" {
		return nil, model.Refuse(model.CodeDenied, "oauth.cancelled", "the person did not agree")
	}
	openID, unionID, _ := strings.Cut(code, ".")
	a := &source.Account{
		Properties: map[string]any{"username": openID, "name": "N", "email": nil, "attributes": map[string]any{"n": 1}},
		Info:       map[string]any{"openid": openID, "nickname": "N"},
	}
	if unionID != "" {
		a.Properties["username"] = unionID
		a.Identifiers = []model.Identifier{{Kind: model.IdentifierUnionID, Namespace: "account:" + d.Account, Value: unionID}}
	}
	a.Identifiers = append(a.Identifiers, model.Identifier{Kind: model.IdentifierOpenID, Namespace: d.AppID, Value: openID})
	if d.house.username != nil {
		a.Properties["username"] = d.house.username()
	}
	if d.house.account != nil {
		d.house.account(a)
	}
	return a, nil
}

// house is a flowtest.House with sources.
type house struct {
	*flowtest.House
	manager   *source.Manager
	source    *model.Source
	auth      *model.Flow
	enroll    *model.Flow
	exchanges atomic.Int64
	// during runs inside each exchange.
	during func()
	// username, if set, makes the username that the upstream gives; account changes anything else.
	username func() string
	account  func(a *source.Account)
}

// open builds a house with a source "wx" whose flows are authentik's defaults.
func open(t *testing.T) *house {
	t.Helper()
	h := &house{House: flowtest.Open(t, func(h *flowtest.House) []kind.Kind[stage.Driver] {
		return []kind.Kind[stage.Driver]{
			userlogin.Kind(h.Sessions), userwrite.Kind(h.Store, h.Passwords, h.Sessions), redirect.Kind(),
			sourcestage.Kind(func(_ *model.Snapshot, src *model.Source) (sourcestage.Button, bool) {
				return sourcestage.Button{URL: "/source/fake/login/" + src.Slug + "/"}, true
			}),
		}
	})}
	h.auth = h.Flow("source-authentication", model.DesignationAuthentication,
		func(f *model.Flow) { f.Authentication = model.RequireUnauthenticated }, flowtest.Step{Name: "login", Kind: "user_login"})
	h.enroll = h.Flow("source-enrollment", model.DesignationEnrollment,
		func(f *model.Flow) { f.Authentication = model.RequireUnauthenticated }, enrollSteps()...)
	h.build()
	h.source = h.add("wx", "wx1")
	return h
}

// enrollSteps are those of an enrollment that asks nothing.
func enrollSteps() []flowtest.Step {
	return []flowtest.Step{{Name: "write", Kind: "user_write"}, {Name: "login", Kind: "user_login"}}
}

// person adds a user with ann's e-mail address, unless changed.
func (h *house) person(name string, change func(u *model.User)) {
	h.T.Helper()
	u := &model.User{Username: name, Email: "ann@example.org", IsActive: true, Type: model.UserInternal, Path: "users"}
	change(u)
	if err := h.Store.InsertUser(context.Background(), u); err != nil {
		h.T.Fatal(err)
	}
}

// build makes a manager on the house's database, as a start of the server does.
func (h *house) build() {
	h.manager = source.New(source.Deps{
		Snapshot: h.Store.Snapshot, Box: h.Box, Store: h.Store, Flows: h.Executor, Policies: h.Policies, Failures: h.Failures, Next: flowtest.Next, Now: h.Now,
		Mappings: mappingtest.Engine(h.T, mapped()),
		Log:      slog.New(slog.DiscardHandler),
		Sources: kind.NewShelf(kind.Of(kind.Info{Name: "fake", VerboseName: "Fake"}, fakeConfig{},
			func(c fakeConfig) (source.Driver, error) { return &fake{c, h}, nil })),
	})
	h.Executor.Inline(source.ConnectStage, h.manager.Stage())
}

// mapped is a kind of mapping for the fake upstream.
func mapped() kind.Kind[mapping.Driver] {
	return kind.Of(kind.Info{Name: "mapped", VerboseName: "Mapped"}, struct{}{}, func(struct{}) (mapping.Driver, error) { return profiled{}, nil })
}

type profiled struct{}

func (profiled) Variables() []string { return mapping.SourceVariables() }
func (profiled) SourceKind() string  { return "fake" }

// mapping makes a property mapping.
func (h *house) mapping(name, expression string) model.MappingID {
	h.T.Helper()
	m := &model.PropertyMapping{Name: name, Expression: expression, Kind: "mapped", Config: model.Config("{}")}
	h.Put(m)
	return m.ID
}

// add makes a source for an app. All apps are of one account.
func (h *house) add(slug, appID string) *model.Source {
	s := model.NewSource()
	s.Name, s.Slug, s.Kind, s.Config = slug, slug, "fake", model.Config(`{"app_id": "`+appID+`", "account": "main"}`)
	s.AuthenticationFlow, s.EnrollmentFlow = &h.auth.ID, &h.enroll.ID
	h.Put(&s)
	return &s
}

// change changes a source.
func (h *house) change(s *model.Source, fn func(*model.Source)) {
	fn(s)
	h.Put(s)
}

// depart sends a browser away and gives the state that it comes back with.
func (h *house) depart(b *flowtest.Browser, d source.Departing) string {
	h.T.Helper()
	if d.Slug == "" {
		d.Slug = "wx"
	}
	to, err := h.manager.Depart(context.Background(), b.Visitor(), d)
	if err != nil {
		h.T.Fatalf("depart: %v", err)
	}
	u, err := url.Parse(to)
	if err != nil {
		h.T.Fatal(err)
	}
	return u.Query().Get("state")
}

func callback(state, code string) url.Values {
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	if code != "" {
		q.Set("code", code)
	}
	return q
}

// back brings a browser back and keeps its cookie.
func (h *house) back(b *flowtest.Browser, slug string, q url.Values) (*flow.Reply, error) {
	reply, err := h.manager.Return(context.Background(), b.Visitor(), slug, q)
	b.Take(reply)
	return reply, err
}

// signIn goes the whole way and must succeed.
func (h *house) signIn(b *flowtest.Browser, slug, code string) *flow.Reply {
	h.T.Helper()
	reply, err := h.back(b, slug, callback(h.depart(b, source.Departing{Slug: slug}), code))
	if err != nil {
		h.T.Fatalf("sign in with %s: %v", slug, err)
	}
	if reply.Refusal != nil {
		h.T.Fatalf("sign in with %s: %v", slug, reply.Refusal)
	}
	return reply
}

// who is signed in at a browser, "" for nobody.
func who(b *flowtest.Browser) string {
	if v := b.Visitor(); v.SignedIn() {
		return v.User.Username
	}
	return ""
}

// refused gives the reason of a refusal, be it the error or in a reply.
func refused(reply *flow.Reply, err error) string {
	if err != nil {
		if e, ok := err.(*model.Error); ok { //nolint:errorlint // refusals come bare
			return e.Reason
		}
		return err.Error()
	}
	return flowtest.Reason(reply)
}
