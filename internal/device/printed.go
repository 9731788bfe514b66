package device

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// NewPrinted makes codes for somebody to print or write down, without letters that look alike.
func NewPrinted(count, length int) []string {
	codes := make([]string, count)
	for i := range codes {
		codes[i] = keypair.NewText(keypair.Spoken, length)
	}
	return codes
}

// printedOf takes out of a typed code what people add to it.
func printedOf(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u3000' || r == '\u00a0' {
			return -1
		}
		return r
	}, code))
}

// NewStatic makes a device of printed codes, of which only hashes are stored.
func (d *Devices) NewStatic(codes []string, name string, stage model.StageID) (*Draft, error) {
	x := &model.Device{Class: model.DeviceStatic, Name: name, Data: Data{Stage: stage}.encode()}
	for _, code := range codes {
		hash, err := d.hash("printed code", printedOf(code))
		if err != nil {
			return nil, err
		}
		x.Codes = append(x.Codes, hash)
	}
	return &Draft{devices: d, device: x}, nil
}

// CheckStatic checks a printed code. A wrong one gives nil.
func (d *Devices) CheckStatic(ctx context.Context, u *model.User, x *model.Device, code string, now time.Time) (*Proof, error) {
	code = printedOf(code)
	if code == "" || len(code) > 256 {
		return nil, nil
	}
	hash, err := d.hash("printed code", code)
	if err != nil {
		return nil, err
	}
	if there, err := d.store.HasDeviceCode(ctx, x.ID, hash); err != nil || !there {
		return nil, err
	}
	return &Proof{Device: x, User: u, use: func(ctx context.Context) error {
		if err := d.store.ConsumeDeviceCode(ctx, x.ID, hash, now); err != nil {
			return fmt.Errorf("take printed code: %w", err)
		}
		return nil
	}}, nil
}
