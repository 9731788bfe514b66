package authenticatorvalidate_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatorvalidate"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

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
