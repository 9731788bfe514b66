package wechat

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// account makes an account of the profile.
func (d *driver) account(r source.Return, g grant, p oauth.Profile) (*source.Account, error) {
	identifiers, err := d.identifiers(r, p.Text("openid"), p.Text("unionid"))
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"errcode", "errmsg", "access_token", "refresh_token"} {
		delete(p, name)
	}
	return &source.Account{
		Identifiers: identifiers,
		Properties: map[string]any{
			"username": identifiers[0].Value,
			"name":     oauth.OrNil(oauth.DisplayName(p.Text("nickname"))),
			"email":    nil, // WeChat gives none
			"attributes": map[string]any{
				"headimgurl": oauth.OrNil(avatar(p.Text("headimgurl"))),
				"sex":        p["sex"],
				"city":       p["city"],
				"province":   p["province"],
				"country":    p["country"],
				"unionid":    p["unionid"],
				"openid":     p["openid"],
			},
		},
		Info:  p,
		Token: map[string]any{"openid": g.openID, "scope": g.scope, "expires_in": g.expiresIn},
	}, nil
}

// identifiers are the unionid, if there is one, and the openid. A unionid counts for all sources with the same label, or for this source alone.
func (d *driver) identifiers(r source.Return, openID, unionID string) ([]model.Identifier, error) {
	app := d.openID(openID)
	if unionID == "" {
		return []model.Identifier{app}, nil
	}
	if d.OpenPlatformAccount == "" && r.SourceID == "" {
		return nil, &model.Error{Code: model.CodeInternal, Message: "return without a source"}
	}
	return []model.Identifier{d.unionID(r.SourceID, unionID), app}, nil
}

func (d *driver) openID(value string) model.Identifier {
	return model.Identifier{Kind: model.IdentifierOpenID, Namespace: d.ConsumerKey, Value: value}
}

func (d *driver) unionID(id model.SourceID, value string) model.Identifier {
	namespace := "account:" + d.OpenPlatformAccount
	if d.OpenPlatformAccount == "" {
		namespace = "source:" + string(id)
	}
	return model.Identifier{Kind: model.IdentifierUnionID, Namespace: namespace, Value: value}
}

// IdentifiersOf takes a value for either, because the two cannot be told apart by their shape. The next sign-in replaces the one that it was not.
func (d *driver) IdentifiersOf(id model.SourceID, value string) []model.Identifier {
	return []model.Identifier{d.unionID(id, value), d.openID(value)}
}

// avatar is the picture's address with https, "" if there is none. WeChat gives http now and then, and serves both. An address of this machine stays as it is: it is the
// simulator's.
func avatar(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || len(address) > 2048 {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http":
		if ip, err := netip.ParseAddr(u.Hostname()); u.Hostname() != "localhost" && (err != nil || !ip.IsLoopback()) {
			u.Scheme = "https"
		}
		return u.String()
	case "https":
		return u.String()
	}
	return ""
}
