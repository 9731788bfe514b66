package device

import (
	"context"
	"crypto/subtle"
	"fmt"
	"time"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// The bounds of codes that are sent.
const (
	sentDigits = 6
	// sentPause is how long somebody waits before a code is sent again.
	sentPause = 30 * time.Second
	// sentMost is how many codes a run sends.
	sentMost = 5
	// sentTries is how many wrong answers a code survives.
	sentTries = 5
)

// Sent is a code that was sent to somebody, as the run of a flow remembers it. The code itself is not in it.
type Sent struct {
	// Hash is that of the code and of where it was sent.
	Hash    string    `json:"hash"`
	At      time.Time `json:"at"`
	Expires time.Time `json:"expires"`
	// Times counts the codes that the run has sent, Tries the wrong answers to the present one.
	Times int `json:"times"`
	Tries int `json:"tries"`
}

// Live reports whether a code is out that can still be answered.
func (s Sent) Live(now time.Time) bool {
	return s.Hash != "" && now.Before(s.Expires) && s.Tries < sentTries
}

// Wait is how long it takes until another code may be sent; ok is false where the run sends none any more.
func (s Sent) Wait(now time.Time) (wait time.Duration, ok bool) {
	if s.Times >= sentMost {
		return 0, false
	}
	if s.Times == 0 {
		return 0, true
	}
	return max(s.At.Add(sentPause).Sub(now), 0), true
}

// NewSent makes a code for a target and notes it in place of the last one. Ask [Sent.Wait] before.
func (d *Devices) NewSent(last Sent, target string, lifetime time.Duration, now time.Time) (code string, s Sent, err error) {
	code = keypair.NewText(keypair.Digits, sentDigits)
	hash, err := d.hash("sent code", target, code)
	return code, Sent{Hash: hash, At: now.UTC(), Expires: now.Add(lifetime).UTC(), Times: last.Times + 1}, err
}

// Check tells whether a code is the one that was sent to the target. A right one is taken, a wrong one counts: keep the result.
func (d *Devices) Check(s Sent, target, code string, now time.Time) (after Sent, ok bool, err error) {
	if !s.Live(now) {
		return s, false, nil
	}
	hash, err := d.hash("sent code", target, digitsOf(code))
	if err != nil {
		return s, false, err
	}
	if subtle.ConstantTimeCompare([]byte(hash), []byte(s.Hash)) != 1 {
		s.Tries++
		return s, false, nil
	}
	s.Hash = ""
	return s, true, nil
}

// NewSMS makes a device of a telephone number that a code has reached. With verifyOnly nothing but a keyed hash of the number is stored. A number serves one device.
func (d *Devices) NewSMS(number string, verifyOnly bool, name string, stage model.StageID) (*Draft, error) {
	lookup, err := d.hash("number", number)
	if err != nil {
		return nil, err
	}
	data := Data{Stage: stage, Hint: MaskNumber(number), VerifyOnly: verifyOnly}
	draft := &Draft{
		devices: d, secret: number, device: &model.Device{Class: model.DeviceSMS, Name: name, Lookup: lookup, Data: data.encode()},
		taken: model.Refuse(model.CodeConflict, "authenticator.taken", "The number belongs to another device."),
	}
	if verifyOnly {
		draft.secret = ""
	}
	return draft, nil
}

// NumberTaken reports whether a telephone number serves a device already.
func (d *Devices) NumberTaken(ctx context.Context, number string) (bool, error) {
	lookup, err := d.hash("number", number)
	if err != nil {
		return false, err
	}
	_, err = d.store.DeviceByLookup(ctx, model.DeviceSMS, lookup)
	if model.CodeOf(err) == model.CodeNotFound {
		return false, nil
	}
	return err == nil, err
}

// NewEmail makes a device of an address that a code has reached.
func (d *Devices) NewEmail(address, name string, stage model.StageID) *Draft {
	data := Data{Stage: stage, Hint: MaskAddress(address)}
	return &Draft{devices: d, secret: address, device: &model.Device{Class: model.DeviceEmail, Name: name, Data: data.encode()}}
}

// CheckSent makes the proof of an SMS or e-mail device whose code was right.
func (d *Devices) CheckSent(u *model.User, x *model.Device, now time.Time) *Proof {
	return &Proof{Device: x, User: u, use: func(ctx context.Context) error {
		if err := d.store.TouchDevice(ctx, x.ID, now, nil); err != nil {
			return fmt.Errorf("note use of device: %w", err)
		}
		return nil
	}}
}
