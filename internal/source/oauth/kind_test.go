package oauth_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
	"github.com/weimen-id/weimen/internal/source/oauth/oauthtest"
)

// openGitHub opens a source at an upstream, with settings that change may change.
func openGitHub(t *testing.T, upstream http.Handler, change func(*oauth.Config)) source.Driver {
	t.Helper()
	server := httptest.NewServer(upstream)
	t.Cleanup(server.Close)
	c := oauth.Defaults()
	c.ConsumerKey, c.ConsumerSecret = oauthtest.ClientID, model.NewSecret(oauthtest.Secret)
	toGitHub(&c, server.URL)
	if change != nil {
		change(&c)
	}
	client := server.Client()
	client.Timeout = 5e9
	d, err := github().Open(oauth.Settings{Config: c, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func signIn(t *testing.T, upstream http.Handler, code string) (*source.Account, error) {
	t.Helper()
	d := openGitHub(t, upstream, nil)
	return d.Finish(t.Context(), source.Return{SourceID: "s", Query: url.Values{"code": {code}}, CallbackURL: "https://id.example.org/cb"})
}

func wantReason(t *testing.T, err error, reason string) *model.Error {
	t.Helper()
	var e *model.Error
	if !errors.As(err, &e) || e.Reason != reason {
		t.Fatalf("got %v, want %s", err, reason)
	}
	return e
}

func TestSettingsAreCheckedWhenSaved(t *testing.T) {
	t.Parallel()
	whole := kind.Body{"provider_type": []byte(`"github"`), "consumer_key": []byte(`"k"`), "consumer_secret": []byte(`"s"`)}
	tests := []struct {
		name  string
		field string
		value string
		want  []string // fields that are wrong
	}{
		{"a type's own addresses are enough", "", "", nil},
		{"a type that this build lacks", "provider_type", `"apple"`, []string{"provider_type"}},
		{"a type that nobody knows", "provider_type", `"myspace"`, []string{"provider_type"}},
		{"addresses that neither the type nor the settings have", "provider_type", `"mailcow"`, []string{"access_token_url", "authorization_url", "profile_url"}},
		{"a secret is required", "consumer_secret", `""`, []string{"consumer_secret"}},
		{"an address of our own", "profile_url", `"http://127.0.0.1:9001/user"`, nil},
		{"an address that is unset", "profile_url", `null`, nil},
		{"an address without a scheme", "profile_url", `"example.org/user"`, []string{"profile_url"}},
		{"an address that runs a script", "authorization_url", `"javascript:alert(1)"`, []string{"authorization_url"}},
		{"an address with a password", "access_token_url", `"https://a:b@example.org/"`, []string{"access_token_url"}},
		{"an address with a fragment", "authorization_url", `"https://example.org/#x"`, []string{"authorization_url"}},
		{"a label with blanks at its end", "open_platform_account", `"mine "`, []string{"open_platform_account"}},
	}
	bare := oauth.Preset{Info: oauth.Info{Name: "mailcow", VerboseName: "Mailcow", URLsCustomizable: true}}.Type()
	k := oauth.Kind(append(oauth.Presets(), bare), &http.Client{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body := maps.Clone(whole)
			if tt.field != "" {
				body[tt.field] = []byte(tt.value)
			}
			got := slices.Sorted(maps.Keys(kind.Decode(k.New(), body, kind.Create)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDisplayNames(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, give, want string }{
		{"a Chinese name stays", "飞翔的企鹅", "飞翔的企鹅"},
		{"blanks at the ends go", "  a b ", "a b"},
		{"a line feed is a blank", "a\r\n\tb", "a b"},
		{"control characters go", "a\x07b\x7f", "ab"},
		{"overrides of the direction go", "\u202egnp.exe\u202c\u2066x\u2069", "gnp.exex"},
		{"what has no width goes", "ad\u200bmin\ufeff\u00ad\u2060", "admin"},
		{"a name of nothing to see is none", "\u200b \u3164\u200d", ""},
		{"a family stays together", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"a heart keeps its colour", "❤️", "❤️"},
		{"a joiner among letters goes", "a\u200db", "ab"},
		{"150 characters are kept", strings.Repeat("字", 151), strings.Repeat("字", 150)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := oauth.DisplayName(tt.give); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	mask := oauth.Mask{}.And("secret/1", "", "secret/12345")
	tests := []struct{ name, give, want string }{
		{"plain text stays", "invalid code, rid: 65c17d8c-5cf05990-781aabe9", "invalid code, rid: 65c17d8c-5cf05990-781aabe9"},
		{"a value is hidden", "no secret/1!", "no ***!"},
		{"the longer of two values is hidden whole", "secret/12345", "***"},
		{"an escaped value is hidden", "?secret=secret%2F1", "?secret=***"},
		{"a value that nobody knows is hidden by its shape", "token 84_abcdefghijklmnopqrstuvwxyz012345", "token ***"},
		{"lines become one", "a\n, rid\x00: b", "a , rid: b"},
		{"a long text is cut", strings.Repeat("a ", 400), strings.Repeat("a ", 150) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := mask.Text(tt.give); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// What an upstream sends is stored as it is; PostgreSQL's numeric type ends long before JSON's numbers do.
func TestNumbersThatNoDatabaseHoldsBecomeOnesThatItDoes(t *testing.T) {
	for given, want := range map[string]any{
		"1": json.Number("1"), "12345678901234567890123": json.Number("12345678901234567890123"), "1.5e3": json.Number("1500"),
		"1e999999": "1e999999", "-0.0e-99999": json.Number("-0"), "1e-99999": json.Number("0"),
	} {
		p, err := oauth.DecodeProfile([]byte(`{"n": ` + given + `}`))
		if err != nil || p["n"] != want {
			t.Errorf("%s is %#v, want %#v; %v", given, p["n"], want, err)
		}
	}
}
