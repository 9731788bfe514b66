package wechat

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

const callback = "https://id.example.org/source/oauth/callback/wx/"

// world is a source at the simulated WeChat.
type world struct {
	sim    *wechatsim.Simulator
	driver *driver
	client *http.Client
}

func simulated(t *testing.T, change func(*wechatsim.Behaviour)) *world {
	t.Helper()
	sim := wechatsim.New(wechatsim.Options{Users: []wechatsim.User{{ID: "ada", Nickname: "阿达"}, {ID: "bob", Nickname: "N"}}})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	t.Cleanup(sim.Close)
	app, err := sim.AddApp(wechatsim.App{Name: "Test", Domain: "id.example.org", Account: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		if err := sim.SetBehaviour(change); err != nil {
			t.Fatal(err)
		}
	}
	client := server.Client()
	client.Timeout = time.Minute
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c := oauth.Defaults()
	c.ConsumerKey, c.ConsumerSecret, c.OpenPlatformAccount = app.AppID, model.NewSecret(app.Secret), "acme"
	c.AuthorizationURL = oauth.At(server.URL + "/connect/qrconnect")
	c.AccessTokenURL, c.ProfileURL = oauth.At(server.URL+"/sns/oauth2/access_token"), oauth.At(server.URL+"/sns/userinfo")
	opened, err := Type().Open(oauth.Settings{Config: c, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	return &world{sim: sim, driver: opened.(*driver), client: client}
}

// scan sends a browser away, has the person confirm, and gives the callback.
func (w *world) scan(t *testing.T, person string) source.Return {
	t.Helper()
	d, err := w.driver.Begin(t.Context(), source.Begin{CallbackURL: callback, State: "0a1b", Locale: "zh"})
	if err != nil {
		t.Fatal(err)
	}
	target, err := w.sim.SignInAs(d.URL, person)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(target)
	if u.Query().Get("state") != "0a1b" {
		t.Fatalf("the state is lost: %s", target)
	}
	return source.Return{SourceID: "src", Query: u.Query(), CallbackURL: callback, Locale: "zh", Keep: d.Keep}
}

func TestSimulatedWeChat(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*wechatsim.Behaviour)
		kinds  []model.IdentifierKind
		named  any
	}{
		{"as it is today", nil, both, "阿达"},
		{"errcode 0 on success", func(b *wechatsim.Behaviour) { b.ErrcodeZero = true }, both, "阿达"},
		{"as application/json", func(b *wechatsim.Behaviour) { b.ContentType = "application/json; encoding=utf-8" }, both, "阿达"},
		{"the unionid in the profile only", func(b *wechatsim.Behaviour) { b.Unionid = wechatsim.UnionidUserinfo }, both, "阿达"},
		{"no unionid", func(b *wechatsim.Behaviour) { b.Unionid = wechatsim.UnionidAbsent }, alone, "阿达"},
		{"an empty unionid", func(b *wechatsim.Behaviour) { b.Unionid = wechatsim.UnionidEmpty }, alone, "阿达"},
		{"an empty nickname", func(b *wechatsim.Behaviour) { b.Nickname = wechatsim.NicknameEmpty }, both, nil},
		{"userinfo checks the openid", func(b *wechatsim.Behaviour) { b.UserinfoOpenid = wechatsim.OpenidChecked }, both, "阿达"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := simulated(t, tt.change)
			account, err := w.driver.Finish(t.Context(), w.scan(t, "ada"))
			if err != nil {
				t.Fatal(err)
			}
			var kinds []model.IdentifierKind
			for _, id := range account.Identifiers {
				kinds = append(kinds, id.Kind)
			}
			if diff := cmp.Diff(tt.kinds, kinds); diff != "" {
				t.Errorf("identifiers (-want +got):\n%s", diff)
			}
			if account.Properties["name"] != tt.named {
				t.Errorf("name %v, want %v", account.Properties["name"], tt.named)
			}
		})
	}
}

var (
	both  = []model.IdentifierKind{model.IdentifierUnionID, model.IdentifierOpenID}
	alone = []model.IdentifierKind{model.IdentifierOpenID}
)

