package device

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/model"
)

// passkeyTimeout is how long a challenge waits for the authenticator.
const passkeyTimeout = 5 * time.Minute

// ceremony makes what checks a registration or an assertion for our own origin. The relying party is the origin's host (Web Authentication Level 3, section 5.1.2): a name that
// a browser sends is not taken for it. An origin that no passkey can belong to, such as one with an IP address, is an error.
func ceremony(v *model.Visitor, title string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(v.Origin)
	if err != nil {
		return nil, fmt.Errorf("passkeys: read our origin: %w", err)
	}
	timeout := webauthn.TimeoutConfig{Enforce: true, Timeout: passkeyTimeout, TimeoutUVD: passkeyTimeout}
	w, err := webauthn.New(&webauthn.Config{
		RPID: strings.ToLower(u.Hostname()), RPDisplayName: title, RPOrigins: []string{v.Origin},
		Timeouts: webauthn.TimeoutsConfig{Login: timeout, Registration: timeout},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return w, nil
}

// Possible reports whether passkeys can be used at our origin at all: it must have a name, and be reached by https or be this very computer (Secure Contexts, section 3.1).
func Possible(v *model.Visitor) bool {
	u, err := url.Parse(v.Origin)
	if err != nil || protocol.ValidateRPID(strings.ToLower(u.Hostname())) != nil {
		return false
	}
	return u.Scheme == "https" || u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost")
}

// owner is a user as the library wants one. The handle is the user's UUID, which tells nobody anything (section 14.6.1).
type owner struct {
	user        *model.User
	credentials []webauthn.Credential
}

func (o *owner) WebAuthnID() []byte {
	id, err := uuid.Parse(o.user.UUID)
	if err != nil {
		return nil
	}
	return id[:]
}
func (o *owner) WebAuthnName() string                       { return o.user.Username }
func (o *owner) WebAuthnDisplayName() string                { return o.user.DisplayName() }
func (o *owner) WebAuthnCredentials() []webauthn.Credential { return o.credentials }

// ownerOf gives a user with the passkeys among the devices.
func ownerOf(u *model.User, devices []*model.Device) *owner {
	o := &owner{user: u}
	for _, x := range devices {
		if x.Class != model.DeviceWebAuthn {
			continue
		}
		if c, err := credentialOf(x); err == nil {
			o.credentials = append(o.credentials, c)
		}
	}
	return o
}

// credentialOf reads a passkey. Its counter is the device's, which only grows.
func credentialOf(x *model.Device) (c webauthn.Credential, err error) {
	if err = json.Unmarshal(DataOf(x).Credential, &c); err != nil {
		return c, fmt.Errorf("read passkey %d: %w", x.ID, err)
	}
	c.Authenticator.SignCount = uint32(x.Counter)
	return c, nil
}

func encodeCredential(c webauthn.Credential) json.RawMessage {
	c.Attestation = webauthn.CredentialAttestation{} // long, and never looked at again
	raw, _ := json.Marshal(c)                        // bytes and texts always encode
	return raw
}

func lookupOf(credentialID []byte) string { return base64.RawURLEncoding.EncodeToString(credentialID) }

// AnyModel stands in a list of allowed authenticator models for those that do not tell theirs.
const AnyModel = "00000000-0000-0000-0000-000000000000"

// allowedModel reports whether an authenticator's model is in a list of them; an empty list has all.
func allowedModel(allowed []string, aaguid string) bool {
	return len(allowed) == 0 || slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, aaguid) })
}

// OfModels keeps the devices that are no passkeys, and the passkeys of the allowed models.
func OfModels(devices []*model.Device, allowed []string) []*model.Device {
	return slices.DeleteFunc(slices.Clone(devices), func(x *model.Device) bool {
		return x.Class == model.DeviceWebAuthn && !allowedModel(allowed, DataOf(x).AAGUID)
	})
}

// Begun is a challenge that waits for its one answer, as the run of a flow remembers it.
type Begun struct {
	// Options are what the browser is given: the dictionary of navigator.credentials.create or get, as JSON.
	Options json.RawMessage `json:"options"`
	// Session is what the answer is checked against.
	Session json.RawMessage `json:"session"`
	Expires time.Time       `json:"expires"`
}

// Live reports whether the challenge can still be answered.
func (b Begun) Live(now time.Time) bool { return len(b.Options) > 0 && now.Before(b.Expires) }

func begun(options any, session *webauthn.SessionData, now time.Time) (b Begun, err error) {
	b.Expires = now.Add(passkeyTimeout).UTC()
	session.Expires = time.Time{} // our own clock counts, see Live
	if b.Options, err = json.Marshal(options); err != nil {
		return b, fmt.Errorf("write passkey options: %w", err)
	}
	b.Session, err = json.Marshal(session)
	return b, err
}

func (b Begun) session(now time.Time) (s webauthn.SessionData, err error) {
	if !b.Live(now) {
		return s, wrong("the challenge has expired, or was answered", nil)
	}
	if err = json.Unmarshal(b.Session, &s); err != nil {
		return s, fmt.Errorf("read passkey session: %w", err)
	}
	return s, nil
}

// wrong is an answer that is not accepted. The detail is for the audit trail.
func wrong(detail string, cause error) error {
	e := &model.Error{Code: model.CodeInvalid, Message: "The passkey was not accepted: " + detail}
	if cause != nil {
		e = e.Because(cause)
	}
	return e
}

// IsWrong reports whether an error is a person's wrong answer, and says for the audit trail what was wrong with it.
func IsWrong(err error) (detail string, ok bool) {
	if err == nil || model.CodeOf(err) != model.CodeInvalid {
		return "", false
	}
	return err.Error(), true
}
