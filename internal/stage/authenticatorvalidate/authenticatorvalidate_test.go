package authenticatorvalidate_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/device/devicetest"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatorvalidate"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

// bench is the stage before ann, who has devices.
type bench struct {
	*stagetest.Bench
	devices *device.Devices
	ann     *model.User
	key     *devicetest.Authenticator
	secret  string
	codes   []string
	sent    []string // the codes that were sent
	broken  bool     // nothing can be sent
}

// SendsTo and SendCode make the bench what sends codes.
func (b *bench) SendsTo() model.DeviceClass { return model.DeviceSMS }

func (b *bench) SendCode(_ context.Context, _ *stage.Visit, target, code string) error {
	if b.broken {
		return errors.New("the service answered 500")
	}
	b.sent = append(b.sent, target+" "+code)
	return nil
}

func (b *bench) maker(h *flowtest.House) kind.Kind[stage.Driver] {
	b.devices = device.New(h.Store, h.Box)
	return authenticatorvalidate.Kind(authenticatorvalidate.Deps{
		Devices: b.devices, Guard: h.Guard, Sends: h.Sends,
		Sender:   func(*model.Snapshot, model.DeviceClass, model.StageID) (stage.CodeSender, error) { return b, nil },
		Describe: func(name string) kind.Info { return kind.Info{VerboseName: "The " + name, MetaModelName: "m." + name} },
	})
}

func open(t *testing.T, config string, classes ...model.DeviceClass) *bench {
	t.Helper()
	b := &bench{}
	b.Bench = stagetest.Open(t, b.maker, config)
	b.ann = b.User("ann", "")
	b.have(classes...)
	b.Authenticated(b.ann)
	stage.SlotAuthMethod.Set(b.Visit.Context, "password")
	return b
}

// have gives ann devices.
func (b *bench) have(classes ...model.DeviceClass) {
	b.T.Helper()
	for _, class := range classes {
		var draft *device.Draft
		var err error
		switch class {
		case model.DeviceTOTP:
			b.secret = device.NewTOTPSecret()
			before := b.Visit.Now.Add(-10 * time.Minute)
			draft, _ = b.devices.NewTOTP(b.secret, 6, devicetest.Code(b.T, b.secret, 6, before), "app", "totp-stage", before)
		case model.DeviceStatic:
			b.codes = device.NewPrinted(2, 12)
			draft, err = b.devices.NewStatic(b.codes, "codes", "static-stage")
		case model.DeviceWebAuthn:
			b.key = devicetest.New(b.T, flowtest.Origin)
			draft = b.register(b.key)
		case model.DeviceSMS:
			draft, err = b.devices.NewSMS("+8613812345678", false, "phone", "sms-stage")
		case model.DeviceEmail:
			draft = b.devices.NewEmail("ann@example.org", "mail", "email-stage")
		}
		if err != nil {
			b.T.Fatal(err)
		}
		if err := b.Store.InTx(b.T.Context(), draft.Write(b.ann)); err != nil {
			b.T.Fatal(err)
		}
	}
}

func (b *bench) register(a *devicetest.Authenticator) *device.Draft {
	b.T.Helper()
	r := device.Registration{Title: "L", UserVerification: "preferred", ResidentKey: "required"}
	begun, err := b.devices.BeginRegistration(b.Visit.Visitor, b.ann, nil, r)
	if err != nil {
		b.T.Fatal(err)
	}
	draft, err := b.devices.FinishRegistration(b.Visit.Visitor, b.ann, begun, r, a.Create(begun.Options), "key", "webauthn-stage")
	if err != nil {
		b.T.Fatal(err)
	}
	return draft
}

// code is what ann's app shows now.
func (b *bench) code() string { return devicetest.Code(b.T, b.secret, 6, b.Visit.Now) }

// challenge is what the stage shows.
func challenge(t *testing.T, o stage.Outcome) *authenticatorvalidate.Challenge {
	t.Helper()
	ask, ok := o.(stage.Ask)
	if !ok {
		t.Fatalf("it does not ask: %s", stagetest.Says(o))
	}
	return ask.Challenge.(*authenticatorvalidate.Challenge)
}

// classes lists the devices of a challenge.
func classes(c *authenticatorvalidate.Challenge) string {
	var out []string
	for _, d := range c.DeviceChallenges {
		out = append(out, string(d.Class))
	}
	return strings.Join(out, " ")
}

