package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

func configuration(t *testing.T, s *store.Store) {
	before := s.Snapshot()
	h := build(t, s)
	snap := s.Snapshot()
	if snap.Version != before.Version+1 || snap.Installation == "" || snap.Installation != before.Installation {
		t.Errorf("version %d after %d", snap.Version, before.Version)
	}
	if len(before.Flows) != 0 {
		t.Error("the snapshot before was written to")
	}
	kept := func(snap *model.Snapshot) {
		t.Helper()
		for _, x := range [][2]any{
			{snap.Flows[h.flow.ID], h.flow},
			{snap.Stages[h.stage.ID], h.stage},
			{snap.Bindings[h.binding.ID], h.binding},
			{snap.Policies[h.policy.ID], h.policy},
			{snap.Mappings[h.mapping.ID], h.mapping},
			{snap.Sources[h.source.ID], h.source},
			{snap.Providers[h.provider.ID], h.provider},
			{snap.Applications[h.app.ID], h.app},
			{snap.Brands[h.brand.ID], h.brand},
			{snap.KeyPairs[h.key.ID], h.key},
		} {
			if diff := cmp.Diff(x[1], x[0], cmp.Comparer(sameConfig)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		if snap.FlowBySlug("flow") != snap.Flows[h.flow.ID] || snap.ApplicationOf(h.provider.ID) == nil || len(snap.BindingsOf(h.flow.ID)) != 1 {
			t.Error("the snapshot is not indexed")
		}
	}
	kept(snap)
	h.flow.Title = "changed by the caller afterwards"
	if s.Snapshot().FlowBySlug("flow").Title == h.flow.Title {
		t.Error("the snapshot shares memory with the caller")
	}
	h.flow.Title = "Welcome"

	// The same from the tables, in a change that finds the snapshot too old.
	must(t, s.Load(t.Context()))
	kept(s.Snapshot())

	// A change sees its own steps, and only it does.
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error {
		first := tx.Snapshot()
		f := *h.flow
		f.Title = "Hello"
		if err := tx.Put(ctx, &f); err != nil {
			return err
		}
		if tx.Snapshot().FlowBySlug("flow").Title != "Hello" {
			t.Error("a change does not see its own step")
		}
		if first.FlowBySlug("flow").Title != "Welcome" || s.Snapshot().FlowBySlug("flow").Title != "Welcome" {
			t.Error("a step is seen before the commit")
		}
		return nil
	}))
	if s.Snapshot().FlowBySlug("flow").Title != "Hello" {
		t.Error("a change is not seen after the commit")
	}
	version := s.Snapshot().Version
	must(t, change(t, s, func(context.Context, *store.Change) error { return nil }))
	same(t, s.Snapshot().Version, version)
	want(t, change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Delete(ctx, &model.Stage{ID: "none"}) }), model.ErrNotFound)
	if err := change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, &model.User{}) }); err == nil {
		t.Error("a user was taken for configuration")
	}
}

// sameConfig takes absent settings for an empty object.
func sameConfig(a, b model.Config) bool {
	var x, y map[string]any
	_ = json.Unmarshal(a, &x)
	_ = json.Unmarshal(b, &y)
	return len(x) == 0 && len(y) == 0 || cmp.Equal(x, y)
}

func uniqueNames(t *testing.T, s *store.Store) {
	h := build(t, s)
	flow, stage, policy, mapping, source, provider, app, brand, key := *h.flow, *h.stage, *h.policy, *h.mapping, *h.source, *h.provider, *h.app, *h.brand, *h.key
	flow.ID, stage.ID, policy.ID, mapping.ID, source.ID, provider.ID, app.ID, brand.ID, key.ID = "", "", "", "", "", 0, "", "", ""
	binding, taken := *h.binding, *h.app
	binding.ID, taken.ID, taken.Slug = "", "", "other"
	for _, x := range []struct {
		noun  any
		field string
	}{
		{&flow, "slug"},
		{&stage, "name"},
		{&policy, "name"},
		{&mapping, "name"},
		{&source, "slug"},
		{&provider, "name"},
		{&app, "slug"},
		{&brand, "domain"},
		{&key, "name"},
		{&binding, "non_field_errors"},
		{&taken, "provider"},
	} {
		err := change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, x.noun) })
		if !errors.Is(err, model.ErrConflict) {
			t.Errorf("%T: %v", x.noun, err)
		}
		wantField(t, err, model.CodeConflict, x.field)
	}
}

