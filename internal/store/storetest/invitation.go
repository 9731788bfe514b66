package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

func invitations(t *testing.T, s *store.Store) {
	ctx := t.Context()
	h, u := build(t, s), addUser(t, s, "u")
	i := &model.Invitation{
		Name: "guests", Expires: ptr(at(time.Hour)), FixedData: map[string]any{"email": "a@example.org"}, SingleUse: true, Flow: &h.flow.ID, CreatedBy: u.ID,
	}
	must(t, s.InsertInvitation(ctx, i))
	got, err := s.Invitation(ctx, i.ID)
	must(t, err)
	same(t, got, i)
	nobodys := &model.Invitation{Name: "open"}
	must(t, s.InsertInvitation(ctx, nobodys))
	same(t, model.CodeOf(s.InsertInvitation(ctx, &model.Invitation{Flow: ptr(model.FlowID("none"))})), model.CodeInvalid)

	changed, err := s.UpdateInvitation(ctx, nobodys.ID, func(i *model.Invitation) error {
		i.Name, i.CreatedBy, i.FixedData = "renamed", u.ID, map[string]any{"a": "b"}
		return nil
	})
	must(t, err)
	got, err = s.Invitation(ctx, nobodys.ID)
	must(t, err)
	same(t, got, changed)
	if got.Name != "renamed" || got.CreatedBy != 0 {
		t.Errorf("updated: %+v", got)
	}
	_, err = s.UpdateInvitation(ctx, "none", func(*model.Invitation) error { return nil })
	want(t, err, model.ErrNotFound)

	for field, value := range map[string]string{"name": "guests", "created_by__username": "u", "flow__slug": "flow", "single_use": "true"} {
		page, total, err := s.ListInvitations(ctx, store.List{Where: []store.Where{{Field: field, Op: store.OpEq, Values: []string{value}}}})
		must(t, err)
		if total != 1 || page[0].ID != i.ID {
			t.Errorf("by %s: %d", field, total)
		}
	}

	// An invitation to a flow that is gone must not become one to any flow.
	remove(t, s, h.flow)
	_, err = s.Invitation(ctx, i.ID)
	want(t, err, model.ErrNotFound)
	must(t, s.DeleteInvitation(ctx, nobodys.ID))
	want(t, s.DeleteInvitation(ctx, nobodys.ID), model.ErrNotFound)
	theirs := &model.Invitation{Name: "theirs", CreatedBy: u.ID}
	must(t, s.InsertInvitation(ctx, theirs))
	must(t, s.DeleteUser(ctx, u.ID))
	_, err = s.Invitation(ctx, theirs.ID)
	want(t, err, model.ErrNotFound)
}

func useInvitations(t *testing.T, s *store.Store) {
	ctx := t.Context()
	single, many := &model.Invitation{SingleUse: true, Expires: ptr(at(time.Minute))}, &model.Invitation{}
	late, lateMany := &model.Invitation{SingleUse: true, Expires: ptr(at(-time.Minute))}, &model.Invitation{Expires: ptr(at(-time.Minute))}
	for _, i := range []*model.Invitation{single, many, late, lateMany} {
		must(t, s.InsertInvitation(ctx, i))
	}
	once(t, model.CodeNotFound, func(ctx context.Context) error { return s.ConsumeInvitation(ctx, single.ID, at(0)) })
	same(t, race(t, "", func(ctx context.Context) error { return s.ConsumeInvitation(ctx, many.ID, at(0)) }), crowd)
	want(t, s.ConsumeInvitation(ctx, late.ID, at(0)), model.ErrNotFound)
	want(t, s.ConsumeInvitation(ctx, lateMany.ID, at(0)), model.ErrNotFound)
	want(t, s.ConsumeInvitation(ctx, "none", at(0)), model.ErrNotFound)
}

// flowTokens: a link that takes up a run is good for one use.
func flowTokens(t *testing.T, s *store.Store) {
	ctx := t.Context()
	h := build(t, s)
	k := &model.FlowToken{TokenHash: "h", Flow: h.flow.ID, Browser: "b", Plan: []byte("sealed"), Expires: at(time.Minute)}
	must(t, s.InsertFlowToken(ctx, k))
	got, err := s.FlowToken(ctx, "h")
	must(t, err)
	same(t, got, k)
	want(t, s.ConsumeFlowToken(ctx, "other", at(0)), model.ErrNotFound)
	want(t, s.ConsumeFlowToken(ctx, "h", at(time.Hour)), model.ErrNotFound)
	once(t, model.CodeNotFound, func(ctx context.Context) error { return s.ConsumeFlowToken(ctx, "h", at(0)) })
	got, err = s.FlowToken(ctx, "h")
	must(t, err)
	if got.ConsumedAt == nil {
		t.Error("the use of a link is not noted")
	}
	remove(t, s, h.flow)
	_, err = s.FlowToken(ctx, "h")
	want(t, err, model.ErrNotFound)
}

