package resource

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// tokenLifetime is that of new tokens that expire and are not told when, where the settings cannot be read.
const tokenLifetime = 30 * time.Minute

// TokenFields is what can be said about a token from outside.
type TokenFields struct {
	// The token's name in addresses.
	Identifier string `json:"identifier" required:"true" rule:"slug,max=255"`
	// What the key is for: api for programs, app_password for signing in where a password is asked.
	Intent model.Intent `json:"intent" enum:"verification api recovery app_password"`
	// On whose behalf the key acts.
	User *model.UserID `json:"user" ref:"user"`
	// What the token is for, in words.
	Description string `json:"description"`
	// Until when the key is valid. Empty: for as long as the settings say.
	Expires *time.Time `json:"expires"`
	// Whether the key ends at all.
	Expiring bool `json:"expiring"`
}

// TokenPlace is what a token's key is bound to when it is sealed.
func TokenPlace(id model.TokenID) string { return keypair.Place("tokens", "key_sealed", string(id)) }

// NewTokenFields are the fields of a new token with the defaults.
func NewTokenFields() *TokenFields { return &TokenFields{Intent: model.IntentAPI, Expiring: true} }

// Issue stores a token under a key: a random one if the key is empty. It is also how the server makes its first token.
func (m *Manager) Issue(ctx context.Context, t *model.Token, key model.Secret) error {
	if t.ID == "" {
		t.ID = model.TokenID(newID())
	}
	if !key.IsSet() {
		key = model.NewSecret(keypair.NewText(keypair.Alphanumeric, m.Store.Snapshot().Settings.DefaultTokenLength))
	}
	m.lock(t, key)
	return m.Store.InsertToken(ctx, t)
}

func (m *Manager) lock(t *model.Token, key model.Secret) {
	t.KeyHash = keypair.Hash(key.Reveal())
	t.KeySealed = model.Sealed(m.Box.Seal(key.Reveal(), TokenPlace(t.ID)))
}

func (m *Manager) decodeToken(ctx context.Context, by Actor, f *TokenFields, body kind.Body, mode kind.Mode) error {
	before := f.Intent
	errs := faults{}
	errs.merge(kind.Decode(f, body, mode))
	if len(errs) > 0 {
		return errs.err()
	}
	if f.Intent != model.IntentAPI && f.Intent != model.IntentAppPassword && (mode == kind.Create || f.Intent != before) {
		errs.add("intent", "Invalid intent %s", f.Intent)
	}
	if err := m.checkReferences(ctx, m.Store.Snapshot(), f, body, errs); err != nil {
		return err
	}
	if f.User == nil || !access.Others(by.Principal, ModelToken) {
		id := by.UserID()
		f.User = &id
	}
	if f.Expiring && f.Expires == nil {
		at := m.Now().UTC().Add(m.Store.Snapshot().Settings.DefaultTokenDuration.Or(tokenLifetime))
		f.Expires = &at
	}
	if *f.User == 0 {
		errs.add("user", "This field is required.")
	}
	return errs.err()
}

func tokenFields(t *model.Token) *TokenFields {
	owner := t.User
	return &TokenFields{Identifier: t.Identifier, Intent: t.Intent, User: &owner, Description: t.Description, Expires: t.Expires, Expiring: t.Expiring}
}

func (f *TokenFields) write(t *model.Token) {
	t.Identifier, t.Intent, t.User, t.Description, t.Expires, t.Expiring = f.Identifier, f.Intent, *f.User, f.Description, f.Expires, f.Expiring
}

// CreateToken makes a token with a random key. Ordinary people make tokens for themselves only, whatever user they name.
func (m *Manager) CreateToken(ctx context.Context, by Actor, body kind.Body) (*model.Token, error) {
	if err := access.May(by.Principal, access.Add, ModelToken, by.UserID()); err != nil {
		return nil, err
	}
	f := NewTokenFields()
	if err := m.decodeToken(ctx, by, f, body, kind.Create); err != nil {
		return nil, err
	}
	var t *model.Token
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		t = &model.Token{}
		f.write(t)
		if err := m.Issue(ctx, t, model.Secret{}); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelCreated, ModelToken, string(t.ID), t.Identifier)
	})
	return t, err
}

