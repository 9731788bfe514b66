package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// UserType says what a user is.
type UserType string

// The user types.
const (
	UserInternal               UserType = "internal"
	UserExternal               UserType = "external"
	UserServiceAccount         UserType = "service_account"
	UserInternalServiceAccount UserType = "internal_service_account"
)

// AttributeSources is the user attribute that lists the names of the sources that wrote the user.
const AttributeSources = "goauthentik.io/user/sources"

// AttributeEmailVerified is the user attribute that holds the e-mail address, in lower case, that the person has shown to read. It says nothing about any other: whoever
// reads it compares it with the present address.
const AttributeEmailVerified = "goauthentik.io/user/email-verified"

// AttributeEmailUnproven is the user attribute that holds the e-mail address, in lower case, that somebody typed for the user and that nobody has shown to read: it may be
// anybody's. It says nothing about any other, nor about one that an administrator gives.
const AttributeEmailUnproven = "goauthentik.io/user/email-unproven"

// EmailUnproven reports whether the user's address is one that was merely typed.
func (u *User) EmailUnproven() bool {
	typed, _ := u.Attributes[AttributeEmailUnproven].(string)
	return typed != "" && typed == strings.ToLower(u.Email)
}

// User is a person or a service account.
type User struct {
	ID         UserID         `json:"pk"`
	UUID       string         `json:"uuid"`
	Username   string         `json:"username"`
	Name       string         `json:"name"`
	Email      string         `json:"email"`
	IsActive   bool           `json:"is_active"`
	Path       string         `json:"path"`
	Type       UserType       `json:"type"`
	Attributes map[string]any `json:"attributes"`
	// PasswordHash is an argon2id PHC string; empty means that no password is set and none can be used.
	PasswordHash       string     `json:"-"`
	LastLogin          *time.Time `json:"last_login"`
	DateJoined         time.Time  `json:"date_joined"`
	LastUpdated        time.Time  `json:"last_updated"`
	PasswordChangeDate time.Time  `json:"password_change_date"`
	// Groups holds the groups and all their ancestors, where the reader asked for them.
	Groups []UserGroup `json:"-"`
}

// UID is the stable opaque name of the user in this installation: SHA-256 of "<pk>-<installation id>" in hex. It is the OpenID Connect
// subject in the mode hashed_user_id.
func (u *User) UID(installation string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d-%s", u.ID, installation))
	return hex.EncodeToString(sum[:])
}

// Locale is the language that the person has chosen ("settings.locale" of the attributes), or "".
func (u *User) Locale() string {
	settings, _ := u.Attributes["settings"].(map[string]any)
	locale, _ := settings["locale"].(string)
	return locale
}

// DisplayName is the name, or the username where there is none.
func (u *User) DisplayName() string {
	if u.Name != "" {
		return u.Name
	}
	return u.Username
}

// UserGroup is a group that a user belongs to, by itself or through a group below it.
type UserGroup struct {
	Group
	Direct bool
}

// IsSuperuser reports whether any of the user's groups makes one. Groups must have been read.
func (u *User) IsSuperuser() bool {
	return slices.ContainsFunc(u.Groups, func(g UserGroup) bool { return g.IsSuperuser })
}

// InGroup reports whether the user is a member of the group or of one below it. Groups must have been read.
func (u *User) InGroup(id GroupID) bool {
	return slices.ContainsFunc(u.Groups, func(g UserGroup) bool { return g.ID == id })
}

// Group is a set of users. A member of a group is a member of all its ancestors.
type Group struct {
	ID          GroupID        `json:"pk"`
	NumPK       int64          `json:"num_pk"`
	Name        string         `json:"name"`
	IsSuperuser bool           `json:"is_superuser"`
	Attributes  map[string]any `json:"attributes"`
	Parents     []GroupID      `json:"parents"`
	// Users holds who is to be the direct members, for a write; nil leaves them as they are. Reading does not fill it: a group may have a million.
	Users []UserID `json:"users"`
}

// Avatar is the address of the user's picture, from the attribute "headimgurl" or "avatar"; "" where there is none. Only https is given, as pages show it.
func (u *User) Avatar() string {
	for _, name := range []string{"avatar", "headimgurl"} {
		if s, ok := u.Attributes[name].(string); ok && strings.HasPrefix(s, "https://") {
			return s
		}
	}
	return ""
}

// Administrator is an active superuser, and what they can sign in with.
type Administrator struct {
	ID       UserID
	Password bool
	// Sources are those that they have an account at.
	Sources []SourceID
	// Devices are the classes of their authenticators.
	Devices []DeviceClass
}
