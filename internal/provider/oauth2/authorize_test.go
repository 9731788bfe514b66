package oauth2_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
	"github.com/weimen-id/weimen/internal/store"
)

const authorizePath = "/application/o/authorize/"

// RFC 6749 section 4.1.2.1, RFC 9700 section 4.1.1: with a client or redirect URI that is wrong nothing is redirected.
func TestNothingIsRedirectedToAnAddressThatIsNotRegistered(t *testing.T) {
	h := newHouse(t, func(_ *house, c *oauth2.Config) {
		c.RedirectURIs = append(c.RedirectURIs,
			oauth2.RedirectURI{MatchingMode: oauth2.MatchRegex, URL: `https://[a-z]+\.apps\.example\.org/cb/.*`},
			oauth2.RedirectURI{MatchingMode: oauth2.MatchRegex, URL: `(?i)javascript:.*`})
	})
	b := h.signedIn(0)
	for name, uri := range map[string]string{
		"missing":                        "",
		"another host":                   "https://evil.example/callback",
		"a path below":                   callback + "/more",
		"a query added":                  callback + "?x=1",
		"a fragment added":               callback + "#x",
		"a slash added":                  callback + "/",
		"another case":                   "https://app.example.org/Callback",
		"the host in capitals":           "https://APP.example.org/callback",
		"http instead of https":          "http://app.example.org/callback",
		"a port added":                   "https://app.example.org:443/callback",
		"user information":               "https://app.example.org@evil.example/callback",
		"the host as a prefix":           "https://app.example.org.evil.example/callback",
		"a backslash":                    `https://app.example.org\callback`,
		"a path that climbs":             "https://app.example.org/x/../callback",
		"a tab within":                   "https://app.exam\tple.org/callback",
		"a newline at the end":           callback + "\n",
		"a blank before":                 " " + callback,
		"NUL at the end":                 callback + "\x00",
		"percent-encoded":                "https://app.example.org/%63allback",
		"no scheme":                      "//app.example.org/callback",
		"only a path":                    "/callback",
		"javascript":                     "javascript:alert(1)",
		"javascript, registered":         "JavaScript:alert(1)",
		"data":                           "data:text/html,x",
		"vbscript":                       "vbscript:x",
		"a pattern's text":               `https://[a-z]+\.apps\.example\.org/cb/.*`,
		"a pattern with more before":     "https://evil.example/https://a.apps.example.org/cb/",
		"a pattern with a dot replaced":  "https://a.appsxexample.org/cb/",
		"a pattern's folder left":        "https://a.apps.example.org/cb/../evil",
		"a pattern's folder left, coded": "https://a.apps.example.org/cb/%2e%2e/evil",
		"a pattern with user info":       "https://x@a.apps.example.org/cb/",
		"a pattern over two lines":       "https://a.apps.example.org/cb/\nx",
		"100 kB":                         "https://a.apps.example.org/cb/" + strings.Repeat("a", 30_000),
	} {
		t.Run(name, func(t *testing.T) {
			a := b.get(authorizePath + "?" + params("redirect_uri", uri).Encode())
			if a.Header.Get("Location") != "" || a.StatusCode/100 != 4 || strings.Contains(a.Header.Get("Refresh"), "evil") {
				t.Errorf("status %d, sent to %q", a.StatusCode, a.Header.Get("Location"))
			}
		})
	}
	t.Run("what a pattern does match is allowed", func(t *testing.T) {
		to := b.get(authorizePath + "?" + params("redirect_uri", "https://a.apps.example.org/cb/x?y=1").Encode()).location(t)
		if to.Query().Get("code") == "" || to.Query().Get("y") != "1" {
			t.Errorf("sent to %s", to)
		}
	})
	t.Run("an address that is given twice is none", func(t *testing.T) {
		a := b.get(authorizePath + "?" + params().Encode() + "&redirect_uri=https://evil.example")
		if a.Header.Get("Location") != "" || h.refused.Reason != "oauth2.redirect_uri" {
			t.Errorf("sent to %q", a.Header.Get("Location"))
		}
	})
}

