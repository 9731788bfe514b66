package model

import "time"

// Intent says what an API token may be used for.
type Intent string

// The intents.
const (
	IntentVerification Intent = "verification"
	IntentAPI          Intent = "api"
	IntentRecovery     Intent = "recovery"
	IntentAppPassword  Intent = "app_password"
)

// Token is a key that a person or program presents. The key itself is found by KeyHash and shown again (view_key) from KeySealed.
type Token struct {
	ID          TokenID    `json:"pk"`
	Identifier  string     `json:"identifier"`
	Intent      Intent     `json:"intent"`
	User        UserID     `json:"user"`
	Description string     `json:"description"`
	Expires     *time.Time `json:"expires"`
	Expiring    bool       `json:"expiring"`
	Managed     *string    `json:"managed"`
	KeyHash     string     `json:"-"`
	KeySealed   Sealed     `json:"-"`
}

// Valid reports whether the token may still be used.
func (t *Token) Valid(now time.Time) bool {
	return !t.Expiring || t.Expires == nil || now.Before(*t.Expires)
}
