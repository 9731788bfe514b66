package stage

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// AuthenticatedUser is the person whom the run has authenticated, or who is signed in and whom the run is about; nil for one who was merely identified: a name is known to strangers.
func AuthenticatedUser(v *Visit) *model.User {
	u := SlotPendingUser.Value(v.Context)
	if u == nil {
		if v.SignedIn() {
			return v.User
		}
		return nil
	}
	if _, ok := SlotUserBackend.Get(v.Context); ok {
		return u
	}
	if v.SignedIn() && u.ID != 0 && v.User.ID == u.ID {
		return u
	}
	return nil
}

// RefuseUnauthenticated refuses to set up an authenticator for somebody who was not authenticated: a mistake in the order of a flow's stages.
func RefuseUnauthenticated() Refuse {
	return Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "An authenticator can be set up only for somebody who was authenticated.").
		With("action", model.ActionConfigurationError)}
}

// CodeSender is a driver that sends codes to the devices that it has set up.
type CodeSender interface {
	// SendsTo is the class of those devices.
	SendsTo() model.DeviceClass
	// SendCode sends a code to a telephone number or an address. Its error is for the audit trail.
	SendCode(ctx context.Context, v *Visit, target, code string) error
}

// Code gives a code of that many digits. Some programs send it as a number, and so without the zeros that it begins with.
func (a Answer) Code(name string, digits int) string {
	var n json.Number
	if s := a.String(name); s != "" || json.Unmarshal(a[name], &n) != nil || len(n) > digits {
		return s
	}
	return strings.Repeat("0", digits-len(n)) + n.String()
}

// UsedDevice is an authenticator that a run has seen, as the context's auth_method_args names it in "mfa_devices".
type UsedDevice struct {
	ID    model.DeviceID    `json:"pk"`
	Name  string            `json:"name"`
	Class model.DeviceClass `json:"device_class"`
	// Verified says that it has also checked who holds it; Synced that its key may live on several devices.
	Verified bool `json:"user_verified,omitempty"`
	Synced   bool `json:"synced,omitempty"`
}

// NoteDevice adds an authenticator that the person has shown to have.
func NoteDevice(v *Visit, d UsedDevice) {
	args := map[string]any{}
	for name, value := range SlotAuthMethodArgs.Value(v.Context) {
		args[name] = value
	}
	args["mfa_devices"] = append(UsedDevices(v), d)
	SlotAuthMethodArgs.Set(v.Context, args)
}

// UsedDevices lists the authenticators that the person has shown to have in this run.
func UsedDevices(v *Visit) []UsedDevice {
	var out []UsedDevice
	raw, err := json.Marshal(SlotAuthMethodArgs.Value(v.Context)["mfa_devices"])
	if err != nil || json.Unmarshal(raw, &out) != nil {
		return nil // an expression has put something else there
	}
	return out
}

// SessionMethod is how the person was authenticated, as a session remembers it: the method, then what the authenticators showed, in the words of RFC 8176.
func SessionMethod(v *Visit, method string) string {
	words := []string{method}
	used := UsedDevices(v)
	several := len(used) > 0 && method != "auth_mfa" && method != "auth_webauthn_pwl" || len(used) > 1
	for _, d := range used {
		word := "otp"
		switch d.Class {
		case model.DeviceSMS:
			word = "sms"
		case model.DeviceWebAuthn:
			word = "hwk"
			if d.Synced {
				word = "swk"
			}
			several = several || d.Verified // what the person has, and a PIN or a finger
		case model.DeviceTOTP, model.DeviceStatic, model.DeviceEmail:
		}
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	if several {
		words = append(words, "mfa")
	}
	return strings.Join(words, " ")
}
