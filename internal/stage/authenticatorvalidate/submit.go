package authenticatorvalidate

import (
	"context"
	"maps"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// maxFailures is how many wrong answers end the run.
const maxFailures = 5

// sentLifetime is how long a code that was sent can be answered.
const sentLifetime = 5 * time.Minute

// backend is what authentik calls the thing that recognises people by what this installation itself holds.
const backend = "authentik.core.auth.InbuiltBackend"

// Submit takes a choice, a code or a passkey's answer.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	p, o, err := d.begin(ctx, v)
	if o != nil || err != nil {
		return o, err
	}
	if p.user != nil && len(p.devices) == 0 {
		return d.pick(v, p, a)
	}
	if answer := webauthnOf(a); answer != "" {
		return d.passkey(ctx, v, p, answer)
	}
	if p.user == nil {
		return d.ask(v, p, stage.Invalid("webauthn", "stage.validate.error.passkey"))
	}
	if a.Code("code", 6) != "" {
		return d.code(ctx, v, p, a)
	}
	if c, ok := chosenOf(a); ok {
		return d.choose(ctx, v, p, c)
	}
	return d.ask(v, p, stage.Invalid("code", "stage.validate.error.missing"))
}

// pick goes on in the stage that the person picked.
func (d *driver) pick(v *stage.Visit, p *person, a stage.Answer) (stage.Outcome, error) {
	for _, step := range d.steps(v) {
		if a.String("selected_stage") == string(step.ID) {
			return stage.Insert{Stages: []model.StageID{step.ID}}, nil
		}
	}
	return d.ask(v, p, stage.Invalid("selected_stage", "stage.validate.error.pick"))
}

// choose remembers the device that the person chose, and sends it a code if that is what it needs.
func (d *driver) choose(ctx context.Context, v *stage.Visit, p *person, c choice) (stage.Outcome, error) {
	var x *model.Device
	for _, candidate := range p.devices {
		if candidate.Class == c.Class && (uidOf(candidate) == c.UID || c.Class == model.DeviceWebAuthn) {
			x = candidate
		}
	}
	if x == nil {
		return d.ask(v, p, stage.Invalid("selected_challenge", "stage.validate.error.choice"))
	}
	if c.Class == model.DeviceWebAuthn {
		c.UID = anyPasskey
	}
	slotChosen.Set(v.Context, c)
	if c.Class != model.DeviceSMS && c.Class != model.DeviceEmail {
		return d.ask(v, p, nil)
	}
	return d.send(ctx, v, p, x)
}

// send sends a code to a device. Codes are bounded in a run, and across all runs of the person.
func (d *driver) send(ctx context.Context, v *stage.Visit, p *person, x *model.Device) (stage.Outcome, error) {
	all := maps.Clone(slotSent.Value(v.Context))
	if all == nil {
		all = map[string]device.Sent{}
	}
	last := all[uidOf(x)]
	wait, more := last.Wait(v.Now)
	if !more {
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "authenticator.sent_too_often", "Too many codes were sent.").With("sent", last.Times)}, nil
	}
	if wait > 0 {
		if last.Live(v.Now) {
			return d.ask(v, p, nil) // chosen again: the code is on its way
		}
		return d.ask(v, p, stage.Invalid("non_field_errors", "stage.code.error.wait"))
	}
	sender, err := d.Sender(v.Snapshot, x.Class, device.DataOf(x).Stage)
	if err != nil {
		return nil, err
	}
	target, err := d.Devices.Target(x)
	if err != nil {
		return nil, err
	}
	if err := d.Sends.Begin(ctx, attempt.Try{What: "send", Person: attempt.User(p.user.ID), Visitor: v.Visitor}); err != nil {
		return d.tooMany(v, p, err, "non_field_errors")
	}
	code, sent, err := d.Devices.NewSent(last, target, sentLifetime, v.Now)
	if err != nil {
		return nil, err
	}
	if sender == nil {
		return d.unsent(v, p, "no stage is left that sends codes to devices of the class "+string(x.Class))
	}
	if err := sender.SendCode(ctx, v, target, code); err != nil {
		sent.Hash = ""
		all[uidOf(x)] = sent
		slotSent.Set(v.Context, all)
		return d.unsent(v, p, err.Error())
	}
	all[uidOf(x)] = sent
	slotSent.Set(v.Context, all)
	return d.ask(v, p, nil)
}

// unsent tells the person that no code is on its way, and the administrator why.
func (d *driver) unsent(v *stage.Visit, p *person, cause string) (stage.Outcome, error) {
	v.Record(event.New(model.ActionConfigurationError, "authentik.stages.authenticator_validate", v.Visitor, map[string]any{"message": cause, "stage": v.Stage.Name}))
	return d.ask(v, p, stage.Invalid("non_field_errors", "stage.sms.error.send"))
}

