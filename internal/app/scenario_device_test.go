package app_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/device/devicetest"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// held is what people hold in their hands: by "totp ann" the secret in ann's app, by "printed ann" her codes.
type held map[string][]string

// gives makes a device of somebody: "ann has totp", "ann has printed".
func (p *playing) gives(name, what string) {
	p.t.Helper()
	box, err := keypair.NewBox(p.Settings.SecretKey.Reveal())
	p.check(err)
	devices := device.New(p.App().Store, box)
	if p.held == nil {
		p.held = held{}
	}
	var draft *device.Draft
	switch what {
	case "totp":
		secret, before := device.NewTOTPSecret(), time.Now().Add(-time.Hour)
		draft, _ = devices.NewTOTP(secret, 6, devicetest.Code(p.t, secret, 6, before), "app", "", before)
		p.held["totp "+name] = []string{secret}
		p.Secrets.Add("the secret of an authenticator app", secret)
	case "printed":
		codes := device.NewPrinted(3, 12)
		draft, err = devices.NewStatic(codes, "codes", "")
		p.held["printed "+name] = codes
		p.Secrets.Add("a printed code", codes...)
	default:
		p.fail("people have totp or printed codes")
	}
	p.check(err)
	p.check(p.App().Store.InTx(p.t.Context(), draft.Write(p.user(name))))
}

var (
	code      = regexp.MustCompile(`\{(totp|printed|used) ([a-z]+)\}`)
	staged    = regexp.MustCompile(`\{stage ([a-z0-9-]+)\}`)
	mailed    = regexp.MustCompile(`\{mailed ([^}]+)\}`)
	otpauth   = regexp.MustCompile(`otpauth://[^"]+`)
	sixDigits = regexp.MustCompile(`\b\d{6}\b`)
	printed   = regexp.MustCompile(`<li><code>([A-Z-]+)</code></li>`)
)

// codes replaces what stands for a code: {totp ann} is what ann's app shows now, {printed ann} the next of her printed codes; {used ann} the code of the
// app that was taken last; of "shown" it is that of the page that is open. {stage x} is a
// stage's id.
func (p *playing) codes(text string) string {
	p.t.Helper()
	text = staged.ReplaceAllStringFunc(text, func(found string) string {
		name := staged.FindStringSubmatch(found)[1]
		for _, st := range p.App().Store.Snapshot().Stages {
			if st.Name == name {
				return string(st.ID)
			}
		}
		p.fail("there is no stage %s", name)
		return ""
	})
	text = mailed.ReplaceAllStringFunc(text, func(found string) string {
		return sixDigits.FindString(p.Letter(mailed.FindStringSubmatch(found)[1]).Text)
	})
	return code.ReplaceAllStringFunc(text, func(found string) string {
		m := code.FindStringSubmatch(found)
		if m[2] == "shown" {
			p.keep(m[1])
		}
		what := m[1] + " " + m[2]
		if len(p.held[what]) == 0 {
			p.fail("nobody has that")
		}
		next := p.held[what][0]
		switch m[1] {
		case "used":
			return next
		case "totp":
			now := devicetest.Code(p.t, next, 6, time.Now())
			p.held["used "+m[2]] = []string{now}
			return now
		}
		p.held[what] = p.held[what][1:]
		return next
	})
}

// keep takes over what the open page shows: somebody scans it, or writes it down.
func (p *playing) keep(what string) {
	p.t.Helper()
	if p.held == nil {
		p.held = held{}
	}
	if what == "totp" {
		address, _ := p.shown.says("config_url")
		if p.shown.isPage() {
			address = html.UnescapeString(otpauth.FindString(p.shown.page.Body))
		}
		u, err := url.Parse(address)
		p.check(err)
		p.held["totp shown"] = []string{u.Query().Get("secret")}
		p.Secrets.Add("the secret of an authenticator app", u.Query().Get("secret"))
		return
	}
	if len(p.held["printed shown"]) > 0 {
		return
	}
	if p.shown.isPage() {
		for _, m := range printed.FindAllStringSubmatch(p.shown.page.Body, -1) {
			p.held["printed shown"] = append(p.held["printed shown"], m[1])
			p.Secrets.Add("a printed code", m[1])
		}
		return
	}
	list, _ := p.shown.says("codes")
	p.held["printed shown"] = strings.Split(list, ",")
	p.Secrets.Add("a printed code", p.held["printed shown"]...)
}

// devicesOf lists the classes of somebody's devices.
func (p *playing) devicesOf(name string) string {
	p.t.Helper()
	all, err := p.App().Store.DevicesOf(p.t.Context(), p.user(name).ID)
	p.check(err)
	var out []string
	for _, x := range all {
		if x.Class == model.DeviceStatic {
			continue // told with their number by "expect codes"
		}
		out = append(out, string(x.Class))
	}
	return strings.Join(out, ",")
}

// codesLeft counts somebody's printed codes.
func (p *playing) codesLeft(name string) (n int) {
	p.t.Helper()
	all, err := p.App().Store.DevicesOf(p.t.Context(), p.user(name).ID)
	p.check(err)
	for _, x := range all {
		n += x.CodesLeft
	}
	return n
}
