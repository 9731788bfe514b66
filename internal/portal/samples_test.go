package portal

import (
	"io"
	"os"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/captcha"
	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/consent"
	"github.com/weimen-id/weimen/internal/stage/identification"
	"github.com/weimen-id/weimen/internal/stage/password"
)

const (
	identificationComponent = "ak-stage-identification"
	consentComponent        = "ak-stage-consent"
)

func newRenderer(t testing.TB) *Renderer {
	t.Helper()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	consenting, err := os.ReadFile("../stage/consent/consent.html")
	if err != nil {
		t.Fatal(err)
	}
	screens := append(authenticatorScreens(t), stage.Screen{Name: consentComponent, HTML: string(consenting)})
	for _, k := range []kind.Kind[stage.Driver]{identification.Kind(identification.Deps{}), password.Kind(password.Deps{})} {
		d, err := k.OpenDefault()
		if err != nil {
			t.Fatal(err)
		}
		screens = append(screens, d.(stage.Screener).Screen())
	}
	r, err := New(catalogue, screens...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var sampleNow = time.Date(2026, 3, 12, 9, 30, 0, 0, time.UTC)

// oddNames are names as strangers write them.
var oddNames = []string{
	"<script>alert(1)</script>",
	"\u202Egnp.exe\u202C 反转",
	"👩‍👩‍👧‍👦🦄✨",
	"长" + string(make([]rune, 3)) + longName(),
	`" onmouseover="alert(1)`,
	"{{.Brand}}",
}

func longName() string {
	out := make([]rune, 2000)
	for i := range out {
		out[i] = '名'
	}
	return string(out)
}

func samplePage(lang string) Page {
	return Page{Lang: lang, Brand: Brand{Title: "Lantern"}, Path: "/if/flow/default-authentication-flow/?next=%2Fapplication%2Fo%2Fauthorize%2F", Now: sampleNow}
}

func sampleBase(component, title string) stage.Base {
	return stage.Base{Component: component, FlowInfo: &stage.FlowInfo{Title: title, CancelURL: "/flows/-/cancel/", Layout: "stacked"}}
}

func sampleSources(promoted bool) []identification.Source {
	return []identification.Source{
		{Name: "WeChat", Slug: "wechat", Type: "wechat", Promoted: promoted, Challenge: stage.NewRedirect("/source/oauth/login/wechat/?next=%2F")},
		{Name: "GitHub", Slug: "github", Type: "github", Challenge: stage.NewRedirect("/source/oauth/login/github/")},
		{Name: "Company", Slug: "company", Type: "openidconnect", Challenge: stage.NewRedirect("/source/oauth/login/company/")},
	}
}

func sampleIdentification() *identification.Challenge {
	return &identification.Challenge{
		Base: sampleBase(identificationComponent, "Welcome to authentik!"), UserFields: []string{"email", "username"},
		ApplicationPre: "Harbour Notes", FlowDesignation: "authentication", PrimaryAction: "Log in", Sources: sampleSources(true),
		EnrollURL: "/if/flow/enroll/", RecoveryURL: "/if/flow/recover/",
	}
}

func sampleConsent(name string) *consent.Challenge {
	return &consent.Challenge{
		Base: sampleBase(consentComponent, "Redirecting"), HeaderText: "You're about to sign into Harbour Notes.", PendingUser: stage.PendingUser{PendingUser: name},
		Permissions: []stage.Permission{{ID: "openid"}, {ID: "profile", Name: "General Profile Information"}, {ID: "email", Name: "Email address"}},
		Token:       "a-token",
	}
}

func sampleAccount(name string) AccountView {
	return AccountView{
		Person: NewPerson(name, ""), Username: "wx_linlan", Email: "", Action: "/if/user/",
		Sources: []SourceView{
			{
				Name: "WeChat", Type: "wechat", ConnectURL: "/source/oauth/login/wechat/",
				Connections: []ConnectionView{{ID: "7", Name: name, Since: sampleNow.AddDate(0, -2, 0)}},
			},
			{Name: "GitHub", Type: "github", ConnectURL: "/source/oauth/login/github/"},
		},
		Sessions: []SessionView{
			{ID: "a", Device: Device{Browser: "Firefox", System: "Linux"}, ClientIP: "192.0.2.4", LastUsed: sampleNow, Current: true, Source: "WeChat"},
			{ID: "b", Device: Device{Browser: "WeChat", System: "iOS", Handheld: true}, ClientIP: "2001:db8::17", LastUsed: sampleNow.Add(-125 * time.Minute), Source: "WeChat"},
			{ID: "c", Device: Device{Browser: "Edge", System: "Windows"}, ClientIP: "198.51.100.20", LastUsed: sampleNow.AddDate(0, 0, -40)},
		},
		Applications: []ApplicationView{
			{Name: "Harbour Notes", Description: "Shared notes and wikis", LaunchURL: "https://notes.example.org/", NewTab: true},
			{Name: "Grafana", Description: "Charts of everything that runs", LaunchURL: "https://grafana.example.org/", Group: "Operations"},
			{Name: "代码仓库", Description: "Gitea", LaunchURL: "https://git.example.org/", Group: "Operations"},
		},
	}
}

// samples are all pages, by name, drawn with a person's name.
func samples(r *Renderer, name string) map[string]func(io.Writer, Page) error {
	challenge := func(c stage.Challenge) func(io.Writer, Page) error {
		return func(w io.Writer, p Page) error { return r.Challenge(w, p, c) }
	}
	embedded := sampleIdentification()
	embedded.Sources, embedded.PasswordFields, embedded.ApplicationPre, embedded.PendingUserIdentifier = sampleSources(false), true, "", name
	embedded.ResponseErrors = stage.Invalid("non_field_errors", "stage.identification.error.failed")
	alone := sampleIdentification()
	alone.UserFields, alone.EnrollURL, alone.RecoveryURL, alone.Sources = nil, "", "", sampleSources(true)[:1]
	full := sampleIdentification()
	full.PasswordFields, full.AllowShowPassword, full.EnableRememberMe, full.Passkey = true, true, true, []byte(`{"challenge": "AAAA"}`)
	full.Captcha = &identification.Captcha{Offer: captcha.Offer{Work: &captcha.Work{Salt: "AAAA", Bits: 8, Parts: 4}, Field: "captcha_token"}}
	closed := sampleIdentification()
	closed.UserFields, closed.Sources, closed.EnrollURL, closed.RecoveryURL = nil, nil, "", ""
	asked := &password.Challenge{Base: sampleBase("ak-stage-password", "Welcome to authentik!"), PendingUser: stage.PendingUser{PendingUser: name}, RecoveryURL: "/if/flow/recover/"}
	wrong := *asked
	wrong.AllowShowPassword = true
	wrong.ResponseErrors = stage.Errors{
		"password":         {{String: "stage.password.error.wrong", Code: "invalid"}},
		"non_field_errors": {{String: "The keyboard is not the right one, " + name, Code: "invalid"}},
	}
	refusal := func(e *model.Error, code, retry string) func(io.Writer, Page) error {
		return func(w io.Writer, p Page) error {
			return r.Refusal(w, p, Refusal{Err: e, SupportCode: code, RetryURL: retry})
		}
	}
	linked := model.Refuse(model.CodeConflict, "source.linked_to_other", "linked to another user")
	linked.Args = map[string]string{"source": "WeChat"}
	denied := model.Refuse(model.CodeDenied, "application.denied", "denied")
	denied.Args = map[string]string{"application": name}
	person := NewPerson(name, "")
	all := map[string]func(io.Writer, Page) error{
		"login":          challenge(sampleIdentification()),
		"login-password": challenge(embedded),
		"login-sources":  challenge(alone),
		"login-closed":   challenge(closed),
		"login-full":     challenge(full),
		"password":       challenge(asked),
		"password-wrong": challenge(&wrong),
		"consent":        challenge(sampleConsent(name)),
		"redirect": func(w io.Writer, p Page) error {
			return r.Redirect(w, p, Redirect{To: "https://open.weixin.qq.com/connect/qrconnect?a=1&b=2#wechat_redirect", Name: "WeChat"})
		},
		"refusal":       refusal(linked, "K7QX-2M4D", "/if/flow/default-authentication-flow/"),
		"refusal-app":   refusal(denied, "K7QX-2M4D", ""),
		"access-denied": challenge(&stage.AccessDenied{Base: sampleBase("ak-stage-access-denied", "Welcome"), ErrorMessage: name, SupportCode: "P3HT-88KW", RetryURL: "/"}),
		"not-found":     refusal(model.ErrNotFound, "", ""),
		"internal":      refusal(&model.Error{Code: model.CodeInternal, Message: "never shown"}, "B2ZC-71RA", "/"),
		"session-end": challenge(&stage.SessionEnd{
			Base: sampleBase("ak-stage-session-end", "Bye"), ApplicationName: "Harbour Notes", BrandName: "Lantern",
			ApplicationLaunchURL: "https://notes.example.org/", InvalidationFlowURL: "/if/flow/default-invalidation-flow/",
		}),
		"signed-in": func(w io.Writer, p Page) error {
			p.SignOutURL = "/if/flow/default-invalidation-flow/"
			return r.SignedIn(w, p, SignedIn{Person: person, AccountURL: "/if/user/"})
		},
		"signed-out": func(w io.Writer, p Page) error { return r.SignedOut(w, p, SignedOut{SignInURL: "/"}) },
		"set-up": func(w io.Writer, p Page) error {
			return r.SetUp(w, p, SetUp{Action: "/set-up/", Person: NewPerson("akadmin", ""), Error: "pages.set_up.error.different"})
		},
		"rescue": func(w io.Writer, p Page) error { return r.Rescue(w, p, Rescue{Action: "/rescue/"}) },
		"account": func(w io.Writer, p Page) error {
			p.SignOutURL, p.Path = "/if/flow/default-invalidation-flow/", "/if/user/"
			p.Messages = []stage.Message{{Key: "source.connected", Args: map[string]string{"source": "WeChat"}}}
			return r.Account(w, p, sampleAccount(name))
		},
		"account-empty": func(w io.Writer, p Page) error {
			v := sampleAccount(name)
			v.Sources, v.Applications, v.Sessions = nil, nil, v.Sessions[:1]
			return r.Account(w, p, v)
		},
	}
	for page, c := range authenticatorSamples(name) {
		all[page] = challenge(c)
	}
	return all
}
