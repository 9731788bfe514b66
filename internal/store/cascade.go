package store

import (
	"context"
	"slices"

	"github.com/weimen-id/weimen/internal/model"
)

// cascade deletes what cannot be without the noun and clears other references to it, as authentik does. References inside a kind's
// own settings are the kind's affair.
func (c *Change) cascade(ctx context.Context, noun any) error {
	switch x := noun.(type) {
	case *model.Flow:
		return c.cascadeFlow(ctx, c.snap.Flows[x.ID])
	case *model.Stage:
		return deleteWhere(ctx, c, c.snap.Bindings, func(b *model.FlowStageBinding) bool { return b.Stage == x.ID })
	case *model.FlowStageBinding:
		return c.unbind(ctx, model.TargetID(x.ID), c.snap.Bindings[x.ID].Policy)
	case *model.Policy:
		return deleteWhere(ctx, c, c.snap.PolicyBindings, func(b *model.PolicyBinding) bool { return b.Policy != nil && *b.Policy == x.ID })
	case *model.PropertyMapping:
		return c.cascadeMapping(ctx, x.ID)
	case *model.Source:
		return c.cascadeSource(ctx, x.ID)
	case *model.Provider:
		return c.cascadeProvider(ctx, x.ID)
	case *model.Application:
		if err := c.unbind(ctx, model.TargetID(x.ID), ""); err != nil {
			return err
		}
		err := deleteWhere(ctx, c, c.snap.Entitlements, func(e *model.ApplicationEntitlement) bool { return e.App == x.ID })
		if err != nil {
			return err
		}
		return putWhere(ctx, c, c.snap.Brands, func(b *model.Brand) bool { return clearIf(&b.DefaultApplication, x.ID) })
	case *model.ApplicationEntitlement:
		return c.unbind(ctx, model.TargetID(x.ID), "")
	case *model.KeyPair:
		return putWhere(ctx, c, c.snap.Brands, func(b *model.Brand) bool {
			web := clearIf(&b.WebCertificate, x.ID)
			return without(&b.ClientCertificates, x.ID) || web
		})
	}
	return nil
}

func (c *Change) cascadeFlow(ctx context.Context, f *model.Flow) error {
	err := deleteWhere(ctx, c, c.snap.Bindings, func(b *model.FlowStageBinding) bool { return b.Flow == f.ID })
	if err != nil {
		return err
	}
	if err := c.unbind(ctx, model.TargetID(f.ID), f.Target); err != nil {
		return err
	}
	err = putWhere(ctx, c, c.snap.Sources, func(x *model.Source) bool {
		authentication := clearIf(&x.AuthenticationFlow, f.ID)
		return clearIf(&x.EnrollmentFlow, f.ID) || authentication
	})
	if err != nil {
		return err
	}
	err = putWhere(ctx, c, c.snap.Brands, func(b *model.Brand) bool {
		changed := false
		for _, ref := range []**model.FlowID{
			&b.FlowAuthentication, &b.FlowInvalidation, &b.FlowRecovery, &b.FlowUnenrollment, &b.FlowUserSettings, &b.FlowDeviceCode,
		} {
			changed = clearIf(ref, f.ID) || changed
		}
		return changed
	})
	if err != nil {
		return err
	}
	err = deleteWhere(ctx, c, c.snap.Providers, func(p *model.Provider) bool {
		return p.AuthorizationFlow == f.ID || p.InvalidationFlow == f.ID
	})
	if err != nil {
		return err
	}
	err = putWhere(ctx, c, c.snap.Providers, func(p *model.Provider) bool { return clearIf(&p.AuthenticationFlow, f.ID) })
	if err != nil {
		return err
	}
	if err := c.store.exec(ctx, `DELETE FROM flow_runs WHERE flow_id = $1`, f.ID); err != nil {
		return err
	}
	return c.store.exec(ctx, `DELETE FROM flow_tokens WHERE flow_id = $1`, f.ID)
}

func (c *Change) cascadeMapping(ctx context.Context, id model.MappingID) error {
	err := putWhere(ctx, c, c.snap.Sources, func(x *model.Source) bool {
		user := without(&x.UserPropertyMappings, id)
		return without(&x.GroupPropertyMappings, id) || user
	})
	if err != nil {
		return err
	}
	return putWhere(ctx, c, c.snap.Providers, func(p *model.Provider) bool { return without(&p.PropertyMappings, id) })
}

// cascadeSource deletes the connections to the source, and the identifiers that then belong to no connection.
func (c *Change) cascadeSource(ctx context.Context, id model.SourceID) error {
	if err := c.unbind(ctx, model.TargetID(id), ""); err != nil {
		return err
	}
	for _, text := range []string{
		`DELETE FROM source_requests WHERE source_id = $1`,
		`DELETE FROM identities WHERE (kind, namespace, value) IN (
			SELECT i.kind, i.namespace, i.value FROM connection_identifiers i JOIN connections c ON c.id = i.connection_id WHERE c.source_id = $1)
			AND NOT EXISTS (SELECT 1 FROM connection_identifiers i JOIN connections c ON c.id = i.connection_id WHERE c.source_id <> $1
			AND i.kind = identities.kind AND i.namespace = identities.namespace AND i.value = identities.value)`,
		`DELETE FROM connections WHERE source_id = $1`,
	} {
		if err := c.store.exec(ctx, text, id); err != nil {
			return err
		}
	}
	return nil
}

// cascadeProvider deletes what the provider has issued.
func (c *Change) cascadeProvider(ctx context.Context, id model.ProviderID) error {
	err := putWhere(ctx, c, c.snap.Applications, func(a *model.Application) bool {
		own := clearIf(&a.Provider, id)
		return without(&a.BackchannelProviders, id) || own
	})
	if err != nil {
		return err
	}
	for _, text := range []string{
		`DELETE FROM authorization_codes WHERE provider_id = $1`,
		`DELETE FROM oauth_tokens WHERE provider_id = $1`,
	} {
		if err := c.store.exec(ctx, text, id); err != nil {
			return err
		}
	}
	return nil
}

// unbind deletes the policy bindings of a target, by its own id and by its second one.
func (c *Change) unbind(ctx context.Context, id, second model.TargetID) error {
	return deleteWhere(ctx, c, c.snap.PolicyBindings, func(b *model.PolicyBinding) bool {
		return b.Target == id || second != "" && b.Target == second
	})
}

func deleteWhere[K comparable, T any](ctx context.Context, c *Change, all map[K]*T, doomed func(*T) bool) error {
	for _, v := range all {
		if doomed(v) {
			if err := c.Delete(ctx, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// putWhere stores those nouns that edit changes. It is given copies; lists in them are shared with the snapshot and not written into.
func putWhere[K comparable, T any](ctx context.Context, c *Change, all map[K]*T, edit func(*T) bool) error {
	for _, v := range all {
		edited := *v
		if edit(&edited) {
			if err := c.Put(ctx, &edited); err != nil {
				return err
			}
		}
	}
	return nil
}

// clearIf makes a reference null if it is this one.
func clearIf[K comparable](ref **K, id K) bool {
	if *ref == nil || **ref != id {
		return false
	}
	*ref = nil
	return true
}

// without replaces a list by one that lacks the id, if it is there.
func without[K comparable](list *[]K, id K) bool {
	if !slices.Contains(*list, id) {
		return false
	}
	*list = slices.DeleteFunc(slices.Clone(*list), func(other K) bool { return other == id })
	return true
}
