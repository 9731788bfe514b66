package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	ak "goauthentik.io/api/v3"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// whole is an installation with every kind and its default objects, as Terraform meets it.
func whole(t *testing.T, postgres bool) *house {
	t.Helper()
	key := strings.Repeat("terraform", 7)
	installed := apptest.New(t, apptest.Options{Postgres: postgres, Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + key}})
	h := &house{t: t, key: key, store: installed.App().Store, server: httptest.NewServer(installed.App().Handler())}
	t.Cleanup(h.server.Close)
	admin, err := h.store.UserByUsername(t.Context(), "akadmin")
	must(t, err)
	h.admin = admin
	return h
}

// wire is one of the Terraform provider's: what it sends when everything optional is left out, and when everything is set.
type wire struct {
	path string
	// least holds the provider's own defaults, null for references that are not set, and nothing for what it leaves out.
	least map[string]any
	// most is laid over least. A value "@flow" stands for the id of a flow, and so on.
	most map[string]any
	// hidden are keys that are never answered.
	hidden []string
	one    func() any
}

// smtp is what Terraform sends of a server for mail.
func smtp(also map[string]any) map[string]any {
	body := map[string]any{
		"use_global_settings": true, "host": "localhost", "port": 25, "timeout": 30, "from_address": "system@authentik.local", "token_expiry": "minutes=30",
		"subject": "authentik", "template": "email/password_reset.html",
	}
	maps.Copy(body, also)
	return body
}

