package wechat

import (
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// departure is the address of the QR page. The parameters stand in the order of WeChat's documentation: its servers have been seen to match the address by a regular
// expression, and its apps look for the fragment.
func (d *driver) departure(b source.Begin) string {
	lang := "cn"
	if b.Locale == "en" {
		lang = "en"
	}
	return withQuery(d.addresses.Authorization, []pair{
		{"appid", d.ConsumerKey},
		{"redirect_uri", b.CallbackURL},
		{"response_type", "code"},
		{"scope", d.scope()},
		{"state", b.State},
		{"lang", lang}, // not the values of sns/userinfo
	}) + "#wechat_redirect"
}

// scope is snsapi_login and what the settings add, separated by commas. Only a replacement takes snsapi_login away; an empty one does not, because without a
// scope WeChat shows an error page.
func (d *driver) scope() string {
	const login = "snsapi_login"
	if scopes := oauth.Scopes([]string{login}, d.AdditionalScopes); len(scopes) > 0 {
		return strings.Join(scopes, ",")
	}
	return login
}

// pair is a parameter of a query.
type pair struct{ name, value string }

// withQuery adds parameters to an address in the order given; url.Values would sort them.
func withQuery(address string, pairs []pair) string {
	var b strings.Builder
	b.WriteString(address)
	separator := byte('?')
	if strings.Contains(address, "?") {
		separator = '&'
	}
	for _, p := range pairs {
		b.WriteByte(separator)
		b.WriteString(p.name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(p.value))
		separator = '&'
	}
	return b.String()
}
