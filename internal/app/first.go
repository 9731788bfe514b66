package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weimen-id/weimen/blueprints"
	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/blueprint"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping/scope"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/portal"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

const (
	// adminName is the first administrator, by authentik's name.
	adminName  = "akadmin"
	adminsName = "authentik Admins"
	// certificateName is the customary signing key, which clients look up by its name.
	certificateName = "authentik Self-signed Certificate"
	tokenName       = "authentik-bootstrap-token"
	// setUpLifetime is how long the set-up link may be used. A new one is printed at every start until a password is set.
	setUpLifetime = 24 * time.Hour
	// rescueLifetime is how long a rescue link may be used.
	rescueLifetime = 10 * time.Minute
)

// firstStart makes the default objects and the first administrator, unless they were made before: all or nothing, and once, however many servers start at the same
// moment. One that waits too long for another's work looks again.
func (a *App) firstStart(ctx context.Context) error {
	const tries = 6
	var err error
	for range tries {
		var done bool
		if done, err = a.hasDefaults(ctx); done {
			return nil
		}
		if err == nil {
			err = a.Store.Change(ctx, func(ctx context.Context, tx *store.Change) error {
				if len(tx.Snapshot().Brands) > 0 {
					return a.upgradeDefaults(ctx)
				}
				return a.makeDefaults(ctx)
			})
		}
		if err == nil {
			return a.Store.Load(ctx) // what another server has made
		}
		if !errors.Is(err, model.ErrUnavailable) {
			return err
		}
	}
	return err
}

// defaults is the number of the present set of default objects: 2 brought authenticators, recovery, enrollment by invitation and what people change themselves.
const defaults = 2

// hasDefaults reports whether the installation has been given all default objects.
func (a *App) hasDefaults(ctx context.Context) (bool, error) {
	if len(a.Store.Snapshot().Brands) == 0 {
		return false, nil
	}
	n, err := a.Store.Defaults(ctx)
	return n >= defaults, err
}

// upgradeDefaults gives an older installation the default flows that it has not had yet. What was there before, and may have been changed or deleted, is left alone.
func (a *App) upgradeDefaults(ctx context.Context) error {
	n, err := a.Store.Defaults(ctx)
	if err != nil || n >= defaults {
		return err
	}
	by, applier := resource.Actor{Principal: access.System()}, a.applier(ctx)
	for _, pattern := range []string{"upgrade/2-*.yaml", "default/05-*.yaml", "default/[5-8]?-*.yaml"} {
		if err := applier.Apply(ctx, by, blueprints.Files, pattern); err != nil {
			return err
		}
	}
	return a.Store.SetDefaults(ctx, defaults)
}

// makeDefaults takes part in the transaction of firstStart.
func (a *App) makeDefaults(ctx context.Context) error {
	by := resource.Actor{Principal: access.System()}
	if err := a.firstAdministrator(ctx); err != nil {
		return fmt.Errorf("make the first administrator: %w", err)
	}
	if err := a.firstCertificate(ctx, by); err != nil {
		return fmt.Errorf("make the first certificate: %w", err)
	}
	if err := a.firstMappings(ctx); err != nil {
		return fmt.Errorf("make the default mappings: %w", err)
	}
	if err := a.applier(ctx).Apply(ctx, by, blueprints.Files, "default/*.yaml"); err != nil {
		return err
	}
	return a.Store.SetDefaults(ctx, defaults)
}

// applier applies blueprints within the transaction of ctx.
func (a *App) applier(ctx context.Context) *blueprint.Applier {
	present := func() *model.Snapshot {
		s := a.Store.Snapshot()
		_ = a.Store.Change(ctx, func(_ context.Context, tx *store.Change) error { // which only looks; what is wrong shows at the next write
			s = tx.Snapshot()
			return nil
		})
		return s
	}
	return &blueprint.Applier{Registry: a.registry, Resources: a.resources, People: a.Store, Snapshot: present, Shipped: blueprints.Names()}
}

func (a *App) firstAdministrator(ctx context.Context) error {
	hash := ""
	if p := a.settings.Bootstrap.Password; p.IsSet() {
		var err error
		if hash, err = a.passwords.Hash(ctx, p.Reveal()); err != nil {
			return err
		}
	}
	return a.Store.InTx(ctx, func(ctx context.Context) error {
		_, err := a.Store.UserByUsername(ctx, adminName)
		if err == nil {
			return nil // another replica, or a start that was cut off
		}
		if !errors.Is(err, model.ErrNotFound) {
			return err
		}
		now := a.now().UTC()
		u := &model.User{
			Username: adminName, Name: "Administrator", Email: a.settings.Bootstrap.Email, IsActive: true, Path: "users",
			Type: model.UserInternal, Attributes: map[string]any{}, PasswordChangeDate: now, PasswordHash: hash,
		}
		if err := a.Store.InsertUser(ctx, u); err != nil {
			return err
		}
		g := &model.Group{Name: adminsName, IsSuperuser: true, Attributes: map[string]any{}}
		if err := a.Store.InsertGroup(ctx, g); err != nil {
			return err
		}
		if err := a.Store.AddUserToGroup(ctx, g.ID, u.ID); err != nil {
			return err
		}
		return a.firstToken(ctx, u)
	})
}

// firstToken makes the API token that the settings ask for.
func (a *App) firstToken(ctx context.Context, u *model.User) error {
	key := a.settings.Bootstrap.Token
	if !key.IsSet() {
		return nil
	}
	t := &model.Token{
		ID: model.TokenID(newUUID()), Identifier: tokenName, Intent: model.IntentAPI, User: u.ID, Description: "Made at the first start", Expiring: false,
		KeyHash: keypair.Hash(key.Reveal()),
	}
	t.KeySealed = model.Sealed(a.box.Seal(key.Reveal(), resource.TokenPlace(t.ID)))
	return a.Store.InsertToken(ctx, t)
}

func (a *App) firstCertificate(ctx context.Context, by resource.Actor) error {
	for _, k := range a.Store.Snapshot().KeyPairs {
		if k.Name == certificateName {
			return nil
		}
	}
	certificate, key, err := keypair.Generate(keypair.Request{CommonName: certificateName, Organization: "authentik", Days: 3650}, a.now())
	if err != nil {
		return err
	}
	return a.create(ctx, by, "authentik_crypto.certificatekeypair", map[string]any{
		"name": certificateName, "certificate_data": certificate, "key_data": key,
	})
}

func (a *App) firstMappings(ctx context.Context) error {
	for _, d := range scope.Defaults() {
		if a.Store.Snapshot().MappingByManaged(d.Managed) != nil {
			continue
		}
		m := &model.PropertyMapping{
			ID: model.MappingID(newUUID()), Managed: &d.Managed, Name: d.Name, Expression: d.Expression, Kind: scope.Kind().Name,
		}
		config, err := kind.Seal(&scope.Config{ScopeName: d.ScopeName, Description: d.Description}, a.box, "property_mappings/config/"+string(m.ID))
		if err != nil {
			return err
		}
		m.Config = config
		err = a.Store.Change(ctx, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, m) })
		if err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	return nil
}

// SetUpLink gives a one-time link by which the first administrator chooses a password; "" once there is one.
func (a *App) SetUpLink(ctx context.Context) (string, error) {
	u, err := a.Store.UserByUsername(ctx, adminName)
	if errors.Is(err, model.ErrNotFound) {
		return "", nil
	}
	if err != nil || u.PasswordHash != "" {
		return "", err
	}
	return oneTimeLink(ctx, a.Store, a.settings.Origin(), portal.PurposeSetUp, u.ID, a.now().Add(setUpLifetime))
}