func references(t *testing.T, s *store.Store) {
	h := build(t, s)
	source, provider, app, brand, binding := *h.source, *h.provider, *h.app, *h.brand, *h.binding
	source.EnrollmentFlow = ptr(model.FlowID("none"))
	provider.PropertyMappings = []model.MappingID{h.mapping.ID, "none"}
	app.Provider = ptr(model.ProviderID(999))
	brand.WebCertificate = ptr(model.KeyPairID("none"))
	binding.Stage = "none"
	bound := model.NewPolicyBinding()
	bound.Target, bound.User = model.TargetID(h.app.ID), ptr(model.UserID(999))
	for _, x := range []struct {
		noun  any
		field string
	}{
		{&source, "enrollment_flow"},
		{&provider, "property_mappings"},
		{&app, "provider"},
		{&brand, "web_certificate"},
		{&binding, "stage"},
		{&model.PolicyBinding{Target: "none"}, "target"},
		{&bound, "non_field_errors"},
	} {
		wantField(t, change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, x.noun) }), model.CodeInvalid, x.field)
	}
}

// bind puts the policy before a target.
func bind(t *testing.T, s *store.Store, h house, target model.TargetID) model.PolicyBindingID {
	t.Helper()
	b := model.NewPolicyBinding()
	b.Target, b.Policy = target, &h.policy.ID
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, &b) }))
	return b.ID
}

func remove(t *testing.T, s *store.Store, noun any) *model.Snapshot {
	t.Helper()
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Delete(ctx, noun) }))
	published := s.Snapshot()
	must(t, s.Load(t.Context()))
	return published
}

func deleteFlow(t *testing.T, s *store.Store) {
	h := build(t, s)
	for _, target := range []model.TargetID{model.TargetID(h.flow.ID), h.binding.Policy, model.TargetID(h.app.ID)} {
		bind(t, s, h, target)
	}
	same(t, len(s.Snapshot().PoliciesOf(model.TargetID(h.binding.ID))), 1)
	snap := remove(t, s, h.flow)
	same(t, len(snap.Bindings), 0)
	same(t, len(snap.PolicyBindings), 1)
	if src := snap.SourceBySlug("wechat"); src.AuthenticationFlow != nil || src.EnrollmentFlow == nil {
		t.Errorf("source: %+v", src)
	}
	if b := snap.Brands[h.brand.ID]; b.FlowAuthentication != nil || b.FlowRecovery == nil {
		t.Errorf("brand: %+v", b)
	}
	if p := snap.Providers[h.provider.ID]; p.AuthenticationFlow != nil {
		t.Errorf("provider: %+v", p)
	}
	// A provider cannot be without its authorization flow; its application can.
	snap = remove(t, s, h.other)
	same(t, len(snap.Providers), 0)
	if snap.ApplicationBySlug("app").Provider != nil {
		t.Error("the application still names its provider")
	}
}

