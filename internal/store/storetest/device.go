package storetest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// sameDevice compares what a device keeps; codes are written and not read.
func sameDevice(t *testing.T, got, want *model.Device) {
	t.Helper()
	w := *want
	w.Codes = nil
	sameJSON := cmp.Comparer(func(a, b json.RawMessage) bool { return sameConfig(model.Config(a), model.Config(b)) })
	if diff := cmp.Diff(&w, got, sameJSON); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func devices(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u, v := addUser(t, s, "u"), addUser(t, s, "v")
	d := &model.Device{
		User: u.ID, Class: model.DeviceWebAuthn, Name: "钥匙", Confirmed: true, LastUsed: ptr(at(-time.Hour)), Lookup: "credential", Counter: 7,
		Secret: "sealed", Data: json.RawMessage(`{"key": "x"}`),
	}
	must(t, s.InsertDevice(ctx, d))
	if d.ID == 0 || d.Created.IsZero() || d.LastUpdated.IsZero() {
		t.Errorf("not filled: %+v", d)
	}
	got, err := s.Device(ctx, d.ID)
	must(t, err)
	sameDevice(t, got, d)
	got, err = s.DeviceByLookup(ctx, model.DeviceWebAuthn, "credential")
	must(t, err)
	sameDevice(t, got, d)

	// A credential belongs to one device, whoever's; devices without one do not disturb each other.
	want(t, s.InsertDevice(ctx, &model.Device{User: v.ID, Class: model.DeviceWebAuthn, Lookup: "credential"}), model.ErrConflict)
	must(t, s.InsertDevice(ctx, &model.Device{User: v.ID, Class: model.DeviceTOTP}))
	second := &model.Device{User: u.ID, Class: model.DeviceTOTP, Name: "app"}
	must(t, s.InsertDevice(ctx, second))
	for _, none := range []string{"", "other"} {
		_, err = s.DeviceByLookup(ctx, model.DeviceWebAuthn, none)
		want(t, err, model.ErrNotFound)
	}
	_, err = s.DeviceByLookup(ctx, model.DeviceTOTP, "")
	want(t, err, model.ErrNotFound)

	must(t, s.UpdateDevice(ctx, second.ID, func(d *model.Device) error {
		d.Name, d.Confirmed, d.Secret, d.Data, d.User, d.Counter = "phone", true, "other", json.RawMessage(`{"a": 1}`), v.ID, 99
		return nil
	}))
	got, err = s.Device(ctx, second.ID)
	must(t, err)
	if got.Name != "phone" || !got.Confirmed || got.Secret != "other" || got.User != u.ID || got.Counter != 0 || got.LastUpdated.Before(second.LastUpdated) {
		t.Errorf("updated: %+v", got)
	}
	want(t, s.UpdateDevice(ctx, 999, func(*model.Device) error { return nil }), model.ErrNotFound)
	must(t, s.TouchDevice(ctx, d.ID, at(0), nil))
	must(t, s.TouchDevice(ctx, second.ID, at(0), json.RawMessage(`{"b": 2}`)))
	want(t, s.TouchDevice(ctx, 999, at(0), nil), model.ErrNotFound)

	all, err := s.DevicesOf(ctx, u.ID)
	must(t, err)
	if len(all) != 2 || all[0].ID != d.ID || all[0].LastUsed.Before(at(-time.Minute)) || !sameConfig(model.Config(all[0].Data), model.Config(d.Data)) ||
		!sameConfig(model.Config(all[1].Data), model.Config(`{"b": 2}`)) {
		t.Errorf("devices of the user: %+v", all)
	}
	page, total, err := s.ListDevices(ctx, store.List{Search: "PHO", Where: []store.Where{
		{Field: "class", Op: store.OpEq, Values: []string{"totp"}}, {Field: "user", Op: store.OpEq, Values: []string{u.ID.String()}},
	}})
	must(t, err)
	if total != 1 || page[0].ID != second.ID {
		t.Errorf("list: %d", total)
	}

	must(t, s.DeleteDevice(ctx, second.ID))
	want(t, s.DeleteDevice(ctx, second.ID), model.ErrNotFound)
	must(t, s.DeleteUser(ctx, u.ID))
	_, err = s.Device(ctx, d.ID)
	want(t, err, model.ErrNotFound)
}

// totpSteps: a time step is taken once, and none before it afterwards (RFC 6238 section 5.2).
func totpSteps(t *testing.T, s *store.Store) {
	ctx := t.Context()
	d := &model.Device{User: addUser(t, s, "u").ID, Class: model.DeviceTOTP, Counter: 10}
	must(t, s.InsertDevice(ctx, d))
	want(t, s.AdvanceDevice(ctx, d.ID, 10, at(0)), model.ErrConflict)
	want(t, s.AdvanceDevice(ctx, 999, 10, at(0)), model.ErrConflict)
	once(t, model.CodeConflict, func(ctx context.Context) error { return s.AdvanceDevice(ctx, d.ID, 12, at(0)) })
	want(t, s.AdvanceDevice(ctx, d.ID, 11, at(0)), model.ErrConflict)
	got, err := s.Device(ctx, d.ID)
	must(t, err)
	if got.Counter != 12 || got.LastUsed == nil {
		t.Errorf("got %+v", got)
	}
}

func deviceCodes(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "u")
	d := &model.Device{User: u.ID, Class: model.DeviceStatic, Codes: []string{"a", "b", "c", "c"}}
	other := &model.Device{User: u.ID, Class: model.DeviceStatic, Codes: []string{"z"}}
	must(t, s.InsertDevice(ctx, d))
	must(t, s.InsertDevice(ctx, other))
	left := func() int {
		t.Helper()
		got, err := s.Device(ctx, d.ID)
		must(t, err)
		return got.CodesLeft
	}
	same(t, left(), 3)
	want(t, s.ConsumeDeviceCode(ctx, d.ID, "z", at(0)), model.ErrNotFound)
	has := func(code string) bool {
		t.Helper()
		found, err := s.HasDeviceCode(ctx, d.ID, code)
		must(t, err)
		return found
	}
	same(t, []bool{has("a"), has("z")}, []bool{true, false})
	once(t, model.CodeNotFound, func(ctx context.Context) error { return s.ConsumeDeviceCode(ctx, d.ID, "a", at(0)) })
	same(t, has("a"), false)
	same(t, left(), 2)
	must(t, s.UpdateDevice(ctx, d.ID, func(d *model.Device) error { d.Name = "renamed"; return nil }))
	same(t, left(), 2)
	must(t, s.UpdateDevice(ctx, d.ID, func(d *model.Device) error { d.Codes = []string{"x"}; return nil }))
	same(t, left(), 1)
	want(t, s.ConsumeDeviceCode(ctx, d.ID, "b", at(0)), model.ErrNotFound)
	must(t, s.ConsumeDeviceCode(ctx, d.ID, "x", at(0)))
	got, err := s.Device(ctx, d.ID)
	must(t, err)
	if got.LastUsed == nil {
		t.Error("the use of a code is not noted")
	}
	must(t, s.DeleteDevice(ctx, other.ID))
}

func passwordHistory(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u, v := addUser(t, s, "u"), addUser(t, s, "v")
	for _, hash := range []string{"1", "2", "3", "4"} {
		must(t, s.AddPasswordHistory(ctx, u.ID, hash, 3, at(0)))
	}
	must(t, s.AddPasswordHistory(ctx, v.ID, "theirs", 3, at(0)))
	got, err := s.PasswordHistory(ctx, u.ID, 2)
	must(t, err)
	same(t, got, []string{"4", "3"})
	got, err = s.PasswordHistory(ctx, u.ID, 10)
	must(t, err)
	same(t, got, []string{"4", "3", "2"})
	must(t, s.AddPasswordHistory(ctx, u.ID, "5", 0, at(0)))
	got, err = s.PasswordHistory(ctx, u.ID, 10)
	must(t, err)
	same(t, len(got), 0)
	must(t, s.DeleteUser(ctx, v.ID))
}
