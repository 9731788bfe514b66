package captcha_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/bits"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/captcha"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// solve does the work as the package comment says it.
func solve(w *captcha.Work) string {
	var out []string
	for i := range w.Parts {
		for n := 0; ; n++ {
			sum := sha256.Sum256(fmt.Appendf(nil, "%s.%d.%d", w.Salt, i, n))
			if bits.LeadingZeros16(uint16(sum[0])<<8|uint16(sum[1])) >= w.Bits {
				out = append(out, fmt.Sprint(n))
				break
			}
		}
	}
	return strings.Join(out, ".")
}

func work() *captcha.Captcha {
	return captcha.New(captcha.Settings{Provider: captcha.ProofOfWork, Bits: 8}, nil)
}

func TestProofOfWork(t *testing.T) {
	c, run := work(), model.NewPlanContext()
	offer := c.Offer(run)
	if offer.Work == nil || len(offer.Work.Salt) < 20 || offer.Work.Parts != 16 || offer.Work.Bits != 8 || offer.JSURL != "" || offer.Origins() != nil {
		t.Fatalf("%+v", offer)
	}
	if diff := cmp.Diff(offer, c.Offer(run)); diff != "" {
		t.Errorf("shown again (-first +second):\n%s", diff)
	}
	// A run is stored and read between two requests.
	stored, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	run = model.NewPlanContext()
	if err := json.Unmarshal(stored, run); err != nil {
		t.Fatal(err)
	}
	token := solve(offer.Work)
	if v := c.Check(t.Context(), run, token, ""); v != (captcha.Verdict{}) {
		t.Fatalf("%+v", v)
	}
	if got := captcha.SlotResult.Value(run); got["response"] == nil {
		t.Errorf("the run knows %v", got)
	}
	if v := c.Check(t.Context(), run, token, ""); v.Problem == "" {
		t.Error("an answer counts twice")
	}
	c.Offer(run)
	if v := c.Check(t.Context(), run, token, ""); v.Problem == "" {
		t.Error("an answer counts for the next puzzle")
	}
}

func TestWhatIsNoProofOfWork(t *testing.T) {
	c, run := work(), model.NewPlanContext()
	for name, answer := range map[string]func(token string) string{
		"nothing":           func(string) string { return "" },
		"noughts":           func(string) string { return strings.Repeat("0.", 15) + "0" },
		"one part":          func(s string) string { return strings.Split(s, ".")[0] },
		"one part too many": func(s string) string { return s + ".1" },
		"the first part everywhere": func(s string) string {
			return strings.TrimSuffix(strings.Repeat(strings.Split(s, ".")[0]+".", 16), ".")
		},
		"something else":     func(string) string { return "a.b.c" },
		"numbers with signs": func(s string) string { return "+" + s },
		"a very long one":    func(s string) string { return s + strings.Repeat("1", 1<<20) },
		"that of another run": func(string) string {
			return solve(c.Offer(model.NewPlanContext()).Work)
		},
	} {
		right := solve(c.Offer(run).Work)
		if v := c.Check(t.Context(), run, answer(right), ""); v.Problem == "" || v.Fault != "" {
			t.Errorf("%s: %+v", name, v)
		}
		if name == "nothing" {
			continue // nothing was answered
		}
		if v := c.Check(t.Context(), run, right, ""); len(answer(right)) < 4096 && v.Problem == "" {
			t.Errorf("%s: after a wrong answer the puzzle is still good", name)
		}
	}
}

// A service that says what a test wants.
type service struct {
	answer string
	status int
	slow   time.Duration
	got    map[string][]string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.got = r.PostForm
	time.Sleep(s.slow)
	if s.status != 0 {
		w.WriteHeader(s.status)
	}
	_, _ = w.Write([]byte(s.answer))
}

