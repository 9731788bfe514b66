package storetest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

func users(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := &model.User{
		Username: "张三", Name: "🀄 \x01 raw", Email: "z@example.org", IsActive: true, Path: "users/wechat", Type: model.UserExternal,
		Attributes:   map[string]any{"upn": "z@corp", "age": json.Number("10"), "list": []any{"a", nil}},
		PasswordHash: "$argon2id$", LastLogin: ptr(at(-time.Hour)), DateJoined: at(-2 * time.Hour), PasswordChangeDate: at(0),
	}
	must(t, s.InsertUser(ctx, u))
	if u.ID == 0 || len(u.UUID) != 36 {
		t.Errorf("id %d, uuid %q", u.ID, u.UUID)
	}
	got, err := s.User(ctx, u.ID)
	must(t, err)
	same(t, got, u)
	got, err = s.UserByUsername(ctx, "张三")
	must(t, err)
	same(t, got.ID, u.ID)

	wantField(t, s.InsertUser(ctx, &model.User{Username: "张三"}), model.CodeConflict, "username")
	other := addUser(t, s, "other")
	_, err = s.UpdateUser(ctx, other.ID, func(o *model.User) error {
		o.Username = "张三"
		return nil
	})
	wantField(t, err, model.CodeConflict, "username")

	updated, err := s.UpdateUser(ctx, u.ID, func(u *model.User) error {
		u.Name, u.IsActive, u.LastLogin = "Zhang", false, nil
		return nil
	})
	must(t, err)
	got, err = s.User(ctx, u.ID)
	must(t, err)
	same(t, got, updated)
	if got.Name != "Zhang" || got.IsActive || got.LastLogin != nil {
		t.Errorf("got %+v", got)
	}

	paths, err := s.UserPaths(ctx)
	must(t, err)
	same(t, paths, []string{"users", "users/wechat"})

	must(t, s.DeleteUser(ctx, u.ID))
	_, err = s.User(ctx, u.ID)
	want(t, err, model.ErrNotFound)
	want(t, s.DeleteUser(ctx, u.ID), model.ErrNotFound)
	_, err = s.UpdateUser(ctx, u.ID, func(*model.User) error { return nil })
	want(t, err, model.ErrNotFound)
	if next := addUser(t, s, "next"); next.ID <= other.ID {
		t.Errorf("id %d was given again", next.ID)
	}
}

func findUser(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "Anna")
	_, err := s.UpdateUser(ctx, u.ID, func(u *model.User) error {
		u.Attributes = map[string]any{"upn": "ÄNNA@corp"}
		return nil
	})
	must(t, err)
	addUser(t, s, "bert")
	all := []string{"username", "email", "upn"}
	for _, tt := range []struct {
		name   string
		fields []string
		value  string
		fold   bool
		found  bool
	}{
		{"the username as written", all, "Anna", false, true},
		{"the username in another case", all, "aNNA", true, true},
		{"case matters where it is to matter", all, "aNNA", false, false},
		{"the e-mail address", all, "anna@EXAMPLE.org", true, true},
		{"the upn beyond ASCII", all, "änna@corp", true, true},
		{"a field that does not count", []string{"username"}, "Anna@example.org", true, false},
		{"an empty value is nobody", all, "", true, false},
		{"no field is nobody", nil, "Anna", true, false},
	} {
		got, err := s.FindUser(ctx, tt.fields, tt.value, tt.fold)
		switch {
		case !tt.found:
			want(t, err, model.ErrNotFound)
		case err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case got.ID != u.ID:
			t.Errorf("%s: found %d", tt.name, got.ID)
		}
	}
	// Of two, the first by id.
	addUser(t, s, "anna")
	got, err := s.FindUser(ctx, all, "ANNA", true)
	must(t, err)
	same(t, got.ID, u.ID)
}

