package oauth2

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// issuer is the last stage of an authorization: it issues the code and sends the browser back to the client.
type issuer struct{ server *Server }

var _ stage.Driver = (*issuer)(nil)

// Enter issues the code. The client is looked at again: while the person read the consent page it may have changed.
func (i *issuer) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	s := i.server
	g, ok := slotGrant.Get(v.Context)
	if !ok || !v.SignedIn() {
		return stage.Refuse{Err: model.Refuse(model.CodeExpired, "flow.expired", "The authorization has lost its request.")}, nil
	}
	c, err := s.byProvider(v.Snapshot, g.Provider)
	if err != nil && !errors.Is(err, errNoClient) {
		return nil, err
	}
	if c == nil || !c.redirects.allow(g.RedirectURI) {
		return stage.Refuse{Err: model.Refuse(model.CodeExpired, "oauth2.redirect_uri", "The client was changed meanwhile.")}, nil
	}
	code, now := keypair.NewToken(32), s.now()
	stored := &model.AuthorizationCode{
		CodeHash: keypair.Hash(code), Grant: uuid.Must(uuid.NewV7()).String(), Provider: g.Provider, User: v.User.ID, Session: v.Session.ID,
		RedirectURI: g.RedirectURI, Scopes: c.granted(g.Scopes), Nonce: g.Nonce, Challenge: g.Challenge, Method: g.Method,
		AuthTime: v.Session.AuthTime, AuthMethod: v.Session.AuthMethod, Created: now, Expires: now.Add(c.codeValid),
	}
	v.Write(func(ctx context.Context) error { return s.Store.InsertAuthorizationCode(ctx, stored) })
	v.Record(event.New(model.ActionAuthorizeApplication, appName, v.Visitor, map[string]any{
		"authorized_application": map[string]any{"pk": string(c.app.ID), "name": c.app.Name, "slug": c.app.Slug}, "flow": v.Flow.Slug,
		"scopes": stored.Scopes,
	}))
	return stage.Leave{URL: s.location(g.answer(c.issuer, map[string]string{"code": code}), c.codeValid)}, nil
}

// Submit is never called: this stage asks nothing.
func (i *issuer) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return i.Enter(ctx, v)
}
