package authenticatortotp_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/device/devicetest"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatortotp"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func maker(h *flowtest.House) kind.Kind[stage.Driver] {
	return authenticatortotp.Kind(device.New(h.Store, h.Box))
}

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, Config: `{"digits": "6"}`, NeedsUser: true, Prepare: func(b *stagetest.Bench) {
		b.Authenticated(b.User("ann", ""))
	}})
}

const wrong = "ask ak-stage-authenticator-totp !code stage.totp.error.wrong"

// shown is the challenge, and the secret in it.
func shown(t *testing.T, b *stagetest.Bench) (*authenticatortotp.Challenge, string) {
	t.Helper()
	ask, ok := b.Enter().(stage.Ask)
	if !ok {
		t.Fatal("it does not ask")
	}
	c := ask.Challenge.(*authenticatortotp.Challenge)
	u, err := url.Parse(c.ConfigURL)
	if err != nil {
		t.Fatal(err)
	}
	return c, u.Query().Get("secret")
}

func TestAnAppIsSetUp(t *testing.T) {
	for digits, n := range map[string]int{"6": 6, "8": 8} {
		t.Run(digits, func(t *testing.T) {
			b := stagetest.Open(t, maker, `{"digits": "`+digits+`", "friendly_name": "My phone"}`)
			ann := b.User("ann", "")
			b.Authenticated(ann)
			_, secret := shown(t, b)
			for _, code := range []any{"", "000", "abcdef", strings.Repeat("0", 100), map[string]any{}, 1.5} {
				if got := stagetest.Says(b.Submit("code", code)); got != wrong {
					t.Errorf("%v: %s", code, got)
				}
			}
			code := devicetest.Code(t, secret, n, b.Visit.Now)
			if got := stagetest.Says(b.Submit("code", json.Number(strings.TrimLeft(code, "0")))); got != "done" { // as a program sends it
				t.Fatal(got)
			}
			if err := b.Commit(); err != nil {
				t.Fatal(err)
			}
			all, err := b.Store.DevicesOf(t.Context(), ann.ID)
			if err != nil || len(all) != 1 || all[0].Name != "My phone" || !all[0].Confirmed || all[0].Class != model.DeviceTOTP || string(all[0].Secret) == secret {
				t.Fatalf("%+v, %v", all, err)
			}
			created := b.Events(model.ActionModelCreated)
			if len(created) != 1 || created[0].User.Username != "ann" || created[0].Context["device_class"] != "totp" {
				t.Fatalf("%+v", created)
			}
			if raw, _ := json.Marshal(created[0]); strings.Contains(string(raw), secret) {
				t.Error("the secret is in the audit trail")
			}
			if _, again := shown(t, b); again == secret {
				t.Error("the secret is shown again")
			}
		})
	}
}

// TestNobodyIsGivenADeviceByAStrangersWord: a name that was typed proves nothing.
func TestNobodyIsGivenADeviceByAStrangersWord(t *testing.T) {
	b := stagetest.Open(t, maker, `{"digits": "6"}`)
	ann, bob := b.User("ann", ""), b.User("bob", "")
	for name, prepare := range map[string]func(){
		"merely identified":                       func() { b.Again().Pending(ann) },
		"identified, while somebody is signed in": func() { b.Again(); b.Browser.SignIn(bob); b.Next(); b.Pending(ann) },
		"identified as somebody unknown":          func() { b.Again().Pending(&model.User{Username: "nobody", IsActive: true}) },
	} {
		prepare()
		for _, o := range []stage.Outcome{b.Enter(), b.Submit("code", "123456")} {
			if stagetest.Reason(o) != "flow.misconfigured" || len(b.Effects.Writes) > 0 {
				t.Errorf("%s: %s", name, stagetest.Says(o))
			}
		}
	}
	for name, prepare := range map[string]func(){
		"signed in":               func() { b.Again(); b.Browser.SignIn(ann); b.Next() },
		"signed in and pending":   func() { b.Again(); b.Browser.SignIn(ann); b.Next(); b.Pending(ann) },
		"authenticated, not more": func() { b.Again().Authenticated(ann) },
	} {
		prepare()
		if got := stagetest.Says(b.Enter()); got != "ask ak-stage-authenticator-totp" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestThePage(t *testing.T) {
	b := stagetest.Open(t, maker, `{"digits": "6"}`)
	brand := model.NewBrand()
	brand.Default, brand.BrandingTitle = true, "灯笼 & Co"
	b.Put(&brand)
	b.Again().Authenticated(b.User("ann", ""))
	c, secret := shown(t, b)
	if strings.ReplaceAll(c.Key(), " ", "") != secret || !strings.HasPrefix(c.ConfigURL, "otpauth://totp/") || !strings.Contains(c.ConfigURL, "issuer="+url.PathEscape("灯笼 & Co")[:9]) {
		t.Errorf("%s, %s", c.Key(), c.ConfigURL)
	}
	picture, err := c.Picture()
	if err != nil || !strings.HasPrefix(string(picture), "<svg") || len(picture) > 20_000 || strings.Contains(string(picture), "style=") {
		t.Errorf("%d bytes, %v", len(picture), err)
	}
}
