package password_test

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the lists are keyed by it
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/policy/password"
	"github.com/weimen-id/weimen/internal/policy/policytest"
)

// offline is the policy on a machine where any call to another server fails the test.
func offline(t *testing.T) kind.Kind[policy.Driver] {
	return password.Kind(password.Deps{Client: &http.Client{Transport: forbidden{t}}, Log: slog.New(slog.DiscardHandler)})
}

type forbidden struct{ t *testing.T }

func (f forbidden) RoundTrip(r *http.Request) (*http.Response, error) {
	f.t.Errorf("%s was asked", r.URL.Host)
	return nil, http.ErrServerClosed
}

func typed(text string) *policy.Request {
	r := policytest.Request(policytest.Ann())
	r.Context.Put("prompt_data", map[string]any{"password": text})
	return r
}

// says lists the keys and counts of what people are told, or "passes".
func says(r policy.Result) string {
	if r.Passing {
		return "passes"
	}
	var out []string
	for _, text := range r.Texts {
		out = append(out, strings.TrimSpace(strings.TrimPrefix(text.Key, "policy.password.")+" "+text.Args["count"]))
	}
	return strings.Join(append(out, r.Messages...), ", ")
}

func TestCommon(t *testing.T) {
	policytest.Common(t, offline(t), `{"length_min": 8, "check_zxcvbn": true}`)
}

