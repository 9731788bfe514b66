package session

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

const cookieName = "weimen_session"

// Visitors tells who makes a request, by its cookies.
type Visitors struct {
	manager *Manager
	cookies web.Cookies
	origin  string
}

// NewVisitors makes it for a public origin such as "https://id.example.org".
func NewVisitors(m *Manager, c web.Cookies, origin string) *Visitors {
	return &Visitors{manager: m, cookies: c, origin: origin}
}

// Of gives who makes the request. A browser without a cookie gets one, to which what it begins is bound; a session that is no more takes its cookie away. The error
// is that of the database.
func (v *Visitors) Of(w http.ResponseWriter, r *http.Request) (*model.Visitor, error) {
	visitor := v.stranger(r)
	_, known := v.cookies.ReadBrowser(r)
	visitor.Browser, visitor.NewBrowser = v.cookies.Browser(w, r), !known
	return visitor, v.recognise(w, r, visitor)
}

// Known is Of for requests that begin nothing: no browser cookie is given.
func (v *Visitors) Known(w http.ResponseWriter, r *http.Request) (*model.Visitor, error) {
	visitor := v.stranger(r)
	visitor.Browser, _ = v.cookies.ReadBrowser(r)
	return visitor, v.recognise(w, r, visitor)
}

func (v *Visitors) stranger(r *http.Request) *model.Visitor {
	ctx := r.Context()
	client := web.ClientOf(ctx)
	return &model.Visitor{
		Locale: web.Locale(ctx), ClientIP: client.IP.String(), UserAgent: printable(r.UserAgent()), RequestID: web.RequestID(ctx),
		Method: r.Method, Path: printable(r.URL.Path),
		Origin: v.origin, Host: client.Host, Now: v.manager.now(),
	}
}

// printable drops what a database would refuse.
func printable(s string) string {
	return clip(strings.ReplaceAll(s, "\x00", ""), 512)
}

func (v *Visitors) recognise(w http.ResponseWriter, r *http.Request, visitor *model.Visitor) error {
	token, ok := v.cookies.Read(r, cookieName)
	if !ok {
		return nil
	}
	s, u, err := v.manager.Find(r.Context(), token)
	if errors.Is(err, model.ErrNotFound) {
		v.cookies.Clear(w, cookieName)
		return nil
	}
	if err != nil {
		return err
	}
	if !v.manager.holds(s, visitor.ClientIP) {
		v.cookies.Clear(w, cookieName)
		return v.manager.moved(r.Context(), s, u, visitor)
	}
	visitor.Session, visitor.User = s, u
	web.PreferLocale(r.Context(), u.Locale())
	visitor.Locale = web.Locale(r.Context())
	return v.manager.Touch(r.Context(), s, visitor)
}

// Keep gives the browser its session's cookie.
func (v *Visitors) Keep(w http.ResponseWriter, s *model.Session, token model.Secret) {
	var age time.Duration
	if s.Persistent {
		age = s.Expires.Sub(v.manager.now())
	}
	v.cookies.Set(w, cookieName, token.Reveal(), age)
}

// Forget takes the session's cookie away.
func (v *Visitors) Forget(w http.ResponseWriter) { v.cookies.Clear(w, cookieName) }