func terraform() map[string]wire {
	charset := "!\\\"#$%&'()*+,-./:;<=>?@[]^_`{|}~ "
	named := map[string]any{"name": "renamed — 改名"}
	return map[string]wire{
		"stage_prompt_field": {"/stages/prompt/prompts/", map[string]any{
			"field_key": "username", "label": "Name", "type": "username", "required": false, "placeholder_expression": false, "initial_value_expression": false, "sub_text": "",
		}, map[string]any{
			"required": true, "placeholder": "return \"a\"\n", "placeholder_expression": true, "initial_value": "b\n", "sub_text": "<b>\\</b>", "order": 300, "type": "ak-locale",
		}, nil, func() any { return &ak.Prompt{} }},
		"stage_prompt": {"/stages/prompt/stages/", map[string]any{"fields": []any{"@prompt"}, "validation_policies": []any{}}, map[string]any{
			"validation_policies": []any{"@policy"},
		}, nil, func() any { return &ak.PromptStage{} }},
		"stage_user_delete": {"/stages/user_delete/", map[string]any{}, named, nil, func() any { return &ak.UserDeleteStage{} }},
		"stage_dummy":       {"/stages/dummy/", map[string]any{}, named, nil, func() any { return &ak.DummyStage{} }},
		"stage_source": {"/stages/source/", map[string]any{"source": "@source", "resume_timeout": "minutes=10"}, map[string]any{
			"resume_timeout": "HOURS=1;seconds=30",
		}, nil, func() any { return &ak.SourceStage{} }},
		"stage_invitation": {"/stages/invitation/stages/", map[string]any{"continue_flow_without_invitation": false}, map[string]any{
			"continue_flow_without_invitation": true,
		}, nil, func() any { return &ak.InvitationStage{} }},
		"stage_email": {"/stages/email/", smtp(map[string]any{"recovery_max_attempts": 5, "recovery_cache_timeout": "minutes=5"}), map[string]any{
			"use_global_settings": false, "host": "mail.example.org", "port": 587, "username": "u", "password": "p", "use_tls": true, "timeout": 20,
			"from_address": "a@example.org", "token_expiry": "days=1", "subject": "主题", "template": "email/account_confirmation.html", "activate_user_on_success": true,
			"recovery_max_attempts": 2, "recovery_cache_timeout": "hours=1",
		}, []string{"password"}, func() any { return &ak.EmailStage{} }},
		"stage_captcha": {
			"/stages/captcha/",
			map[string]any{
				"public_key": "public", "private_key": "private", "js_url": "https://www.recaptcha.net/recaptcha/api.js", "api_url": "https://www.recaptcha.net/recaptcha/api/siteverify",
				"score_min_threshold": 1, "score_max_threshold": 0.5, "error_on_invalid_score": true, "interactive": false,
			},
			map[string]any{"interactive": true, "score_min_threshold": 0.25, "score_max_threshold": 1, "error_on_invalid_score": false},
			[]string{"private_key"},
			func() any { return &ak.CaptchaStage{} },
		},
		"stage_authenticator_email": {"/stages/authenticator/email/", smtp(map[string]any{"configure_flow": nil}), map[string]any{
			"use_global_settings": false, "username": "u", "password": "p", "use_ssl": true, "friendly_name": "Mail", "configure_flow": "@flow", "template": "email/email_otp.html",
		}, []string{"password"}, func() any { return &ak.AuthenticatorEmailStage{} }},
		"stage_authenticator_sms": {"/stages/authenticator/sms/", map[string]any{
			"provider": "twilio", "from_number": "1234", "account_sid": "AC1", "auth": "token", "auth_type": "basic", "configure_flow": nil, "mapping": nil,
		}, map[string]any{
			"provider": "generic", "account_sid": "https://sms.example.org/send", "auth_password": "p", "auth_type": "bearer", "verify_only": true, "friendly_name": "SMS",
			"configure_flow": "@flow",
		}, nil, func() any { return &ak.AuthenticatorSMSStage{} }},
		"stage_authenticator_static": {"/stages/authenticator/static/", map[string]any{"token_count": 6, "token_length": 12, "configure_flow": nil}, map[string]any{
			"token_count": 10, "token_length": 20, "friendly_name": "Printed", "configure_flow": "@flow",
		}, nil, func() any { return &ak.AuthenticatorStaticStage{} }},
		"stage_authenticator_totp": {"/stages/authenticator/totp/", map[string]any{"digits": "6", "configure_flow": nil}, map[string]any{
			"digits": "8", "friendly_name": "App", "configure_flow": "@flow",
		}, nil, func() any { return &ak.AuthenticatorTOTPStage{} }},
		"stage_authenticator_webauthn": {"/stages/authenticator/webauthn/", map[string]any{
			"user_verification": "preferred", "resident_key_requirement": "preferred", "device_type_restrictions": []any{}, "configure_flow": nil,
		}, map[string]any{
			"user_verification": "required", "resident_key_requirement": "required", "authenticator_attachment": "cross-platform", "max_attempts": 3,
			"device_type_restrictions": []any{"bada5566-a7aa-401f-bd96-45619a55120d"}, "friendly_name": "Key", "configure_flow": "@flow",
		}, nil, func() any { return &ak.AuthenticatorWebAuthnStage{} }},
		"stage_authenticator_validate": {"/stages/authenticator/validate/", map[string]any{
			"not_configured_action": "skip", "device_classes": []any{}, "configuration_stages": []any{}, "last_auth_threshold": "seconds=0",
			"webauthn_user_verification": "preferred", "webauthn_allowed_device_types": []any{},
		}, map[string]any{
			"not_configured_action": "configure", "device_classes": []any{"webauthn", "totp", "static", "duo", "sms", "email"}, "configuration_stages": []any{"@totp"},
			"last_auth_threshold": "hours=12", "webauthn_user_verification": "discouraged", "webauthn_allowed_device_types": []any{"bada5566-a7aa-401f-bd96-45619a55120d"},
		}, nil, func() any { return &ak.AuthenticatorValidateStage{} }},
		"policy_expression": {"/policies/expression/", map[string]any{"expression": "return True\n", "execution_logging": false}, map[string]any{
			"expression": "ak_message(\"拒\")\nreturn False", "execution_logging": true,
		}, nil, func() any { return &ak.ExpressionPolicy{} }},
		"policy_dummy": {"/policies/dummy/", map[string]any{"result": false, "wait_min": 5, "wait_max": 30, "execution_logging": false}, map[string]any{
			"result": true, "wait_min": 1, "wait_max": 2,
		}, nil, func() any { return &ak.DummyPolicy{} }},
		"policy_event_matcher": {"/policies/event_matcher/", map[string]any{"execution_logging": false}, map[string]any{
			"action": "login", "app": "authentik.core", "client_ip": "192.0.2.1", "model": "authentik_core.user",
		}, nil, func() any { return &ak.EventMatcherPolicy{} }},
		"policy_password_expiry": {"/policies/password_expiry/", map[string]any{"days": 3, "deny_only": false, "execution_logging": false}, map[string]any{
			"days": 365, "deny_only": true,
		}, nil, func() any { return &ak.PasswordExpiryPolicy{} }},
		"policy_geoip": {"/policies/geoip/", map[string]any{
			"asns": []any{}, "countries": []any{}, "history_max_distance_km": 100, "distance_tolerance_km": 50, "history_login_count": 5, "impossible_tolerance_km": 100,
			"execution_logging": false,
		}, map[string]any{
			"asns": []any{4134, 4837}, "countries": []any{"DE", "CN"}, "check_history_distance": true, "check_impossible_travel": true, "history_login_count": 7,
		}, nil, func() any { return &ak.GeoIPPolicy{} }},
		"policy_password": {"/policies/password/", map[string]any{
			"error_message": "no", "password_field": "password", "symbol_charset": charset, "check_static_rules": true, "hibp_allowed_count": 1, "zxcvbn_score_threshold": 2,
			"execution_logging": false,
		}, map[string]any{
			"amount_uppercase": 1, "amount_lowercase": 2, "amount_symbols": 3, "amount_digits": 4, "length_min": 10, "check_have_i_been_pwned": true, "check_zxcvbn": true,
			"zxcvbn_score_threshold": 3,
		}, nil, func() any { return &ak.PasswordPolicy{} }},
		"policy_reputation": {"/policies/reputation/", map[string]any{"check_ip": true, "check_username": true, "threshold": 10, "execution_logging": false}, map[string]any{
			"check_ip": false, "threshold": -7,
		}, nil, func() any { return &ak.ReputationPolicy{} }},
		"policy_unique_password": {"/policies/unique_password/", map[string]any{
			"password_field": "password", "num_historical_passwords": 1, "execution_logging": false,
		}, map[string]any{"password_field": "new", "num_historical_passwords": 5}, nil, func() any { return &ak.UniquePasswordPolicy{} }},
		"property_mapping_source_oauth": {"/propertymappings/source/oauth/", map[string]any{"expression": "return {}\n"}, map[string]any{
			"expression": "return {\"name\": info.get(\"nickname\")}",
		}, nil, func() any { return &ak.OAuthSourcePropertyMapping{} }},
	}
}