// Token finds a token that the actor may act on.
func (m *Manager) Token(ctx context.Context, by Actor, a access.Action, identifier string) (*model.Token, error) {
	t, err := m.Store.TokenByIdentifier(ctx, identifier)
	if errors.Is(err, model.ErrNotFound) {
		// Who may see no tokens at all learns nothing from asking.
		if err := access.May(by.Principal, a, ModelToken, by.UserID()); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	return t, access.May(by.Principal, a, ModelToken, t.User)
}

// ChangeToken changes a token. Its key stays.
func (m *Manager) ChangeToken(ctx context.Context, by Actor, identifier string, body kind.Body, mode kind.Mode) (*model.Token, error) {
	stored, err := m.Token(ctx, by, access.Change, identifier)
	if err != nil {
		return nil, err
	}
	var t *model.Token
	err = m.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		t, err = m.Store.UpdateToken(ctx, stored.ID, func(t *model.Token) error {
			if err := by.Seen.check(TokenVersion(t)); err != nil {
				return err
			}
			f := tokenFields(t)
			if err := m.decodeToken(ctx, by, f, body, mode); err != nil {
				return err
			}
			f.write(t)
			return nil
		})
		if err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelUpdated, ModelToken, string(t.ID), t.Identifier)
	})
	return t, err
}

// DeleteToken deletes a token.
func (m *Manager) DeleteToken(ctx context.Context, by Actor, identifier string) error {
	t, err := m.Token(ctx, by, access.Delete, identifier)
	if err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context) error {
		_, err := m.Store.UpdateToken(ctx, t.ID, func(t *model.Token) error { return by.Seen.check(TokenVersion(t)) }) // and nobody changes it until it is gone
		if err != nil {
			return err
		}
		if err := m.Store.DeleteToken(ctx, t.ID); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelToken, string(t.ID), t.Identifier)
	})
}

// ViewKey gives a token's key, and records that it was seen.
func (m *Manager) ViewKey(ctx context.Context, by Actor, identifier string) (string, error) {
	t, err := m.Token(ctx, by, access.View, identifier)
	if err != nil {
		return "", err
	}
	key, err := m.Box.Open(string(t.KeySealed), TokenPlace(t.ID))
	if err != nil {
		return "", fmt.Errorf("open key of token: %w", err)
	}
	return key, m.event(ctx, by, model.ActionSecretView, "authentik_core", secretOf("authentik_core", "token", string(t.ID), t.Identifier))
}

// SetKey replaces a token's key.
func (m *Manager) SetKey(ctx context.Context, by Actor, identifier string, key model.Secret) error {
	t, err := m.Token(ctx, by, access.Change, identifier)
	if err != nil {
		return err
	}
	if !key.IsSet() {
		return model.Invalid("key", "This field may not be blank.")
	}
	return m.Store.InTx(ctx, func(ctx context.Context) error {
		_, err := m.Store.UpdateToken(ctx, t.ID, func(t *model.Token) error {
			m.lock(t, key)
			return nil
		})
		if err != nil {
			return err
		}
		return m.event(ctx, by, model.ActionSecretRotate, "authentik_core", secretOf("authentik_core", "token", string(t.ID), t.Identifier))
	})
}

// ViewPrivateKey gives a certificate's private key, and records that it was seen. It is "" where there is none.
func (m *Manager) ViewPrivateKey(ctx context.Context, by Actor, k *model.KeyPair) (string, error) {
	if err := access.May(by.Principal, access.View, "authentik_crypto.certificatekeypair", 0); err != nil || k.Key == "" {
		return "", err
	}
	key, err := m.Box.Open(string(k.Key), KeyPlace(k.ID))
	if err != nil {
		return "", fmt.Errorf("open private key: %w", err)
	}
	return key, m.event(ctx, by, model.ActionSecretView, "authentik_crypto", secretOf("authentik_crypto", "certificatekeypair", string(k.ID), k.Name))
}

// secretOf names whose secret an event is about.
func secretOf(app, noun, pk, name string) map[string]any {
	return map[string]any{"model": map[string]any{"app": app, "model_name": noun, "pk": pk, "name": name}}
}
