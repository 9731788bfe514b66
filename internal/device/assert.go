package device

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/weimen-id/weimen/internal/model"
)

// BeginAssertion makes the challenge that any of the user's passkeys among the devices may answer.
func (d *Devices) BeginAssertion(v *model.Visitor, u *model.User, devices []*model.Device, userVerification string) (Begun, error) {
	w, err := ceremony(v, "")
	if err != nil {
		return Begun{}, err
	}
	assertion, session, err := w.BeginLogin(ownerOf(u, devices), webauthn.WithUserVerification(protocol.UserVerificationRequirement(userVerification)))
	if err != nil {
		return Begun{}, err
	}
	return begun(assertion.Response, session, v.Now)
}

// FinishAssertion checks the answer of one of the user's passkeys (Web Authentication Level 3, section 7.2). A wrong answer is an error of which [IsWrong] holds; a counter that
// went back is one of which [IsCloned] holds.
func (d *Devices) FinishAssertion(v *model.Visitor, u *model.User, devices []*model.Device, b Begun, response string) (*Proof, error) {
	w, session, parsed, err := b.answered(v, response)
	if err != nil {
		return nil, err
	}
	// The person may have removed one of the passkeys meanwhile; the library would have all that were asked still be there.
	o := ownerOf(u, devices)
	session.AllowedCredentialIDs = slices.DeleteFunc(session.AllowedCredentialIDs, func(id []byte) bool { return deviceOf(devices, id) == nil })
	if len(session.AllowedCredentialIDs) == 0 {
		return nil, wrong("none of the passkeys that were asked is left", nil)
	}
	c, err := w.ValidateLogin(o, session, parsed)
	if err != nil {
		return nil, wrong("the assertion does not hold", err)
	}
	return d.asserted(v, u, deviceOf(devices, c.ID), c, parsed)
}

// errCloned says that a passkey's counter did not grow.
var errCloned = errors.New("the counter of the passkey went back")

// IsCloned reports whether an answer was refused because the passkey's counter went back: two authenticators may hold its key (section 6.1.1).
func IsCloned(err error) bool { return errors.Is(err, errCloned) }

// answered reads the answer to a challenge.
func (b Begun) answered(v *model.Visitor, response string) (*webauthn.WebAuthn, webauthn.SessionData, *protocol.ParsedCredentialAssertionData, error) {
	var none webauthn.SessionData
	w, err := ceremony(v, "")
	if err != nil {
		return nil, none, nil, err
	}
	session, err := b.session(v.Now)
	if err != nil {
		return nil, none, nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(response))
	if err != nil {
		return nil, none, nil, wrong("the answer cannot be read", err)
	}
	return w, session, parsed, nil
}

func deviceOf(devices []*model.Device, credentialID []byte) *model.Device {
	for _, x := range devices {
		if x.Class == model.DeviceWebAuthn && x.Lookup == lookupOf(credentialID) {
			return x
		}
	}
	return nil
}

// asserted makes the proof of an assertion that holds.
func (d *Devices) asserted(v *model.Visitor, u *model.User, x *model.Device, c *webauthn.Credential, parsed *protocol.ParsedCredentialAssertionData) (*Proof, error) {
	if c.Authenticator.CloneWarning {
		return nil, wrong("the counter went back", errCloned)
	}
	flags := parsed.Response.AuthenticatorData.Flags
	count, credential := int64(c.Authenticator.SignCount), encodeCredential(*c)
	return &Proof{Device: x, User: u, Verified: flags.HasUserVerified(), Synced: flags.HasBackupEligible(), use: func(ctx context.Context) error {
		if count > 0 {
			if err := d.store.AdvanceDevice(ctx, x.ID, count, v.Now); err != nil {
				return fmt.Errorf("take counter: %w", err)
			}
		} else if err := d.store.TouchDevice(ctx, x.ID, v.Now, nil); err != nil {
			return fmt.Errorf("note use of passkey: %w", err)
		}
		return d.store.UpdateDevice(ctx, x.ID, func(stored *model.Device) error {
			data := DataOf(stored)
			data.Credential = credential
			stored.Data = data.encode()
			return nil
		})
	}}, nil
}

// slotDiscoverable is the challenge that waits for a passkey of anybody.
var slotDiscoverable = model.NewSlot[Begun]("goauthentik.io/device/discoverable")

// BeginDiscoverable gives what the browser needs to ask for any passkey that it has for us, of whomever: the dictionary of navigator.credentials.get as JSON. It is the same
// until it is answered or has expired; the run keeps it.
func (d *Devices) BeginDiscoverable(v *model.Visitor, c *model.PlanContext, userVerification string) (options json.RawMessage, err error) {
	if b, ok := slotDiscoverable.Get(c); ok && b.Live(v.Now) {
		return b.Options, nil
	}
	w, err := ceremony(v, "")
	if err != nil {
		return nil, err
	}
	assertion, session, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.UserVerificationRequirement(userVerification)))
	if err != nil {
		return nil, err
	}
	b, err := begun(assertion.Response, session, v.Now)
	if err != nil {
		return nil, err
	}
	slotDiscoverable.Set(c, b)
	return b.Options, nil
}

// FinishDiscoverable finds out who answered, and checks the answer (section 7.2, with the user not identified before). The challenge is used up in any case. A wrong answer is
// an error of which [IsWrong] holds. allowed are the models of authenticators that count; none is all.
func (d *Devices) FinishDiscoverable(ctx context.Context, v *model.Visitor, c *model.PlanContext, response string, allowed ...string) (*Proof, error) {
	b := slotDiscoverable.Value(c)
	slotDiscoverable.Clear(c)
	w, session, parsed, err := b.answered(v, response)
	if err != nil {
		return nil, err
	}
	x, err := d.store.DeviceByLookup(ctx, model.DeviceWebAuthn, lookupOf(parsed.RawID))
	if model.CodeOf(err) == model.CodeNotFound {
		return nil, wrong("nobody has such a passkey", nil)
	}
	if err != nil {
		return nil, err
	}
	u, err := d.store.User(ctx, x.User)
	if err != nil {
		return nil, err
	}
	if !x.Confirmed || !allowedModel(allowed, DataOf(x).AAGUID) {
		return nil, wrong("the passkey does not count here", nil)
	}
	// The library compares the user handle with the owner's.
	o := ownerOf(u, []*model.Device{x})
	_, credential, err := w.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return o, nil }, session, parsed)
	if err != nil {
		return nil, wrong("the assertion does not hold", err)
	}
	return d.asserted(v, u, x, credential, parsed)
}