// TestTerraformPlansNothingAfterItApplied does what authentik's Terraform provider does with each resource: POST, GET, PUT of a changed configuration, GET, PUT of the first
// one, DELETE. Whatever it sent must be read back as it was, or each plan shows a change that nobody made.
func TestTerraformPlansNothingAfterItApplied(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := whole(t, postgres)
		known := h.known()
		for name, r := range terraform() {
			t.Run(name, func(t *testing.T) {
				on := *h
				on.t = t
				on.apply(name, r, known)
			})
		}
	})
}

// known makes one object of each sort that others refer to.
func (h *house) known() map[string]any {
	h.t.Helper()
	id := func(path string, body map[string]any) any { return h.post(path, body)["pk"] }
	return map[string]any{
		"@flow":   h.flow("referred"),
		"@prompt": id("/stages/prompt/prompts/", map[string]any{"name": "referred", "field_key": "a", "label": "A", "type": "text"}),
		"@policy": id("/policies/dummy/", map[string]any{"name": "referred"}),
		"@totp":   id("/stages/authenticator/totp/", map[string]any{"name": "referred", "digits": 6}),
		"@source": id("/sources/oauth/", map[string]any{"name": "R", "slug": "referred", "provider_type": "github", "consumer_key": "k", "consumer_secret": "s"}),
	}
}

// filled puts ids where placeholders stand.
func filled(v any, known map[string]any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, inner := range v {
			out[k] = filled(inner, known)
		}
		return out
	case []any:
		out := []any{}
		for _, inner := range v {
			out = append(out, filled(inner, known))
		}
		return out
	case string:
		if id, ok := known[v]; ok {
			return id
		}
	}
	return v
}

