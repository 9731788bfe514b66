package device_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/model"
)

func TestAPrintedCodeIsTakenOnce(t *testing.T) {
	b := open(t)
	codes := device.NewPrinted(3, 12)
	for _, code := range codes {
		if !regexp.MustCompile(`^[BCDFGHJKLMNPQRSTVWXZ]{12}$`).MatchString(code) {
			t.Errorf("code %q", code)
		}
	}
	draft, err := b.devices.NewStatic(codes, "codes", "stage")
	if err != nil {
		t.Fatal(err)
	}
	x := b.store(draft)
	if x.CodesLeft != 3 {
		t.Errorf("%d codes", x.CodesLeft)
	}
	check := func(code string) *device.Proof {
		t.Helper()
		p, err := b.devices.CheckStatic(t.Context(), b.ann, x, code, noon)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, wrong := range []string{"", "   ", "BBBBBBBBBBBB", codes[0][:11], strings.Repeat("B", 10_000), "\x00"} {
		if check(wrong) != nil {
			t.Errorf("%.20q is taken", wrong)
		}
	}
	one, two := check(codes[0]), check(strings.ToLower(codes[0][:4])+"-"+codes[0][4:8]+" "+codes[0][8:])
	if one == nil || two == nil {
		t.Fatal("a right code is refused")
	}
	if err := b.use(one); err != nil {
		t.Fatal(err)
	}
	if err := b.use(two); model.CodeOf(err) != model.CodeInvalid {
		t.Errorf("the same code at the same time: %v", err)
	}
	if check(codes[0]) != nil {
		t.Error("a code is taken twice")
	}
	for _, code := range codes[1:] {
		if err := b.use(check(code)); err != nil {
			t.Fatal(err)
		}
	}
	if all, _ := b.devices.Of(t.Context(), b.ann); len(all) != 0 {
		t.Error("a device whose codes are used up still counts")
	}
}

func TestSentCodes(t *testing.T) {
	b := open(t)
	begin := func() (string, device.Sent) {
		code, sent, err := b.devices.NewSent(device.Sent{}, "+8613800000000", 5*time.Minute, noon)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^[0-9]{6}$`).MatchString(code) || strings.Contains(sent.Hash, code) {
			t.Errorf("code %q", code)
		}
		return code, sent
	}
	other := func(code string) string {
		if code[0] == '0' {
			return "1" + code[1:]
		}
		return "0" + code[1:]
	}
	check := func(s device.Sent, target, code string, at time.Time) (device.Sent, bool) {
		after, ok, err := b.devices.Check(s, target, code, at)
		if err != nil {
			t.Fatal(err)
		}
		return after, ok
	}
	code, sent := begin()
	t.Run("the right one is taken, once", func(t *testing.T) {
		after, ok := check(sent, "+8613800000000", code[:3]+" "+code[3:], noon)
		if !ok {
			t.Fatal("refused")
		}
		if _, ok := check(after, "+8613800000000", code, noon); ok {
			t.Error("taken twice")
		}
	})
	t.Run("for another target it is wrong", func(t *testing.T) {
		if _, ok := check(sent, "+8613800000001", code, noon); ok {
			t.Error("taken")
		}
	})
	t.Run("late it is wrong", func(t *testing.T) {
		if _, ok := check(sent, "+8613800000000", code, noon.Add(5*time.Minute)); ok {
			t.Error("taken")
		}
	})
	t.Run("five wrong answers use it up", func(t *testing.T) {
		s := sent
		for range 5 {
			after, ok := check(s, "+8613800000000", other(code), noon)
			if s = after; ok {
				t.Fatal("a wrong one is taken")
			}
		}
		if _, ok := check(s, "+8613800000000", code, noon); ok {
			t.Error("the sixth try is taken")
		}
	})
	t.Run("without one nothing is right", func(t *testing.T) {
		if _, ok := check(device.Sent{}, "", "", noon); ok {
			t.Error("taken")
		}
	})
	t.Run("sending again takes half a minute, and ends after five", func(t *testing.T) {
		s, at := sent, noon
		for i := range 4 {
			if wait, ok := s.Wait(at.Add(time.Second)); !ok || wait != 29*time.Second {
				t.Errorf("%d: wait %s, %t", i, wait, ok)
			}
			at = at.Add(30 * time.Second)
			if wait, ok := s.Wait(at); !ok || wait != 0 {
				t.Errorf("%d: wait %s, %t", i, wait, ok)
			}
			var err error
			if _, s, err = b.devices.NewSent(s, "x", time.Minute, at); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := s.Wait(at.Add(time.Hour)); ok {
			t.Error("a sixth code may be sent")
		}
	})
}

func TestNumbers(t *testing.T) {
	got := map[string]string{}
	for _, typed := range []string{
		"13812345678", "138 1234 5678", "+86 138-1234-5678", "8613812345678", "008613812345678", "＋８６１３８１２３４５６７８", "+44 (0)20 7946 0000", "+442079460000",
		"12812345678", "1381234567", "hello", "", "+0123456789", "+1234567890123456", "110",
	} {
		if number, ok := device.Number(typed); ok {
			got[typed] = number
		}
	}
	const mainland = "+8613812345678"
	want := map[string]string{
		"13812345678": mainland, "138 1234 5678": mainland, "+86 138-1234-5678": mainland, "8613812345678": mainland, "008613812345678": mainland,
		"＋８６１３８１２３４５６７８": mainland, "+44 (0)20 7946 0000": "+4402079460000", "+442079460000": "+442079460000",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMasks(t *testing.T) {
	for in, want := range map[string]string{"+8613812345678": "+86138****5678", "123": "***"} {
		if got := device.MaskNumber(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
	for in, want := range map[string]string{"ann@example.org": "a***@example.org", "林岚@example.org": "林***@example.org", "nobody": "***", "@x": "***"} {
		if got := device.MaskAddress(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestANumberServesOneDevice(t *testing.T) {
	b := open(t)
	draft := func(verifyOnly bool) *device.Draft {
		d, err := b.devices.NewSMS("+8613812345678", verifyOnly, "phone", "stage")
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if taken, err := b.devices.NumberTaken(t.Context(), "+8613812345678"); taken || err != nil {
		t.Errorf("%t, %v", taken, err)
	}
	x := b.store(draft(false))
	if target, err := b.devices.Target(x); err != nil || target != "+8613812345678" || strings.Contains(string(x.Secret)+x.Lookup+string(x.Data), "13812345678") {
		t.Errorf("%s, %v; stored %s %s %s", target, err, string(x.Secret), x.Lookup, x.Data)
	}
	if taken, err := b.devices.NumberTaken(t.Context(), "+8613812345678"); !taken || err != nil {
		t.Errorf("%t, %v", taken, err)
	}
	err := b.Store.InTx(t.Context(), draft(true).Write(b.User("bob", "")))
	if model.CodeOf(err) != model.CodeConflict {
		t.Errorf("a second device of the number: %v", err)
	}
}

func TestANumberThatWasOnlyVerifiedIsNotKept(t *testing.T) {
	b := open(t)
	d, err := b.devices.NewSMS("+8613812345678", true, "phone", "stage")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Store.InTx(t.Context(), d.Write(b.ann)); err != nil {
		t.Fatal(err)
	}
	all, err := b.Store.DevicesOf(t.Context(), b.ann.ID)
	if err != nil || len(all) != 1 || all[0].Secret != "" {
		t.Errorf("%+v, %v", all, err)
	}
	if usable, _ := b.devices.Of(t.Context(), b.ann); len(usable) != 0 {
		t.Error("nothing can be sent to it, and it counts")
	}
}

func TestABrowserIsRemembered(t *testing.T) {
	b := open(t)
	x := b.store(b.devices.NewEmail("ann@example.org", "mail", "stage"))
	v := &model.Visitor{Browser: "one", Now: noon}
	if err := b.Store.InTx(t.Context(), b.devices.Remember(v, x)); err != nil {
		t.Fatal(err)
	}
	x = b.only()
	for _, tt := range []struct {
		name    string
		browser string
		later   time.Duration
		span    time.Duration
		want    bool
	}{
		{"in the same browser, in time", "one", time.Minute, time.Hour, true},
		{"too late", "one", 2 * time.Hour, time.Hour, false},
		{"in another browser", "two", time.Minute, time.Hour, false},
		{"where nothing is to be remembered", "one", 0, 0, false},
		{"before it happened", "one", -time.Minute, time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := b.devices.SeenWithin(&model.Visitor{Browser: tt.browser, Now: noon.Add(tt.later)}, x, tt.span)
			if err != nil || got != tt.want {
				t.Errorf("%t, %v", got, err)
			}
		})
	}
	for i := range 30 {
		v := &model.Visitor{Browser: strings.Repeat("x", i), Now: noon.Add(time.Duration(i) * time.Minute)}
		if err := b.Store.InTx(t.Context(), b.devices.Remember(v, x)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(device.DataOf(b.only()).Seen); n != 20 {
		t.Errorf("%d browsers", n)
	}
}
