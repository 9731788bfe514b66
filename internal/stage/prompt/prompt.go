package prompt

import (
	"context"
	_ "embed"
	"maps"

	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-prompt"

//go:embed prompt.html
var screen string

// Config is the settings of a prompt stage.
type Config struct {
	// The fields that are asked.
	Fields []model.PromptID `json:"fields" required:"true" ref:"prompt"`
	// Policies that all must allow what was answered. They read it as context["prompt_data"], and their messages are shown above the fields.
	ValidationPolicies []model.PolicyID `json:"validation_policies" ref:"policy"`
}

// Users finds people. Package store has it.
type Users interface {
	FindUser(ctx context.Context, fields []string, value string, fold bool) (*model.User, error)
}

// Policies evaluates one policy. Package policy has it.
type Policies interface {
	EvaluatePolicy(ctx context.Context, s *model.Snapshot, id model.PolicyID, r *policy.Request) (policy.Result, error)
}

// Run evaluates a compiled expression.
type Run func(ctx context.Context, o vocabulary.Occasion, extra map[string]any) (vocabulary.Result, error)

// Deps is what the stage is made of.
type Deps struct {
	Users    Users
	Policies Policies
	// Compile compiles an expression that knows the extra variables besides those of every expression. Package expr/vocabulary has it.
	Compile func(name, source string, extra ...string) (Run, error)
}

// Kind describes the stage.
func Kind(d Deps) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "prompt", Path: "prompt/stages", VerboseName: "Prompt Stage", VerboseNamePlural: "Prompt Stages",
		Component: "ak-stage-prompt-form", MetaModelName: "authentik_stages_prompt.promptstage",
		Description: "Asks the person for fields of your choice.",
	}, Config{}, func(c Config) (stage.Driver, error) { return &driver{c, d}, nil })
}

type driver struct {
	Config
	Deps
}

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Screener = (*driver)(nil)
)

// Screen is the page of fields.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter asks.
func (d *driver) Enter(ctx context.Context, v *stage.Visit) (stage.Outcome, error) {
	fields := d.fields(ctx, v)
	if len(fields) == 0 {
		return misconfigured("The prompt stage has no fields."), nil
	}
	return stage.Ask{Challenge: challenge(v, fields)}, nil
}

// Submit reads the answer, and collects it if nothing is wrong with it.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	fields := d.fields(ctx, v)
	if len(fields) == 0 {
		return misconfigured("The prompt stage has no fields."), nil
	}
	values, errs, err := d.read(ctx, v, fields, a)
	if err != nil {
		return nil, err
	}
	if len(errs) == 0 {
		if values, errs, err = d.judge(ctx, v, values); err != nil {
			return nil, err
		}
	}
	if len(errs) > 0 {
		for _, f := range fields {
			f.keep(a)
		}
		return stage.Ask{Challenge: challenge(v, fields), Errors: errs}, nil
	}
	data := maps.Clone(stage.SlotPromptData.Value(v.Context))
	if data == nil {
		data = map[string]any{}
	}
	maps.Copy(data, values)
	stage.SlotPromptData.Set(v.Context, data)
	return stage.Done{}, nil
}

// judge asks the validation policies, all of which must pass. They see the new values, and may change them.
func (d *driver) judge(ctx context.Context, v *stage.Visit, values map[string]any) (map[string]any, stage.Errors, error) {
	if len(d.ValidationPolicies) == 0 {
		return values, nil, nil
	}
	before, had := stage.SlotPromptData.Get(v.Context)
	stage.SlotPromptData.Set(v.Context, values)
	passing, told := true, policy.Result{}
	for _, id := range d.ValidationPolicies {
		result, err := d.Policies.EvaluatePolicy(ctx, v.Snapshot, id, &policy.Request{
			Visitor: v.Visitor, User: target(v), Context: v.Context, Query: v.Query, Obj: v.Stage,
		})
		if err != nil {
			return nil, nil, err
		}
		if !result.Passing && passing {
			passing, told = false, policy.Result{} // what the others said no longer matters
		}
		if result.Passing == passing {
			told.Messages, told.Texts = append(told.Messages, result.Messages...), append(told.Texts, result.Texts...)
		}
	}
	values = stage.SlotPromptData.Value(v.Context)
	stage.SlotPromptData.Clear(v.Context)
	if had {
		stage.SlotPromptData.Set(v.Context, before)
	}
	if !passing {
		return nil, refusals(told), nil
	}
	for _, m := range told.Messages {
		v.Say(m)
	}
	for _, t := range told.Texts {
		v.Tell(t.Key, t.Args)
	}
	return values, nil, nil
}

// refusals are what the policies that refused say, each thing once.
func refusals(r policy.Result) stage.Errors {
	var list []stage.FieldError
	seen := map[string]bool{}
	for _, m := range r.Messages {
		if !seen[m] {
			seen[m] = true
			list = append(list, stage.FieldError{String: m, Code: "invalid"})
		}
	}
	for _, t := range r.Texts {
		list = append(list, stage.FieldError{String: t.Key, Code: "invalid", Args: t.Args})
	}
	if len(list) == 0 {
		list = []stage.FieldError{{String: "stage.prompt.error.policy", Code: "invalid"}}
	}
	return stage.Errors{whole: list}
}

// whole is the field of errors that are about the answer as a whole.
const whole = "non_field_errors"

// target is whom the flow is about: the pending user, else who is signed in; nil for nobody.
func target(v *stage.Visit) *model.User {
	if u := stage.SlotPendingUser.Value(v.Context); u != nil {
		return u
	}
	return v.User
}

func misconfigured(message string) stage.Refuse {
	return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", message).With("action", model.ActionConfigurationError)}
}