func TestAService(t *testing.T) {
	const wrong, score, unreachable = "stage.captcha.error.wrong", "stage.captcha.error.score", "stage.captcha.error.unreachable"
	strict := captcha.Settings{ScoreMin: 0.5, ScoreMax: 1, ErrorOnInvalidScore: true}
	swapped, lax := strict, strict
	swapped.ScoreMin, swapped.ScoreMax = 1, 0.5
	lax.ErrorOnInvalidScore = false
	for _, tt := range []struct {
		name     string
		settings captcha.Settings
		service  service
		want     string
		fault    bool
	}{
		{"a person", strict, service{answer: `{"success": true}`}, "", false},
		{"a good score", strict, service{answer: `{"success": true, "score": 0.9}`}, "", false},
		{"a score at the edge", strict, service{answer: `{"success": true, "score": 0.5}`}, "", false},
		{"a low score", strict, service{answer: `{"success": true, "score": 0.1}`}, score, false},
		{"a score of nothing", strict, service{answer: `{"success": true, "score": 0}`}, score, false},
		{"thresholds in the other order", swapped, service{answer: `{"success": true, "score": 0.7}`}, "", false},
		{"a low score that is only noted", lax, service{answer: `{"success": true, "score": 0.1}`}, "", false},
		{"a program", strict, service{answer: `{"success": false, "error-codes": ["timeout-or-duplicate"]}`}, wrong, false},
		{"a wrong private key", strict, service{answer: `{"success": false, "error-codes": ["invalid-input-secret"]}`}, unreachable, true},
		{"no JSON", strict, service{answer: `<html>`}, unreachable, true},
		{"nothing", strict, service{}, unreachable, true},
		{"a fault that says success", strict, service{answer: `{"success": true}`, status: 503}, unreachable, true},
		{"a redirect", strict, service{status: 302}, unreachable, true},
		{"an endless answer", strict, service{answer: `{"success": true, "x": "` + strings.Repeat("x", 1<<20) + `"}`}, unreachable, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(&tt.service)
			defer server.Close()
			s := tt.settings
			s.Provider, s.SiteKey, s.Secret, s.VerifyURL = captcha.Service, "public", model.NewSecret("private-hunter2"), server.URL+"/siteverify"
			run := model.NewPlanContext()
			v := captcha.New(s, web.NewClient()).Check(t.Context(), run, "the-token", "192.0.2.1")
			if v.Problem != tt.want || (v.Fault != "") != tt.fault {
				t.Fatalf("%+v", v)
			}
			if strings.Contains(v.Fault, "hunter2") || strings.Contains(v.Fault, "the-token") {
				t.Errorf("the fault tells a secret: %s", v.Fault)
			}
			want := map[string][]string{"secret": {"private-hunter2"}, "response": {"the-token"}, "remoteip": {"192.0.2.1"}}
			if diff := cmp.Diff(want, tt.service.got); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if _, ok := captcha.SlotResult.Get(run); ok != (tt.want == "") {
				t.Errorf("the run knows a result: %t", ok)
			}
		})
	}
}

func TestAServiceThatIsNotThereLetsNobodyPass(t *testing.T) {
	server := httptest.NewServer(&service{})
	server.Close()
	c := captcha.New(captcha.Settings{Provider: captcha.Service, Secret: model.NewSecret("hunter2"), VerifyURL: server.URL}, web.NewClient())
	if v := c.Check(t.Context(), model.NewPlanContext(), "t", ""); v.Problem != "stage.captcha.error.unreachable" || v.Fault == "" || strings.Contains(v.Fault, "hunter2") {
		t.Errorf("%+v", v)
	}
}

func TestOrigins(t *testing.T) {
	for address, want := range map[string][]string{
		"https://challenges.cloudflare.com/turnstile/v0/api.js": {"https://challenges.cloudflare.com"},
		"https://captcha.example.org:8443/api.js":               {"https://captcha.example.org:8443"},
		"https://notgoogle.com/x.js":                            {"https://notgoogle.com"},
		"":                                                      nil,
		"/static/own.js":                                        nil,
	} {
		if diff := cmp.Diff(want, captcha.Offer{JSURL: address}.Origins()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
	for _, address := range []string{"https://www.recaptcha.net/recaptcha/api.js", "https://www.google.com/recaptcha/api.js?render=key", "https://js.hcaptcha.com/1/api.js"} {
		if len(captcha.Offer{JSURL: address}.Origins()) < 4 {
			t.Errorf("%s loads from elsewhere too", address)
		}
	}
}
