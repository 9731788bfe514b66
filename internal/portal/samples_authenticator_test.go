package portal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatoremail"
	"github.com/weimen-id/weimen/internal/stage/authenticatorsms"
	"github.com/weimen-id/weimen/internal/stage/authenticatorstatic"
	"github.com/weimen-id/weimen/internal/stage/authenticatortotp"
	"github.com/weimen-id/weimen/internal/stage/authenticatorvalidate"
	"github.com/weimen-id/weimen/internal/stage/authenticatorwebauthn"
)

// authenticatorScreens are the pages of the stages around authenticators, without their scripts: as they are read where none runs.
func authenticatorScreens(t testing.TB) []stage.Screen {
	t.Helper()
	var out []stage.Screen
	for _, name := range []string{"totp", "static", "webauthn", "sms", "email", "validate"} {
		folder := "authenticator" + name
		raw, err := os.ReadFile(filepath.Join("../stage", folder, folder+".html"))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, stage.Screen{Name: "ak-stage-authenticator-" + name, HTML: string(raw)})
	}
	return out
}

// authenticatorSamples are those pages, by name.
func authenticatorSamples(name string) map[string]stage.Challenge {
	base := func(kind string) stage.Base {
		return sampleBase("ak-stage-authenticator-"+kind, "Welcome to authentik!")
	}
	who := stage.PendingUser{PendingUser: name}
	failed := func(b stage.Base, field, key string) stage.Base {
		b.ResponseErrors = stage.Invalid(field, key)
		return b
	}
	const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	config := device.TOTPURL(secret, 6, "Lantern", "linlan@example.org")
	devices := []authenticatorvalidate.Device{
		{Class: model.DeviceTOTP, UID: "1"},
		{Class: model.DeviceWebAuthn, UID: "-1", Challenge: []byte(`{"challenge": "AAAA"}`)},
		{Class: model.DeviceSMS, UID: "2", Hint: "+86138****5678"},
		{Class: model.DeviceEmail, UID: "3", Hint: "l***@example.org", Sent: true},
		{Class: model.DeviceStatic, UID: "4"},
	}
	validate := func(chosen int, b stage.Base) stage.Challenge {
		return &authenticatorvalidate.Challenge{Base: b, PendingUser: who, DeviceChallenges: devices, Chosen: &devices[chosen]}
	}
	return map[string]stage.Challenge{
		"totp":             &authenticatortotp.Challenge{Base: base("totp"), PendingUser: who, ConfigURL: config, Secret: secret},
		"totp-wrong":       &authenticatortotp.Challenge{Base: failed(base("totp"), "code", "stage.totp.error.wrong"), PendingUser: who, ConfigURL: config, Secret: secret},
		"static":           &authenticatorstatic.Challenge{Base: base("static"), PendingUser: who, Codes: []string{"BCDFGHJKLMNP", "QRSTVWXZBCDF", "GHJKLMNPQRST", "VWXZBCDFGHJK", "LMNPQRSTVWXZ", "BDGJLNPRTWZC"}},
		"webauthn":         &authenticatorwebauthn.Challenge{Base: base("webauthn"), PendingUser: who, Registration: []byte(`{"challenge": "AAAA"}`)},
		"sms":              &authenticatorsms.Challenge{Base: failed(base("sms"), "phone_number", "stage.sms.error.number"), PendingUser: who, PhoneNumberRequired: true, Number: name},
		"sms-code":         &authenticatorsms.Challenge{Base: base("sms"), PendingUser: who, Hint: "+86138****5678"},
		"mailbox":          &authenticatoremail.Challenge{Base: base("email"), PendingUser: who, EmailRequired: true, Address: "linlan@example.org"},
		"mailbox-code":     &authenticatoremail.Challenge{Base: failed(base("email"), "non_field_errors", "stage.code.error.wait"), PendingUser: who, Email: "l***@example.org"},
		"validate":         validate(0, base("validate")),
		"validate-wrong":   validate(0, failed(base("validate"), "code", "stage.validate.error.code")),
		"validate-passkey": validate(1, failed(base("validate"), "webauthn", "stage.validate.error.passkey")),
		"validate-sms":     validate(2, base("validate")),
		"validate-sent":    validate(3, base("validate")),
		"validate-static":  validate(4, base("validate")),
		"validate-set-up": &authenticatorvalidate.Challenge{Base: base("validate"), PendingUser: who, ConfigurationStages: []authenticatorvalidate.SetUpStep{
			{ID: "a", VerboseName: "TOTP Authenticator Setup Stage"}, {ID: "b", VerboseName: "WebAuthn Authenticator Setup Stage"}, {ID: "c", VerboseName: name},
		}},
		"passwordless": &authenticatorvalidate.Challenge{Base: base("validate"), DeviceChallenges: devices[1:2], Chosen: &devices[1]},
	}
}