func listUsers(t *testing.T, s *store.Store) {
	ctx := t.Context()
	for i := range 25 {
		addUser(t, s, fmt.Sprintf("user%02d", i))
	}
	names := func(l store.List) []string {
		t.Helper()
		page, total, err := s.ListUsers(ctx, l)
		must(t, err)
		out := []string{fmt.Sprint(total)}
		for _, u := range page {
			out = append(out, u.Username)
		}
		return out
	}
	same(t, names(store.List{Limit: 2}), []string{"25", "user00", "user01"})
	same(t, names(store.List{Limit: 2, Offset: 24}), []string{"25", "user24"})
	same(t, names(store.List{Limit: 2, Offset: 50}), []string{"25"})
	same(t, names(store.List{Limit: 1, Order: []string{"nonsense", "-username"}}), []string{"25", "user24"})
	same(t, names(store.List{Search: "USER0%"}), []string{"0"})
	same(t, names(store.List{Search: "NAME OF USER07"}), []string{"1", "user07"})
	same(t, names(store.List{Where: []store.Where{{Field: "username", Op: store.OpIn, Values: []string{"user03", "user01"}}}}), []string{"2", "user01", "user03"})
	same(t, names(store.List{Where: []store.Where{{Field: "username", Op: store.OpPrefix, Values: []string{"user2"}}}, Limit: 1}), []string{"5", "user20"})
	same(t, names(store.List{Where: []store.Where{{Field: "username", Op: store.OpContains, Values: []string{"R2"}}}, Limit: 1}), []string{"5", "user20"})
	same(t, names(store.List{Where: []store.Where{{Field: "last_login", Op: store.OpIsNull, Values: []string{"false"}}}}), []string{"0"})
	same(t, names(store.List{Where: []store.Where{{Field: "username", Op: store.OpIn}}}), []string{"0"})
	same(t, names(store.List{Where: []store.Where{
		{Field: "date_joined", Op: store.OpLt, Values: []string{at(-time.Hour).Format(time.RFC3339)}}, {Field: "is_active", Op: store.OpEq, Values: []string{"true"}},
	}}), []string{"0"})
	_, _, err := s.ListUsers(ctx, store.List{Where: []store.Where{{Field: "password_hash", Op: store.OpEq, Values: []string{"x"}}}})
	same(t, model.CodeOf(err), model.CodeInternal)
	_, _, err = s.ListUsers(ctx, store.List{Where: []store.Where{{Field: "pk", Op: store.OpEq, Values: []string{"x"}}}})
	wantField(t, err, model.CodeInvalid, "pk")
}

func groups(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u, v := addUser(t, s, "u"), addUser(t, s, "v")
	top := &model.Group{Name: "top", IsSuperuser: true, Attributes: map[string]any{"a": "b"}}
	must(t, s.InsertGroup(ctx, top))
	middle := &model.Group{Name: "middle", Parents: []model.GroupID{top.ID}}
	must(t, s.InsertGroup(ctx, middle))
	low := &model.Group{Name: "low", Parents: []model.GroupID{middle.ID}, Users: []model.UserID{u.ID}}
	must(t, s.InsertGroup(ctx, low))
	wantField(t, s.InsertGroup(ctx, &model.Group{Name: "low"}), model.CodeConflict, "name")

	got, err := s.GroupsOf(ctx, u.ID)
	must(t, err)
	all, err := s.GroupsOfAll(ctx, []model.UserID{u.ID, v.ID})
	must(t, err)
	same(t, all, map[model.UserID][]model.UserGroup{u.ID: got})
	var names []string
	for _, g := range got {
		names = append(names, fmt.Sprintf("%s %t %t", g.Name, g.Direct, g.IsSuperuser))
	}
	same(t, names, []string{"low true false", "middle false false", "top false true"})
	n, err := s.CountActiveSuperusers(ctx)
	must(t, err)
	same(t, n, 1)
	page, total, err := s.ListUsers(ctx, store.List{Where: []store.Where{{Field: "is_superuser", Op: store.OpEq, Values: []string{"true"}}}})
	must(t, err)
	if total != 1 || page[0].ID != u.ID {
		t.Errorf("superusers: %d", total)
	}

	_, err = s.UpdateGroup(ctx, top.ID, func(g *model.Group) error {
		g.Parents = []model.GroupID{low.ID}
		return nil
	})
	wantField(t, err, model.CodeInvalid, "parents")
	_, err = s.UpdateGroup(ctx, low.ID, func(g *model.Group) error {
		g.Parents, g.Users = nil, []model.UserID{v.ID}
		return nil
	})
	must(t, err)
	g, err := s.Group(ctx, low.ID)
	must(t, err)
	same(t, *g, model.Group{ID: low.ID, NumPK: low.NumPK, Name: "low", Attributes: map[string]any{}, Parents: []model.GroupID{}})
	members, err := s.MembersOf(ctx, low.ID, top.ID)
	must(t, err)
	same(t, members, map[model.GroupID][]model.UserID{low.ID: {v.ID}})
	if low.NumPK < 1000 || low.NumPK > 99999 {
		t.Errorf("num_pk %d", low.NumPK)
	}

	must(t, s.AddUserToGroup(ctx, low.ID, u.ID))
	must(t, s.AddUserToGroup(ctx, low.ID, u.ID))
	found, err := s.RemoveUserFromGroup(ctx, low.ID, u.ID)
	must(t, err)
	again, err := s.RemoveUserFromGroup(ctx, low.ID, u.ID)
	must(t, err)
	if !found || again {
		t.Errorf("found %v, again %v", found, again)
	}
	same(t, model.CodeOf(s.AddUserToGroup(ctx, "none", u.ID)), model.CodeInvalid)
	must(t, s.SetUserGroups(ctx, u.ID, []model.GroupID{top.ID, middle.ID, top.ID}))
	must(t, s.SetGroupUsers(ctx, top.ID, []model.UserID{v.ID}))
	list, total, err := s.ListGroups(ctx, store.List{Where: []store.Where{{Field: "members_by_username", Op: store.OpEq, Values: []string{"v"}}}})
	must(t, err)
	if total != 2 || list[0].Name != "low" {
		t.Errorf("list: %d %+v", total, list)
	}
	counted, counter := store.CountStatements(ctx)
	_, err = s.UpdateGroup(counted, top.ID, func(g *model.Group) error {
		g.Attributes = map[string]any{"a": "c"} // which says nothing about members
		return nil
	})
	must(t, err)
	same(t, counter.Statements(), 3) // lock, read, write: members are neither read nor written
	members, err = s.MembersOf(ctx, top.ID)
	must(t, err)
	same(t, members[top.ID], []model.UserID{v.ID})
	memberships(t, s, top.ID)
	must(t, s.DeleteGroup(ctx, middle.ID))
	want(t, s.DeleteGroup(ctx, middle.ID), model.ErrNotFound)
	got, err = s.GroupsOf(ctx, u.ID)
	must(t, err)
	same(t, len(got), 0)
}