func TestAnUnknownClientIsShownAPage(t *testing.T) {
	h := newHouse(t, nil)
	for _, id := range []string{"", "nobody", "demo-client ", "demo-client\x00", strings.Repeat("x", 20_000), "' OR 1=1 --"} {
		a := h.signedIn(0).get(authorizePath + "?" + params("client_id", id).Encode())
		if a.StatusCode != http.StatusBadRequest || a.Header.Get("Location") != "" {
			t.Errorf("%.20q: status %d, sent to %q", id, a.StatusCode, a.Header.Get("Location"))
		}
	}
}

func TestAWrongRequestIsAnsweredToTheClient(t *testing.T) {
	h := newHouse(t, nil)
	tests := []struct {
		name  string
		pairs []string
		want  string
	}{
		{"no response type", []string{"response_type", ""}, "invalid_request"},
		{"an implicit response type", []string{"response_type", "id_token token"}, "unsupported_response_type"},
		{"a hybrid response type", []string{"response_type", "code id_token"}, "unsupported_response_type"},
		{"an unknown response mode", []string{"response_mode", "web_message"}, "invalid_request"},
		{"a request object", []string{"request", "e30."}, "request_not_supported"},
		{"a request object elsewhere", []string{"request_uri", "https://app.example.org/r"}, "request_uri_not_supported"},
		{"an unknown challenge method", []string{"code_challenge_method", "S512"}, "invalid_request"},
		{"a method without a challenge", []string{"code_challenge", ""}, "invalid_request"},
		{"a challenge that is too short", []string{"code_challenge", "abc"}, "invalid_request"},
		{"a challenge of wrong letters", []string{"code_challenge", strings.Repeat("=", 43)}, "invalid_request"},
		{"prompt=none with another", []string{"prompt", "none login"}, "invalid_request"},
		{"a max_age that is no number", []string{"max_age", "soon"}, "invalid_request"},
		{"a negative max_age", []string{"max_age", "-1"}, "invalid_request"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := h.signedIn(0).get(authorizePath + "?" + params(tt.pairs...).Encode())
			to := a.location(t)
			q := to.Query()
			if q.Get("error") != tt.want || q.Get("state") != "st" || q.Get("iss") != h.http.URL+"/application/o/demo/" || q.Has("code") {
				t.Errorf("status %d, sent to %s", a.StatusCode, to)
			}
		})
	}
	t.Run("a parameter that is given twice", func(t *testing.T) {
		to := h.signedIn(0).get(authorizePath + "?" + params().Encode() + "&nonce=other").location(t)
		if to.Query().Get("error") != "invalid_request" {
			t.Errorf("sent to %s", to)
		}
	})
}

func TestHugeAuthorizationRequestsAreRefused(t *testing.T) {
	h := newHouse(t, nil)
	huge := strings.Repeat("a", 100_000)
	for name := range params("prompt", "login", "login_hint", "x", "max_age", "1", "id_token_hint", "x", "response_mode", "query") {
		form := params(name, huge)
		for method, a := range map[string]answer{
			"GET": h.signedIn(0).get(authorizePath + "?" + form.Encode()), "POST": h.signedIn(0).post(authorizePath, form),
			"POST below the limit of bodies": h.signedIn(0).post(authorizePath, params(name, huge[:50_000])),
		} {
			if a.StatusCode/100 != 4 {
				t.Errorf("%s with 100 kB of %s: status %d, sent to %.80q", method, name, a.StatusCode, a.Header.Get("Location"))
			}
		}
	}
}

func TestPostIsTheSameAsGet(t *testing.T) {
	h := newHouse(t, nil)
	a := h.signedIn(0).post(authorizePath, params())
	if a.StatusCode != http.StatusSeeOther || a.location(t).Query().Get("code") == "" {
		t.Errorf("status %d, sent to %q", a.StatusCode, a.Header.Get("Location"))
	}
	t.Run("but its query is not read", func(t *testing.T) {
		a := h.signedIn(0).post(authorizePath+"?"+params().Encode(), url.Values{})
		if a.StatusCode != http.StatusBadRequest {
			t.Errorf("status %d", a.StatusCode)
		}
	})
	t.Run("and other bodies are refused", func(t *testing.T) {
		a := h.signedIn(0).post(authorizePath, params(), "Content-Type", "application/json")
		if a.StatusCode != http.StatusBadRequest {
			t.Errorf("status %d", a.StatusCode)
		}
	})
}