func deleteOthers(t *testing.T, s *store.Store) {
	ctx := t.Context()
	h, u := build(t, s), addUser(t, s, "u")
	bind(t, s, h, model.TargetID(h.app.ID))
	bind(t, s, h, model.TargetID(h.source.ID))
	must(t, s.SaveConsent(ctx, &model.Consent{User: u.ID, Application: h.app.ID}))
	must(t, s.SaveConnection(ctx, &model.Connection{User: u.ID, Source: h.source.ID, Identifiers: []model.Identifier{unionid("U")}}))
	a, r := grant(u, "1", "g", "s")
	a.Provider, r.Provider = h.provider.ID, h.provider.ID
	must(t, s.InsertTokens(ctx, a, r))

	snap := remove(t, s, h.mapping)
	same(t, len(snap.Sources[h.source.ID].UserPropertyMappings)+len(snap.Providers[h.provider.ID].PropertyMappings), 0)
	snap = remove(t, s, h.key)
	if b := snap.Brands[h.brand.ID]; b.WebCertificate != nil || len(b.ClientCertificates) != 0 {
		t.Errorf("brand: %+v", b)
	}
	snap = remove(t, s, h.provider)
	if snap.ApplicationBySlug("app").Provider != nil {
		t.Error("the application still names its provider")
	}
	_, _, err := s.AccessToken(ctx, a.TokenHash)
	want(t, err, model.ErrNotFound)
	snap = remove(t, s, h.app)
	if snap.Brands[h.brand.ID].DefaultApplication != nil {
		t.Error("the brand still names the application")
	}
	same(t, len(snap.PolicyBindings), 1)
	all, err := s.ListConsents(ctx, u.ID)
	must(t, err)
	same(t, len(all), 0)
	snap = remove(t, s, h.policy)
	same(t, len(snap.PolicyBindings), 0)
	remove(t, s, h.source)
	owners, err := s.OwnersOf(ctx, []model.Identifier{unionid("U")})
	must(t, err)
	same(t, len(owners), 0)
	snap = remove(t, s, h.stage)
	same(t, len(snap.Bindings), 0)
	remove(t, s, h.brand)
}

func deletePeople(t *testing.T, s *store.Store) {
	ctx := t.Context()
	h, u := build(t, s), addUser(t, s, "u")
	g := &model.Group{Name: "g"}
	must(t, s.InsertGroup(ctx, g))
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error {
		byUser, byGroup := model.NewPolicyBinding(), model.NewPolicyBinding()
		byUser.Target, byGroup.Target, byUser.User, byGroup.Group = model.TargetID(h.app.ID), model.TargetID(h.app.ID), &u.ID, &g.ID
		return errors.Join(tx.Put(ctx, &byUser), tx.Put(ctx, &byGroup))
	}))
	same(t, len(s.Snapshot().PolicyBindings), 2)
	must(t, s.DeleteUser(ctx, u.ID))
	same(t, len(s.Snapshot().PolicyBindings), 1)
	must(t, s.DeleteGroup(ctx, g.ID))
	same(t, len(s.Snapshot().PolicyBindings), 0)
	version := s.Snapshot().Version
	must(t, s.DeleteUser(ctx, addUser(t, s, "v").ID))
	same(t, s.Snapshot().Version, version)
}

// changesAtOnce counts in a title: a change that did not see the one before would lose a step.
func changesAtOnce(t *testing.T, s *store.Store) {
	h := build(t, s)
	version := s.Snapshot().Version
	n := race(t, "", func(ctx context.Context) error {
		return s.Change(ctx, func(ctx context.Context, tx *store.Change) error {
			f := *tx.Snapshot().Flows[h.flow.ID]
			f.Title += "x"
			return tx.Put(ctx, &f)
		})
	})
	got := s.Snapshot().Flows[h.flow.ID].Title
	if n != crowd || len(got) != len(h.flow.Title)+crowd || s.Snapshot().Version != version+crowd {
		t.Errorf("%d changes, title %q, version %d after %d", n, got, s.Snapshot().Version, version)
	}
}

func failedChange(t *testing.T, s *store.Store) {
	ctx := t.Context()
	h := build(t, s)
	version := s.Snapshot().Version
	failure := errors.New("no")
	half := func(ctx context.Context, tx *store.Change) error {
		f := *h.flow
		f.Title = "half"
		if err := tx.Put(ctx, &f); err != nil {
			return err
		}
		return failure
	}
	if err := s.Change(ctx, half); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	// Nor does a transaction around it commit the half, though it passes over the error.
	if err := s.InTx(ctx, func(ctx context.Context) error { _ = s.Change(ctx, half); return nil }); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	must(t, s.Load(ctx))
	if s.Snapshot().FlowBySlug("flow").Title != "Welcome" || s.Snapshot().Version != version {
		t.Error("a failed change was kept")
	}
}

