package model

import "strconv"

// Ids are named types, so that one cannot be passed for another. Those of strings hold UUIDs in their 36 character form.
type (
	// UserID is the integer primary key ("pk") of a user.
	UserID int64
	// ProviderID is the integer primary key of a provider: one sequence over all provider kinds.
	ProviderID int64
	// ConnectionID is the integer primary key of a user's connection to a source.
	ConnectionID int64
	// ConsentID is the integer primary key of a stored consent.
	ConsentID int64
	// DeviceID is the integer primary key of an authenticator, over all classes.
	DeviceID int64
	// GroupConnectionID is the integer primary key of a group's connection to a source.
	GroupConnectionID int64

	// GroupID is the UUID of a group.
	GroupID string
	// TokenID is the UUID of an API token.
	TokenID string
	// SourceID is the UUID of a source.
	SourceID string
	// FlowID is the UUID of a flow.
	FlowID string
	// StageID is the UUID of a stage.
	StageID string
	// BindingID is the UUID of a flow-stage binding.
	BindingID string
	// PolicyID is the UUID of a policy.
	PolicyID string
	// PolicyBindingID is the UUID of a policy binding.
	PolicyBindingID string
	// TargetID is the UUID of something that policies are bound to: an application, a flow, a flow-stage binding, a source or an application entitlement.
	TargetID string
	// MappingID is the UUID of a property mapping.
	MappingID string
	// ApplicationID is the UUID of an application.
	ApplicationID string
	// EntitlementID is the UUID of an application entitlement.
	EntitlementID string
	// BrandID is the UUID of a brand.
	BrandID string
	// PromptID is the UUID of a prompt.
	PromptID string
	// InvitationID is the UUID of an invitation.
	InvitationID string
	// KeyPairID is the UUID of a certificate-key pair.
	KeyPairID string
	// EventID is the UUID of an event.
	EventID string
	// SessionID is the public UUID of a session. It is not the secret in the cookie.
	SessionID string
)

// String gives the id in decimal.
func (id UserID) String() string { return strconv.FormatInt(int64(id), 10) }