func groupConnections(t *testing.T, s *store.Store) {
	ctx := t.Context()
	h := build(t, s)
	g := &model.Group{Name: "g"}
	must(t, s.InsertGroup(ctx, g))
	found, err := s.GroupByName(ctx, "g")
	must(t, err)
	same(t, found.ID, g.ID)
	_, err = s.GroupByName(ctx, "G")
	want(t, err, model.ErrNotFound)

	a, b := &model.GroupConnection{Group: g.ID, Source: h.source.ID, Identifier: "A"}, &model.GroupConnection{Group: g.ID, Source: h.source.ID, Identifier: "B"}
	must(t, s.InsertGroupConnection(ctx, b))
	must(t, s.InsertGroupConnection(ctx, a))
	want(t, s.InsertGroupConnection(ctx, &model.GroupConnection{Group: g.ID, Source: h.source.ID, Identifier: "A"}), model.ErrConflict)
	got, err := s.GroupConnections(ctx, h.source.ID, []string{"A", "none", "B"})
	must(t, err)
	same(t, got, []*model.GroupConnection{a, b})
	got, err = s.GroupConnections(ctx, "none", []string{"A"})
	must(t, err)
	same(t, len(got), 0)
	got, err = s.GroupConnections(ctx, h.source.ID, nil)
	must(t, err)
	same(t, len(got), 0)
	got, err = s.GroupConnectionsOfSource(ctx, h.source.ID)
	must(t, err)
	same(t, len(got), 2)
	page, total, err := s.ListGroupConnections(ctx, store.List{Where: []store.Where{
		{Field: "group", Op: store.OpEq, Values: []string{string(g.ID)}}, {Field: "source__slug", Op: store.OpEq, Values: []string{"wechat"}},
	}})
	must(t, err)
	if total != 2 || page[0].ID != b.ID {
		t.Errorf("list: %d", total)
	}
	one, err := s.GroupConnection(ctx, a.ID)
	must(t, err)
	same(t, one, a)
	renamed, err := s.RenameGroupConnection(ctx, a.ID, "C")
	must(t, err)
	if renamed.ID != a.ID || renamed.Identifier != "C" || renamed.LastUpdated.Before(a.LastUpdated) {
		t.Errorf("renamed: %+v", renamed)
	}
	_, err = s.RenameGroupConnection(ctx, a.ID, "B")
	want(t, err, model.ErrConflict)
	_, err = s.RenameGroupConnection(ctx, 999, "X")
	want(t, err, model.ErrNotFound)
	must(t, s.DeleteGroupConnection(ctx, a.ID))
	want(t, s.DeleteGroupConnection(ctx, a.ID), model.ErrNotFound)
	remove(t, s, h.source)
	_, err = s.GroupConnection(ctx, b.ID)
	want(t, err, model.ErrNotFound)
	must(t, s.DeleteGroup(ctx, g.ID))
}

func promptsAndSettings(t *testing.T, s *store.Store) {
	if diff := s.Snapshot().Settings; diff == nil {
		t.Fatal("no settings")
	}
	same(t, s.Snapshot().Settings, model.NewSettings())
	p := model.NewPrompt()
	p.Name, p.FieldKey, p.Label, p.Type, p.Order = "e-mail", "email", "邮箱", "email", 10
	v := *model.NewSettings()
	v.EventRetention, v.DefaultUserChangeUsername = "days=30", true
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error {
		if err := tx.Put(ctx, &p); err != nil {
			return err
		}
		return tx.Put(ctx, &v)
	}))
	kept := func() {
		t.Helper()
		same(t, s.Snapshot().Prompts[p.ID], &p)
		same(t, s.Snapshot().Settings, &v)
	}
	kept()
	must(t, s.Load(t.Context()))
	kept()
	v.Avatars = "none"
	if s.Snapshot().Settings.Avatars == "none" {
		t.Error("the snapshot shares memory with the caller")
	}
	again := p
	again.ID = ""
	err := change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, &again) })
	wantField(t, err, model.CodeConflict, "name")
	if err := change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Delete(ctx, &v) }); err == nil {
		t.Error("the settings were deleted")
	}
	snap := remove(t, s, &p)
	same(t, len(snap.Prompts), 0)
	same(t, snap.Settings.EventRetention, model.Duration("days=30"))
}