func TestSimulatedNicknames(t *testing.T) {
	t.Parallel()
	for _, nickname := range []wechatsim.Nickname{wechatsim.NicknameEmoji, wechatsim.NicknameControl, wechatsim.NicknameRTL, wechatsim.NicknameLong, wechatsim.NicknameAdmin} {
		w := simulated(t, func(b *wechatsim.Behaviour) { b.Nickname = nickname })
		account, err := w.driver.Finish(t.Context(), w.scan(t, "ada"))
		if err != nil {
			t.Fatalf("%s: %v", nickname, err)
		}
		name, _ := account.Properties["name"].(string)
		if name == "" || name != oauth.DisplayName(name) {
			t.Errorf("%s: name %q", nickname, name)
		}
	}
}

func TestSimulatedSnapshots(t *testing.T) {
	t.Parallel()
	for _, snapshot := range []wechatsim.Snapshot{wechatsim.SnapshotFlagged, wechatsim.SnapshotReal, wechatsim.SnapshotUserinfoRefused} {
		w := simulated(t, func(b *wechatsim.Behaviour) { b.Snapshot = snapshot })
		_, err := w.driver.Finish(t.Context(), w.scan(t, "ada"))
		wantReason(t, err, model.CodeDenied, "wechat.snapshot_user")
	}
}

func TestSimulatedCodes(t *testing.T) {
	t.Parallel()
	w := simulated(t, nil)
	r := w.scan(t, "ada")
	if _, err := w.driver.Finish(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	_, err := w.driver.Finish(t.Context(), r)
	wantReason(t, err, model.CodeExpired, "wechat.40163")

	r = w.scan(t, "ada")
	w.sim.Advance(11 * time.Minute)
	_, err = w.driver.Finish(t.Context(), r)
	wantReason(t, err, model.CodeExpired, "wechat.42003")

	r = w.scan(t, "ada")
	w.driver.ConsumerSecret = model.NewSecret("00000000000000000000000000000000")
	_, err = w.driver.Finish(t.Context(), r)
	wantReason(t, err, model.CodeInvalid, "wechat.40125")
}

func TestSimulatedFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind   wechatsim.FaultKind
		reason string
	}{
		{wechatsim.FaultErrcode, "wechat.-1"},
		{wechatsim.FaultHang, "wechat.timeout"},
		{wechatsim.FaultSlowBody, "wechat.timeout"},
		{wechatsim.FaultBadGateway, "wechat.http_status"},
		{wechatsim.FaultServerError, "wechat.http_status"},
		{wechatsim.FaultReset, "wechat.unreachable"},
		{wechatsim.FaultTruncated, "wechat.bad_answer"},
		{wechatsim.FaultCutOff, "wechat.bad_answer"},
		{wechatsim.FaultEndless, "wechat.bad_answer"},
		{wechatsim.FaultEmpty, "wechat.bad_answer"},
		{wechatsim.FaultRedirect, "wechat.http_status"},
	}
	for _, endpoint := range []wechatsim.Endpoint{wechatsim.EndpointAccessToken, wechatsim.EndpointUserinfo} {
		for _, tt := range tests {
			t.Run(string(tt.kind)+" at "+string(endpoint), func(t *testing.T) {
				t.Parallel()
				w := simulated(t, nil)
				w.driver.pause = time.Millisecond
				r := w.scan(t, "ada")
				if tt.reason == "wechat.timeout" {
					w.client.Timeout = 500 * time.Millisecond
				}
				if err := w.sim.SetFault(endpoint, wechatsim.Fault{Kind: tt.kind, Delay: wechatsim.Duration(time.Minute)}, wechatsim.Always); err != nil {
					t.Fatal(err)
				}
				_, err := w.driver.Finish(t.Context(), r)
				wantReason(t, err, model.CodeUpstream, tt.reason)
			})
		}
	}
}

func TestSimulatedProfileOfSomeoneElse(t *testing.T) {
	t.Parallel()
	w := simulated(t, nil)
	r := w.scan(t, "ada")
	if err := w.sim.SetFault(wechatsim.EndpointUserinfo, wechatsim.Fault{Kind: wechatsim.FaultWrongPerson}, wechatsim.Always); err != nil {
		t.Fatal(err)
	}
	_, err := w.driver.Finish(t.Context(), r)
	wantReason(t, err, model.CodeUpstream, "wechat.openid_mismatch")
}
