package authenticatorvalidate

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-authenticator-validate"

// anyPasskey is the uid under which one entry stands for all passkeys of a person.
const anyPasskey = "-1"

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	stage.PendingUser
	DeviceChallenges    []Device    `json:"device_challenges"`
	ConfigurationStages []SetUpStep `json:"configuration_stages"`
	// Chosen is the device that the page asks for, nil where a stage is to be picked.
	Chosen *Device `json:"-"`
}

// Device is a device that may answer.
type Device struct {
	Class model.DeviceClass `json:"device_class"`
	UID   string            `json:"device_uid"`
	// Challenge is the dictionary of navigator.credentials.get for passkeys, and empty for the others.
	Challenge json.RawMessage `json:"challenge"`
	LastUsed  *time.Time      `json:"last_used,omitempty"`

	// Name is the owner's word for it, Hint a number or an address of which most is hidden. Sent says that a code is on its way.
	Name string `json:"-"`
	Hint string `json:"-"`
	Sent bool   `json:"-"`
}

// Options is the challenge as text, for the page's script.
func (d *Device) Options() string { return string(d.Challenge) }

// Choice is what the page's button sends to choose the device.
func (d *Device) Choice() string {
	raw, _ := json.Marshal(choice{d.Class, d.UID}) // texts always encode
	return string(raw)
}

// SetUpStep is a stage in which a device can be set up.
type SetUpStep struct {
	ID            model.StageID `json:"pk"`
	Name          string        `json:"name"`
	VerboseName   string        `json:"verbose_name"`
	MetaModelName string        `json:"meta_model_name"`
}

// Others are the devices that the page does not ask for just now.
func (c *Challenge) Others() []Device {
	var out []Device
	for _, d := range c.DeviceChallenges {
		if c.Chosen == nil || d.UID != c.Chosen.UID || d.Class != c.Chosen.Class {
			out = append(out, d)
		}
	}
	return out
}

// Passwordless reports whether the page asks for a passkey of somebody who is not known yet.
func (c *Challenge) Passwordless() bool { return c.PendingUser.PendingUser == "" }

// choice names a device, as programs send it: the whole entry of the challenge, or these two.
type choice struct {
	Class model.DeviceClass `json:"device_class"`
	UID   string            `json:"device_uid"`
}

// chosenOf reads the device that an answer chooses: an object, or the text of one from a page.
func chosenOf(a stage.Answer) (c choice, ok bool) {
	raw := a["selected_challenge"]
	if text := a.String("selected_challenge"); text != "" {
		raw = json.RawMessage(text)
	}
	if len(raw) == 0 || string(raw) == "null" {
		return c, false
	}
	var loose struct {
		Class model.DeviceClass `json:"device_class"`
		UID   any               `json:"device_uid"`
	}
	if json.Unmarshal(raw, &loose) != nil || loose.Class == "" {
		return c, false
	}
	switch uid := loose.UID.(type) {
	case string:
		c.UID = uid
	case float64:
		c.UID = strconv.FormatInt(int64(uid), 10)
	}
	c.Class = loose.Class
	return c, true
}

// webauthnOf reads a passkey's answer: an object of a program, or the text that a page's form holds. "" for none.
func webauthnOf(a stage.Answer) string {
	if text := a.String("webauthn"); text != "" {
		return text
	}
	if raw := a["webauthn"]; len(raw) > 0 && raw[0] == '{' {
		return string(raw)
	}
	return ""
}
