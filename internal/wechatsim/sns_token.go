package wechatsim

import (
	"crypto/subtle"
	"net/http"
	"time"
)

// exchange is /sns/oauth2/access_token: a code for tokens and identity.
func (s *Simulator) exchange(r *http.Request, _ Fault) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.behaviour
	if r.Method == http.MethodPost && !b.PostExchange {
		return b.failure(41002, "")
	}
	app, errcode := s.authenticate(r)
	if errcode != 0 {
		return b.failure(errcode, "")
	}
	g, errcode := s.spendCode(r.Form.Get("code"), app.AppID)
	if errcode != 0 {
		return b.failure(errcode, "")
	}
	access, refresh := s.issueTokens(g)
	body := tokenBody(b, g, access, refresh)
	if g.flagged() {
		body.number("is_snapshotuser", 1)
	}
	if id, present := b.unionid(g.person(), app.Account, s.now(), true); present {
		body.text("unionid", id)
	}
	return b.success(body)
}

// authenticate checks the parameters of an exchange, but for the code's worth. The caller holds the lock.
func (s *Simulator) authenticate(r *http.Request) (App, int) {
	form := r.Form
	app, known := s.apps.get(form.Get("appid"))
	switch {
	case form.Get("appid") == "":
		return App{}, 41002
	case form.Get("secret") == "":
		return App{}, 41004
	case form.Get("code") == "":
		return App{}, 41008
	case form.Get("grant_type") != "authorization_code":
		return App{}, 40002
	case !known:
		return App{}, 40013
	case subtle.ConstantTimeCompare([]byte(form.Get("secret")), []byte(app.Secret)) == 0:
		return App{}, 40125
	}
	return app, 0
}

// renew is /sns/oauth2/refresh_token. It takes no secret, and answers no unionid.
func (s *Simulator) renew(r *http.Request, _ Fault) reply {
	form := r.Form
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.behaviour
	_, knownApp := s.apps.get(form.Get("appid"))
	value := form.Get("refresh_token")
	rt, knownToken := s.refresh.get(value)
	switch {
	case form.Get("appid") == "":
		return b.failure(41002, "")
	case form.Get("grant_type") != "refresh_token":
		return b.failure(40002, "")
	case value == "":
		return b.failure(41003, "")
	case !knownApp:
		return b.failure(40013, "")
	case !knownToken || rt.appID != form.Get("appid"):
		return b.failure(40030, "")
	case !s.now().Before(rt.expires):
		return b.failure(42002, "")
	}
	return b.success(tokenBody(b, rt.grant, s.extend(rt), value))
}

func tokenBody(b Behaviour, g grant, access, refresh string) *object {
	var body object
	body.text("access_token", access)
	body.number("expires_in", int(time.Duration(b.AccessTokenLifetime).Seconds()))
	body.text("refresh_token", refresh)
	body.text("openid", g.openID)
	body.text("scope", g.scope)
	return &body
}

// auth is /sns/auth: whether an access token is good for an openid.
func (s *Simulator) auth(r *http.Request, _ Fault) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.behaviour
	g, errcode := s.checkAccess(r.Form.Get("access_token"))
	switch openid := r.Form.Get("openid"); {
	case errcode != 0:
		return b.failure(errcode, "")
	case openid == "":
		return b.failure(41009, "")
	case openid != g.openID:
		return b.failure(40003, "")
	}
	var body object
	body.number("errcode", 0)
	body.text("errmsg", "ok")
	return reply{status: http.StatusOK, contentType: b.ContentType, body: body.bytes()}
}
