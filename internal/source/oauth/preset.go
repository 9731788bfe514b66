package oauth

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// presetLimit is the most that an answer to a preset may hold, in bytes.
const presetLimit = 256 << 10

// Preset is an upstream that speaks plain OAuth 2.0 and differs from others only in addresses, scopes and the names of claims.
type Preset struct {
	Info
	// Scopes are asked for unless the source's settings replace them.
	Scopes []string
	// ClientAuth is how this upstream wants the client credentials; "" leaves the choice to the source's settings.
	ClientAuth string
	// More adds to the profile what the upstream keeps at other addresses. May be nil.
	More func(ctx context.Context, get Get, profileURL string, p Profile) error
	// Gives names the properties that Account may give.
	Gives []string
	// EmailVerified says that an e-mail address that Account gives is one that the upstream has verified.
	EmailVerified bool
	// Account reads the profile: the id that stays with the person for good, and the user's properties.
	Account func(p Profile) (id string, properties map[string]any)
}

// Get asks the upstream for a JSON document in the person's name.
type Get func(ctx context.Context, address string) (any, error)

// Type makes the preset a type.
func (p Preset) Type() Type {
	return Type{Info: p.Info, Gives: p.Gives, Open: func(s Settings) (source.Driver, error) {
		auth := p.ClientAuth
		if auth == "" {
			auth = s.AuthorizationCodeAuthMethod
		}
		pkce := s.PKCE
		if !p.URLsCustomizable {
			pkce = PKCENone
		}
		return &presetDriver{preset: p, CodeFlow: CodeFlow{
			Settings: s, Addresses: p.Addresses(s.Config), Scopes: p.Scopes, PKCE: pkce, ClientAuth: auth,
			Upstream: Upstream{Prefix: "oauth", Title: p.VerboseName, Client: s.Client, Limit: presetLimit},
		}}, nil
	}}
}

type presetDriver struct {
	CodeFlow
	preset Preset
}

var (
	_ source.Driver  = (*presetDriver)(nil)
	_ source.Checker = (*presetDriver)(nil)
)

// Begin implements source.Driver.
func (d *presetDriver) Begin(_ context.Context, b source.Begin) (source.Departure, error) {
	return d.Depart(b, nil)
}

// Finish implements source.Driver.
func (d *presetDriver) Finish(ctx context.Context, r source.Return) (*source.Account, error) {
	ctx, cancel := d.Within(ctx)
	defer cancel()
	began := time.Now()
	token, err := d.Redeem(ctx, r)
	if err != nil {
		return nil, err
	}
	redeemed := time.Now()
	document, err := d.Fetch(ctx, token, d.Profile)
	if err != nil {
		return nil, err
	}
	fields, _ := document.(map[string]any)
	profile := Profile(fields)
	if d.preset.More != nil && profile != nil {
		get := func(ctx context.Context, address string) (any, error) { return d.Fetch(ctx, token, address) }
		if err := d.preset.More(ctx, get, d.Profile, profile); err != nil {
			return nil, err
		}
	}
	calls := source.TokenThenProfile(began, redeemed, time.Now())
	id, properties := d.preset.Account(profile)
	if id == "" {
		return nil, d.Refuse(model.CodeUpstream, "no_subject", d.Title+" did not say who the person is.")
	}
	identifier, err := OwnIdentifier(r, id)
	if err != nil {
		return nil, err
	}
	return &source.Account{
		Identifiers: []model.Identifier{identifier}, Properties: properties, EmailVerified: d.preset.EmailVerified, Info: profile, Token: token.Known, Calls: calls,
	}, nil
}

// OwnIdentifier is an identifier that only the source that the browser left from knows. Without a source it is an error: in a namespace that all sources share, one upstream
// could pass its people off as another's.
func OwnIdentifier(r source.Return, value string) (model.Identifier, error) {
	if r.SourceID == "" {
		return model.Identifier{}, &model.Error{Code: model.CodeInternal, Message: "return without a source"}
	}
	return model.Identifier{Kind: model.IdentifierSubject, Namespace: string(r.SourceID), Value: value}, nil
}

// Check implements source.Checker.
func (d *presetDriver) Check(ctx context.Context, callbackURL string) []source.Finding {
	return d.Probe(ctx, callbackURL)
}