func TestSomebodyWhoIsNotSignedInIsSentToSignInAndComesBack(t *testing.T) {
	h := newHouse(t, nil)
	b := h.anonymous()
	to := b.get(authorizePath + "?" + params("login_hint", "zhang").Encode()).location(t)
	if to.Path != "/if/flow/login/" || to.Query().Get("login_hint") != "zhang" {
		t.Fatalf("sent to %s", to)
	}
	if app := h.server.Application(h.store.Snapshot(), to.Query().Get("next")); app == nil || app.Name != "Demo" {
		t.Errorf("application: %+v", app)
	}
	if source := h.server.FormSource(h.store.Snapshot(), to.Query().Get("next")); source != "https://app.example.org" {
		t.Errorf("form source: %q", source)
	}
	next := b.post(to.String(), nil).location(t)
	if next.Path != authorizePath {
		t.Fatalf("sent to %s", next)
	}
	if back := b.get(next.String()).location(t); back.Query().Get("code") == "" {
		t.Errorf("back at %s", back)
	}
}

// OpenID Connect Core 3.1.2.1: with prompt=none nothing is shown.
func TestPromptNone(t *testing.T) {
	h := newHouse(t, nil)
	ask := func(b *client, pairs ...string) string {
		to := b.get(authorizePath + "?" + params(append([]string{"prompt", "none"}, pairs...)...).Encode()).location(t)
		if !strings.HasPrefix(to.String(), callback) {
			t.Errorf("sent to %s", to)
		}
		if to.Query().Has("code") {
			return "code"
		}
		return to.Query().Get("error")
	}
	hint := h.anonymous().token(exchange(h.signedIn(0).code())).object(t)["id_token"].(string)
	tests := []struct {
		name, got, want string
	}{
		{"nobody is signed in", ask(h.anonymous()), "login_required"},
		{"signed in", ask(h.signedIn(time.Hour)), "code"},
		{"signed in too long ago", ask(h.signedIn(time.Hour), "max_age", "60"), "login_required"},
		{"consent is needed", ask(h.signedIn(0), "scope", "openid offline_access"), "consent_required"},
		{"the hint names who is signed in", ask(h.signedIn(0), "id_token_hint", hint), "code"},
		{"the hint is forged", ask(h.signedIn(0), "id_token_hint", hint[:len(hint)-4]+"AAAA"), "login_required"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
	t.Run("the flow asks for consent", func(t *testing.T) {
		h.addConsentStage()
		if got := ask(h.signedIn(0)); got != "consent_required" {
			t.Errorf("got %s", got)
		}
	})
}

// addConsentStage puts a stage that always asks into the authorization flow.
func (h *house) addConsentStage() {
	h.change(func(ctx context.Context, tx *store.Change) error {
		step := &model.Stage{Name: "consent", Kind: "consent", Config: model.Config("{}")}
		must(h.t, tx.Put(ctx, step))
		b := model.NewFlowStageBinding()
		b.Flow, b.Stage = h.flow, step.ID
		return tx.Put(ctx, &b)
	})
}

// OpenID Connect Core 3.1.2.1: prompt=login and max_age ask for a new sign-in, and cannot be satisfied by an old one.
func TestPromptLoginAndMaxAgeAskForANewSignIn(t *testing.T) {
	for _, pairs := range [][]string{{"prompt", "login"}, {"prompt", "select_account"}, {"max_age", "60"}, {"max_age", "0"}} {
		t.Run(strings.Join(pairs, "="), func(t *testing.T) {
			h := newHouse(t, nil)
			b := h.signedIn(time.Hour)
			path := authorizePath + "?" + params(pairs...).Encode()
			page := b.get(path).location(t)
			if page.Path != "/if/flow/login/" {
				t.Fatalf("sent to %s", page)
			}
			marked := page.Query().Get("next")
			if to := b.get(marked).location(t); to.Path != "/if/flow/login/" {
				t.Fatalf("going back without signing in led to %s", to)
			}
			next := b.post(page.String(), nil).location(t)
			back := b.get(next.String()).location(t)
			if !back.Query().Has("code") {
				t.Fatalf("after signing in: %s", back)
			}
			if pairs[0] == "prompt" {
				if to := b.get(path).location(t); to.Query().Has("code") {
					t.Error("the next request was satisfied by the sign-in of the former")
				}
			}
			other := authorizePath + "?" + params(append(pairs, "state", "other")...).Encode() + "&weimen_since=" + url.QueryEscape(next.Query().Get("weimen_since"))
			if to := b.get(other).location(t); pairs[0] == "prompt" && to.Query().Has("code") {
				t.Error("a marker of one request was good for another")
			}
		})
	}
}

func TestMaxAgeIsSatisfiedByARecentSignIn(t *testing.T) {
	h := newHouse(t, nil)
	if code := h.signedIn(30*time.Second).code("max_age", "60"); code == "" {
		t.Error("no code")
	}
}

func TestAPolicyKeepsPeopleOut(t *testing.T) {
	h := newHouse(t, nil)
	somebody := &model.User{Username: "other", IsActive: true, Attributes: map[string]any{}}
	must(t, h.store.InsertUser(t.Context(), somebody))
	h.change(func(ctx context.Context, tx *store.Change) error {
		b := model.NewPolicyBinding()
		b.Target, b.User = model.TargetID(h.app), &somebody.ID
		return tx.Put(ctx, &b)
	})
	a := h.signedIn(0).get(authorizePath + "?" + params().Encode())
	if a.StatusCode != http.StatusBadRequest || h.refused.Reason != "application.denied" || h.refused.Detail["rule"] != "user other on application Demo" {
		t.Errorf("status %d, refusal %+v", a.StatusCode, h.refused)
	}
	if to := h.signedIn(0).get(authorizePath + "?" + params("prompt", "none").Encode()).location(t); to.Query().Get("error") != "access_denied" {
		t.Errorf("sent to %s", to)
	}
}

func TestWhoDoesNotConsentIsSentBackWithAnError(t *testing.T) {
	h := newHouse(t, nil)
	h.addConsentStage()
	b := h.signedIn(0)
	page := b.get(authorizePath + "?" + params().Encode()).location(t)
	shown := b.get(page.String()).object(t)
	to := b.post(page.String(), url.Values{"token": {shown["token"].(string)}, "deny": {"true"}}).location(t)
	if to.Query().Get("error") != "access_denied" || to.Query().Get("state") != "st" {
		t.Errorf("sent to %s", to)
	}
}

func TestAnswersGoWhereTheResponseModeSays(t *testing.T) {
	h := newHouse(t, nil)
	b := h.signedIn(0)
	t.Run("fragment", func(t *testing.T) {
		to := b.get(authorizePath + "?" + params("response_mode", "fragment").Encode()).location(t)
		values, err := url.ParseQuery(to.Fragment)
		if err != nil || values.Get("code") == "" || to.RawQuery != "" {
			t.Errorf("sent to %s", to)
		}
	})
	t.Run("form_post", func(t *testing.T) {
		to := b.get(authorizePath + "?" + params("response_mode", "form_post", "state", `"><script>`).Encode()).location(t)
		page := b.get(to.String())
		if !strings.Contains(page.body, `action="`+callback+`"`) || !strings.Contains(page.body, `name="code"`) || strings.Contains(page.body, `"><script>`) {
			t.Errorf("page: %s", page.body)
		}
		policy := page.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "form-action 'self' https://app.example.org") || !strings.Contains(policy, "'sha256-") {
			t.Errorf("policy: %s", policy)
		}
		h.clock = 2 * time.Minute
		if page := b.get(to.String()); page.StatusCode != http.StatusBadRequest {
			t.Errorf("after its time: status %d", page.StatusCode)
		}
		if page := b.get("/application/o/authorize/post/?answer=v1:x:y"); page.StatusCode != http.StatusBadRequest {
			t.Errorf("forged: status %d", page.StatusCode)
		}
	})
}

func TestAnAuthorizationIsRecorded(t *testing.T) {
	h := newHouse(t, nil)
	h.signedIn(0).code()
	events := h.events(model.ActionAuthorizeApplication)
	if len(events) != 1 || events[0].User == nil || events[0].User.Username != "ouid" {
		t.Errorf("events: %+v", events)
	}
}

func TestScopes(t *testing.T) {
	h := newHouse(t, nil)
	tests := []struct{ name, asked, want string }{
		{"unknown scopes are dropped", "openid unknown email", "openid email"},
		{"each counts once", "openid openid", "openid"},
		{"none asked gives all but offline_access", "", "email entitlements goauthentik.io/api openid profile"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.anonymous().token(exchange(h.signedIn(0).code("scope", tt.asked))).object(t)["scope"]
			if got != tt.want {
				t.Errorf("granted %q, want %q", got, tt.want)
			}
		})
	}
}
