package model

import (
	"encoding/json"
	"time"
)

// DeviceClass is the sort of an authenticator, by authentik's names.
type DeviceClass string

// The device classes.
const (
	DeviceStatic   DeviceClass = "static"
	DeviceTOTP     DeviceClass = "totp"
	DeviceWebAuthn DeviceClass = "webauthn"
	DeviceSMS      DeviceClass = "sms"
	DeviceEmail    DeviceClass = "email"
)

// Device is an authenticator of a user: an app that shows codes, a passkey, printed codes, a telephone, a mailbox.
type Device struct {
	ID          DeviceID
	User        UserID
	Class       DeviceClass
	Name        string
	Confirmed   bool
	Created     time.Time
	LastUpdated time.Time
	LastUsed    *time.Time
	// Lookup finds the device without its user: the id of a passkey's credential in base64url. Unique within a class; "" where there is none.
	Lookup string
	// Counter only grows: the last time step whose TOTP code was taken (RFC 6238 section 5.2), so that none is taken twice.
	Counter int64
	// Secret is what must not be read from the database, sealed: the TOTP secret, a telephone number.
	Secret Sealed
	// Data is what the class keeps besides: a passkey's public key, for example.
	Data json.RawMessage
	// Codes are the hashes of unused printed codes. They are written with a new device, and are not read back.
	Codes []string
	// CodesLeft counts the unused printed codes.
	CodesLeft int
}

// SealPlace is what a device's secret is sealed to.
func (d *Device) SealPlace() string {
	return "devices/secret/" + string(d.Class) + "/" + d.User.String()
}
