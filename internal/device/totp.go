package device

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/weimen-id/weimen/internal/model"
)

// The parameters that every authenticator app understands: SHA-1, steps of half a minute, one step of drift to either side (RFC 6238 sections 4 and 5.2).
const (
	totpPeriod = 30
	totpSkew   = 1
	// totpSecret is the length of a secret in bytes, that of the hash (RFC 4226 section 4, requirement 6).
	totpSecret = 20
)

// base32Text writes secrets as the apps want them.
func base32Text() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

// NewTOTPSecret makes a random secret, in base32.
func NewTOTPSecret() string {
	b := make([]byte, totpSecret)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return base32Text().EncodeToString(b)
}

// TOTPURL is the address by which an app takes a secret over, as a QR code shows it (Google Authenticator, "Key Uri Format").
func TOTPURL(secret string, digits int, issuer, account string) string {
	issuer, account = strings.ReplaceAll(issuer, ":", " "), strings.ReplaceAll(account, ":", " ")
	q := url.Values{
		"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {strconv.Itoa(digits)}, "period": {strconv.Itoa(totpPeriod)},
	}
	// Apps do not read "+" as a blank.
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// totpStep finds the time step that a code belongs to: the present one or its neighbours, and later than the last that was taken. ok is false for a wrong code.
func totpStep(secret string, digits int, code string, now time.Time, taken int64) (step int64, ok bool) {
	code = digitsOf(code)
	if len(code) != digits {
		return 0, false
	}
	present := now.Unix() / totpPeriod
	for step := present - totpSkew; step <= present+totpSkew; step++ {
		right, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.Digits(digits), Algorithm: otp.AlgorithmSHA1})
		if err == nil && right && step > taken {
			return step, true
		}
	}
	return 0, false
}

// digitsOf takes blanks and dashes out of a typed code, and makes full-width digits plain ones: input methods for Chinese write them.
func digitsOf(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ', r == '-', r == '\u00a0', r == '\u3000':
			return -1
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return r
	}, strings.TrimSpace(code))
}

// NewTOTP makes a device of a secret, once a code shows that the person's app has it. ok is false for a wrong code. The step of that code is taken by it.
func (d *Devices) NewTOTP(secret string, digits int, code, name string, stage model.StageID, now time.Time) (draft *Draft, ok bool) {
	step, ok := totpStep(secret, digits, code, now, 0)
	if !ok {
		return nil, false
	}
	data := Data{Stage: stage, Digits: digits}
	return &Draft{devices: d, secret: secret, device: &model.Device{Class: model.DeviceTOTP, Name: name, Counter: step, Data: data.encode()}}, true
}

// CheckTOTP checks a code. A wrong one, and one whose time step was taken before, give nil.
func (d *Devices) CheckTOTP(u *model.User, x *model.Device, code string, now time.Time) (*Proof, error) {
	secret, err := d.secretOf(x)
	if err != nil {
		return nil, err
	}
	digits := DataOf(x).Digits
	if digits == 0 {
		digits = 6
	}
	step, ok := totpStep(secret, digits, code, now, x.Counter)
	if !ok {
		return nil, nil
	}
	return &Proof{Device: x, User: u, use: func(ctx context.Context) error {
		if err := d.store.AdvanceDevice(ctx, x.ID, step, now); err != nil {
			return fmt.Errorf("take time step: %w", err)
		}
		return nil
	}}, nil
}
