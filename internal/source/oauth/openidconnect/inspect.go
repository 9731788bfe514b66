package openidconnect

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

var _ source.Checker = (*driver)(nil)

// Check reads the discovery document and the keys anew, and then asks the token endpoint.
func (d *driver) Check(ctx context.Context, callbackURL string) []source.Finding {
	var out []source.Finding
	if address := d.settings.OIDCWellKnownURL; address != "" {
		if _, err := fetchDocument(ctx, d.upstream, address); err != nil {
			return []source.Finding{unfit("discovery_refused", err)}
		}
		out = append(out, source.Finding{Code: "discovery_read", Level: source.LevelOK, Args: map[string]string{"host": oauth.HostOf(address)}})
	}
	p, err := d.provider(ctx)
	if err != nil {
		return append(out, unfit("discovery_refused", err))
	}
	if keys, remote := p.keys.(*remoteKeys); remote {
		if _, err := keys.fetch(ctx); err != nil {
			return append(out, unfit("keys_refused", err))
		}
	}
	out = append(out, source.Finding{Code: "keys_read", Level: source.LevelOK})
	return append(out, d.codeFlow(p).Probe(ctx, callbackURL)...)
}

// unfit is the finding about something of the provider's that cannot be used.
func unfit(code string, err error) source.Finding {
	if trouble, is := oauth.Trouble(err); is {
		return trouble
	}
	cause := ""
	var e *model.Error
	if errors.As(err, &e) {
		cause = e.Message
	}
	return source.Finding{Code: code, Level: source.LevelError, Args: map[string]string{"cause": cause}}
}
