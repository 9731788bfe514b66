package dummy

import (
	"context"
	_ "embed"
	"errors"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-dummy"

//go:embed dummy.html
var screen string

// Config is the settings of a dummy stage.
type Config struct {
	// Fail in place of showing anything, to see what people meet then.
	ThrowError bool `json:"throw_error"`
}

// Kind describes the stage.
func Kind() kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "dummy", VerboseName: "Dummy Stage", VerboseNamePlural: "Dummy Stages",
		Component: "ak-stage-dummy-form", MetaModelName: "authentik_stages_dummy.dummystage",
		Description: "Shows its name and goes on. For trying a flow out.",
	}, Config{}, func(c Config) (stage.Driver, error) { return &driver{c}, nil })
}

// Challenge shows the stage's name.
type Challenge struct {
	stage.Base
	Name string `json:"name"`
}

type driver struct{ Config }

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Screener = (*driver)(nil)
)

var errAsked = errors.New("the dummy stage is set to fail")

// Screen shows the name.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter shows the name.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	if d.ThrowError {
		return nil, errAsked
	}
	c := &Challenge{Base: stage.Base{Component: component}}
	if v.Stage != nil {
		c.Name = v.Stage.Name
	}
	return stage.Ask{Challenge: c}, nil
}

// Submit goes on.
func (d *driver) Submit(context.Context, *stage.Visit, stage.Answer) (stage.Outcome, error) {
	if d.ThrowError {
		return nil, errAsked
	}
	return stage.Done{}, nil
}
