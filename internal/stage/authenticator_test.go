package stage_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// TestSessionMethod: the words are those that clients read as "amr" (RFC 8176 section 2).
func TestSessionMethod(t *testing.T) {
	totp, sms, static := stage.UsedDevice{Class: model.DeviceTOTP}, stage.UsedDevice{Class: model.DeviceSMS}, stage.UsedDevice{Class: model.DeviceStatic}
	key := stage.UsedDevice{Class: model.DeviceWebAuthn}
	passkey := stage.UsedDevice{Class: model.DeviceWebAuthn, Verified: true, Synced: true}
	for _, tt := range []struct {
		name, method string
		used         []stage.UsedDevice
		want         string
	}{
		{"a password alone", "password", nil, "password"},
		{"a password and an app", "password", []stage.UsedDevice{totp}, "password otp mfa"},
		{"a password and two codes", "password", []stage.UsedDevice{totp, static}, "password otp mfa"},
		{"a source and a text message", "source", []stage.UsedDevice{sms}, "source sms mfa"},
		{"a password and a security key", "password", []stage.UsedDevice{key}, "password hwk mfa"},
		{"a passkey alone", "auth_webauthn_pwl", []stage.UsedDevice{passkey}, "auth_webauthn_pwl swk mfa"},
		{"a code alone", "auth_mfa", []stage.UsedDevice{totp}, "auth_mfa otp"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := stage.NewVisit(&model.Visitor{}, &stage.Effects{})
			v.Context = model.NewPlanContext()
			for _, d := range tt.used {
				stage.NoteDevice(v, d)
			}
			if got := stage.SessionMethod(v, tt.method); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestWhatIsNoDeviceIsPassedOver(t *testing.T) {
	v := stage.NewVisit(&model.Visitor{}, &stage.Effects{})
	v.Context = model.NewPlanContext()
	stage.SlotAuthMethodArgs.Set(v.Context, map[string]any{"mfa_devices": "something an expression wrote", "known_device": true})
	if stage.UsedDevices(v) != nil {
		t.Error("it is taken for a device")
	}
	stage.NoteDevice(v, stage.UsedDevice{ID: 1, Name: "app", Class: model.DeviceTOTP})
	if got := stage.UsedDevices(v); len(got) != 1 || stage.SlotAuthMethodArgs.Value(v.Context)["known_device"] != true {
		t.Errorf("%+v", got)
	}
}
