package demoapp

import (
	"net/http"
	"net/url"
)

// logout ends the session here and leads the browser to the provider, to end the one there (OpenID Connect RP-Initiated Logout 1.0 section 2). From there it comes
// back to our home page.
func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	s, signedIn := a.close(r)
	http.SetCookie(w, a.cookie(sessionCookie, "", "/", 0))
	address := "/"
	if signedIn {
		p, err := a.discover(r.Context())
		if err != nil {
			a.fail(w, r, http.StatusBadGateway, away, err)
			return
		}
		address = a.endSession(p, s)
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// endSession is where the session at the provider ends: our own home page if it cannot be ended from here.
func (a *app) endSession(p *provider, s session) string {
	u, err := url.Parse(p.endSession)
	if err != nil || u.Host == "" {
		return "/"
	}
	q := u.Query()
	q.Set("id_token_hint", s.rawIDToken)
	q.Set("post_logout_redirect_uri", a.baseURL+"/")
	u.RawQuery = q.Encode()
	return u.String()
}
