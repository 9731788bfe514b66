package authenticatorvalidate

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"strconv"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

//go:embed authenticatorvalidate.html
var screen string

var (
	// slotChosen is the device that the person has chosen.
	slotChosen = model.NewSlot[choice]("goauthentik.io/stages/authenticator_validate/chosen")
	// slotBegun is the challenge to the person's passkeys that waits for its answer.
	slotBegun = model.NewSlot[device.Begun]("goauthentik.io/stages/authenticator_validate/challenge")
	// slotSent are the codes that are on their way, by the device's uid.
	slotSent = model.NewSlot[map[string]device.Sent]("goauthentik.io/stages/authenticator_validate/sent")
	// slotFailures counts the wrong answers of this run.
	slotFailures = model.NewSlot[int]("goauthentik.io/stages/authenticator_validate/failures")
)

// Deps is what the stage needs.
type Deps struct {
	Devices *device.Devices
	// Guard limits the codes that are tried, Sends those that are sent.
	Guard, Sends stage.Guard
	// Sender finds the stage that sends codes to a class of device: the one named, where it still is, else any. nil for none.
	Sender func(s *model.Snapshot, class model.DeviceClass, stage model.StageID) (stage.CodeSender, error)
	// Describe gives the names of a kind of stage.
	Describe func(kindName string) kind.Info
}

// Kind describes the stage.
func Kind(d Deps) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "authenticator_validate", Path: "authenticator/validate", VerboseName: "Authenticator Validation Stage", VerboseNamePlural: "Authenticator Validation Stages",
		Component: "ak-stage-authenticator-validate-form", MetaModelName: "authentik_stages_authenticator_validate.authenticatorvalidatestage", Schema: "AuthenticatorValidateStage",
		Description: "Asks for a second factor, or for a passkey in place of name and password.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, d}, nil })
}

type driver struct {
	Config
	Deps
}

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Screener = (*driver)(nil)
	_ stage.Entrance = (*driver)(nil)
)

// Screen is the page that asks.
func (d *driver) Screen() stage.Screen {
	return stage.Screen{Name: component, HTML: screen, Script: device.Script}
}

// Opens tells which authenticators the stage lets nobody in without.
func (d *driver) Opens(*model.Snapshot) stage.Ways {
	if d.NotConfiguredAction != deny {
		return stage.Ways{}
	}
	set := make([]model.DeviceClass, len(d.DeviceClasses))
	for i, class := range d.DeviceClasses {
		set[i] = model.DeviceClass(class)
	}
	return stage.Ways{Demands: [][]model.DeviceClass{set}}
}

// Passkeys says how an identification stage asks for passkeys in a step of its own, where this stage is named there.
func (d *driver) Passkeys() (userVerification string, models []string) {
	return d.WebAuthnUserVerification, d.WebAuthnAllowedDeviceTypes
}

// person is whom a visit is about, and the devices that count.
type person struct {
	user    *model.User
	devices []*model.Device
}

// Enter asks for a device, unless none has to be asked for.
func (d *driver) Enter(ctx context.Context, v *stage.Visit) (stage.Outcome, error) {
	p, o, err := d.begin(ctx, v)
	if o != nil || err != nil {
		return o, err
	}
	return d.ask(v, p, nil)
}

// begin finds out whom the visit is about. The outcome is set where there is nothing to answer.
func (d *driver) begin(ctx context.Context, v *stage.Visit) (*person, stage.Outcome, error) {
	u := stage.SlotPendingUser.Value(v.Context)
	if u == nil && v.SignedIn() && v.Flow.Designation != model.DesignationAuthentication {
		u = v.User
	}
	if u == nil {
		o, err := d.beginUnknown(v)
		return &person{}, o, err
	}
	if !u.IsActive {
		return nil, stage.Refuse{Err: model.Refuse(model.CodeDenied, "login.user_inactive", "The user is deactivated.").With("username", u.Username)}, nil
	}
	all, err := d.Devices.Of(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	p := &person{user: u, devices: slices.DeleteFunc(device.OfModels(all, d.WebAuthnAllowedDeviceTypes), func(x *model.Device) bool {
		return !slices.Contains(d.DeviceClasses, string(x.Class)) || x.Class == model.DeviceWebAuthn && !device.Possible(v.Visitor)
	})}
	for _, x := range p.devices {
		seen, err := d.Devices.SeenWithin(v.Visitor, x, d.LastAuthThreshold.Or(0))
		if err != nil {
			return nil, nil, err
		}
		if seen {
			return nil, stage.Done{}, nil
		}
	}
	if len(p.devices) == 0 {
		return p, d.notConfigured(v), nil
	}
	return p, nil, nil
}

// beginUnknown is for a run that does not know yet who is there: only a passkey can tell.
func (d *driver) beginUnknown(v *stage.Visit) (stage.Outcome, error) {
	switch {
	case v.Flow.Designation != model.DesignationAuthentication:
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "Pending user not set, cannot continue.").
			With("action", model.ActionConfigurationError)}, nil
	case !slices.Contains(d.DeviceClasses, string(model.DeviceWebAuthn)):
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "Without a pending user only passkeys can be asked for, and they do not count here.").
			With("action", model.ActionConfigurationError)}, nil
	case !device.Possible(v.Visitor):
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "authenticator.origin", "Passkeys need a public address with a name and https.").
			With("action", model.ActionConfigurationError).With("origin", v.Origin)}, nil
	}
	return nil, nil
}

