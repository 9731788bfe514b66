package redirect

import (
	"context"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Config is the settings of a redirect stage.
type Config struct {
	// Keep what the run knows so far when it goes on in another flow.
	KeepContext bool `json:"keep_context"`
	// To an address, or into a flow.
	Mode string `json:"mode" required:"true" enum:"static flow"`
	// The address.
	TargetStatic string `json:"target_static"`
	// The flow.
	TargetFlow *model.FlowID `json:"target_flow" ref:"flow"`
}

// Defaults are the settings of a new stage.
func Defaults() Config { return Config{KeepContext: true, Mode: "static"} }

// Validate requires the target that the mode needs.
func (c *Config) Validate() error {
	if c.Mode == "static" {
		if u, err := url.Parse(c.TargetStatic); c.TargetStatic != "" && (err != nil || !allowed(u)) {
			return model.Invalid("target_static", "Enter a valid URL.")
		}
	}
	return nil
}

// allowed refuses whatever browsers read differently: they take a backslash for a slash, and make up the host that an address lacks.
func allowed(u *url.URL) bool {
	switch u.Scheme {
	case "http", "https", "ak-flow":
		return u.Host != ""
	case "":
		return u.Host == "" && strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(u.Path, "//") && !strings.Contains(u.Path, `\`)
	}
	return false
}

// Kind describes the stage.
func Kind() kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "redirect", VerboseName: "Redirect Stage", VerboseNamePlural: "Redirect Stages",
		Component: "ak-stage-redirect-form", MetaModelName: "authentik_stages_redirect.redirectstage",
		Description: "Leads to an address or into another flow.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c}, nil })
}

type driver struct{ Config }

var _ stage.Driver = (*driver)(nil)

// Enter leads on.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	if target, ok := stage.SlotRedirectTarget.Get(v.Context); ok && target != "" {
		if slug, isFlow := strings.CutPrefix(target, "ak-flow://"); isFlow {
			return d.enter(v, v.Snapshot.FlowBySlug(strings.Trim(slug, "/")))
		}
		if u, err := url.Parse(target); err == nil && allowed(u) {
			return stage.Leave{URL: target}, nil
		}
		return none(), nil
	}
	if d.Mode == "flow" {
		if d.TargetFlow == nil {
			return none(), nil
		}
		return d.enter(v, v.Snapshot.Flows[*d.TargetFlow])
	}
	if slug, isFlow := strings.CutPrefix(d.TargetStatic, "ak-flow://"); isFlow {
		return d.enter(v, v.Snapshot.FlowBySlug(strings.Trim(slug, "/")))
	}
	if d.TargetStatic == "" {
		return none(), nil
	}
	return stage.Leave{URL: d.TargetStatic}, nil
}

func (d *driver) enter(v *stage.Visit, f *model.Flow) (stage.Outcome, error) {
	if f == nil {
		return none(), nil
	}
	stage.SlotIsRedirected.Set(v.Context, v.Flow.Slug)
	return stage.Switch{Flow: f, KeepContext: d.KeepContext}, nil
}

// Submit leads on.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
}

func none() stage.Refuse {
	return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "No target found for Redirect stage").With("action", model.ActionConfigurationError)}
}