// memberships sets many members, and counts them.
func memberships(t *testing.T, s *store.Store, g model.GroupID) {
	ctx := t.Context()
	var all []model.UserID
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		for i := range 1201 {
			u := &model.User{Username: fmt.Sprintf("member%d", i)}
			if err := s.InsertUser(ctx, u); err != nil {
				return err
			}
			all = append(all, u.ID)
		}
		return nil
	}))
	for _, users := range [][]model.UserID{all, append(slices.Clone(all[600:]), all[:100]...), all[:5], all, {}} {
		must(t, s.SetGroupUsers(ctx, g, users))
		members, err := s.MembersOf(ctx, g)
		must(t, err)
		same(t, len(members[g]), len(users))
		for _, u := range users {
			if !slices.Contains(members[g], u) {
				t.Errorf("%d is no member", u)
			}
		}
		counts, err := s.CountMembers(ctx, g, "none")
		must(t, err)
		same(t, counts[g], len(users))
	}
}

func tokens(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "u")
	tok := &model.Token{
		Identifier: "api", Intent: model.IntentAPI, User: u.ID, Description: "d", Expires: ptr(at(time.Hour)), Expiring: true,
		Managed: ptr("m"), KeyHash: "hash", KeySealed: "sealed",
	}
	must(t, s.InsertToken(ctx, tok))
	got, user, err := s.TokenByKeyHash(ctx, "hash")
	must(t, err)
	same(t, got, tok)
	same(t, user.ID, u.ID)
	wantField(t, s.InsertToken(ctx, &model.Token{Identifier: "api", User: u.ID, KeyHash: "h"}), model.CodeConflict, "identifier")
	_, err = s.UpdateToken(ctx, tok.ID, func(x *model.Token) error {
		x.KeyHash, x.Expires, x.Expiring = "new", nil, false
		return nil
	})
	must(t, err)
	_, _, err = s.TokenByKeyHash(ctx, "hash")
	want(t, err, model.ErrNotFound)
	got, err = s.TokenByIdentifier(ctx, "api")
	must(t, err)
	if got.Expires != nil || got.KeyHash != "new" {
		t.Errorf("got %+v", got)
	}
	page, total, err := s.ListTokens(ctx, store.List{Search: "AP", Where: []store.Where{{Field: "user__username", Op: store.OpEq, Values: []string{"u"}}}})
	must(t, err)
	if total != 1 || page[0].ID != tok.ID {
		t.Errorf("list: %d", total)
	}
	must(t, s.DeleteToken(ctx, tok.ID))
	want(t, s.DeleteToken(ctx, tok.ID), model.ErrNotFound)
}