// notConfigured deals with somebody who has no device that counts. It gives nil where the person has to pick a stage.
func (d *driver) notConfigured(v *stage.Visit) stage.Outcome {
	switch d.NotConfiguredAction {
	case deny:
		return stage.Refuse{Err: model.Refuse(model.CodeDenied, "authenticator.missing", "No (allowed) MFA authenticator configured.")}
	case configure:
		steps := d.steps(v)
		switch len(steps) {
		case 0:
			return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "None of the stages is left in which a device could be set up.").
				With("action", model.ActionConfigurationError)}
		case 1:
			return stage.Insert{Stages: []model.StageID{steps[0].ID}}
		}
		return nil
	}
	return stage.Done{}
}

// steps lists the stages in which a device can be set up.
func (d *driver) steps(v *stage.Visit) []SetUpStep {
	out := []SetUpStep{}
	for _, id := range d.ConfigurationStages {
		if st := v.Snapshot.Stages[id]; st != nil {
			info := d.Describe(st.Kind)
			out = append(out, SetUpStep{ID: id, Name: st.Name, VerboseName: info.VerboseName, MetaModelName: info.MetaModelName})
		}
	}
	return out
}

// ask shows what may be answered.
func (d *driver) ask(v *stage.Visit, p *person, errs stage.Errors) (stage.Outcome, error) {
	c := &Challenge{Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v), DeviceChallenges: []Device{}, ConfigurationStages: []SetUpStep{}}
	if p.user != nil && c.PendingUser.PendingUser == "" {
		c.PendingUser = stage.PendingUser{PendingUser: p.user.Username, DisplayName: p.user.DisplayName(), PendingUserAvatar: p.user.Avatar()}
	}
	if p.user != nil && len(p.devices) == 0 {
		c.ConfigurationStages = d.steps(v)
		return stage.Ask{Challenge: c, Errors: errs}, nil
	}
	list, err := d.deviceChallenges(v, p)
	if err != nil {
		return nil, err
	}
	c.DeviceChallenges, c.Chosen = list, chosen(v, list)
	return stage.Ask{Challenge: c, Errors: errs}, nil
}

// deviceChallenges lists the devices, the one used last first: passkeys as one.
func (d *driver) deviceChallenges(v *stage.Visit, p *person) ([]Device, error) {
	var out []Device
	passkey := -1
	for _, x := range p.devices {
		if x.Class == model.DeviceWebAuthn {
			if passkey < 0 {
				passkey = len(out)
				out = append(out, Device{Class: x.Class, UID: anyPasskey, Name: x.Name, LastUsed: x.LastUsed})
			} else if last := &out[passkey]; later(x, last) {
				last.LastUsed = x.LastUsed
			}
			continue
		}
		uid := uidOf(x)
		item := Device{
			Class: x.Class, UID: uid, Challenge: []byte("{}"), LastUsed: x.LastUsed, Name: x.Name, Sent: slotSent.Value(v.Context)[uid].Live(v.Now),
		}
		if stage.AuthenticatedUser(v) != nil { // strangers learn nothing about who has which number
			item.Hint = device.DataOf(x).Hint
		}
		out = append(out, item)
	}
	if p.user == nil {
		passkey, out = 0, append(out, Device{Class: model.DeviceWebAuthn, UID: anyPasskey})
	}
	if passkey >= 0 {
		options, err := d.passkeyOptions(v, p)
		if err != nil {
			return nil, err
		}
		out[passkey].Challenge = options
	}
	slices.SortStableFunc(out, func(a, b Device) int {
		if byUse := compareUse(b, a); byUse != 0 {
			return byUse
		}
		return cmp.Compare(rank(a.Class), rank(b.Class))
	})
	return out, nil
}

func later(x *model.Device, d *Device) bool {
	return x.LastUsed != nil && (d.LastUsed == nil || x.LastUsed.After(*d.LastUsed))
}

func compareUse(a, b Device) int {
	switch {
	case a.LastUsed == nil && b.LastUsed == nil:
		return 0
	case a.LastUsed == nil:
		return -1
	case b.LastUsed == nil:
		return 1
	}
	return a.LastUsed.Compare(*b.LastUsed)
}

// rank is the order of devices that were never used: what is safest and nearest at hand comes first, printed codes last.
func rank(c model.DeviceClass) int {
	return slices.Index([]model.DeviceClass{model.DeviceWebAuthn, model.DeviceTOTP, model.DeviceSMS, model.DeviceEmail, model.DeviceStatic}, c)
}

func uidOf(x *model.Device) string { return strconv.FormatInt(int64(x.ID), 10) }

// chosen is the device that the person has chosen, else the first that is not a printed code: these are to be kept.
func chosen(v *stage.Visit, list []Device) *Device {
	want := slotChosen.Value(v.Context)
	for i := range list {
		if list[i].Class == want.Class && list[i].UID == want.UID {
			return &list[i]
		}
	}
	for i := range list {
		if list[i].Class != model.DeviceStatic {
			return &list[i]
		}
	}
	return &list[0]
}

// passkeyOptions is the challenge to passkeys, the same until it is answered or has expired.
func (d *driver) passkeyOptions(v *stage.Visit, p *person) ([]byte, error) {
	if p.user == nil {
		return d.Devices.BeginDiscoverable(v.Visitor, v.Context, "required") // nothing else tells who holds the device
	}
	b, ok := slotBegun.Get(v.Context)
	if ok && b.Live(v.Now) {
		return b.Options, nil
	}
	b, err := d.Devices.BeginAssertion(v.Visitor, p.user, p.devices, d.WebAuthnUserVerification)
	if err != nil {
		return nil, err
	}
	slotBegun.Set(v.Context, b)
	return b.Options, nil
}
