package oauth2

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/web"
)

const (
	// markerParameter tells, when the browser is back, since when the person was to prove who they are again.
	markerParameter = "weimen_since"
	// markerLife is how long one may take for it.
	markerLife = flow.RunLifetime
)

// interact sends the browser away if somebody has to sign in first, and reports whether it did.
func (s *Server) interact(w http.ResponseWriter, r *http.Request, snap *model.Snapshot, q *authRequest, v *model.Visitor) bool {
	now := s.now()
	silent := q.prompted(oidc.PromptNone)
	if !v.SignedIn() {
		if silent {
			s.reject(w, r, q, oidc.ErrLoginRequired().WithDescription("Nobody is signed in"))
			return true
		}
		redirect(w, r, s.signIn(snap, q, v, now))
		return true
	}
	if silent && q.idToken != "" && !s.sameSubject(snap, q, v) {
		s.reject(w, r, q, oidc.ErrLoginRequired().WithDescription("Somebody else is signed in"))
		return true
	}
	if s.recent(q, v, now) {
		return false
	}
	if silent {
		s.reject(w, r, q, oidc.ErrLoginRequired().WithDescription("The person signed in too long ago"))
		return true
	}
	s.signInAgain(w, r, snap, q, v, now)
	return true
}

// recent reports whether the person proved who they are late enough for this request (OpenID Connect Core 3.1.2.1: prompt=login, max_age). select_account is answered by
// signing in too, for a browser holds one account.
func (s *Server) recent(q *authRequest, v *model.Visitor, now time.Time) bool {
	again := q.prompted(oidc.PromptLogin) || q.prompted(oidc.PromptSelectAccount)
	if !again && (!q.hasMaxAge || now.Sub(v.Session.AuthTime) <= q.maxAge) {
		return true
	}
	since, ok := s.marked(q, v, now)
	return ok && !v.Session.AuthTime.Before(since)
}

// marker says since when somebody was to prove who they are again. It is sealed to the browser and to the request, so that a marker of an earlier request does not do
// for another.
func (s *Server) marker(q *authRequest, v *model.Visitor, now time.Time) string {
	return s.Box.Seal(strconv.FormatInt(now.UnixMicro(), 10), markerPlace(q, v))
}

func (s *Server) marked(q *authRequest, v *model.Visitor, now time.Time) (time.Time, bool) {
	clear, err := s.Box.Open(q.values.Get(markerParameter), markerPlace(q, v))
	if err != nil {
		return time.Time{}, false
	}
	micros, err := strconv.ParseInt(clear, 10, 64)
	since := time.UnixMicro(micros)
	return since, err == nil && now.Sub(since) <= markerLife
}

func markerPlace(q *authRequest, v *model.Visitor) string {
	sum := sha256.Sum256([]byte(q.path("")))
	return "oauth2/since/" + v.Browser + "/" + hex.EncodeToString(sum[:])
}

// path is the request as a path of ours to come back to.
func (q *authRequest) path(marker string) string {
	values := url.Values{}
	for name, list := range q.values {
		if name != markerParameter {
			values[name] = list
		}
	}
	if marker != "" {
		values.Set(markerParameter, marker)
	}
	return base + "authorize/?" + values.Encode()
}

// signIn is the page where somebody signs in and then comes back. A fresh sign-in is good enough for prompt=login.
func (s *Server) signIn(snap *model.Snapshot, q *authRequest, v *model.Visitor, now time.Time) string {
	query := url.Values{"next": {q.path(s.marker(q, v, now))}}
	if q.loginHint != "" {
		query.Set("login_hint", clip(q.loginHint))
	}
	if f := s.authenticationFlow(snap, q, v); f != nil {
		return "/if/flow/" + url.PathEscape(f.Slug) + "/?" + query.Encode()
	}
	return "/flows/-/default/authentication/?" + query.Encode()
}

// authenticationFlow is the provider's, else the brand's; nil where neither has one.
func (s *Server) authenticationFlow(snap *model.Snapshot, q *authRequest, v *model.Visitor) *model.Flow {
	if id := q.client.provider.AuthenticationFlow; id != nil && snap.Flows[*id] != nil {
		return snap.Flows[*id]
	}
	if id := snap.Brand(v.Host).FlowAuthentication; id != nil {
		return snap.Flows[*id]
	}
	return nil
}

// signInAgain lets somebody who is signed in prove who they are once more.
func (s *Server) signInAgain(w http.ResponseWriter, r *http.Request, snap *model.Snapshot, q *authRequest, v *model.Visitor, now time.Time) {
	f := s.authenticationFlow(snap, q, v)
	if f == nil {
		s.reject(w, r, q, oidc.ErrLoginRequired().WithDescription("There is no way to sign in again"))
		return
	}
	plan := model.NewPlanContext()
	flow.SlotReauthenticate.Set(plan, true)
	stage.SlotApplication.Set(plan, q.client.ref())
	query := url.Values{"next": {q.path(s.marker(q, v, now))}}
	if q.loginHint != "" {
		query.Set("login_hint", clip(q.loginHint))
	}
	reply, err := s.Flows.Start(r.Context(), v, flow.Start{Flow: f, Context: plan, Query: query})
	if err != nil {
		s.Pages.Fail(w, r, err)
		return
	}
	s.Pages.Reply(w, r, reply)
}

// sameSubject reports whether an id_token_hint is ours and names who is signed in (OpenID Connect Core 3.1.2.1).
func (s *Server) sameSubject(snap *model.Snapshot, q *authRequest, v *model.Visitor) bool {
	hint, ok := q.client.hint(q.idToken)
	return ok && hint == subject(q.client.config.SubMode, v.User, snap.Installation)
}

// returning finds the client of an authorization request that a next path leads back to.
func (s *Server) returning(snap *model.Snapshot, next string) (*client, url.Values) {
	rest, ok := strings.CutPrefix(next, base+"authorize/?")
	if !ok {
		return nil, nil
	}
	values, err := url.ParseQuery(rest)
	if err != nil {
		return nil, nil
	}
	c, err := s.byID(snap, values.Get("client_id"))
	if err != nil {
		return nil, nil
	}
	return c, values
}

// Application names the application that a next path leads to, nil if it leads to none: the login page says where one goes on to.
func (s *Server) Application(snap *model.Snapshot, next string) *stage.ApplicationRef {
	c, _ := s.returning(snap, next)
	if c == nil {
		return nil
	}
	ref := c.ref()
	return &ref
}

// FormSource gives what a page's form-action must allow, where its form ends in an answer to an application: browsers check redirects after a form as well. It is "" where
// a next path leads to no application, or to an address that is not its own.
func (s *Server) FormSource(snap *model.Snapshot, next string) string {
	c, values := s.returning(snap, next)
	if c == nil || !c.redirects.allow(values.Get("redirect_uri")) {
		return ""
	}
	source, _ := web.SourceOf(values.Get("redirect_uri"))
	return source
}
