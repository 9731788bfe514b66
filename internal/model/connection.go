package model

import (
	"encoding/json"
	"time"
)

// IdentifierKind types an identifier that an upstream gave.
type IdentifierKind string

// The identifier kinds.
const (
	// IdentifierSubject is the one identifier of an ordinary source, such as OpenID Connect's "sub". Its namespace is the source's id.
	IdentifierSubject IdentifierKind = "sub"
	// IdentifierOpenID is WeChat's openid: one person at one AppID. Its namespace is the AppID.
	IdentifierOpenID IdentifierKind = "openid"
	// IdentifierUnionID is WeChat's unionid: one person at one Open Platform account. Its namespace is "account:<label>", or "source:<id>"
	// where the administrator gave no label.
	IdentifierUnionID IdentifierKind = "unionid"
)

// Identifier names one person at one upstream. An identifier belongs to at most one user.
type Identifier struct {
	Kind      IdentifierKind `json:"kind"`
	Namespace string         `json:"namespace"`
	Value     string         `json:"value"`
}

// IdentifierOwner is a known identifier and the user it belongs to.
type IdentifierOwner struct {
	Identifier
	User UserID
}

// Connection is a user's account at a source.
type Connection struct {
	ID     ConnectionID `json:"pk"`
	User   UserID       `json:"user"`
	Source SourceID     `json:"source"`
	// Identifier is the one shown and sent over the API: for WeChat the unionid, else the openid.
	Identifier string `json:"identifier"`
	// Identifiers are all that are known, typed.
	Identifiers []Identifier `json:"-"`
	// Profile is what the source last told, for "my account" and the console; no tokens.
	Profile json.RawMessage `json:"-"`
	// Written is what the source has last written into the user: fields by name, attributes as "attributes.<name>". A field with another value is the person's own edit.
	Written     map[string]any `json:"-"`
	Created     time.Time      `json:"created"`
	LastUpdated time.Time      `json:"last_updated"`
}