// code looks for a device whose code was typed: programs do not say which one they mean.
func (d *driver) code(ctx context.Context, v *stage.Visit, p *person, a stage.Answer) (stage.Outcome, error) {
	try := attempt.Try{What: "code", Person: attempt.User(p.user.ID), Visitor: v.Visitor}
	if err := d.Guard.Begin(ctx, try); err != nil {
		return d.tooMany(v, p, err, "code")
	}
	sent := maps.Clone(slotSent.Value(v.Context))
	for _, x := range p.devices {
		var proof *device.Proof
		var err error
		switch x.Class {
		case model.DeviceTOTP:
			digits := device.DataOf(x).Digits
			proof, err = d.Devices.CheckTOTP(p.user, x, a.Code("code", digits), v.Now)
		case model.DeviceStatic:
			proof, err = d.Devices.CheckStatic(ctx, p.user, x, a.String("code"), v.Now)
		case model.DeviceSMS, model.DeviceEmail:
			proof, err = d.sentCode(v, p, x, sent, a.Code("code", 6))
		case model.DeviceWebAuthn:
		}
		if err != nil {
			return nil, err
		}
		if proof != nil {
			v.Write(func(ctx context.Context) error { return d.Guard.Succeeded(ctx, try) })
			return d.pass(v, proof), nil
		}
	}
	return d.wrong(v, p, "code", "stage.validate.error.code", "wrong code", model.ActionLoginFailed)
}

// tooMany asks for patience, or gives the error of a guard that fails.
func (d *driver) tooMany(v *stage.Visit, p *person, err error, field string) (stage.Outcome, error) {
	if again, ok := stage.TooMany(v, err, nil, field, p.user.Username); ok {
		return d.ask(v, p, again.Errors)
	}
	return nil, err
}

// sentCode checks a code that was sent, and counts a wrong one.
func (d *driver) sentCode(v *stage.Visit, p *person, x *model.Device, sent map[string]device.Sent, code string) (*device.Proof, error) {
	s, ok := sent[uidOf(x)]
	if !ok {
		return nil, nil
	}
	target, err := d.Devices.Target(x)
	if err != nil {
		return nil, err
	}
	after, ok, err := d.Devices.Check(s, target, code, v.Now)
	if err != nil {
		return nil, err
	}
	sent[uidOf(x)] = after
	slotSent.Set(v.Context, sent)
	if !ok {
		return nil, nil
	}
	return d.Devices.CheckSent(p.user, x, v.Now), nil
}

// passkey checks a passkey's answer. The challenge is used up by any answer.
func (d *driver) passkey(ctx context.Context, v *stage.Visit, p *person, answer string) (stage.Outcome, error) {
	var proof *device.Proof
	var err error
	if p.user == nil {
		proof, err = d.Devices.FinishDiscoverable(ctx, v.Visitor, v.Context, answer, d.WebAuthnAllowedDeviceTypes...)
	} else {
		b := slotBegun.Value(v.Context)
		slotBegun.Clear(v.Context)
		proof, err = d.Devices.FinishAssertion(v.Visitor, p.user, p.devices, b, answer)
	}
	if detail, ok := device.IsWrong(err); ok {
		action := model.ActionLoginFailed
		if device.IsCloned(err) {
			action = model.ActionSuspiciousRequest
		}
		return d.wrong(v, p, "webauthn", "stage.validate.error.passkey", detail, action)
	}
	if err != nil {
		return nil, err
	}
	if p.user == nil {
		if !proof.User.IsActive {
			return stage.Refuse{Err: model.Refuse(model.CodeDenied, "login.user_inactive", "The user is deactivated.").With("username", proof.User.Username)}, nil
		}
		stage.SlotPendingUser.Set(v.Context, proof.User)
		stage.SlotUserBackend.Set(v.Context, backend)
		stage.SlotAuthMethod.Set(v.Context, "auth_webauthn_pwl")
	}
	return d.pass(v, proof), nil
}

// pass takes what was answered, and notes the device.
func (d *driver) pass(v *stage.Visit, proof *device.Proof) stage.Outcome {
	x := proof.Device
	v.Write(proof.Use)
	if d.LastAuthThreshold.Or(0) > 0 {
		v.Write(d.Devices.Remember(v.Visitor, x))
	}
	stage.NoteDevice(v, stage.UsedDevice{ID: x.ID, Name: x.Name, Class: x.Class, Verified: proof.Verified, Synced: proof.Synced})
	if _, ok := stage.SlotAuthMethod.Get(v.Context); !ok {
		stage.SlotAuthMethod.Set(v.Context, "auth_mfa")
	}
	slotChosen.Clear(v.Context)
	slotSent.Clear(v.Context)
	slotBegun.Clear(v.Context)
	slotFailures.Clear(v.Context)
	return stage.Done{}
}

// wrong counts a wrong answer. Too many end the run.
func (d *driver) wrong(v *stage.Visit, p *person, field, key, cause string, action model.Action) (stage.Outcome, error) {
	failures := slotFailures.Value(v.Context) + 1
	slotFailures.Set(v.Context, failures)
	if failures >= maxFailures {
		refusal := model.Refuse(model.CodeInvalid, "authenticator.attempts", "Too many wrong answers.").With("attempts", failures).With("cause", cause)
		if action != model.ActionLoginFailed {
			refusal = refusal.With("action", action)
		}
		return stage.Refuse{Err: refusal}, nil
	}
	details := map[string]any{"cause": cause, "stage": v.Stage.Name, "attempts": failures}
	ev := event.New(action, "authentik.stages.authenticator_validate", v.Visitor, details)
	if ev.User = nil; p.user != nil {
		ev.Context["username"] = p.user.Username
		if p.user.ID != 0 {
			ev.User = event.UserOf(p.user)
		}
	}
	v.Record(ev)
	return d.ask(v, p, stage.Invalid(field, key))
}