func (b *bench) commit() {
	b.T.Helper()
	if err := b.Commit(); err != nil {
		b.T.Fatal(err)
	}
}

const (
	asks        = "ask ak-stage-authenticator-validate"
	wrongCode   = asks + " !code stage.validate.error.code"
	wrongKey    = asks + " !webauthn stage.validate.error.passkey"
	everything  = `{"device_classes": ["static", "totp", "webauthn", "sms", "email"], "not_configured_action": "deny"}`
	configureTo = `{"device_classes": ["totp"], "not_configured_action": "configure", "configuration_stages": `
)

func all() []model.DeviceClass {
	return []model.DeviceClass{model.DeviceStatic, model.DeviceTOTP, model.DeviceWebAuthn, model.DeviceSMS, model.DeviceEmail}
}

func TestCommon(t *testing.T) {
	for _, class := range all() {
		t.Run(string(class), func(t *testing.T) {
			b := &bench{}
			stagetest.Common(t, stagetest.Subject{Maker: b.maker, Config: everything, Prepare: func(x *stagetest.Bench) {
				b.Bench = x
				b.ann = x.User("ann", "")
				b.have(class)
				x.Authenticated(b.ann)
			}})
		})
	}
	b := &bench{}
	stagetest.Common(t, stagetest.Subject{Maker: b.maker}) // a passkey of somebody unknown
}

func TestWhatIsAsked(t *testing.T) {
	for _, tt := range []struct {
		name, config string
		has          []model.DeviceClass
		want         string
	}{
		{"all devices, passkeys first and printed codes last", everything, all(), "webauthn totp sms email static"},
		{"those of the classes that count", `{"device_classes": ["totp", "duo"]}`, all(), "totp"},
		{"passkeys of allowed models only", `{"device_classes": ["webauthn", "totp"], "webauthn_allowed_device_types": ["11111111-0000-0000-0000-000000000000"]}`, all(), "totp"},
		{"passkeys as one", everything, []model.DeviceClass{model.DeviceWebAuthn, model.DeviceWebAuthn}, "webauthn"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, tt.config, tt.has...)
			c := challenge(t, b.Enter())
			if got := classes(c); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			for _, d := range c.DeviceChallenges {
				if (d.Class == model.DeviceWebAuthn) != (d.UID == "-1") || (d.Class == model.DeviceWebAuthn) == (string(d.Challenge) == "{}") {
					t.Errorf("%+v", d)
				}
			}
		})
	}
}

