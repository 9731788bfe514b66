package storetest

import (
	"context"
	"testing"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

func entitlements(t *testing.T, s *store.Store) {
	h := build(t, s)
	put := func(e *model.ApplicationEntitlement) error {
		return change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, e) })
	}
	other := model.NewApplication()
	other.Name, other.Slug = "Other", "other"
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, &other) }))
	editor, reader, elsewhere := model.NewApplicationEntitlement(), model.NewApplicationEntitlement(), model.NewApplicationEntitlement()
	editor.App, editor.Name, editor.Attributes = h.app.ID, "编辑", map[string]any{"spaces": []any{"desk"}}
	reader.App, reader.Name = h.app.ID, "A reader"
	elsewhere.App, elsewhere.Name = other.ID, editor.Name
	must(t, put(&editor))
	must(t, put(&reader))
	must(t, put(&elsewhere))
	bind(t, s, h, model.TargetID(editor.ID))
	bind(t, s, h, model.TargetID(reader.ID))
	bound := len(s.Snapshot().PolicyBindings)

	kept := func() {
		t.Helper()
		same(t, s.Snapshot().EntitlementsOf(h.app.ID), []*model.ApplicationEntitlement{&reader, &editor})
		same(t, s.Snapshot().EntitlementsOf(other.ID), []*model.ApplicationEntitlement{&elsewhere})
	}
	kept()
	must(t, s.Load(t.Context()))
	kept()

	again, lost := model.NewApplicationEntitlement(), model.NewApplicationEntitlement()
	again.App, again.Name = h.app.ID, editor.Name
	wantField(t, put(&again), model.CodeConflict, "non_field_errors")
	lost.App, lost.Name = "none", "lost"
	wantField(t, put(&lost), model.CodeInvalid, "app")

	snap := remove(t, s, &reader)
	same(t, len(snap.PolicyBindings), bound-1)
	snap = remove(t, s, h.app)
	same(t, len(snap.Entitlements), 1)
	for _, b := range snap.PolicyBindings {
		if b.Target == model.TargetID(editor.ID) {
			t.Error("a binding on an entitlement outlives the application")
		}
	}
	must(t, s.Load(t.Context()))
	same(t, s.Snapshot().EntitlementsOf(other.ID), []*model.ApplicationEntitlement{&elsewhere})
}
