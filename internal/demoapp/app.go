package demoapp

import (
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// CallbackPath is where the provider sends browsers back to, below Options.BaseURL.
const CallbackPath = "/callback"

// MailboxPath is where the letters of the provider can be read.
const MailboxPath = "/mail/"

// Options are all that an application needs to know of its provider, and of itself.
type Options struct {
	Issuer       string // as the provider's discovery document states it, to the letter
	ClientID     string
	ClientSecret string
	BaseURL      string       // where browsers reach this application: scheme and host, without a slash at the end
	Client       *http.Client // for requests to the provider; nil is one with a time limit
	Log          *slog.Logger // nil is silence
	Mailbox      http.Handler // shows at MailboxPath the letters that the provider has sent; nil is none
}

type app struct {
	issuer, clientID, baseURL string
	mailbox                   string // where the provider's letters can be read, "" for nowhere

	oauth  oauth2.Config // without the endpoints, which discovery brings
	client *http.Client
	log    *slog.Logger
	pages  *template.Template
	style  style
	now    func() time.Time

	patience patience

	mu       sync.Mutex // guards what follows
	provider *provider
	sessions map[string]session
}

// New returns the application. It asks the provider for nothing until somebody signs in.
func New(o Options) http.Handler {
	_, handler := build(o)
	return handler
}

func build(o Options) (*app, http.Handler) {
	a := newApp(o)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /login", a.login)
	mux.HandleFunc("GET "+CallbackPath, a.callback)
	mux.HandleFunc("POST /logout", a.logout)
	if o.Mailbox != nil {
		a.mailbox = MailboxPath
		mux.Handle("GET "+MailboxPath+"{$}", o.Mailbox)
	}
	mux.HandleFunc("/", a.nowhere)
	return a, headers(http.NewCrossOriginProtection().Handler(mux))
}

func newApp(o Options) *app {
	a := &app{
		issuer: o.Issuer, clientID: o.ClientID, baseURL: strings.TrimSuffix(o.BaseURL, "/"),
		client: o.Client, log: o.Log, pages: parsePages(), style: newStyle(), now: time.Now,
		patience: patience{tries: 6, pause: 500 * time.Millisecond},
		sessions: map[string]session{},
	}
	if a.client == nil {
		a.client = &http.Client{Timeout: 10 * time.Second}
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	a.oauth = oauth2.Config{
		ClientID: o.ClientID, ClientSecret: o.ClientSecret, RedirectURL: a.baseURL + CallbackPath,
		Scopes: []string{"openid", "profile", "email"},
	}
	return a
}

// headers sets what every answer has. The Content-Security-Policy differs by page; see page.go.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // the callback's address holds a code
		next.ServeHTTP(w, r)
	})
}

// cookie makes a cookie of this application. Cookies ignore ports, so an application beside ours on the same machine gets it too: hence names of our own.
func (a *app) cookie(name, value, path string, life time.Duration) *http.Cookie {
	c := &http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: int(life.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(a.baseURL, "https://"),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}
