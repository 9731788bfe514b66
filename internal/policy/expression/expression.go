package expression

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// Config is the settings of an expression policy.
type Config struct {
	// The body of a function. It passes if it returns something true: "return ak_is_group_member(request.user, name='staff')". With ak_message it tells the person why not.
	Expression string `json:"expression" required:"true" rule:"multiline" form:",widget=expression"`
}

// Kind describes the policy. Its expressions know the words of the vocabulary.
func Kind(v *vocabulary.Vocabulary) kind.Kind[policy.Driver] {
	return kind.Of(kind.Info{
		Name: "expression", VerboseName: "Expression Policy", VerboseNamePlural: "Expression Policies",
		Component: "ak-policy-expression-form", MetaModelName: "authentik_policies_expression.expressionpolicy",
		Description: "Decides by an expression of your own.",
	}, Config{}, func(c Config) (policy.Driver, error) { return open(v, c) })
}

func open(v *vocabulary.Vocabulary, c Config) (policy.Driver, error) {
	e, err := v.Compile("policy", c.Expression)
	if err != nil {
		return nil, model.Invalid("expression", err.Error()).Because(err)
	}
	return &driver{e}, nil
}

type driver struct{ expression *vocabulary.Expression }

var _ policy.Driver = (*driver)(nil)

// Evaluate runs the expression. One that fails gives its error's text as message.
func (d *driver) Evaluate(ctx context.Context, r *policy.Request) (policy.Result, error) {
	got, err := d.expression.Holds(ctx, vocabulary.Occasion{
		Visitor: r.Visitor, User: r.User, Context: r.Context, Query: r.Query, Obj: r.Obj, Redirect: r.Redirect, Debug: r.Debug,
	}, nil)
	result := policy.Result{Passing: got.Passing, Messages: got.Messages}
	for _, l := range got.Logs {
		result.Logs = append(result.Logs, policy.Log(l))
	}
	var failure *expr.RuntimeError
	if errors.As(err, &failure) {
		result.Messages = []string{failure.Error()}
	}
	return result, err
}
