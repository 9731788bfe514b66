package oauth

import (
	"context"
	"net/url"

	"github.com/weimen-id/weimen/internal/source"
)

var (
	_ source.Examiner = (*typed)(nil)
	_ source.Checker  = (*typed)(nil)
)

// Examine looks for what every type needs, and asks the type for the rest.
func (d *typed) Examine(public *url.URL) []source.Finding {
	var out []source.Finding
	if d.settings.ConsumerKey == "" {
		out = append(out, source.Finding{Code: "key_missing", Level: source.LevelError})
	}
	if d.settings.ConsumerSecret.Reveal() == "" {
		out = append(out, source.Finding{Code: "secret_missing", Level: source.LevelError})
	}
	if x, ok := d.Driver.(source.Examiner); ok {
		return append(out, x.Examine(public)...)
	}
	return append(out, examinePublic(public)...)
}

// examinePublic warns of an address that most upstreams take no callbacks to.
func examinePublic(public *url.URL) []source.Finding {
	if public.Scheme == "https" || public.Hostname() == "localhost" || public.Hostname() == "127.0.0.1" {
		return nil
	}
	return []source.Finding{{Code: "public_http", Level: source.LevelWarning, Args: map[string]string{"address": public.Scheme + "://" + public.Host}}}
}

// Check asks the upstream, where the settings are such that it can be asked at all.
func (d *typed) Check(ctx context.Context, callbackURL string) []source.Finding {
	x, ok := d.Driver.(source.Checker)
	switch {
	case d.settings.ConsumerKey == "" || d.settings.ConsumerSecret.Reveal() == "":
		return nil // that has been said
	case !ok:
		return []source.Finding{{Code: "not_asked", Level: source.LevelInfo}}
	}
	ctx, cancel := d.settings.Within(ctx)
	defer cancel()
	return x.Check(ctx, callbackURL)
}