func TestSomebodyWithoutADevice(t *testing.T) {
	b := open(t, `{}`)
	if got := stagetest.Says(b.Enter()); got != "done" {
		t.Errorf("skip: %s", got)
	}
	b = open(t, `{"not_configured_action": "deny"}`)
	if got := stagetest.Says(b.Enter()); got != "refuse authenticator.missing" {
		t.Errorf("deny: %s", got)
	}
	one := &model.Stage{Name: "one", Kind: "authenticator_totp", Config: model.Config("{}")}
	two := &model.Stage{Name: "two", Kind: "authenticator_static", Config: model.Config("{}")}
	b.Put(one, two)
	list := func(ids ...model.StageID) string {
		raw, _ := json.Marshal(ids)
		return configureTo + string(raw) + `}`
	}
	reopen := func(config string) {
		b.Reopen(b.maker, config)
		b.Again()
		b.Authenticated(b.ann)
	}
	reopen(list(one.ID))
	if diff := cmp.Diff(stage.Outcome(stage.Insert{Stages: []model.StageID{one.ID}}), b.Enter()); diff != "" {
		t.Errorf("one stage comes next (-want +got):\n%s", diff)
	}
	reopen(list("gone"))
	if got := stagetest.Says(b.Enter()); got != "refuse flow.misconfigured" {
		t.Errorf("none left: %s", got)
	}
	reopen(list(one.ID, "gone", two.ID))
	c := challenge(t, b.Enter())
	want := []authenticatorvalidate.SetUpStep{
		{ID: one.ID, Name: "one", VerboseName: "The authenticator_totp", MetaModelName: "m.authenticator_totp"},
		{ID: two.ID, Name: "two", VerboseName: "The authenticator_static", MetaModelName: "m.authenticator_static"},
	}
	if diff := cmp.Diff(want, c.ConfigurationStages); diff != "" || len(c.DeviceChallenges) > 0 {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, picked := range []string{"", "gone", string(model.StageID("other"))} {
		if got := stagetest.Says(b.Submit("selected_stage", picked, "code", "123456")); got != asks+" !selected_stage stage.validate.error.pick" {
			t.Errorf("%q: %s", picked, got)
		}
	}
	if diff := cmp.Diff(stage.Outcome(stage.Insert{Stages: []model.StageID{two.ID}}), b.Submit("selected_stage", string(two.ID))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestACodeOfTheApp(t *testing.T) {
	b := open(t, everything, model.DeviceTOTP, model.DeviceSMS)
	for _, code := range []any{"000", "", "abcdef", strings.Repeat("1", 1000)} {
		if got := stagetest.Says(b.Submit("code", code)); got == "done" {
			t.Errorf("%v is taken", code)
		}
	}
	if got := stagetest.Says(b.Submit("code", json.Number(strings.TrimLeft(b.code(), "0")))); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	if failed := b.Events(model.ActionLoginFailed); len(failed) != 3 || failed[0].User == nil || failed[0].Context["username"] != "ann" {
		t.Errorf("%+v", failed)
	}
	used := stage.UsedDevices(b.Visit)
	if len(used) != 1 || used[0].Class != model.DeviceTOTP || used[0].Name != "app" || stage.SlotAuthMethod.Value(b.Visit.Context) != "password" {
		t.Errorf("%+v, %s", used, stage.SlotAuthMethod.Value(b.Visit.Context))
	}
	// TestATOTPCodeIsTakenOnce: in another run too (RFC 6238 section 5.2).
	b.Again()
	b.Authenticated(b.ann)
	if got := stagetest.Says(b.Submit("code", b.code())); got != wrongCode {
		t.Errorf("the same code in another run: %s", got)
	}
}

// TestTwoRequestsWithOneCode: each looks right, and one of them is undone (RFC 6238 section 5.2).
func TestTwoRequestsWithOneCode(t *testing.T) {
	for name, class := range map[string]model.DeviceClass{"of the app": model.DeviceTOTP, "printed": model.DeviceStatic} {
		t.Run(name, func(t *testing.T) {
			b := open(t, everything, class)
			code := func() string {
				if class == model.DeviceTOTP {
					return b.code()
				}
				return b.codes[0]
			}()
			if got := stagetest.Says(b.Submit("code", code)); got != "done" {
				t.Fatal(got)
			}
			first := b.Effects
			b.Again()
			b.Authenticated(b.ann)
			if got := stagetest.Says(b.Submit("code", code)); got != "done" {
				t.Fatal(got)
			}
			b.commit()
			b.Effects = first
			var refusal *model.Error
			if err := b.Commit(); !errors.As(err, &refusal) || refusal.Reason != "authenticator.used" {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAPrintedCode(t *testing.T) {
	b := open(t, everything, model.DeviceStatic)
	if c := challenge(t, b.Enter()); c.Chosen.Class != model.DeviceStatic {
		t.Errorf("%+v", c.Chosen)
	}
	if got := stagetest.Says(b.Submit("code", strings.ToLower(b.codes[1]))); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	b.Again()
	b.Authenticated(b.ann)
	if got := stagetest.Says(b.Submit("code", b.codes[1])); got != wrongCode {
		t.Errorf("twice: %s", got)
	}
	if got := stagetest.Says(b.Submit("code", b.codes[0])); got != "done" {
		t.Error(got)
	}
}

func TestOtherPeoplesDevicesCannotBeChosen(t *testing.T) {
	b := open(t, everything, model.DeviceTOTP)
	for _, chosen := range []any{`{"device_class": "sms", "device_uid": "1"}`, `{"device_class": "totp", "device_uid": "999"}`, map[string]any{"device_class": "email"}} {
		if got := stagetest.Says(b.Submit("selected_challenge", chosen)); got != asks+" !selected_challenge stage.validate.error.choice" {
			t.Errorf("%v: %s", chosen, got)
		}
	}
}

func TestAPasskey(t *testing.T) {
	b := open(t, everything, model.DeviceWebAuthn, model.DeviceTOTP)
	options := challenge(t, b.Enter()).DeviceChallenges[0].Challenge
	answer := b.key.Get(options)
	if got := stagetest.Says(b.Submit("webauthn", json.RawMessage(answer))); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	used := stage.UsedDevices(b.Visit)
	if len(used) != 1 || used[0].Class != model.DeviceWebAuthn || !used[0].Verified {
		t.Errorf("%+v", used)
	}
	// TestAnAssertionIsTakenOnce (Web Authentication Level 3, section 13.4.3).
	if got := stagetest.Says(b.Submit("webauthn", answer)); got != wrongKey {
		t.Errorf("twice: %s", got)
	}
	b.Again()
	b.Authenticated(b.ann)
	b.Enter()
	if got := stagetest.Says(b.Submit("webauthn", answer)); got != wrongKey {
		t.Errorf("in another run: %s", got)
	}
}

// TestAClonedPasskeyIsRefusedAndReported (Web Authentication Level 3, section 6.1.1).
func TestAClonedPasskeyIsRefusedAndReported(t *testing.T) {
	b := open(t, everything, model.DeviceWebAuthn)
	b.key.Count = 100
	if got := stagetest.Says(b.Submit("webauthn", b.key.Get(challenge(t, b.Enter()).DeviceChallenges[0].Challenge))); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	b.Again()
	b.Authenticated(b.ann)
	b.key.Count = 7
	if got := stagetest.Says(b.Submit("webauthn", b.key.Get(challenge(t, b.Enter()).DeviceChallenges[0].Challenge))); got != wrongKey {
		t.Error(got)
	}
	b.commit()
	if len(b.Events(model.ActionSuspiciousRequest)) != 1 {
		t.Error("nobody is told")
	}
}

func TestAPasskeyInPlaceOfNameAndPassword(t *testing.T) {
	b := open(t, everything, model.DeviceWebAuthn)
	unknown := func() json.RawMessage {
		b.Again()
		c := challenge(t, b.Enter())
		if !c.Passwordless() || classes(c) != "webauthn" {
			t.Fatalf("%+v", c)
		}
		return c.DeviceChallenges[0].Challenge
	}
	answer := b.key.Get(unknown())
	if got := stagetest.Says(b.Submit("webauthn", answer)); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	c := b.Visit.Context
	if u := stage.SlotPendingUser.Value(c); u == nil || u.ID != b.ann.ID || stage.SlotUserBackend.Value(c) == "" || stage.SlotAuthMethod.Value(c) != "auth_webauthn_pwl" {
		t.Errorf("%+v", c)
	}
	t.Run("that does not check who holds it is refused", func(t *testing.T) {
		options := unknown()
		b.key.Unverified = true
		defer func() { b.key.Unverified = false }()
		if got := stagetest.Says(b.Submit("webauthn", b.key.Get(options))); got != wrongKey {
			t.Error(got)
		}
	})
	t.Run("of a deactivated person is refused", func(t *testing.T) {
		if _, err := b.Store.UpdateUser(t.Context(), b.ann.ID, func(u *model.User) error { u.IsActive = false; return nil }); err != nil {
			t.Fatal(err)
		}
		if got := stagetest.Says(b.Submit("webauthn", b.key.Get(unknown()))); got != "refuse login.user_inactive" {
			t.Error(got)
		}
		if stage.SlotPendingUser.Value(b.Visit.Context) != nil {
			t.Error("the run takes them for authenticated")
		}
	})
	t.Run("a code tells nobody who it is", func(t *testing.T) {
		unknown()
		if got := stagetest.Says(b.Submit("code", "123456")); got != wrongKey {
			t.Error(got)
		}
	})
	t.Run("where passkeys do not count the flow is wrong", func(t *testing.T) {
		b.Reopen(b.maker, `{"device_classes": ["totp"]}`)
		b.Again()
		if got := stagetest.Says(b.Enter()); got != "refuse flow.misconfigured" {
			t.Error(got)
		}
	})
	t.Run("in a flow that signs nobody in there must be a person", func(t *testing.T) {
		b.Reopen(b.maker, everything)
		b.Again()
		b.Visit.Flow.Designation = model.DesignationEnrollment
		if got := stagetest.Says(b.Enter()); got != "refuse flow.misconfigured" {
			t.Error(got)
		}
	})
}

// TestASecondFactorAloneSignsNobodyIn: a code shows that a device is at hand, not who was asked for a password.
func TestASecondFactorAloneSignsNobodyIn(t *testing.T) {
	b := open(t, everything, model.DeviceTOTP, model.DeviceSMS)
	b.Again().Pending(b.ann)
	c := challenge(t, b.Enter())
	if c.DeviceChallenges[1].Hint != "" || c.DisplayName != "" {
		t.Error("a stranger learns a number, or a name")
	}
	if got := stagetest.Says(b.Submit("code", b.code())); got != "done" {
		t.Fatal(got)
	}
	if _, ok := stage.SlotUserBackend.Get(b.Visit.Context); ok {
		t.Error("the person counts as authenticated")
	}
	if got := stage.SlotAuthMethod.Value(b.Visit.Context); got != "auth_mfa" {
		t.Error(got)
	}
}

func TestADeactivatedPersonIsRefused(t *testing.T) {
	b := open(t, everything, model.DeviceTOTP)
	b.ann.IsActive = false
	for _, o := range []stage.Outcome{b.Enter(), b.Submit("code", b.code())} {
		if got := stagetest.Says(o); got != "refuse login.user_inactive" {
			t.Error(got)
		}
	}
}

// TestABrowserThatWasUsedLatelyIsNotAsked, and no other: what it goes by is in the database, where nobody can forge it.
func TestABrowserThatWasUsedLatelyIsNotAsked(t *testing.T) {
	b := open(t, `{"device_classes": ["totp"], "not_configured_action": "deny", "last_auth_threshold": "hours=1"}`, model.DeviceTOTP)
	if got := stagetest.Says(b.Submit("code", b.code())); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	again := func(later time.Duration) string {
		b.Next()
		b.Visit.Context = model.NewPlanContext()
		b.Visit.Now = b.Visit.Now.Add(later)
		b.Authenticated(b.ann)
		return stagetest.Says(b.Enter())
	}
	if got := again(30 * time.Minute); got != "done" {
		t.Errorf("half an hour later: %s", got)
	}
	if got := again(2 * time.Hour); got != asks {
		t.Errorf("two hours later: %s", got)
	}
	b.Again()
	b.Authenticated(b.ann)
	if got := stagetest.Says(b.Enter()); got != asks {
		t.Errorf("in another browser: %s", got)
	}
	bob := b.User("bob", "")
	b.Authenticated(bob)
	if got := stagetest.Says(b.Enter()); got != "refuse authenticator.missing" {
		t.Errorf("somebody else: %s", got)
	}
}

func TestTheDeviceThatWasUsedLastComesFirst(t *testing.T) {
	b := open(t, everything, model.DeviceWebAuthn, model.DeviceTOTP)
	if got := stagetest.Says(b.Submit("code", b.code())); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	b.Again()
	b.Authenticated(b.ann)
	c := challenge(t, b.Enter())
	if classes(c) != "totp webauthn" || c.DeviceChallenges[0].LastUsed == nil || c.Chosen.Class != model.DeviceTOTP || len(c.Others()) != 1 {
		t.Errorf("%s, %+v", classes(c), c.Chosen)
	}
	passkey := c.DeviceChallenges[1]
	if c := challenge(t, b.Submit("selected_challenge", passkey.Choice())); c.Chosen.Class != model.DeviceWebAuthn {
		t.Errorf("%+v", c.Chosen)
	}
}

func TestSettings(t *testing.T) {
	for name, tt := range map[string]struct {
		with func(*authenticatorvalidate.Config)
		ok   bool
	}{
		"the defaults":             {func(*authenticatorvalidate.Config) {}, true},
		"configure without stages": {func(c *authenticatorvalidate.Config) { c.NotConfiguredAction = "configure" }, false},
		"configure with a stage": {func(c *authenticatorvalidate.Config) {
			c.NotConfiguredAction, c.ConfigurationStages = "configure", []model.StageID{"s"}
		}, true},
		"what is no AAGUID": {func(c *authenticatorvalidate.Config) { c.WebAuthnAllowedDeviceTypes = []string{"x"} }, false},
	} {
		c := authenticatorvalidate.Defaults()
		tt.with(&c)
		if err := c.Validate(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