func TestFixedRules(t *testing.T) {
	for _, tt := range []struct{ name, config, password, want string }{
		{"nothing is asked for", ``, "x", "passes"},
		{"no password at all", ``, "", "missing"},
		{"long enough", `{"length_min": 8}`, "12345678", "passes"},
		{"too short", `{"length_min": 8}`, "1234567", "length 8"},
		{"the length is that of characters, not of bytes", `{"length_min": 6}`, "密码密码", "length 6"},
		{"and six of them are six", `{"length_min": 6}`, "密码密码密码", "passes"},
		{"digits", `{"amount_digits": 2}`, "a1b", "digits 2"},
		{"digits of another script", `{"amount_digits": 2}`, "a٣b٤", "passes"},
		{"capital letters", `{"amount_uppercase": 1}`, "abc", "uppercase 1"},
		{"capital letters of another script", `{"amount_uppercase": 1}`, "äÖ", "passes"},
		{"small letters", `{"amount_lowercase": 1}`, "ABC", "lowercase 1"},
		{"symbols", `{"amount_symbols": 1}`, "abc", "symbols 1"},
		{"a symbol, by default", `{"amount_symbols": 2}`, `a!\`, "passes"},
		{"a blank is one", `{"amount_symbols": 1}`, "a b", "passes"},
		{"only what is listed is a symbol", `{"amount_symbols": 1, "symbol_charset": "§"}`, "a!", "symbols 1"},
		{"a letter may be listed", `{"amount_symbols": 1, "symbol_charset": "a"}`, "a", "passes"},
		{"every rule that is broken is named", `{"length_min": 9, "amount_digits": 1, "amount_symbols": 1}`, "abc", "length 9, digits 1, symbols 1"},
		{"unless there are words for it", `{"length_min": 9, "amount_digits": 1, "error_message": "No. 不行"}`, "abc", "No. 不行"},
		{"rules that are switched off", `{"length_min": 9, "check_static_rules": false}`, "abc", "passes"},
		{"another field", `{"password_field": "secret", "length_min": 1}`, "abc", "missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := says(policytest.Evaluate(t, policytest.Open(t, offline(t), tt.config), typed(tt.password))); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestThePasswordIsThatOfThePromptElseOfTheContext(t *testing.T) {
	d := policytest.Open(t, offline(t), `{"length_min": 4}`)
	r := policytest.Request(nil)
	r.Context.Put("password", "long enough")
	if got := says(policytest.Evaluate(t, d, r)); got != "passes" {
		t.Errorf("of the context: %s", got)
	}
	r.Context.Put("prompt_data", map[string]any{"password": "abc"})
	if got := says(policytest.Evaluate(t, d, r)); got != "length 4" {
		t.Errorf("of both: %s", got)
	}
}

func TestStrength(t *testing.T) {
	zhang := &model.User{ID: 2, Username: "zhangwei88", Name: "Zhang Wei", Email: "wei.zhang@quantumfoo.example"}
	for _, tt := range []struct {
		name, config, password string
		want                   string
	}{
		{"a common one", `{"check_zxcvbn": true}`, "password1", "weak"},
		{"a strong one", `{"check_zxcvbn": true}`, "kühler Morgen 7 Reiher über Ålborg", "passes"},
		{"the own username", `{"check_zxcvbn": true}`, "zhangwei88zhangwei88", "weak"},
		{"a part of the own address", `{"check_zxcvbn": true}`, "quantumfooquantumfoo", "weak"},
		{"what is not UTF-8", `{"check_zxcvbn": true}`, "\xff\xfe\xfd\xfc\xfb\xfa", "weak"},
		{"a low threshold", `{"check_zxcvbn": true, "zxcvbn_score_threshold": 0}`, "tr0ub4dour", "passes"},
		{"fixed rules come first", `{"check_zxcvbn": true, "length_min": 10}`, "abc", "length 10"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := typed(tt.password)
			r.User = zhang
			if got := says(policytest.Evaluate(t, policytest.Open(t, offline(t), tt.config), r)); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// A password, and what else a person types, cannot keep a processor busy.
func TestStrengthOfAnythingIsFoundSoon(t *testing.T) {
	d := policytest.Open(t, offline(t), `{"check_zxcvbn": true}`)
	for _, unit := range []string{"a", "aA1!", "密", "1234567890", "qwertz", "2020-01-01"} {
		r := typed(strings.Repeat(unit, 100_000/len(unit)))
		r.User = &model.User{Username: strings.Repeat("ab ", 30_000), Name: strings.Repeat("a", 100_000)}
		start := time.Now()
		policytest.Evaluate(t, d, r)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%q: %s", unit, took)
		}
	}
}

// digits is the SHA-1 of a text.
func digits(text string) string {
	sum := sha1.Sum([]byte(text)) //nolint:gosec // see above
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

func TestOnlyFiveDigitsOfTheHashLeaveTheHouse(t *testing.T) {
	secret := "correct horse"
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.String())
		body := new(bytes.Buffer)
		_, _ = body.ReadFrom(r.Body)
		if body.Len() > 0 || r.Header.Get("Cookie") != "" || r.Header.Get("Add-Padding") != "true" {
			t.Errorf("more was sent: %s %v", body, r.Header)
		}
		_, _ = fmt.Fprintf(w, "%s:0\r\n%s:3\r\n", strings.Repeat("A", 35), digits(secret)[5:])
	}))
	defer server.Close()
	k := password.Kind(password.Deps{Client: server.Client(), PwnedURL: server.URL + "/range", Log: slog.New(slog.DiscardHandler)})
	for _, tt := range []struct{ name, config, password, want string }{
		{"leaked more often than allowed", `{"check_have_i_been_pwned": true}`, secret, "leaked 3"},
		{"leaked as often as allowed", `{"check_have_i_been_pwned": true, "hibp_allowed_count": 3}`, secret, "passes"},
		{"not leaked", `{"check_have_i_been_pwned": true}`, "another", "passes"},
	} {
		asked = nil
		got := says(policytest.Evaluate(t, policytest.Open(t, k, tt.config), typed(tt.password)))
		if diff := cmp.Diff([]string{"GET /range/" + digits(tt.password)[:5]}, asked); diff != "" || got != tt.want {
			t.Errorf("%s: %s\n%s", tt.name, got, diff)
		}
	}
}

func TestAServiceThatIsAwayLocksNobodyOutAndTheLogKeepsNoPartOfTheHash(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"it is down":         nil,
		"it fails":           func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"it sends too much":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("A"), 2<<20)) },
		"it sends nonsense":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>\x00:::\n")) },
		"it sends elsewhere": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			if handler == nil {
				server.Close()
			} else {
				defer server.Close()
			}
			var logged bytes.Buffer
			k := password.Kind(password.Deps{Client: server.Client(), PwnedURL: server.URL, Log: slog.New(slog.NewTextHandler(&logged, nil))})
			got := says(policytest.Evaluate(t, policytest.Open(t, k, `{"check_have_i_been_pwned": true}`), typed("correct horse")))
			if got != "passes" || strings.Contains(strings.ToUpper(logged.String()), digits("correct horse")[:5]) {
				t.Errorf("%s; %s", got, logged.String())
			}
			if name != "it sends nonsense" && logged.Len() == 0 {
				t.Error("nobody learns of it")
			}
		})
	}
}

func TestSettingsThatNoPasswordPassesAreRefused(t *testing.T) {
	for config, field := range map[string]string{
		`{"length_min": -1}`:                          "length_min",
		`{"length_min": 257}`:                         "length_min",
		`{"amount_digits": -1}`:                       "amount_digits",
		`{"password_field": ""}`:                      "password_field",
		`{"symbol_charset": "", "amount_symbols": 1}`: "symbol_charset",
		`{"hibp_allowed_count": -1}`:                  "hibp_allowed_count",
		`{"zxcvbn_score_threshold": -1}`:              "zxcvbn_score_threshold",
		`{"zxcvbn_score_threshold": 4}`:               "zxcvbn_score_threshold",
	} {
		policytest.Refused(t, offline(t), config, field)
	}
}
