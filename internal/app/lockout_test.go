package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
)

const lockoutKey = "a-bootstrap-token-for-the-lock-out-test"

// administrator is a program with an administrator's token.
type administrator struct {
	t *testing.T
	h *apptest.House
}

// newAdministrator starts a house that was set up with an administrator and the token of one.
func newAdministrator(t *testing.T, postgres bool) administrator {
	t.Helper()
	return administrator{t, apptest.New(t, apptest.Options{
		Postgres: postgres, Environ: []string{"WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword, "WEIMEN_BOOTSTRAP_TOKEN=" + lockoutKey},
	})}
}

// does sends a request and gives the status and the body.
func (a administrator) does(method, path string, body any) (int, string) {
	a.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		a.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(a.t.Context(), method, a.h.URL+"/api/v3"+path, strings.NewReader(string(raw)))
	if err != nil {
		a.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+lockoutKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := a.h.Program().Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer response.Body.Close()
	var out strings.Builder
	if _, err := io.Copy(&out, response.Body); err != nil {
		a.t.Fatal(err)
	}
	return response.StatusCode, out.String()
}

func (a administrator) may(method, path string, body any) {
	a.t.Helper()
	if status, answer := a.does(method, path, body); status >= 300 {
		a.t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
}

func (a administrator) mayNot(name, method, path string, body any) {
	a.t.Helper()
	status, answer := a.does(method, path, body)
	if status < 400 || status >= 500 || !strings.Contains(answer, "No administrator could sign in any more") {
		a.t.Errorf("%s: %d %s", name, status, answer)
	}
}

// A change after which no administrator could sign in is refused, whichever way it would shut.
func TestNoChangeLocksTheLastAdministratorOut(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		a := newAdministrator(t, postgres)
		h := a.h
		s := h.App().Store.Snapshot()
		admin, err := h.App().Store.UserByUsername(t.Context(), "akadmin")
		if err != nil {
			t.Fatal(err)
		}
		groups, err := h.App().Store.GroupsOf(t.Context(), admin.ID)
		if err != nil || len(groups) != 1 {
			t.Fatal(groups, err)
		}
		user, group := "/core/users/"+strconv.FormatInt(int64(admin.ID), 10)+"/", "/core/groups/"+string(groups[0].ID)+"/"
		stages := map[string]string{}
		for _, st := range s.Stages {
			stages[st.Name] = string(st.ID)
		}
		flow := s.FlowBySlug("default-authentication-flow")
		attempts := []struct {
			name, method, path string
			body               any
		}{
			{"deactivate the administrator", "PATCH", user, map[string]any{"is_active": false}},
			{"make a program of the administrator", "PATCH", user, map[string]any{"type": "service_account"}},
			{"delete the administrator", "DELETE", user, nil},
			{"take the administrator out of the group", "PATCH", user, map[string]any{"groups": []string{}}},
			{"take the group's power", "PATCH", group, map[string]any{"is_superuser": false}},
			{"delete the group", "DELETE", group, nil},
			{"empty the group", "PATCH", group, map[string]any{"users": []int{}}},
			{"remove the member", "POST", group + "remove_user/", map[string]any{"pk": admin.ID}},
			{"delete the login page", "DELETE", "/flows/instances/default-authentication-flow/", nil},
			{"delete the password stage", "DELETE", "/stages/password/" + stages["default-authentication-password"] + "/", nil},
			{"check no passwords", "PATCH", "/stages/password/" + stages["default-authentication-password"] + "/", map[string]any{"backends": []string{"authentik.core.auth.TokenBackend"}}},
			{"ask for no names", "PATCH", "/stages/identification/" + stages["default-authentication-identification"] + "/", map[string]any{"user_fields": []string{}}},
			{
				"demand a second factor that nobody has", "PATCH", "/stages/authenticator/validate/" + stages["default-authentication-mfa-validation"] + "/",
				map[string]any{"not_configured_action": "deny"},
			},
			{"sign nobody in", "DELETE", "/stages/user_login/" + stages["default-authentication-login"] + "/", nil},
		}
		for _, b := range s.BindingsOf(flow.ID) {
			if st := s.Stages[b.Stage]; st.Name == "default-authentication-login" {
				attempts = append(attempts, struct {
					name, method, path string
					body               any
				}{"unbind the login", "DELETE", "/flows/bindings/" + string(b.ID) + "/", nil})
			}
		}
		a.may("POST", "/stages/deny/", map[string]any{"name": "closed"})
		s = h.App().Store.Snapshot()
		attempts = append(attempts, struct {
			name, method, path string
			body               any
		}{"refuse everybody", "POST", "/flows/bindings/", closedAt(s, flow.Slug, 1000)})
		for _, x := range attempts {
			a.mayNot(x.name, x.method, x.path, x.body)
		}
		if after := h.App().Store.Snapshot(); after.Version != s.Version {
			t.Errorf("the configuration went from version %d to %d", s.Version, after.Version)
		}
		bySecondFactor(t, a, h, admin, stages)
		byPasskey(t, a, h, admin, stages)
		byWeChat(t, a, h, admin, user, stages)
	})
}

// bySecondFactor gives the administrator an authenticator: then it may be demanded, and after that it may not go.
func bySecondFactor(t *testing.T, a administrator, h *apptest.House, admin *model.User, stages map[string]string) {
	t.Helper()
	device := &model.Device{User: admin.ID, Class: model.DeviceTOTP, Name: "Telephone", Confirmed: true}
	if err := h.App().Store.InsertDevice(t.Context(), device); err != nil {
		t.Fatal(err)
	}
	validate := "/stages/authenticator/validate/" + stages["default-authentication-mfa-validation"] + "/"
	a.may("PATCH", validate, map[string]any{"not_configured_action": "deny"})
	a.mayNot("demand another that nobody has", "PATCH", validate, map[string]any{"device_classes": []string{"webauthn"}})
	a.mayNot("remove what is demanded", "DELETE", "/authenticators/admin/totp/"+strconv.FormatInt(int64(device.ID), 10)+"/", nil)
	a.may("PATCH", validate, map[string]any{"not_configured_action": "skip"})
	a.may("DELETE", "/authenticators/admin/totp/"+strconv.FormatInt(int64(device.ID), 10)+"/", nil)
}

// byPasskey lets the administrator in by a passkey alone: then names need not be asked for, and the passkey may not go.
func byPasskey(t *testing.T, a administrator, h *apptest.House, admin *model.User, stages map[string]string) {
	t.Helper()
	device := &model.Device{User: admin.ID, Class: model.DeviceWebAuthn, Name: "Key", Lookup: "credential", Confirmed: true}
	if err := h.App().Store.InsertDevice(t.Context(), device); err != nil {
		t.Fatal(err)
	}
	identification := "/stages/identification/" + stages["default-authentication-identification"] + "/"
	a.may("PATCH", identification, map[string]any{"webauthn_stage": stages["default-authentication-mfa-validation"], "user_fields": []string{}})
	a.mayNot("remove the last passkey", "DELETE", "/authenticators/admin/webauthn/"+strconv.FormatInt(int64(device.ID), 10)+"/", nil)
	a.mayNot("offer no passkeys", "PATCH", identification, map[string]any{"webauthn_stage": nil})
	a.may("PATCH", identification, map[string]any{"webauthn_stage": nil, "user_fields": []string{"username"}})
	a.may("DELETE", "/authenticators/admin/webauthn/"+strconv.FormatInt(int64(device.ID), 10)+"/", nil)
}

// byWeChat gives the administrator another way in: then the password may go, and after that the source may not.
func byWeChat(t *testing.T, a administrator, h *apptest.House, admin *model.User, user string, stages map[string]string) {
	t.Helper()
	h.AddWeChat("wechat", apptest.WeChat{})
	if err := h.App().ShowSource(t.Context(), "wechat"); err != nil {
		t.Fatal(err)
	}
	src := h.App().Store.Snapshot().SourceBySlug("wechat")
	a.may("POST", "/sources/user_connections/oauth/", map[string]any{"user": admin.ID, "source": src.ID, "identifier": "oABCDEFGHIJKLMNOPQRSTUVWXYZ0"})
	identification := "/stages/identification/" + stages["default-authentication-identification"] + "/"
	a.may("PATCH", identification, map[string]any{"user_fields": []string{}})
	a.mayNot("switch the source off", "PATCH", "/sources/oauth/wechat/", map[string]any{"enabled": false})
	a.mayNot("take its flow", "PATCH", "/sources/oauth/wechat/", map[string]any{"authentication_flow": nil})
	a.mayNot("delete it", "DELETE", "/sources/oauth/wechat/", nil)
	behindTheButton(a, h)
	a.mayNot("hide its button", "PATCH", identification, map[string]any{"sources": []string{}})
	a.may("PATCH", identification, map[string]any{"user_fields": []string{"username"}})
	a.may("PATCH", "/sources/oauth/wechat/", map[string]any{"enabled": false})
	a.mayNot("deactivate the administrator", "PATCH", user, map[string]any{"is_active": false})
}

// closedAt binds the stage that refuses everybody.
func closedAt(s *model.Snapshot, flow string, order int) map[string]any {
	out := map[string]any{"target": s.FlowBySlug(flow).ID, "order": order}
	for _, st := range s.Stages {
		if st.Name == "closed" {
			out["stage"] = st.ID
		}
	}
	return out
}

// behindTheButton refuses everybody, where the administrator has WeChat alone: whoever leaves by the button does not come to what stands behind it.
func behindTheButton(a administrator, h *apptest.House) {
	a.t.Helper()
	s := h.App().Store.Snapshot()
	a.mayNot("refuse everybody before the button", "POST", "/flows/bindings/", closedAt(s, "default-authentication-flow", 1))
	a.mayNot("refuse everybody who comes back", "POST", "/flows/bindings/", closedAt(s, "default-source-authentication", 1000))
	status, made := a.does("POST", "/flows/bindings/", closedAt(s, "default-authentication-flow", 1000))
	var binding struct{ PK string }
	if err := json.Unmarshal([]byte(made), &binding); err != nil || status != http.StatusCreated {
		a.t.Fatal(status, made, err)
	}
	a.may("DELETE", "/flows/bindings/"+binding.PK+"/", nil)
}
