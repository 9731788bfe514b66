package oauth2_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
)

func decodeConfig(t *testing.T, text string) (*oauth2.Config, map[string][]string) {
	t.Helper()
	c, ok := oauth2.Kind().New().(*oauth2.Config)
	if !ok {
		t.Fatal("the kind makes another config")
	}
	var body kind.Body
	must(t, json.Unmarshal([]byte(text), &body))
	return c, kind.Decode(c, body, kind.Create)
}

func TestANewProviderHasTheServersDefaults(t *testing.T) {
	c, errs := decodeConfig(t, `{"redirect_uris":[{"matching_mode":"strict","url":"https://a.example/cb"}]}`)
	if errs != nil {
		t.Fatal(errs)
	}
	if len(c.ClientID) != 40 || len(c.ClientSecret.Reveal()) != 128 {
		t.Errorf("client id of %d and secret of %d characters", len(c.ClientID), len(c.ClientSecret.Reveal()))
	}
	shown, err := json.Marshal(kind.Encode(c))
	must(t, err)
	for _, want := range []string{
		`"access_code_validity":"minutes=1"`, `"access_token_validity":"hours=1"`, `"refresh_token_validity":"days=30"`, `"refresh_token_threshold":"seconds=0"`,
		`"client_secret":"` + c.ClientSecret.Reveal() + `"`, `"sub_mode":"hashed_user_id"`, `"issuer_mode":"per_provider"`, `"signing_key":null`,
		`"redirect_uris":[{"matching_mode":"strict","url":"https://a.example/cb"}]`, `"jwt_federation_sources":[]`, `"include_claims_in_id_token":true`,
	} {
		if !strings.Contains(string(shown), want) {
			t.Errorf("%s is not in %s", want, shown)
		}
	}
}

func TestWrongSettingsAreRefusedAtTheirField(t *testing.T) {
	uri := func(mode, url string) string {
		b, _ := json.Marshal(map[string]any{"redirect_uris": []map[string]string{{"matching_mode": mode, "url": url}}})
		return string(b)
	}
	for text, field := range map[string]string{
		`{"access_token_validity":"soon"}`:                "access_token_validity",
		`{"access_token_validity":"minutes=-1"}`:          "access_token_validity",
		`{"client_type":"secret"}`:                        "client_type",
		`{"client_id":"密"}`:                               "client_id",
		uri("strict", "javascript:alert(1)"):              "redirect_uris",
		uri("strict", "DATA:text/html,x"):                 "redirect_uris",
		uri("strict", "vbscript:x"):                       "redirect_uris",
		uri("strict", "/callback"):                        "redirect_uris",
		uri("strict", "https://a.example/#x"):             "redirect_uris",
		uri("strict", "https://a.example/ x"):             "", // a blank can be registered, and is refused when it is asked for
		uri("strict", "https://a.example/\n"):             "redirect_uris",
		uri("regex", "https://(a"):                        "redirect_uris",
		uri("glob", "https://*"):                          "redirect_uris",
		uri("regex", `https://[a-z]+\.example\.org/cb/?`): "",
		uri("strict", "com.example.app:/oauth"):           "",
	} {
		_, errs := decodeConfig(t, text)
		var fields []string
		for name := range errs {
			fields = append(fields, name)
		}
		if field == "" && len(fields) > 0 || field != "" && !slices.Equal(fields, []string{field}) {
			t.Errorf("%s: %v", text, errs)
		}
	}
}
