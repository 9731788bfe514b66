package model

import "time"

// AuthorizationCode is an OAuth 2.0 authorization code (RFC 6749 section 4.1.2) as stored: by hash, used once.
type AuthorizationCode struct {
	CodeHash string
	// Grant ties together all tokens that come of one authorization, so that they can be revoked together.
	Grant       string
	Provider    ProviderID
	User        UserID
	Session     SessionID
	RedirectURI string
	Scopes      []string
	Nonce       string
	Challenge   string
	Method      string
	AuthTime    time.Time
	AuthMethod  string
	Created     time.Time
	Expires     time.Time
	ConsumedAt  *time.Time
}

// AccessToken is an issued access token as stored: by the hash of the token itself or of its jti.
type AccessToken struct {
	TokenHash  string
	Grant      string
	Provider   ProviderID
	User       UserID
	Session    SessionID
	Scopes     []string
	AuthTime   time.Time
	AuthMethod string
	Created    time.Time
	Expires    time.Time
	RevokedAt  *time.Time
}

// RefreshToken is an issued refresh token as stored. Rotation replaces it; the use of a replaced one revokes its grant (RFC 9700
// section 4.14.2).
type RefreshToken struct {
	TokenHash  string
	Grant      string
	Provider   ProviderID
	User       UserID
	Session    SessionID
	Scopes     []string
	Nonce      string
	AuthTime   time.Time
	AuthMethod string
	Created    time.Time
	Expires    time.Time
	ConsumedAt *time.Time
	RevokedAt  *time.Time
}

// Consent is what a person allowed an application.
type Consent struct {
	ID          ConsentID
	User        UserID
	Application ApplicationID
	Permissions []string
	Expires     *time.Time
	Expiring    bool
}
