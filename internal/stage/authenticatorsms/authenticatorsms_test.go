package authenticatorsms_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatorsms"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

// service is what sends messages, as the stage sees it.
type service struct {
	*httptest.Server
	requests []*http.Request
	bodies   []string
	status   int
}

func serve(t *testing.T) *service {
	s := &service{status: http.StatusCreated}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		s.requests, s.bodies = append(s.requests, r), append(s.bodies, string(raw))
		w.WriteHeader(s.status)
	}))
	t.Cleanup(s.Close)
	return s
}

// RoundTrip takes what is for Twilio here as well.
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return nil, err
	}
	there := r.Clone(r.Context())
	there.Header.Set("X-Asked", r.URL.String())
	there.URL.Scheme, there.URL.Host = u.Scheme, u.Host
	return s.Client().Transport.RoundTrip(there)
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

func (s *service) code() string { return sixDigits.FindString(s.bodies[len(s.bodies)-1]) }

func (s *service) maker(h *flowtest.House) kind.Kind[stage.Driver] {
	return authenticatorsms.Kind(authenticatorsms.Deps{
		Sends:   h.Sends,
		Devices: device.New(h.Store, h.Box), Client: &http.Client{Transport: s},
		Text: func(_, _ string, args map[string]string) string { return args["brand"] + " " + args["code"] },
	})
}

// open opens the stage with its secrets sealed, as the database holds them.
func open(t *testing.T, s *service, c authenticatorsms.Config) *stagetest.Bench {
	t.Helper()
	b := &stagetest.Bench{House: flowtest.Open(t, nil)}
	raw, err := kind.Seal(c, b.Box, "p")
	if err != nil {
		t.Fatal(err)
	}
	b.Reopen(s.maker, string(raw))
	return b.Again()
}

func generic(s *service) authenticatorsms.Config {
	return authenticatorsms.Config{
		Provider: "generic", FromNumber: "Lantern", AccountSID: s.URL + "/send?k=v", Auth: model.NewSecret("me"), AuthPassword: model.NewSecret("hush"), AuthType: "basic",
	}
}

func TestCommon(t *testing.T) {
	s := serve(t)
	stagetest.Common(t, stagetest.Subject{Maker: s.maker, NeedsUser: true, Prepare: func(b *stagetest.Bench) {
		b.Authenticated(b.User("ann", ""))
	}})
	if len(s.requests) > 0 {
		t.Error("being shown, or answered with nonsense, it sends messages")
	}
}

const (
	asks    = "ask ak-stage-authenticator-sms"
	number  = asks + " !phone_number stage.sms.error.number"
	wrong   = asks + " !code stage.code.error.wrong"
	expired = asks + " !code stage.code.error.expired"
	wait    = asks + " !non_field_errors stage.code.error.wait"
)