func providerIDs(t *testing.T, s *store.Store) {
	h := build(t, s)
	remove(t, s, h.provider)
	p := *h.provider
	p.ID, p.PropertyMappings = 0, nil
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, &p) }))
	if p.ID <= h.provider.ID {
		t.Errorf("id %d after %d", p.ID, h.provider.ID)
	}
	given, next := p, p
	given.ID, given.Name, next.ID, next.Name = 50, "given", 0, "next"
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error {
		return errors.Join(tx.Put(ctx, &given), tx.Put(ctx, &next))
	}))
	same(t, next.ID, model.ProviderID(51))
}

func transactions(t *testing.T, s *store.Store) {
	ctx := t.Context()
	failure := errors.New("no")
	err := s.InTx(ctx, func(ctx context.Context) error {
		u := addUserIn(ctx, t, s, "gone")
		if _, err := s.User(ctx, u.ID); err != nil {
			t.Errorf("a transaction does not see its own write: %v", err)
		}
		if _, err := s.User(t.Context(), u.ID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("others see what is not committed: %v", err)
		}
		return s.InTx(ctx, func(ctx context.Context) error {
			addUserIn(ctx, t, s, "inner")
			return failure
		})
	})
	if !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{"gone", "inner"} {
		_, err := s.UserByUsername(ctx, name)
		want(t, err, model.ErrNotFound)
	}

	counted, n := store.CountStatements(ctx)
	must(t, s.InTx(counted, func(ctx context.Context) error {
		addUserIn(ctx, t, s, "kept")
		return s.InTx(ctx, func(ctx context.Context) error {
			addUserIn(ctx, t, s, "kept too")
			return s.Change(ctx, func(ctx context.Context, tx *store.Change) error {
				return tx.Put(ctx, &model.Stage{Name: "s", Kind: "dummy"})
			})
		})
	}))
	same(t, n.Transactions(), 1)
	same(t, len(s.Snapshot().Stages), 1)
	_, err = s.UserByUsername(ctx, "kept too")
	must(t, err)

	// After a failed statement a transaction is at its end, in both databases.
	err = s.InTx(ctx, func(ctx context.Context) error {
		addUserIn(ctx, t, s, "lost")
		wantField(t, s.InsertUser(ctx, &model.User{Username: "kept"}), model.CodeConflict, "username")
		return nil
	})
	want(t, err, model.ErrConflict)
	_, err = s.UserByUsername(ctx, "lost")
	want(t, err, model.ErrNotFound)

	// A panic undoes the transaction and leaves the store usable.
	func() {
		defer func() { _ = recover() }()
		_ = s.InTx(ctx, func(ctx context.Context) error {
			addUserIn(ctx, t, s, "panicked")
			panic("a bug") //nolint:forbidigo // the test's point
		})
	}()
	_, err = s.UserByUsername(ctx, "panicked")
	want(t, err, model.ErrNotFound)

	// Many at once, some of which fail: each is whole or not there.
	same(t, race(t, model.CodeConflict, func(ctx context.Context) error {
		return s.InTx(ctx, func(ctx context.Context) error {
			if err := s.InsertUser(ctx, &model.User{Username: fmt.Sprintf("many%p", ctx)}); err != nil {
				return err
			}
			return s.InsertUser(ctx, &model.User{Username: "only one"})
		})
	}), 1)
	_, total, err := s.ListUsers(ctx, store.List{Where: []store.Where{{Field: "username", Op: store.OpPrefix, Values: []string{"many"}}}})
	must(t, err)
	same(t, total, 1)

	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.InsertUser(ended, &model.User{Username: "late"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func addUserIn(ctx context.Context, t *testing.T, s *store.Store, name string) *model.User {
	t.Helper()
	u := &model.User{Username: name}
	must(t, s.InsertUser(ctx, u))
	return u
}
