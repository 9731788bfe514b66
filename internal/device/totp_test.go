package device_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/device/devicetest"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
)

// bench is a house with devices.
type bench struct {
	*flowtest.House
	devices *device.Devices
	ann     *model.User
}

func open(t *testing.T) *bench {
	h := flowtest.Open(t, nil)
	return &bench{House: h, devices: device.New(h.Store, h.Box), ann: h.User("ann", "")}
}

// store writes a draft and gives the device as it is stored.
func (b *bench) store(d *device.Draft) *model.Device {
	b.T.Helper()
	if err := b.Store.InTx(b.T.Context(), d.Write(b.ann)); err != nil {
		b.T.Fatal(err)
	}
	return b.only()
}

// only is the one device of ann.
func (b *bench) only() *model.Device {
	b.T.Helper()
	all, err := b.devices.Of(b.T.Context(), b.ann)
	if err != nil || len(all) != 1 {
		b.T.Fatalf("%d devices, %v", len(all), err)
	}
	return all[0]
}

func (b *bench) use(p *device.Proof) error {
	return b.Store.InTx(b.T.Context(), p.Use)
}

var noon = time.Date(2026, 3, 12, 12, 0, 10, 0, time.UTC)

// TestTOTPCodesWithinOneStep: a code is good in its own time step and the neighbours, and no further (RFC 6238 section 5.2).
func TestTOTPCodesWithinOneStep(t *testing.T) {
	b := open(t)
	secret := device.NewTOTPSecret()
	if len(secret) != 32 {
		t.Errorf("a secret of %d characters", len(secret))
	}
	for _, tt := range []struct {
		name  string
		shown time.Duration // when the app showed the code
		typed func(string) string
		want  bool
	}{
		{"now", 0, nil, true},
		{"one step ago", -30 * time.Second, nil, true},
		{"one step ahead", 30 * time.Second, nil, true},
		{"two steps ago", -60 * time.Second, nil, false},
		{"two steps ahead", 60 * time.Second, nil, false},
		{"with a blank in the middle", 0, func(c string) string { return " " + c[:3] + " " + c[3:] }, true},
		{"in full-width digits", 0, func(c string) string {
			wide := ""
			for _, r := range c {
				wide += string(r - '0' + '０')
			}
			return wide
		}, true},
		{"too short", 0, func(c string) string { return c[:5] }, false},
		{"with more behind", 0, func(c string) string { return c + "0" }, false},
		{"nothing", 0, func(string) string { return "" }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code := devicetest.Code(t, secret, 6, noon.Add(tt.shown))
			if tt.typed != nil {
				code = tt.typed(code)
			}
			if _, ok := b.devices.NewTOTP(secret, 6, code, "app", "stage", noon); ok != tt.want {
				t.Errorf("accepted: %t", ok)
			}
		})
	}
}

// TestATOTPCodeIsTakenOnce: the second use of a code is refused, also where two requests bring it at once, and so is that by which the device was set up (RFC 6238 section 5.2).
func TestATOTPCodeIsTakenOnce(t *testing.T) {
	b := open(t)
	secret := device.NewTOTPSecret()
	draft, ok := b.devices.NewTOTP(secret, 8, devicetest.Code(t, secret, 8, noon), "app", "stage", noon)
	if !ok {
		t.Fatal("a right code is refused")
	}
	x := b.store(draft)
	check := func(at time.Time) *device.Proof {
		t.Helper()
		p, err := b.devices.CheckTOTP(b.ann, x, devicetest.Code(t, secret, 8, at), at)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if check(noon) != nil {
		t.Error("the code of the set-up is taken again")
	}
	later := noon.Add(time.Minute)
	one, two := check(later), check(later)
	if one == nil || two == nil {
		t.Fatal("a right code is refused")
	}
	if err := b.use(one); err != nil {
		t.Fatal(err)
	}
	if err := b.use(two); model.CodeOf(err) != model.CodeInvalid {
		t.Errorf("the same code at the same time: %v", err)
	}
	if x = b.only(); check(later) != nil || x.LastUsed == nil {
		t.Error("a code is taken twice")
	}
	earlier := later.Add(-30 * time.Second)
	if p, _ := b.devices.CheckTOTP(b.ann, x, devicetest.Code(t, secret, 8, earlier), later); p != nil {
		t.Error("a code older than the last one is taken")
	}
}

func TestSecretsOfDevicesAreSealedToTheirOwner(t *testing.T) {
	b := open(t)
	secret := device.NewTOTPSecret()
	draft, _ := b.devices.NewTOTP(secret, 6, devicetest.Code(t, secret, 6, noon), "app", "stage", noon)
	x := b.store(draft)
	if string(x.Secret) == "" || string(x.Secret) == secret {
		t.Error("the secret lies in clear")
	}
	x.User++
	if _, err := b.devices.CheckTOTP(b.ann, x, "000000", noon); err == nil {
		t.Error("somebody else's secret can be opened")
	}
}

func TestTOTPURL(t *testing.T) {
	got := device.TOTPURL("ABC", 6, "Acme: 登录 & Co", "ann@example.org")
	u, err := url.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Acme  登录 & Co:ann@example.org" {
		t.Errorf("%s", got)
	}
	q := u.Query()
	if q.Get("secret") != "ABC" || q.Get("issuer") != "Acme  登录 & Co" || q.Get("digits") != "6" || q.Get("period") != "30" || q.Get("algorithm") != "SHA1" {
		t.Errorf("%v", q)
	}
}