func TestATelephoneIsSetUp(t *testing.T) {
	s := serve(t)
	b := open(t, s, generic(s))
	ann := b.User("ann", "")
	b.Authenticated(ann)
	for _, typed := range []string{"", "hello", "110", strings.Repeat("1", 1000)} {
		if got := stagetest.Says(b.Submit("phone_number", typed)); got != number {
			t.Errorf("%.20q: %s", typed, got)
		}
	}
	if c := b.Enter().(stage.Ask).Challenge.(*authenticatorsms.Challenge); !c.PhoneNumberRequired {
		t.Errorf("%+v", c)
	}
	o := b.Submit("phone_number", "138 1234 5678")
	c := o.(stage.Ask).Challenge.(*authenticatorsms.Challenge)
	if stagetest.Says(o) != asks || c.PhoneNumberRequired || c.Hint != "+86138****5678" {
		t.Fatalf("%s, %+v", stagetest.Says(o), c)
	}
	code := s.code()
	var sent map[string]string
	if err := json.Unmarshal([]byte(s.bodies[0]), &sent); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"From": "Lantern", "To": "+8613812345678", "Body": code, "Message": "Weimen " + code}, sent); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if user, password, _ := s.requests[0].BasicAuth(); user != "me" || password != "hush" {
		t.Errorf("%s:%s", user, password)
	}
	if got := stagetest.Says(b.Submit("code", "000")); got != wrong {
		t.Error(got)
	}
	if got := stagetest.Says(b.Submit("code", code)); got != "done" {
		t.Fatal(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	all, err := b.Store.DevicesOf(t.Context(), ann.ID)
	if err != nil || len(all) != 1 || device.DataOf(all[0]).Hint != "+86138****5678" || device.DataOf(all[0]).Stage != "s" {
		t.Fatalf("%+v, %v", all, err)
	}
	raw, _ := json.Marshal([]any{all, b.Events("")})
	if strings.Contains(string(raw), "13812345678") || strings.Contains(string(raw), code) {
		t.Error("the number or the code is stored in clear")
	}
	if got := stagetest.Says(b.Submit("phone_number", "13812345678")); got != asks+" !phone_number stage.sms.error.taken" {
		t.Errorf("the number twice: %s", got)
	}
}

func TestCodesAreBounded(t *testing.T) {
	s := serve(t)
	b := open(t, s, generic(s))
	b.Authenticated(b.User("ann", ""))
	b.Submit("phone_number", "13812345678")
	if got := stagetest.Says(b.Submit("resend", true)); got != wait || len(s.requests) != 1 {
		t.Errorf("sent again at once: %s", got)
	}
	first := s.code()
	b.Visit.Now = b.Visit.Now.Add(time.Minute)
	if got := stagetest.Says(b.Submit("resend", "true")); got != asks || len(s.requests) != 2 {
		t.Errorf("%s", got)
	}
	if s.code() != first {
		if got := stagetest.Says(b.Submit("code", first)); got != wrong {
			t.Errorf("the former code: %s", got)
		}
	}
	b.Visit.Now = b.Visit.Now.Add(6 * time.Minute)
	if got := stagetest.Says(b.Submit("code", s.code())); got != expired {
		t.Errorf("late: %s", got)
	}
	var last string
	for range 5 {
		b.Visit.Now = b.Visit.Now.Add(time.Minute)
		b.Submit("other", true)
		last = stagetest.Says(b.Submit("phone_number", "13812345679"))
	}
	if last != "refuse authenticator.sent_too_often" || len(s.requests) != 5 {
		t.Errorf("%s after %d messages", last, len(s.requests))
	}
}

func TestAnotherNumber(t *testing.T) {
	s := serve(t)
	b := open(t, s, generic(s))
	b.Authenticated(b.User("ann", ""))
	b.Submit("phone_number", "13812345678")
	code := s.code()
	c := b.Submit("other", true).(stage.Ask).Challenge.(*authenticatorsms.Challenge)
	if !c.PhoneNumberRequired {
		t.Errorf("%+v", c)
	}
	if got := stagetest.Says(b.Submit("code", code)); got != number {
		t.Errorf("the code of a number that was given up: %s", got)
	}
}

func TestAServiceThatFails(t *testing.T) {
	s := serve(t)
	s.status = http.StatusUnauthorized
	b := open(t, s, generic(s))
	b.Authenticated(b.User("ann", ""))
	if got := stagetest.Says(b.Submit("phone_number", "13812345678")); got != asks+" !non_field_errors stage.sms.error.send" {
		t.Error(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	told := b.Events(model.ActionConfigurationError)
	if raw, _ := json.Marshal(told); len(told) != 1 || !strings.Contains(string(raw), "answered 401") || strings.Contains(string(raw), "13812345678") || strings.Contains(string(raw), "hush") {
		t.Errorf("%s", raw)
	}
	if c := b.Enter().(stage.Ask).Challenge.(*authenticatorsms.Challenge); !c.PhoneNumberRequired {
		t.Error("it waits for a code that never went out")
	}
	s.Close()
	b.Visit.Now = b.Visit.Now.Add(time.Minute)
	if got := stagetest.Says(b.Submit("phone_number", "13812345678")); got != asks+" !non_field_errors stage.sms.error.send" {
		t.Error(got)
	}
}

func TestHowRequestsAreAuthorised(t *testing.T) {
	s := serve(t)
	c := generic(s)
	c.AuthType = "bearer"
	b := open(t, s, c)
	b.Authenticated(b.User("ann", ""))
	b.Submit("phone_number", "13812345678")
	if got := s.requests[0].Header.Get("Authorization"); got != "Bearer me" {
		t.Error(got)
	}
	c.Provider, c.AccountSID = "twilio", "AC123"
	b = open(t, s, c)
	b.Authenticated(b.User("ann", ""))
	b.Submit("phone_number", "+442079460000")
	r := s.requests[1]
	if user, password, _ := r.BasicAuth(); r.Header.Get("X-Asked") != "https://api.twilio.com/2010-04-01/Accounts/AC123/Messages.json" || user != "AC123" || password != "me" {
		t.Errorf("%s, %s:%s", r.Header.Get("X-Asked"), user, password)
	}
	form, err := url.ParseQuery(s.bodies[1])
	if err != nil || form.Get("To") != "+442079460000" || form.Get("From") != "Lantern" {
		t.Errorf("%v, %v", form, err)
	}
}

func TestVerifyOnlyKeepsNoNumber(t *testing.T) {
	s := serve(t)
	c := generic(s)
	c.VerifyOnly = true
	b := open(t, s, c)
	ann := b.User("ann", "")
	b.Authenticated(ann)
	b.Submit("phone_number", "13812345678")
	if got := stagetest.Says(b.Submit("code", s.code())); got != "done" {
		t.Fatal(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	all, err := b.Store.DevicesOf(t.Context(), ann.ID)
	if err != nil || len(all) != 1 || all[0].Secret != "" || all[0].Lookup == "" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestAMerelyIdentifiedPersonSendsNothing(t *testing.T) {
	s := serve(t)
	b := open(t, s, generic(s))
	b.Pending(b.User("ann", ""))
	if got := stagetest.Says(b.Submit("phone_number", "13812345678")); got != "refuse flow.misconfigured" || len(s.requests) > 0 {
		t.Error(got)
	}
}

func TestSettings(t *testing.T) {
	id := model.MappingID("m")
	for name, tt := range map[string]struct {
		c  authenticatorsms.Config
		ok bool
	}{
		"twilio":                     {authenticatorsms.Config{Provider: "twilio", AccountSID: "AC1"}, true},
		"an address":                 {authenticatorsms.Config{Provider: "generic", AccountSID: "https://sms.example.org/send"}, true},
		"what is none":               {authenticatorsms.Config{Provider: "generic", AccountSID: "AC1"}, false},
		"an address with a password": {authenticatorsms.Config{Provider: "generic", AccountSID: "https://a:b@sms.example.org/"}, false},
		"another scheme":             {authenticatorsms.Config{Provider: "generic", AccountSID: "file:///etc/passwd"}, false},
		"a mapping":                  {authenticatorsms.Config{Provider: "twilio", Mapping: &id}, false},
	} {
		if err := tt.c.Validate(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
