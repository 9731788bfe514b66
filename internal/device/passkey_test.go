package device_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/device/devicetest"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
)

func visitor() *model.Visitor {
	return &model.Visitor{Browser: "one", Origin: flowtest.Origin, Host: "id.example.org", Now: noon}
}

var asked = device.Registration{Title: "Lantern", UserVerification: "preferred", ResidentKey: "preferred"}

// register makes a passkey of ann.
func (b *bench) register(a *devicetest.Authenticator, r device.Registration) (*device.Draft, error) {
	b.T.Helper()
	begun, err := b.devices.BeginRegistration(visitor(), b.ann, nil, r)
	if err != nil {
		b.T.Fatal(err)
	}
	return b.devices.FinishRegistration(visitor(), b.ann, begun, r, a.Create(begun.Options), "key", "stage")
}

func (b *bench) passkey(a *devicetest.Authenticator) *model.Device {
	b.T.Helper()
	draft, err := b.register(a, asked)
	if err != nil {
		b.T.Fatal(err)
	}
	return b.store(draft)
}

func TestTheBrowserIsToldWhichPasskeysAreWanted(t *testing.T) {
	b := open(t)
	for _, tt := range []struct {
		ask  device.Registration
		want string
	}{
		{
			device.Registration{Title: "L", UserVerification: "required", ResidentKey: "required", Attachment: "platform"},
			`{"authenticatorAttachment":"platform","requireResidentKey":true,"residentKey":"required","userVerification":"required"}`,
		},
		{
			device.Registration{Title: "L", UserVerification: "discouraged", ResidentKey: "discouraged"},
			`{"requireResidentKey":false,"residentKey":"discouraged","userVerification":"discouraged"}`,
		},
	} {
		begun, err := b.devices.BeginRegistration(visitor(), b.ann, nil, tt.ask)
		if err != nil {
			t.Fatal(err)
		}
		var options struct {
			Selection json.RawMessage `json:"authenticatorSelection"`
		}
		if err := json.Unmarshal(begun.Options, &options); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, string(options.Selection)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestPasskeyRegistration(t *testing.T) {
	for _, tt := range []struct {
		name string
		ask  device.Registration
		with func(*devicetest.Authenticator)
		want model.Code
	}{
		{"as it should be", asked, nil, ""},
		{"at another origin", asked, func(a *devicetest.Authenticator) { a.Origin = "https://evil.example" }, model.CodeInvalid},
		{"at another port", asked, func(a *devicetest.Authenticator) { a.Origin += ":8443" }, model.CodeInvalid},
		{"not verified, where that is preferred", asked, func(a *devicetest.Authenticator) { a.Unverified = true }, ""},
		{"not verified, where that is required", device.Registration{Title: "L", UserVerification: "required"}, func(a *devicetest.Authenticator) { a.Unverified = true }, model.CodeInvalid},
		{"of an allowed model", device.Registration{Title: "L", Models: []string{"AABBCC00-0000-0000-0000-000000000000"}}, nil, ""},
		{"of another model", device.Registration{Title: "L", Models: []string{"11111111-0000-0000-0000-000000000000"}}, nil, model.CodeDenied},
		{"of no model, where some are allowed", device.Registration{Title: "L", Models: []string{"11111111-0000-0000-0000-000000000000"}}, func(a *devicetest.Authenticator) { a.AAGUID = [16]byte{} }, model.CodeDenied},
		{"of no model, where that is allowed", device.Registration{Title: "L", Models: []string{device.AnyModel}}, func(a *devicetest.Authenticator) { a.AAGUID = [16]byte{} }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t)
			a := devicetest.New(t, flowtest.Origin)
			if tt.with != nil {
				tt.with(a)
			}
			if _, err := b.register(a, tt.ask); model.CodeOf(err) != tt.want {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestARegistrationIsForItsOwnChallenge: an answer to another challenge, or to none, is refused (Web Authentication Level 3, section 7.1 step 8).
func TestARegistrationIsForItsOwnChallenge(t *testing.T) {
	b := open(t)
	a := devicetest.New(t, flowtest.Origin)
	one, err := b.devices.BeginRegistration(visitor(), b.ann, nil, asked)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := b.devices.BeginRegistration(visitor(), b.ann, nil, asked)
	late := visitor()
	late.Now = noon.Add(6 * time.Minute)
	for name, try := range map[string]func() error{
		"another": func() error {
			_, err := b.devices.FinishRegistration(visitor(), b.ann, two, asked, a.Create(one.Options), "key", "s")
			return err
		},
		"none": func() error {
			_, err := b.devices.FinishRegistration(visitor(), b.ann, device.Begun{}, asked, a.Create(one.Options), "key", "s")
			return err
		},
		"late": func() error {
			_, err := b.devices.FinishRegistration(late, b.ann, one, asked, a.Create(one.Options), "key", "s")
			return err
		},
		"nonsense": func() error {
			_, err := b.devices.FinishRegistration(visitor(), b.ann, one, asked, `{"id": []}`, "key", "s")
			return err
		},
		"somebody else": func() error {
			_, err := b.devices.FinishRegistration(visitor(), b.User("bob", ""), one, asked, a.Create(one.Options), "key", "s")
			return err
		},
	} {
		if _, wrong := device.IsWrong(try()); !wrong {
			t.Errorf("%s: accepted, or a fault of ours", name)
		}
	}
}

func TestThePasskeysOneHasAreExcluded(t *testing.T) {
	b := open(t)
	x := b.passkey(devicetest.New(t, flowtest.Origin))
	begun, err := b.devices.BeginRegistration(visitor(), b.ann, []*model.Device{x}, asked)
	if err != nil || !strings.Contains(string(begun.Options), x.Lookup) {
		t.Errorf("%v: %s", err, begun.Options)
	}
	if strings.Contains(string(x.Data), "attestationObject") || len(x.Data) > 1000 {
		t.Errorf("%d bytes are kept", len(x.Data))
	}
}

func TestPasskeyAssertion(t *testing.T) {
	for _, tt := range []struct {
		name   string
		verify string
		with   func(*devicetest.Authenticator)
		wrong  bool
	}{
		{"as it should be", "preferred", nil, false},
		{"at another origin", "preferred", func(a *devicetest.Authenticator) { a.Origin = "https://evil.example" }, true},
		{"not verified, where that is required", "required", func(a *devicetest.Authenticator) { a.Unverified = true }, true},
		{"not verified, where that is preferred", "preferred", func(a *devicetest.Authenticator) { a.Unverified = true }, false},
		{"without a counter, as synced passkeys are", "preferred", func(a *devicetest.Authenticator) { a.Count, a.Step = 0, 0 }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t)
			a := devicetest.New(t, flowtest.Origin)
			x := b.passkey(a)
			if tt.with != nil {
				tt.with(a)
			}
			begun, err := b.devices.BeginAssertion(visitor(), b.ann, []*model.Device{x}, tt.verify)
			if err != nil {
				t.Fatal(err)
			}
			p, err := b.devices.FinishAssertion(visitor(), b.ann, []*model.Device{x}, begun, a.Get(begun.Options))
			if _, wrong := device.IsWrong(err); wrong != tt.wrong || err != nil && !wrong {
				t.Fatalf("%v", err)
			}
			if err != nil {
				return
			}
			if p.Verified == a.Unverified {
				t.Errorf("verified: %t", p.Verified)
			}
			if err := b.use(p); err != nil {
				t.Error(err)
			}
			if x := b.only(); x.LastUsed == nil || x.Counter != int64(a.Count) {
				t.Errorf("%+v", x)
			}
		})
	}
}

// TestACounterThatGoesBackIsRefused: two authenticators may hold the key (Web Authentication Level 3, section 6.1.1).
func TestACounterThatGoesBackIsRefused(t *testing.T) {
	b := open(t)
	a := devicetest.New(t, flowtest.Origin)
	x := b.passkey(a)
	try := func() (*device.Proof, error) {
		begun, err := b.devices.BeginAssertion(visitor(), b.ann, []*model.Device{x}, "preferred")
		if err != nil {
			t.Fatal(err)
		}
		return b.devices.FinishAssertion(visitor(), b.ann, []*model.Device{x}, begun, a.Get(begun.Options))
	}
	a.Count = 41
	p, err := try()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.use(p); err != nil {
		t.Fatal(err)
	}
	if err := b.use(p); model.CodeOf(err) != model.CodeInvalid {
		t.Errorf("an answer is used twice: %v", err)
	}
	x, a.Count = b.only(), 7
	if _, err := try(); !device.IsCloned(err) {
		t.Errorf("%v", err)
	}
}

// TestADiscoverablePasskeyTellsWhoItIs, once: the run forgets the challenge with the answer (Web Authentication Level 3, section 13.4.3).
func TestADiscoverablePasskeyTellsWhoItIs(t *testing.T) {
	b := open(t)
	a := devicetest.New(t, flowtest.Origin)
	b.passkey(a)
	c := model.NewPlanContext()
	options, err := b.devices.BeginDiscoverable(visitor(), c, "required")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := b.devices.BeginDiscoverable(visitor(), c, "required"); string(again) != string(options) {
		t.Error("shown again, it is another challenge")
	}
	if strings.Contains(string(options), "allowCredentials") && !strings.Contains(string(options), `"allowCredentials":null`) {
		t.Errorf("it names somebody's keys: %s", options)
	}
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	stored := &model.PlanContext{}
	if err := json.Unmarshal(raw, stored); err != nil {
		t.Fatal(err)
	}
	answer := a.Get(options)
	p, err := b.devices.FinishDiscoverable(t.Context(), visitor(), stored, answer)
	if err != nil || p.User.ID != b.ann.ID || !p.Verified {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := b.devices.FinishDiscoverable(t.Context(), visitor(), stored, answer); err == nil {
		t.Error("an answer is taken twice")
	}
	for name, allowed := range map[string]string{"another model": "11111111-0000-0000-0000-000000000000"} {
		options, _ := b.devices.BeginDiscoverable(visitor(), stored, "required")
		if _, err := b.devices.FinishDiscoverable(t.Context(), visitor(), stored, a.Get(options), allowed); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	stranger := devicetest.New(t, flowtest.Origin)
	stranger.Create(json.RawMessage(`{"rp": {"id": "id.example.org"}, "user": {"id": "AAAA"}}`))
	options, _ = b.devices.BeginDiscoverable(visitor(), stored, "required")
	if _, err := b.devices.FinishDiscoverable(t.Context(), visitor(), stored, stranger.Get(options)); err == nil {
		t.Error("a key of nobody is accepted")
	}
}

// TestAnotherPersonsPasskeyIsRefused: the credential must be one of those asked for (section 7.2 step 5).
func TestAnotherPersonsPasskeyIsRefused(t *testing.T) {
	b := open(t)
	mine := b.passkey(devicetest.New(t, flowtest.Origin))
	other := devicetest.New(t, flowtest.Origin)
	ann, bob := b.ann, b.User("bob", "")
	b.ann = bob
	b.passkey(other)
	begun, err := b.devices.BeginAssertion(visitor(), ann, []*model.Device{mine}, "preferred")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.devices.FinishAssertion(visitor(), ann, []*model.Device{mine}, begun, other.Get(begun.Options)); err == nil {
		t.Error("bob's passkey answers for ann")
	}
}

func TestPasskeysNeedANameAndASecureOrigin(t *testing.T) {
	for origin, want := range map[string]bool{
		"https://id.example.org": true, "https://id.example.org:8443": true, "http://localhost:9000": true, "http://id.example.org": false, "https://192.0.2.1": false, "http://127.0.0.1:9000": false,
	} {
		if got := device.Possible(&model.Visitor{Origin: origin}); got != want {
			t.Errorf("%s: %t", origin, got)
		}
	}
}
