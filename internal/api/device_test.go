package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	ak "goauthentik.io/api/v3"

	"github.com/weimen-id/weimen/internal/model"
)

// classes are the authenticators with the type of authentik's client.
func classes() map[model.DeviceClass]func() any {
	return map[model.DeviceClass]func() any{
		model.DeviceStatic: func() any { return &ak.StaticDevice{} }, model.DeviceTOTP: func() any { return &ak.TOTPDevice{} },
		model.DeviceWebAuthn: func() any { return &ak.WebAuthnDevice{} }, model.DeviceSMS: func() any { return &ak.SMSDevice{} },
		model.DeviceEmail: func() any { return &ak.EmailDevice{} },
	}
}

// give sets up an authenticator of each class.
func (h *house) give(u *model.User) map[model.DeviceClass]*model.Device {
	h.t.Helper()
	out := map[model.DeviceClass]*model.Device{}
	for class := range classes() {
		d := &model.Device{User: u.ID, Class: class, Name: "my " + string(class), Confirmed: true, Lookup: u.Username + string(class)}
		switch class {
		case model.DeviceStatic:
			d.Codes = []string{"hash of a code", "hash of another"}
		case model.DeviceWebAuthn:
			d.Data = json.RawMessage(`{"aaguid": "00000000-0000-0000-0000-000000000001"}`)
		case model.DeviceTOTP, model.DeviceSMS, model.DeviceEmail:
			d.Secret = model.Sealed(h.box.Seal("secret of "+string(class), d.SealPlace()))
		}
		must(h.t, h.store.InsertDevice(context.Background(), d))
		out[class] = d
	}
	return out
}

func devicePath(admin bool, class model.DeviceClass, id model.DeviceID) string {
	folder := "/authenticators/"
	if admin {
		folder += "admin/"
	}
	return fmt.Sprintf("%s%s/%d/", folder, class, id)
}

// TestPeopleManageTheirOwnAuthenticatorsOnly: neither the list nor the address of another's authenticator tells that it exists.
func TestPeopleManageTheirOwnAuthenticatorsOnly(t *testing.T) {
	h := open(t)
	mine, key := h.person("zhang")
	other, _ := h.person("li")
	own, foreign := h.give(mine), h.give(other)
	must(t, h.store.InsertDevice(context.Background(), &model.Device{User: mine.ID, Class: model.DeviceTOTP, Name: "half set up"}))
	h.key = key
	for class, of := range classes() {
		list := h.get("/authenticators/" + string(class) + "/")["results"].([]any)
		if len(list) != 1 || list[0].(map[string]any)["name"] != "my "+string(class) {
			t.Errorf("%s: listed %v", class, list)
		}
		for _, path := range []string{devicePath(false, class, foreign[class].ID), devicePath(false, "duo", own[class].ID)} {
			for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
				if r := h.call(method, path, map[string]any{"name": "x"}); r.status != http.StatusNotFound && r.status != http.StatusNotImplemented {
					t.Errorf("%s %s: %d %s", method, path, r.status, r.raw)
				}
			}
		}
		if r := h.call(http.MethodDelete, devicePath(true, class, own[class].ID), nil); r.status != http.StatusForbidden {
			t.Errorf("as administrator: %d %s", r.status, r.raw)
		}
		at := devicePath(false, class, own[class].ID)
		r := h.call(http.MethodPut, at, map[string]any{"name": "新 " + string(class)})
		if err := json.Unmarshal(r.raw, of()); err != nil || r.object(t)["name"] != "新 "+string(class) {
			t.Errorf("%s: %v %s", class, err, r.raw)
		}
		h.want(http.StatusBadRequest, http.MethodPut, at, map[string]any{"name": ""})
		h.want(http.StatusNoContent, http.MethodDelete, at, nil)
		h.want(http.StatusNotFound, http.MethodGet, at, nil)
	}
	left, err := h.store.DevicesOf(context.Background(), other.ID)
	must(t, err)
	if len(left) != len(classes()) {
		t.Errorf("%d authenticators of the other are left", len(left))
	}
}

func TestAdministratorsManageEverybodysAuthenticators(t *testing.T) {
	h := open(t)
	u, _ := h.person("zhang")
	devices := h.give(u)
	for class, of := range classes() {
		path := devicePath(true, class, devices[class].ID)
		r := h.call(http.MethodGet, path, nil)
		if err := json.Unmarshal(r.raw, of()); err != nil {
			t.Errorf("%s: %v %s", class, err, r.raw)
		}
		// What is one's own is one's own for administrators too.
		h.want(http.StatusNotFound, http.MethodGet, devicePath(false, class, devices[class].ID), nil)
		if got := len(h.get("/authenticators/admin/" + string(class) + "/?name=other")["results"].([]any)); got != 0 {
			t.Errorf("%s: the filter lets %d through", class, got)
		}
	}
	if got := h.get(devicePath(true, model.DeviceSMS, devices[model.DeviceSMS].ID))["phone_number"]; got != "secret of sms" {
		t.Errorf("phone_number: %v", got)
	}
	if got := h.get(devicePath(true, model.DeviceStatic, devices[model.DeviceStatic].ID))["codes_left"]; fmt.Sprint(got) != "2" {
		t.Errorf("codes_left: %v", got)
	}
	all, _, err := h.client().AuthenticatorsApi.AuthenticatorsAdminAllList(t.Context()).User(int32(u.ID)).Execute()
	must(t, err)
	if len(all) != len(classes()) || all[0].MetaModelName == "" {
		t.Errorf("all: %+v", all)
	}
	none, _, err := h.client().AuthenticatorsApi.AuthenticatorsAllList(t.Context()).Execute()
	must(t, err)
	if len(none) != 0 {
		t.Errorf("the administrator's own: %+v", none)
	}
	h.want(http.StatusNoContent, http.MethodDelete, devicePath(true, model.DeviceTOTP, devices[model.DeviceTOTP].ID), nil)
}

// TestSecretsOfAuthenticatorsAreNeverAnswered: what proves a second factor is not for its owner's programs either (RFC 6238 section 5.1).
func TestSecretsOfAuthenticatorsAreNeverAnswered(t *testing.T) {
	h := open(t)
	u, key := h.person("zhang")
	devices := h.give(u)
	for _, as := range []string{key, h.key} {
		h.key = as
		for class := range classes() {
			raw := h.call(http.MethodGet, devicePath(as != key, class, devices[class].ID), nil).raw
			for _, secret := range []string{"secret of totp", "hash of", string(devices[model.DeviceTOTP].Secret)} {
				if bytes.Contains(raw, []byte(secret)) {
					t.Errorf("%s tells %s", raw, secret)
				}
			}
		}
	}
}