func consents(t *testing.T, s *store.Store) {
	ctx := t.Context()
	h, u := build(t, s), addUser(t, s, "u")
	c := &model.Consent{User: u.ID, Application: h.app.ID, Permissions: []string{"a b", "c"}, Expires: ptr(at(time.Hour)), Expiring: true}
	must(t, s.SaveConsent(ctx, c))
	got, err := s.Consent(ctx, u.ID, h.app.ID)
	must(t, err)
	same(t, got, c)
	second := &model.Consent{User: u.ID, Application: h.app.ID}
	must(t, s.SaveConsent(ctx, second))
	same(t, second.ID, c.ID)
	all, err := s.ListConsents(ctx, u.ID)
	must(t, err)
	if len(all) != 1 || len(all[0].Permissions) != 0 || all[0].Expires != nil {
		t.Errorf("got %+v", all)
	}
	must(t, s.DeleteConsent(ctx, c.ID))
	want(t, s.DeleteConsent(ctx, c.ID), model.ErrNotFound)
	_, err = s.Consent(ctx, u.ID, h.app.ID)
	want(t, err, model.ErrNotFound)
}

func events(t *testing.T, s *store.Store) {
	ctx := t.Context()
	var all []*model.Event
	for i := range 7 {
		all = append(all, &model.Event{
			Action: model.ActionLogin, App: "authentik.core", User: &model.EventUser{ID: 5, Username: "gone", Email: "g@example.org"},
			Context: map[string]any{"n": json.Number(fmt.Sprint(i)), "said": "微信 says " + fmt.Sprint(i)}, ClientIP: "192.0.2.1",
			Created: at(time.Duration(i) * time.Second), Expires: at(time.Hour),
		})
	}
	all[3].Action, all[3].SupportCode, all[3].User = model.ActionLoginFailed, "ABCD", nil
	must(t, s.InsertEvents(ctx, all[0]))
	must(t, s.InsertEvents(ctx, all[1:]...))
	must(t, s.InsertEvents(ctx))
	for _, e := range []*model.Event{all[0], all[3]} {
		got, err := s.Event(ctx, e.ID)
		must(t, err)
		same(t, got, e)
	}
	_, err := s.Event(ctx, "none")
	want(t, err, model.ErrNotFound)
	find := func(l store.List) []model.EventID {
		t.Helper()
		page, _, err := s.ListEvents(ctx, l)
		must(t, err)
		var ids []model.EventID
		for _, e := range page {
			ids = append(ids, e.ID)
		}
		return ids
	}
	same(t, find(store.List{Limit: 2}), []model.EventID{all[6].ID, all[5].ID})
	same(t, find(store.List{Limit: 1, Order: []string{"created"}}), []model.EventID{all[0].ID})
	same(t, find(store.List{Where: []store.Where{{Field: "support_code", Op: store.OpEq, Values: []string{"ABCD"}}}}), []model.EventID{all[3].ID})
	same(t, len(find(store.List{Where: []store.Where{{Field: "username", Op: store.OpEq, Values: []string{"gone"}}}})), 6)

	logins, err := s.RecentLogins(ctx, &model.User{ID: 5, Username: "gone"}, 4)
	must(t, err)
	same(t, logins, []*model.Event{all[6], all[5], all[4], all[2]})
	for _, other := range []*model.User{{ID: 6, Username: "gone"}, {ID: 5, Username: "other"}, {}} {
		logins, err := s.RecentLogins(ctx, other, 4)
		must(t, err)
		same(t, len(logins), 0)
	}

	// PostgreSQL refuses to index more than a few thousand bytes, and expressions record what they like.
	long := ""
	for range 400 {
		long += rand.Text()
	}
	longest := &model.Event{
		Action: model.ActionConfigurationWarning, App: "a", Context: map[string]any{"reason": long}, Source: long, Application: long, Reason: long, Created: at(0), Expires: at(0),
	}
	must(t, s.InsertEvents(ctx, longest))
	longest.Source, longest.Application, longest.Reason = "", "", ""
	got, err := s.Event(ctx, longest.ID)
	must(t, err)
	same(t, got, longest)
}

// updatesAtOnce counts in an attribute.
func updatesAtOnce(t *testing.T, s *store.Store) {
	u := addUser(t, s, "u")
	n := race(t, "", func(ctx context.Context) error {
		_, err := s.UpdateUser(ctx, u.ID, func(u *model.User) error {
			u.Name += "x"
			return nil
		})
		return err
	})
	got, err := s.User(t.Context(), u.ID)
	must(t, err)
	if n != crowd || len(got.Name) != len(u.Name)+crowd {
		t.Errorf("%d updates, name %q", n, got.Name)
	}
}
