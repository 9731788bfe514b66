package apptest

import (
	"context"
	"fmt"
	"maps"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// The nouns that tests make and change, by their models' names.
const (
	Source      = "authentik_sources_oauth.oauthsource"
	Provider    = "authentik_providers_oauth2.oauth2provider"
	Application = "authentik_core.application"
)

// WeChat is an app at the simulated Open Platform and the source that uses it.
type WeChat struct {
	// Account is the Open Platform account that the app is bound to at WeChat; "" for none.
	Account string
	// Label is the source's own name for that account.
	Label string
	// Change changes the source's settings; may be nil.
	Change map[string]any
}

// AddWeChat makes an app at the simulated WeChat, a source that uses it, and its button on the login page.
func (h *House) AddWeChat(slug string, w WeChat) wechatsim.App {
	h.t.Helper()
	registered, err := h.WeChat.AddApp(wechatsim.App{Name: slug, Domain: "127.0.0.1", Account: w.Account})
	must(h.t, err)
	h.Secrets.Add("the AppSecret", registered.Secret)
	s := h.App().Store.Snapshot()
	values := map[string]any{
		"name": "WeChat " + slug, "slug": slug, "provider_type": "wechat", "promoted": true,
		"consumer_key": registered.AppID, "consumer_secret": registered.Secret, "open_platform_account": w.Label,
		"authentication_flow": s.FlowBySlug("default-source-authentication").ID, "enrollment_flow": s.FlowBySlug("default-source-enrollment").ID,
		"authorization_url": h.WeChatURL + "/connect/qrconnect", "access_token_url": h.WeChatURL + "/sns/oauth2/access_token",
		"profile_url": h.WeChatURL + "/sns/userinfo",
	}
	maps.Copy(values, w.Change)
	h.Put(Source, slug, values)
	must(h.t, h.App().ShowSource(context.Background(), slug))
	return registered
}

// Put makes or changes an object.
func (h *House) Put(noun, key string, values map[string]any) {
	h.t.Helper()
	must(h.t, h.App().Put(context.Background(), noun, key, values))
}

// Remove deletes an object.
func (h *House) Remove(noun, key string) {
	h.t.Helper()
	must(h.t, h.App().Remove(context.Background(), noun, key))
}

// Person adds a person to the simulated WeChat.
func (h *House) Person(nickname string) wechatsim.User {
	h.t.Helper()
	u, err := h.WeChat.AddUser(wechatsim.User{Nickname: nickname})
	must(h.t, err)
	return u
}

// Owner gives the user who owns an identifier of a person at a source's app; nil if nobody does.
func (h *House) Owner(person string, a wechatsim.App) *model.User {
	h.t.Helper()
	ctx := context.Background()
	owners, err := h.App().Store.OwnersOf(ctx, []model.Identifier{
		{Kind: model.IdentifierOpenID, Namespace: a.AppID, Value: wechatsim.OpenID(person, a.AppID)},
	})
	must(h.t, err)
	if len(owners) == 0 {
		return nil
	}
	u, err := h.App().Store.User(ctx, owners[0].User)
	must(h.t, err)
	return u
}

// Connections gives a user's connections.
func (h *House) Connections(u *model.User) []*model.Connection {
	h.t.Helper()
	list, _, err := h.App().Store.ListConnections(context.Background(), store.List{
		Where: []store.Where{{Field: "user", Op: store.OpEq, Values: []string{fmt.Sprint(u.ID)}}},
	})
	must(h.t, err)
	return list
}

// Deactivate switches a user off, or on again.
func (h *House) Deactivate(u *model.User, off bool) {
	h.t.Helper()
	_, err := h.App().Store.UpdateUser(context.Background(), u.ID, func(u *model.User) error {
		u.IsActive = !off
		return nil
	})
	must(h.t, err)
}
