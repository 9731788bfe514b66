package demoapp

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

//go:embed page.html
var pageSource string

//go:embed style.css
var styleSource string

// style is the style sheet, which lies inside every page, and its hash, by which the page's policy allows it.
type style struct {
	CSS  template.CSS
	hash string
}

func newStyle() style {
	sum := sha256.Sum256([]byte(styleSource))
	return style{CSS: template.CSS(styleSource), hash: "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"}
}

func parsePages() *template.Template {
	return template.Must(template.New("page").Parse(pageSource))
}

// view is a page. Exactly one of Guest, Person and Trouble is there.
type view struct {
	*text
	CSS         template.CSS
	IssuerURL   string
	CallbackURL string
	MailboxURL  string
	Guest       bool
	Person      *person
	Trouble     *explanation
	Detail      string // for engineers
}

// person is the page of somebody who signed in.
type person struct {
	Name    string
	Letter  string // drawn where there is no picture
	Picture string
	NoEmail bool
	About   []row // the person
	SignIn  []row // this sign-in
	IDToken string
	Info    string // what the userinfo endpoint told, "" if nothing
}

func (a *app) home(w http.ResponseWriter, r *http.Request) {
	t := textFor(r)
	s, signedIn := a.current(r)
	if !signedIn {
		a.show(w, http.StatusOK, view{text: t, Guest: true})
		return
	}
	a.show(w, http.StatusOK, view{text: t, Person: newPerson(s, t)})
}

// newPerson draws a session. Where ID token and user info differ, the ID token is right, for it is signed.
func newPerson(s session, t *text) *person {
	about, signIn := claims{}, claims{}
	for _, from := range []claims{s.userInfo, s.idToken} {
		for name, value := range from {
			if aboutSignIn(name) {
				signIn[name] = value
			} else {
				about[name] = value
			}
		}
	}
	p := &person{
		Picture: pictureOf(about), NoEmail: about.text("email") == "",
		About: about.rows(t), SignIn: signIn.rows(t), IDToken: indented(s.idToken),
	}
	for _, name := range []string{"name", "nickname", "preferred_username"} {
		if p.Name = strings.TrimSpace(about.text(name)); p.Name != "" {
			break
		}
	}
	if p.Name == "" {
		p.Name = signIn.text("sub")
	}
	for _, letter := range p.Name {
		p.Letter = string(letter)
		break
	}
	if s.userInfo != nil {
		p.Info = indented(s.userInfo)
	}
	return p
}

// trouble is what can go wrong; texts.go explains each.
type trouble string

const (
	away       trouble = "away"       // the provider does not answer
	unexpected trouble = "unexpected" // a browser comes back that we did not send
	refused    trouble = "refused"    // the provider said no
	unproven   trouble = "unproven"   // code, tokens or user info do not hold
	nowhere    trouble = "nowhere"    // no such page
)

// fail shows what went wrong, for people and, below it, for engineers.
func (a *app) fail(w http.ResponseWriter, r *http.Request, status int, what trouble, err error) {
	detail := describe(err)
	a.log.WarnContext(r.Context(), "sign-in failed", "trouble", string(what), "err", detail)
	t := textFor(r)
	e := t.Troubles[what]
	a.show(w, status, view{text: t, Trouble: &e, Detail: detail})
}

func (a *app) nowhere(w http.ResponseWriter, r *http.Request) {
	t := textFor(r)
	e := t.Troubles[nowhere]
	a.show(w, http.StatusNotFound, view{text: t, Trouble: &e})
}

// describe writes an error for engineers: of the provider's answer only what the standard provides for them (RFC 6749 section 5.2).
func describe(err error) string {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		return err.Error()
	}
	if answer.ErrorCode == "" {
		return "the token endpoint answered " + answer.Response.Status
	}
	return strings.TrimSuffix(answer.ErrorCode+": "+answer.ErrorDescription, ": ")
}

// show writes a page with its Content-Security-Policy: no script, our style sheet, one picture, and forms to ourselves only, which lead on to the provider.
func (a *app) show(w http.ResponseWriter, status int, v view) {
	v.CSS, v.IssuerURL, v.CallbackURL, v.MailboxURL = a.style.CSS, a.issuer, a.oauth.RedirectURL, a.mailbox
	pictures, forms := "data:", "'self'"
	if v.Person != nil {
		pictures += " " + origin(v.Person.Picture)
		a.mu.Lock()
		if a.provider != nil {
			forms += " " + origin(a.provider.endSession)
		}
		a.mu.Unlock()
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", v.Lang)
	w.Header().Set("Vary", "Accept-Language, Cookie")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src "+a.style.hash+"; img-src "+strings.TrimSpace(pictures)+
		"; form-action "+strings.TrimSpace(forms)+"; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	if err := a.pages.Execute(w, v); err != nil {
		a.log.Warn("page not written", "err", err)
	}
}

// pictureOf is the address of a person's picture, "" if there is none that a page may load.
func pictureOf(c claims) string {
	if picture := c.text("picture"); origin(picture) != "" {
		return picture
	}
	return ""
}

// origin is scheme and host of a web address, "" for anything else. It goes into a policy, so nothing but the letters of a host passes.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return ""
	}
	if strings.ContainsFunc(u.Host, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(".-:[]", c)
	}) {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
