package identification

import (
	"context"
	"encoding/json"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// passkeyStage is a stage whose settings say how passkeys are asked for: whether the device checks who holds it, and which models count.
type passkeyStage interface {
	Passkeys() (userVerification string, models []string)
}

// passkeys reads those settings. ok is false where passkeys are not asked for: because the administrator does not want them, or because they cannot be used at our address.
func (d *driver) passkeys(v *stage.Visit) (userVerification string, models []string, ok bool, err error) {
	if d.WebAuthnStage == nil || !device.Possible(v.Visitor) {
		return "", nil, false, nil
	}
	opened, err := d.Stage(v.Snapshot, *d.WebAuthnStage)
	if err != nil {
		return "", nil, false, err
	}
	s, ok := opened.(passkeyStage)
	if !ok {
		return "", nil, false, nil
	}
	userVerification, models = s.Passkeys()
	return userVerification, models, true, nil
}

// showPasskey is the challenge's part; nil for none.
func (d *driver) showPasskey(v *stage.Visit) (json.RawMessage, error) {
	userVerification, _, ok, err := d.passkeys(v)
	if !ok || err != nil {
		return nil, err
	}
	return d.Devices.BeginDiscoverable(v.Visitor, v.Context, userVerification)
}

// withPasskey finds out who answered with a passkey, which authenticates them too.
func (d *driver) withPasskey(ctx context.Context, v *stage.Visit, answer string) (stage.Outcome, error) {
	_, models, ok, err := d.passkeys(v)
	if err != nil {
		return nil, err
	}
	if !ok {
		return d.wrong(v, "", "passkey", "stage.validate.error.passkey")
	}
	proof, err := d.Devices.FinishDiscoverable(ctx, v.Visitor, v.Context, answer, models...)
	if detail, wrong := device.IsWrong(err); wrong {
		action := model.ActionLoginFailed
		if device.IsCloned(err) {
			action = model.ActionSuspiciousRequest
		}
		v.Record(event.New(action, "authentik.stages.identification", v.Visitor, map[string]any{"cause": detail, "stage": v.Stage.Name}))
		return d.wrong(v, "", "passkey", "stage.validate.error.passkey")
	}
	if err != nil {
		return nil, err
	}
	if !proof.User.IsActive {
		return inactive(proof.User), nil
	}
	d.found(v, proof.User, "")
	stage.SlotUserBackend.Set(v.Context, inbuilt)
	stage.SlotAuthMethod.Set(v.Context, "auth_webauthn_pwl")
	x := proof.Device
	stage.NoteDevice(v, stage.UsedDevice{ID: x.ID, Name: x.Name, Class: x.Class, Verified: proof.Verified, Synced: proof.Synced})
	v.Write(proof.Use)
	return stage.Done{}, nil
}
