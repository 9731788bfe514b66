package api

import (
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

func (a *API) mountUsers() {
	const list, item = "/core/users/", "/core/users/{id}/"
	a.handle(http.MethodGet, list, (*call).listUsers)
	a.handle(http.MethodPost, list, (*call).createUser)
	a.handle(http.MethodGet, "/core/users/me/", (*call).me)
	a.handle(http.MethodGet, "/core/users/paths/", func(c *call) error {
		if err := c.need(access.View, resource.ModelUser); err != nil {
			return err
		}
		paths, err := c.Store.UserPaths(c.ctx())
		if err != nil {
			return err
		}
		return c.ok(row{"paths": append([]string{}, paths...)})
	})
	a.handle(http.MethodGet, item, func(c *call) error {
		id := model.UserID(c.number("id"))
		if err := access.May(c.by.Principal, access.View, resource.ModelUser, id); err != nil {
			return err
		}
		u, err := c.Store.User(c.ctx(), id)
		if err != nil {
			return err
		}
		return c.showUser(http.StatusOK, u)
	})
	a.handle(http.MethodPut, item, (*call).changeUser)
	a.handle(http.MethodPatch, item, (*call).changeUser)
	a.handle(http.MethodDelete, item, func(c *call) error {
		if err := c.Resources.DeleteUser(c.ctx(), c.by, model.UserID(c.number("id"))); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodPost, item+"set_password/", func(c *call) error {
		var body struct {
			Password model.Secret `json:"password" required:"true"`
		}
		if err := c.read(&body); err != nil {
			return err
		}
		if err := c.Resources.SetPassword(c.ctx(), c.by, model.UserID(c.number("id")), body.Password.Reveal()); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.bindingsUsing(resource.ModelUser) })
	a.handle(http.MethodPost, item+"recovery/", (*call).recovery)
	for _, later := range []string{item + "recovery_email/", item + "impersonate/", list + "service_account/", list + "export/"} {
		a.handle(http.MethodPost, later, func(*call) error { return errNotImplemented })
	}
	a.handle(http.MethodGet, list+"impersonate_end/", func(*call) error { return errNotImplemented })
}

var userFilters = map[string]where{
	"username": {"username", store.OpEq}, "name": {"name", store.OpEq}, "email": {"email", store.OpEq}, "uuid": {"uuid", store.OpEq},
	"path": {"path", store.OpEq}, "path_startswith": {"path", store.OpPrefix}, "type": {"type", store.OpIn}, "is_active": {"is_active", store.OpEq},
	"is_superuser": {"is_superuser", store.OpEq}, "groups_by_pk": {"groups_by_pk", store.OpIn}, "groups_by_name": {"groups_by_name", store.OpIn},
	"date_joined": {"date_joined", store.OpEq}, "date_joined__gt": {"date_joined", store.OpGt}, "date_joined__lt": {"date_joined", store.OpLt},
	"last_updated": {"last_updated", store.OpEq}, "last_updated__gt": {"last_updated", store.OpGt}, "last_updated__lt": {"last_updated", store.OpLt},
	"last_login": {"last_login", store.OpEq}, "last_login__gt": {"last_login", store.OpGt}, "last_login__lt": {"last_login", store.OpLt},
	"last_login__isnull": {"last_login", store.OpIsNull}, "pk": {"pk", store.OpIn}, "attributes": unsupported,
	"roles_by_pk": unsupported, "roles_by_name": unsupported,
}

func (c *call) listUsers() error {
	if err := c.need(access.View, resource.ModelUser); err != nil {
		return err
	}
	return listPeople(c, userFilters, c.Store.ListUsers, c.userRow)
}

func (c *call) createUser() error {
	body, err := c.body()
	if err != nil {
		return err
	}
	u, err := c.Resources.CreateUser(c.ctx(), c.by, body)
	if err != nil {
		return err
	}
	return c.showUser(http.StatusCreated, u)
}

func (c *call) changeUser() error {
	body, err := c.body()
	if err != nil {
		return err
	}
	u, err := c.Resources.ChangeUser(c.ctx(), c.by, model.UserID(c.number("id")), body, c.mode())
	if err != nil {
		return err
	}
	return c.showUser(http.StatusOK, u)
}

func (c *call) showUser(status int, u *model.User) error {
	out, err := c.userRow(u)
	if err != nil {
		return err
	}
	c.tag(resource.UserVersion(u, u.Groups))
	return c.send(status, out)
}

// userRow is a user as administrators see one. The groups are the direct ones.
func (c *call) userRow(u *model.User) (any, error) {
	groups := u.Groups
	if groups == nil {
		var err error
		if groups, err = c.Store.GroupsOf(c.ctx(), u.ID); err != nil {
			return nil, err
		}
		u.Groups = groups
	}
	ids, expanded := []model.GroupID{}, []any{}
	for _, g := range resource.DirectGroups(groups) {
		ids = append(ids, g.ID)
		expanded = append(expanded, partialGroup(&g.Group))
	}
	out := row{
		"pk": u.ID, "uuid": u.UUID, "uid": u.UID(c.s.Installation), "username": u.Username, "name": u.Name, "email": u.Email, "is_active": u.IsActive,
		"path": u.Path, "type": u.Type, "attributes": object(u.Attributes), "is_superuser": u.IsSuperuser(), "avatar": avatar(u),
		"last_login": u.LastLogin, "date_joined": u.DateJoined, "last_updated": u.LastUpdated, "password_change_date": u.PasswordChangeDate,
		"groups": ids, "groups_obj": expanded, "roles": []string{}, "roles_obj": []any{},
	}
	if q := c.r.URL.Query(); q.Has("include_groups") && !truth(q.Get("include_groups")) {
		out["groups_obj"] = nil
	}
	return out, nil
}

// partialUser is a user as groups and bindings name one.
func (c *call) partialUser(u *model.User) row {
	return row{
		"pk": u.ID, "username": u.Username, "name": u.Name, "is_active": u.IsActive, "last_login": u.LastLogin, "email": u.Email,
		"attributes": object(u.Attributes), "uid": u.UID(c.s.Installation),
	}
}

// me answers who asks.
func (c *call) me() error {
	u := c.by.User
	groups := []any{}
	for _, g := range resource.DirectGroups(u.Groups) {
		groups = append(groups, row{"name": g.Name, "pk": g.ID})
	}
	settings, ok := u.Attributes["settings"].(map[string]any)
	if !ok {
		settings = map[string]any{}
	}
	permissions := []string{}
	if c.by.Superuser() {
		permissions = append(permissions, "access_admin_interface", "view_system_info", "view_system_settings")
	}
	return c.ok(row{"user": row{
		"pk": u.ID, "username": u.Username, "name": u.Name, "is_active": u.IsActive, "is_superuser": u.IsSuperuser(), "groups": groups, "roles": []any{},
		"email": u.Email, "avatar": avatar(u), "uid": u.UID(c.s.Installation), "settings": settings, "type": u.Type, "system_permissions": permissions,
	}})
}

// bindingsUsing lists the policy bindings that name a user or a group.
func (c *call) bindingsUsing(noun string) error {
	if err := c.need(access.View, noun); err != nil {
		return err
	}
	out := []any{}
	for _, b := range c.s.PolicyBindings {
		if (b.User != nil && idText(*b.User) == c.param("id")) || (b.Group != nil && string(*b.Group) == c.param("id")) {
			out = append(out, row{"app": "authentik_policies", "model_name": "policybinding", "pk": b.ID, "name": string(b.ID), "action": "cascade"})
		}
	}
	return c.ok(out)
}

// avatar is the user's picture, else the first letter of their name, drawn without asking anybody.
func avatar(u *model.User) string {
	if picture := u.Avatar(); picture != "" {
		return picture
	}
	letter, _ := utf8.DecodeRuneInString(u.DisplayName())
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#5a6b7b"/>`+
		`<text x="32" y="43" font-family="sans-serif" font-size="32" fill="#fff" text-anchor="middle">%s</text></svg>`, html.EscapeString(string(letter)))
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(svg))
}

func object(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func idText[K ~int64](id K) string { return strconv.FormatInt(int64(id), 10) }
