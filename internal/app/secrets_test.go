package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// outside is a service that stages call: it notes what it is told, and answers with all of it, as some do when they complain.
type outside struct {
	mu     sync.Mutex
	heard  []string
	status int
}

func (o *outside) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // a test's own request
	o.mu.Lock()
	defer o.mu.Unlock()
	o.heard = append(o.heard, string(body))
	w.WriteHeader(o.status)
	_, _ = w.Write([]byte(r.Header.Get("Authorization") + " " + string(body)))
}

// answer sets the status that it answers with from now on.
func (o *outside) answer(status int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.status = status
}

func (o *outside) last() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.heard) == 0 {
		return ""
	}
	return o.heard[len(o.heard)-1]
}

// TestSecretsOfStagesAreToldToNobody plays what stages do with the secrets in their settings, and with the codes that they send, where it goes wrong: that is when secrets are
// written down. The house looks for them in its log, its database and its events when it is closed; here it is looked for them in answers and addresses as well.
func TestSecretsOfStagesAreToldToNobody(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres, Environ: []string{
			"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey, "WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword, "WEIMEN_BOOTSTRAP_EMAIL=root@example.org",
		}})
		const smtp, captcha, token, password = "smtp-password-of-nobody", "captcha-private-key-0", "text-message-token-0", "text-message-password-0"
		h.Secrets.Add("the password of the mail server", smtp)
		h.Secrets.Add("the private key of the captcha", captcha)
		h.Secrets.Add("the secret of the text messages", token, password)
		h.Secrets.Add("a password", bootstrapPassword)
		service := &outside{status: http.StatusTeapot}
		server := httptest.NewServer(service)
		defer server.Close()
		create := func(path string, body object, hidden ...string) string {
			t.Helper()
			raw := administer(t, h, http.StatusCreated, http.MethodPost, path, body)
			for _, secret := range hidden {
				if strings.Contains(string(raw), secret) {
					t.Errorf("%s tells a secret: %s", path, raw)
				}
			}
			var made object
			noError(t, json.Unmarshal(raw, &made))
			pk, _ := made["pk"].(string)
			return pk
		}
		flow := func(slug, stage string) {
			t.Helper()
			f := create("/flows/instances/", object{"name": slug, "slug": slug, "title": slug, "designation": "stage_configuration", "authentication": "require_authenticated"})
			create("/flows/bindings/", object{"target": f, "stage": stage, "order": 0})
		}
		settings := object{"name": "letter", "use_global_settings": false, "host": "127.0.0.1", "port": 1, "username": "us", "password": smtp, "timeout": 1, "from_address": "us@example.org"}
		flow("letter", create("/stages/email/", settings, smtp))
		settings["name"] = "mailbox"
		flow("mailbox", create("/stages/authenticator/email/", settings, smtp))
		flow("captcha", create("/stages/captcha/", object{
			"name": "captcha", "public_key": "public", "private_key": captcha, "js_url": server.URL + "/js", "api_url": server.URL + "/verify",
		}, captcha))
		flow("telephone", create("/stages/authenticator/sms/", object{
			"name": "telephone", "provider": "generic", "from_number": "us", "account_sid": server.URL + "/send", "auth": token, "auth_password": password, "auth_type": "basic",
		}))

		b := h.Browser("en")
		p := b.Submit(b.Get("/if/flow/default-authentication-flow/"), map[string]string{"uid_field": "akadmin"})
		b.Submit(p, map[string]string{"password": bootstrapPassword})
		if !b.SignedIn() {
			t.Fatal("the administrator is not signed in")
		}
		var shown []*apptest.Page
		see := func(p *apptest.Page) *apptest.Page {
			shown = append(shown, p)
			return p
		}
		see(b.Get("/if/flow/letter/"))
		see(b.Submit(see(b.Get("/if/flow/mailbox/")), map[string]string{"email": "me@example.org"}))
		see(b.Get("/if/flow/captcha/"))
		answer := see(b.JSON(http.MethodPost, "/api/v3/flows/executor/captcha/?query=", object{"component": "ak-stage-captcha", "token": "an-answer"}))
		if !strings.Contains(service.last(), captcha) {
			t.Errorf("the captcha's service was not asked: %s", answer)
		}
		telephone := func() string {
			see(b.Submit(see(b.Get("/if/flow/telephone/")), map[string]string{"phone_number": "+8613800138000"}))
			var told map[string]string
			_ = json.Unmarshal([]byte(service.last()), &told) // what it was told last may have been a form
			return told["Body"]
		}
		first := telephone()
		service.answer(http.StatusOK)
		code := telephone()
		if len(first) < 6 || len(code) < 6 {
			t.Fatalf("the codes are %q and %q", first, code)
		}
		for _, p := range shown {
			h.Secrets.Absent(t, "a page", p.Body)
		}
		standsAlone := regexp.MustCompile(`\b(` + code + `|` + first + `)\b`)
		for _, e := range h.Events() {
			raw, err := json.Marshal(e.Context)
			noError(t, err)
			if standsAlone.Match(raw) {
				t.Errorf("an event holds a code: %s", raw)
			}
		}
		if standsAlone.MatchString(h.Log.String()) {
			t.Error("the log holds a code")
		}
		for _, x := range h.Exchanges() {
			h.Secrets.Absent(t, "the address of "+x.Method+" "+x.Path, x.URL.String())
		}
	})
}
