package resource

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// ErrChanged refuses a change of what is no more as its actor has seen it (RFC 9110, section 13.1.1).
var ErrChanged = model.Refuse(model.CodeConflict, "changed_meanwhile", "Somebody else has changed or replaced this meanwhile. Read it again, then repeat the change.")

// Seen are the versions that an object may have for a change to be made: those that its actor has seen. Nil is any version, an empty list none.
//
// A version is a hash of what can be written, not of everything that is answered: a sign-in, which moves last_login, or an object elsewhere that refers to this one is no reason
// to refuse an administrator's change. Secrets count by their sealed form, from which nothing can be guessed and which is another one whenever they are written.
type Seen []string

// check compares with the object as it is, in the transaction that is about to change it.
func (s Seen) check(version string) error {
	if s == nil || slices.Contains(s, version) {
		return nil
	}
	return ErrChanged
}

// Version tells this state of an object from all others.
func (o *Object) Version() string {
	if o.Noun.sort.kind == nil {
		return version(o.Value)
	}
	kindName, config := o.Noun.sort.kind(o.Value)
	return version([]any{o.Value, kindName, json.RawMessage(orEmpty(*config))})
}

func orEmpty(c model.Config) []byte {
	if len(c) == 0 {
		return []byte("{}")
	}
	return c
}

// UserVersion tells this state of a user, with their groups, from all others.
func UserVersion(u *model.User, groups []model.UserGroup) string {
	f := &UserFields{}
	f.read(u)
	f.LastLogin = nil
	for _, g := range DirectGroups(groups) {
		f.Groups = append(f.Groups, g.ID)
	}
	slices.Sort(f.Groups)
	return version(f)
}

// GroupVersion tells this state of a group, with its parents, from all others. Who belongs to it is no part of that: people come and go, and there may be a million.
func GroupVersion(g *model.Group) string {
	f := groupFields(g)
	f.Parents, f.Users = slices.Sorted(slices.Values(f.Parents)), nil
	return version(f)
}

// GroupVersionWith is GroupVersion, and tells who belongs to the group too. A change of the members asks for it.
func GroupVersionWith(g *model.Group, members []model.UserID) string {
	raw := make([]byte, 0, 8*len(members))
	for _, id := range slices.Sorted(slices.Values(members)) {
		raw = binary.BigEndian.AppendUint64(raw, uint64(id)) //nolint:gosec // any 64 bits will do
	}
	sum := sha256.Sum256(raw)
	return GroupVersion(g) + "." + base64.RawURLEncoding.EncodeToString(sum[:16])
}

// groupSeen compares a group as it is, whoever belongs to it.
func (s Seen) groupSeen(g *model.Group) error {
	if s == nil {
		return nil
	}
	now := GroupVersion(g)
	if slices.ContainsFunc(s, func(seen string) bool { return seen == now || strings.HasPrefix(seen, now+".") }) {
		return nil
	}
	return ErrChanged
}

// TokenVersion tells this state of a token from all others. Its key is not among what a change can write.
func TokenVersion(t *model.Token) string {
	f := tokenFields(t)
	f.Expires = rounded(f.Expires)
	return version(f)
}

// InvitationVersion tells this state of an invitation from all others.
func InvitationVersion(i *model.Invitation) string {
	f := invitationFields(i)
	f.Expires = rounded(f.Expires)
	return version(f)
}

// SettingsVersion tells this state of the settings from all others.
func SettingsVersion(s *model.Settings) string { return version(s) }

// rounded is a time as the database keeps it.
func rounded(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	at := t.UTC().Truncate(time.Microsecond)
	return &at
}

// version hashes what stands in a value. Databases write the same JSON in different ways, and it must not matter from which replica somebody has read.
func version(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return "" // it was read from JSON; what has no version is never as somebody has seen it
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var plain any
	if err := d.Decode(&plain); err != nil {
		return ""
	}
	raw, err = json.Marshal(canonical(plain))
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// canonical takes differences away that mean nothing: 1.0 and 1, an empty list or object and none.
func canonical(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if value = canonical(value); value != nil {
				out[key] = value
			}
		}
		if len(out) > 0 {
			return out
		}
		return nil
	case []any:
		if len(v) == 0 {
			return nil
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = canonical(v[i])
		}
		return out
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(string(v), ".eE") {
			return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
		}
	}
	return v
}

// userSeen compares a user as it is in the transaction of ctx.
func (m *Manager) userSeen(ctx context.Context, by Actor, u *model.User) error {
	if by.Seen == nil {
		return nil
	}
	groups, err := m.Store.GroupsOf(ctx, u.ID)
	if err != nil {
		return fmt.Errorf("compare version of user: %w", err)
	}
	return by.Seen.check(UserVersion(u, groups))
}
