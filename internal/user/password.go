package user

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// The password backends, by authentik's names.
const (
	BackendInbuilt = "authentik.core.auth.InbuiltBackend"
	BackendToken   = "authentik.core.auth.TokenBackend"
)

// MaxPassword is the longest password that is looked at, in bytes.
const MaxPassword = 1024

// Store is what credentials need of the database. Package store has it.
type Store interface {
	TokenByKeyHash(ctx context.Context, hash string) (*model.Token, *model.User, error)
	UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error)
}

// Hasher makes and checks password hashes. Package keypair has it.
type Hasher interface {
	Hash(ctx context.Context, password string) (string, error)
	// Verify takes as long for an empty hash, which no password belongs to.
	Verify(ctx context.Context, stored, password string) (bool, error)
	// NeedsRehash reports whether a hash was made at another cost than new ones are.
	NeedsRehash(stored string) bool
}

// Passwords checks and sets passwords.
type Passwords struct {
	store  Store
	hasher Hasher
	now    func() time.Time
}

// NewPasswords makes the checker.
func NewPasswords(s Store, h Hasher, now func() time.Time) *Passwords {
	return &Passwords{store: s, hasher: h, now: now}
}

// Check asks the backends in order whether the password is the user's. A nil user takes the same work as one with a wrong password. The first that agrees is
// named, with the auth method it stands for; none agreeing gives "".
func (p *Passwords) Check(ctx context.Context, u *model.User, password string, backends []string) (backend, method string, err error) {
	if len(password) > MaxPassword || !utf8.ValidString(password) {
		password = ""
	}
	var id model.UserID
	var stored string
	if u != nil && u.ID != 0 && password != "" {
		id, stored = u.ID, u.PasswordHash
	}
	for _, name := range backends {
		switch name {
		case BackendInbuilt:
			ok, err := p.hasher.Verify(ctx, stored, password)
			if err != nil {
				return "", "", fmt.Errorf("check password: %w", err)
			}
			if ok && id != 0 {
				return name, "password", p.renew(ctx, u, password)
			}
		case BackendToken:
			ok, err := p.checkToken(ctx, id, password)
			if err != nil {
				return "", "", err
			}
			if ok && id != 0 {
				return name, "token", nil
			}
		}
	}
	return "", "", nil
}

// renew makes the hash anew where it was made at another cost: the password is at hand only now. One that was changed meanwhile is left alone.
func (p *Passwords) renew(ctx context.Context, u *model.User, password string) error {
	old := u.PasswordHash
	if !p.hasher.NeedsRehash(old) {
		return nil
	}
	hash, err := p.hasher.Hash(ctx, password)
	if err != nil {
		return fmt.Errorf("renew password hash: %w", err)
	}
	_, err = p.store.UpdateUser(ctx, u.ID, func(stored *model.User) error {
		if stored.PasswordHash == old {
			stored.PasswordHash, u.PasswordHash = hash, hash
		}
		return nil
	})
	return err
}

// checkToken accepts an app password: a token of the user with that intent.
func (p *Passwords) checkToken(ctx context.Context, id model.UserID, key string) (bool, error) {
	t, owner, err := p.store.TokenByKeyHash(ctx, keypair.Hash(key))
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return owner.ID == id && t.Intent == model.IntentAppPassword && t.Valid(p.now()), nil
}

// Hash makes the hash of a new password.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if password == "" {
		return "", model.Invalid("password", "This field may not be blank.")
	}
	if len(password) > MaxPassword {
		return "", model.Invalid("password", fmt.Sprintf("Ensure this field has no more than %d characters.", MaxPassword))
	}
	return p.hasher.Hash(ctx, password)
}

// Set gives a user a new password.
func (p *Passwords) Set(ctx context.Context, id model.UserID, password string) error {
	hash, err := p.Hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = p.store.UpdateUser(ctx, id, func(u *model.User) error {
		u.PasswordHash, u.PasswordChangeDate = hash, p.now().UTC()
		return nil
	})
	return err
}