func (h *house) apply(name string, r wire, known map[string]any) {
	h.t.Helper()
	least := filled(r.least, known).(map[string]any)
	least["name"] = "tf " + name
	most := maps.Clone(least)
	maps.Copy(most, filled(r.most, known).(map[string]any))

	made := h.post(r.path, least)
	at := r.path + fmt.Sprint(made["pk"]) + "/"
	r.compare(h, at, least)
	for _, body := range []map[string]any{most, least, most} {
		h.want(http.StatusOK, http.MethodPut, at, body)
		r.compare(h, at, body)
	}
	h.want(http.StatusOK, http.MethodPatch, at, map[string]any{"name": "only this"})
	most["name"] = "only this"
	r.compare(h, at, most)
	h.want(http.StatusNoContent, http.MethodDelete, at, nil)

	second := h.post(r.path, most) // everything at once
	at = r.path + fmt.Sprint(second["pk"]) + "/"
	r.compare(h, at, most)
	if got := h.call(http.MethodGet, at+"used_by/", nil); got.status != http.StatusOK {
		h.t.Errorf("used_by: %d %s", got.status, got.raw)
	}
	h.want(http.StatusNoContent, http.MethodDelete, at, nil)
}

// compare reads an object as the provider does and compares what was sent.
func (r wire) compare(h *house, at string, sent map[string]any) {
	h.t.Helper()
	got := h.call(http.MethodGet, at, nil)
	if err := json.Unmarshal(got.raw, r.one()); err != nil {
		h.t.Fatalf("authentik's client cannot decode it: %v\n%s", err, got.raw)
	}
	object := got.object(h.t)
	for _, key := range r.hidden {
		if _, there := object[key]; there {
			h.t.Errorf("%s is answered", key)
		}
	}
	for key, want := range sent {
		value, there := object[key]
		if !there && !slices.Contains(r.hidden, key) {
			h.t.Errorf("%s is not answered", key)
		}
		if there && !same(want, value) {
			h.t.Errorf("%s (-sent +answered):\n%s", key, cmp.Diff(want, value))
		}
	}
}

// same compares by what would be written as JSON.
func same(a, b any) bool {
	x, err := json.Marshal(a)
	if err != nil {
		return false
	}
	y, err := json.Marshal(b)
	return err == nil && bytes.Equal(x, y)
}

