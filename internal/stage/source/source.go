package source

import (
	"context"
	_ "embed"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Config is the settings of a source stage.
type Config struct {
	// The source that people are sent to. Its own flows run in this stage's place once they are back: the authentication flow for an account that is known, the enrollment
	// flow for a new one. Where the source has no such flow, this flow goes on by itself.
	Source model.SourceID `json:"source" required:"true" ref:"source"`
	// How long people may take there. Later they have to start this flow again.
	ResumeTimeout model.Duration `json:"resume_timeout"`
}

// Defaults are the settings of a new stage.
func Defaults() Config { return Config{ResumeTimeout: "minutes=10"} }

// component is that of a redirect: programs go on at once. People are asked first, for what comes back may be connected to who they are here, and another site can lead a
// browser to a page but cannot press its button.
const component = "xak-flow-redirect"

//go:embed source.html
var screen string

// Buttons tells how to begin signing in with a source. ok is false for a source that nobody can go to.
type Buttons func(s *model.Snapshot, src *model.Source) (b Button, ok bool)

// Button is a source's place on a page.
type Button struct {
	URL     string
	IconURL string
	Type    string
}

// Challenge sends the person to the source.
type Challenge struct {
	stage.Redirect
	Name    string `json:"-"`
	IconURL string `json:"-"`
	Type    string `json:"-"`
}

// Kind describes the stage.
func Kind(b Buttons) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "source", VerboseName: "Source Stage", VerboseNamePlural: "Source Stages",
		Component: "ak-stage-source-form", MetaModelName: "authentik_stages_source.sourcestage",
		Description: "Sends the person to a source and goes on here once they are back.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, b}, nil })
}

type driver struct {
	Config
	buttons Buttons
}

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Detour   = (*driver)(nil)
	_ stage.Screener = (*driver)(nil)
)

// Screen is the page before people leave.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Awaits is the source, and how long the run is kept.
func (d *driver) Awaits() (model.SourceID, time.Duration) {
	return d.Source, d.ResumeTimeout.Or(10 * time.Minute)
}

// Enter sends the person to the source. The address names the run that waits, so that every tab comes back to its own.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	src := v.Snapshot.Sources[d.Source]
	b, ok := Button{}, false
	if src != nil && src.Enabled {
		b, ok = d.buttons(v.Snapshot, src)
	}
	if !ok {
		refusal := model.Refuse(model.CodeNotFound, "source.disabled", "The source was removed or switched off.").With("action", model.ActionConfigurationError)
		if src != nil {
			refusal.Args = map[string]string{"source": src.Name}
		}
		return stage.Refuse{Err: refusal}, nil
	}
	_, patience := d.Awaits()
	v.Wait(patience)
	q := url.Values{"flow": {v.Flow.Slug}, "query": {v.Query.Encode()}, "step": {v.Detour()}}
	return stage.Ask{Challenge: &Challenge{Redirect: *stage.NewRedirect(b.URL + "?" + q.Encode()), Name: src.Name, IconURL: b.IconURL, Type: b.Type}}, nil
}

// Submit sends the person to the source again: whoever has not come back from there does not pass.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
}
