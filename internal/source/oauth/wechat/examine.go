package wechat

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/weimen-id/weimen/internal/source"
)

var _ source.Examiner = (*driver)(nil)

// The usual shapes of an AppID and an AppSecret. They are seen everywhere and promised nowhere, so that another shape is a warning only.
var (
	appIDShape     = regexp.MustCompile(`^wx[0-9a-f]{16}$`)
	appSecretShape = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// Examine looks at the shapes of AppID and AppSecret, and whether WeChat can take our public address as a callback domain (授权回调域): a registered name, exactly, without a
// port. A source with addresses of its own does not lead to WeChat's page, which is where the domain counts.
func (d *driver) Examine(public *url.URL) []source.Finding {
	var out []source.Finding
	if d.ConsumerKey != "" {
		out = append(out, shaped("wechat.app_id", appIDShape.MatchString(d.ConsumerKey)))
	}
	if secret := d.ConsumerSecret.Reveal(); secret != "" {
		out = append(out, shaped("wechat.app_secret", appSecretShape.MatchString(secret)))
	}
	if d.addresses.Authorization != authorizationURL {
		host := d.addresses.Authorization
		if u, err := url.Parse(host); err == nil {
			host = u.Host
		}
		return append(out, source.Finding{Code: "wechat.own_addresses", Level: source.LevelInfo, Args: map[string]string{"host": host}})
	}
	return append(out, examinePublic(public)...)
}

// shaped is the finding about the shape of a value.
func shaped(what string, fits bool) source.Finding {
	if fits {
		return source.Finding{Code: what + "_shape", Level: source.LevelOK}
	}
	return source.Finding{Code: what + "_odd", Level: source.LevelWarning}
}

// examinePublic says what keeps WeChat from sending browsers back to our address; where nothing does, which callback domain to register.
func examinePublic(public *url.URL) []source.Finding {
	host := strings.ToLower(public.Hostname())
	args := map[string]string{"address": public.Scheme + "://" + public.Host, "host": host}
	var out []source.Finding
	fault := func(code string, level source.Level) {
		out = append(out, source.Finding{Code: code, Level: level, Args: args})
	}
	_, err := netip.ParseAddr(host)
	switch {
	case host == "localhost" || strings.HasSuffix(host, ".localhost"):
		fault("wechat.public_localhost", source.LevelError)
	case err == nil:
		fault("wechat.public_ip", source.LevelError)
	case !strings.Contains(host, "."):
		fault("wechat.public_name", source.LevelError)
	}
	if port := public.Port(); port != "" && port != defaultPort(public.Scheme) {
		fault("wechat.public_port", source.LevelError)
	}
	if public.Scheme != "https" {
		fault("wechat.public_http", source.LevelWarning) // WeChat takes it, but the code travels in clear
	}
	if len(out) == 0 {
		fault("wechat.public_address", source.LevelOK)
	}
	return out
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}