// TestWhatTerraformLeavesOutHasTheDefaultsOfTheServer: a body with nothing but what is required gets the defaults of authentik's server, which are not always Terraform's.
func TestWhatTerraformLeavesOutHasTheDefaultsOfTheServer(t *testing.T) {
	t.Parallel()
	h := whole(t, false)
	known := h.known()
	for _, tt := range []struct {
		path           string
		required, want map[string]any
	}{
		{"/stages/prompt/prompts/", map[string]any{"field_key": "a", "label": "A", "type": "text"}, map[string]any{"required": true, "order": 0, "sub_text": "", "placeholder": ""}},
		{"/stages/prompt/stages/", map[string]any{"fields": []any{"@prompt"}}, map[string]any{"validation_policies": []any{}}},
		{"/stages/user_write/", nil, map[string]any{"create_users_as_inactive": false, "user_creation_mode": "create_when_required", "user_type": "external"}},
		{"/stages/dummy/", nil, map[string]any{"throw_error": false}},
		{"/stages/source/", map[string]any{"source": "@source"}, map[string]any{"resume_timeout": "minutes=10"}},
		{"/stages/invitation/stages/", nil, map[string]any{"continue_flow_without_invitation": false}},
		{"/stages/email/", nil, map[string]any{
			"use_global_settings": false, "host": "localhost", "port": 25, "timeout": 10, "from_address": "system@authentik.local", "subject": "authentik",
			"token_expiry": "minutes=30", "template": "email/password_reset.html", "activate_user_on_success": false, "recovery_max_attempts": 5,
			"recovery_cache_timeout": "minutes=5", "use_tls": false, "use_ssl": false, "username": "",
		}},
		{"/stages/captcha/", map[string]any{"public_key": "a", "private_key": "b"}, map[string]any{
			"interactive": false, "score_min_threshold": 0.5, "score_max_threshold": 1, "error_on_invalid_score": true,
			"js_url": "https://www.recaptcha.net/recaptcha/api.js", "api_url": "https://www.recaptcha.net/recaptcha/api/siteverify",
		}},
		{"/stages/authenticator/validate/", nil, map[string]any{
			"not_configured_action": "skip", "last_auth_threshold": "seconds=0", "webauthn_user_verification": "preferred", "configuration_stages": []any{},
			"webauthn_allowed_device_types": []any{}, "webauthn_allowed_device_types_obj": []any{},
		}},
		{"/stages/authenticator/totp/", map[string]any{"digits": "8"}, map[string]any{"configure_flow": nil}},
		{"/stages/authenticator/static/", nil, map[string]any{"token_count": 6, "token_length": 12}},
		{"/stages/authenticator/webauthn/", nil, map[string]any{
			"user_verification": "preferred", "resident_key_requirement": "preferred", "authenticator_attachment": nil, "max_attempts": 0, "device_type_restrictions_obj": []any{},
		}},
		{"/stages/authenticator/sms/", map[string]any{"provider": "twilio", "from_number": "1", "account_sid": "AC", "auth": "x"}, map[string]any{
			"auth_type": "basic", "verify_only": false, "mapping": nil, "auth_password": "",
		}},
		{"/policies/dummy/", nil, map[string]any{"result": false, "wait_min": 5, "wait_max": 30, "execution_logging": false, "bound_to": 0}},
		{"/policies/event_matcher/", nil, map[string]any{"action": nil, "app": nil, "client_ip": nil, "model": nil}},
		{"/policies/password/", nil, map[string]any{
			"password_field": "password", "length_min": 0, "check_static_rules": true, "check_have_i_been_pwned": false, "check_zxcvbn": false, "hibp_allowed_count": 1,
			"zxcvbn_score_threshold": 2,
		}},
		{"/policies/password_expiry/", map[string]any{"days": 1}, map[string]any{"deny_only": false}},
		{"/policies/reputation/", nil, map[string]any{"check_ip": true, "check_username": true, "threshold": -5}},
		{"/policies/unique_password/", nil, map[string]any{"password_field": "password", "num_historical_passwords": 1}},
		{"/policies/geoip/", map[string]any{"countries": []any{}}, map[string]any{
			"asns": []any{}, "history_max_distance_km": 100, "distance_tolerance_km": 50, "history_login_count": 5, "impossible_tolerance_km": 100, "check_history_distance": false,
		}},
	} {
		body := map[string]any{"name": "least " + tt.path}
		maps.Copy(body, filled(tt.required, known).(map[string]any))
		got := h.post(tt.path, body)
		for key, want := range tt.want {
			if !same(want, got[key]) {
				t.Errorf("%s: %s is %v, want %v", tt.path, key, got[key], want)
			}
		}
	}
}

// TestTheModelsOfAuthenticatorsAreFoundByTheirNames is what the Terraform provider's data source asks.
func TestTheModelsOfAuthenticatorsAreFoundByTheirNames(t *testing.T) {
	h := open(t)
	stages := h.client().StagesApi
	found, _, err := stages.StagesAuthenticatorWebauthnDeviceTypesList(t.Context()).Description("1Password").Execute()
	must(t, err)
	if len(found.Results) != 1 || found.Results[0].Aaguid != "bada5566-a7aa-401f-bd96-45619a55120d" {
		t.Errorf("found %+v", found.Results)
	}
	one, _, err := stages.StagesAuthenticatorWebauthnDeviceTypesRetrieve(t.Context(), "BADA5566-a7aa-401f-bd96-45619a55120d").Execute()
	must(t, err)
	if one.Description != "1Password" {
		t.Errorf("read %+v", one)
	}
	if r := h.call(http.MethodGet, "/stages/authenticator/webauthn_device_types/11111111-1111-4111-8111-111111111111/", nil); r.status != http.StatusNotFound {
		t.Errorf("a model that is not known: %d", r.status)
	}
}

// TestAFilterThatCannotBeAnsweredIsRefused: Terraform takes the first object of a list, so a filter that is passed over gives it the wrong one.
func TestAFilterThatCannotBeAnsweredIsRefused(t *testing.T) {
	h := open(t)
	h.stage("one")
	for path, want := range map[string]int{
		"/stages/deny/?created=2026-01-01T00:00:00Z": http.StatusBadRequest, "/stages/deny/?created=": http.StatusOK, "/stages/deny/?nonsense=1": http.StatusOK,
	} {
		if r := h.call(http.MethodGet, path, nil); r.status != want {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
}
