package device

import (
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/model"
)

// Registration is what an administrator asks of a new passkey.
type Registration struct {
	// Title names the installation.
	Title string
	// UserVerification and ResidentKey are required, preferred or discouraged; Attachment is platform, cross-platform or "".
	UserVerification string
	ResidentKey      string
	Attachment       string
	// Models are the AAGUIDs that are allowed; none is all.
	Models []string
}

// BeginRegistration makes the challenge by which a user's browser makes a passkey. The passkeys that the user has are excluded: each authenticator holds one.
func (d *Devices) BeginRegistration(v *model.Visitor, u *model.User, has []*model.Device, r Registration) (Begun, error) {
	w, err := ceremony(v, r.Title)
	if err != nil {
		return Begun{}, err
	}
	if u.UUID == "" { // about to be stored, in this very request: the store keeps the UUID
		u.UUID = uuid.Must(uuid.NewV7()).String()
	}
	o := ownerOf(u, has)
	exclude := make([]protocol.CredentialDescriptor, len(o.credentials))
	for i, c := range o.credentials {
		exclude[i] = c.Descriptor()
	}
	attestation := protocol.PreferNoAttestation
	if len(r.Models) > 0 {
		attestation = protocol.PreferDirectAttestation // without it browsers hide the model
	}
	creation, session, err := w.BeginRegistration(
		o, webauthn.WithExclusions(exclude), webauthn.WithConveyancePreference(attestation),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			AuthenticatorAttachment: protocol.AuthenticatorAttachment(r.Attachment), UserVerification: protocol.UserVerificationRequirement(r.UserVerification),
			ResidentKey: protocol.ResidentKeyRequirement(r.ResidentKey), RequireResidentKey: new(r.ResidentKey == "required"),
		}),
	)
	if err != nil {
		return Begun{}, err
	}
	return begun(creation.Response, session, v.Now)
}

// FinishRegistration makes a device of what the browser has made (Web Authentication Level 3, section 7.1). A wrong answer is an error of which [IsWrong] holds; one of a model that is not
// allowed is model.CodeDenied.
func (d *Devices) FinishRegistration(v *model.Visitor, u *model.User, b Begun, r Registration, response, name string, stage model.StageID) (*Draft, error) {
	w, err := ceremony(v, r.Title)
	if err != nil {
		return nil, err
	}
	session, err := b.session(v.Now)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(response))
	if err != nil {
		return nil, wrong("the answer cannot be read", err)
	}
	c, err := w.CreateCredential(ownerOf(u, nil), session, parsed)
	if err != nil {
		return nil, wrong("the registration does not hold", err)
	}
	aaguid := AnyModel
	if id, err := uuid.FromBytes(c.Authenticator.AAGUID); err == nil {
		aaguid = id.String()
	}
	if !allowedModel(r.Models, aaguid) {
		return nil, &model.Error{Code: model.CodeDenied, Message: "The model of the authenticator, " + aaguid + ", is not allowed."}
	}
	data := Data{Stage: stage, AAGUID: aaguid, Credential: encodeCredential(*c)}
	return &Draft{
		devices: d,
		device: &model.Device{
			Class: model.DeviceWebAuthn, Name: name, Lookup: lookupOf(c.ID), Counter: int64(c.Authenticator.SignCount), Data: data.encode(),
		},
		taken: model.Refuse(model.CodeConflict, "authenticator.taken", "The passkey is registered already."),
	}, nil
}
