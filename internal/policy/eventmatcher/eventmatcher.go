package eventmatcher

import (
	"context"
	"net/netip"
	"regexp"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// Config is the settings of an event matcher policy.
type Config struct {
	// What happened. Empty: anything.
	Action *model.Action `json:"action" enum:"login login_failed logout user_write suspicious_request password_set secret_view secret_rotate invitation_used authorize_application source_linked impersonation_started impersonation_ended flow_execution policy_execution policy_exception property_mapping_exception system_task_execution system_task_exception system_exception configuration_error configuration_warning model_created model_updated model_deleted email_sent update_available export_ready review_initiated review_overdue review_attested review_completed custom_"`
	// The address that it came from, to the letter. For whole networks use an expression policy. Empty: any.
	ClientIP *string `json:"client_ip" title:"Client IP"`
	// The module that recorded it, as authentik.stages.user_login. Empty: any.
	App *string `json:"app"`
	// The model of the object that was made, changed or deleted, as authentik_core.user. Empty: any.
	Model *string `json:"model"`
}

var (
	appName   = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`)
	modelName = regexp.MustCompile(`^[a-z0-9_]+\.[a-z0-9]+$`)
)

// Fill takes an empty text for none.
func (c *Config) Fill() {
	for _, field := range []**string{&c.ClientIP, &c.App, &c.Model} {
		if *field != nil && **field == "" {
			*field = nil
		}
	}
}

// Validate checks the notation.
func (c *Config) Validate() error {
	if c.ClientIP != nil {
		if _, err := netip.ParseAddr(*c.ClientIP); err != nil {
			return model.Invalid("client_ip", "Enter a valid IPv4 or IPv6 address.")
		}
	}
	if c.App != nil && !appName.MatchString(*c.App) {
		return model.Invalid("app", "Write it as authentik.stages.user_login.")
	}
	if c.Model != nil && !modelName.MatchString(*c.Model) {
		return model.Invalid("model", "Write it as authentik_core.user.")
	}
	return nil
}

// Kind describes the policy.
func Kind() kind.Kind[policy.Driver] {
	return kind.Of(kind.Info{
		Name: "event_matcher", VerboseName: "Event Matcher Policy", VerboseNamePlural: "Event Matcher Policies",
		Component: "ak-policy-event-matcher-form", MetaModelName: "authentik_policies_event_matcher.eventmatcherpolicy",
		Description: "Recognises events, for notification rules.",
	}, Config{}, func(c Config) (policy.Driver, error) { return &driver{c}, nil })
}

type driver struct{ Config }

var _ policy.Driver = (*driver)(nil)

// Evaluate compares the event.
func (d *driver) Evaluate(_ context.Context, r *policy.Request) (policy.Result, error) {
	e := r.Event
	return policy.Result{Passing: e != nil &&
		(d.Action == nil || e.Action == *d.Action) &&
		(d.ClientIP == nil || sameAddress(e.ClientIP, *d.ClientIP)) &&
		(d.App == nil || e.App == *d.App) &&
		(d.Model == nil || about(e) == *d.Model)}, nil
}

// sameAddress compares addresses however they are written.
func sameAddress(a, b string) bool {
	x, err := netip.ParseAddr(a)
	y, _ := netip.ParseAddr(b)
	return err == nil && x.Unmap() == y.Unmap()
}

// about is the model of the object that an event is about, "" for one about none.
func about(e *model.Event) string {
	m, _ := e.Context["model"].(map[string]any)
	app, _ := m["app"].(string)
	name, _ := m["model_name"].(string)
	if app == "" || name == "" {
		return ""
	}
	return app + "." + name
}
