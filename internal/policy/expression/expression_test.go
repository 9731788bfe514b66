package expression_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping/mappingtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/policy/expression"
	"github.com/weimen-id/weimen/internal/policy/policytest"
)

func policyKind() kind.Kind[policy.Driver] {
	s := &model.Snapshot{Installation: "i"}
	s.Index()
	return expression.Kind(vocabulary.New(vocabulary.Deps{Snapshot: func() *model.Snapshot { return s }, Store: mappingtest.Nobody{}, Now: time.Now}))
}

func TestCommon(t *testing.T) {
	policytest.Common(t, policyKind(), `{"expression": "return request.user.username == context.get('prompt_data', {})"}`)
}

func TestWhatAnExpressionDecides(t *testing.T) {
	for name, tt := range map[string]struct {
		config string
		want   policy.Result
	}{
		"true":          {`{"expression": "return True"}`, policy.Result{Passing: true}},
		"false":         {`{"expression": "return False"}`, policy.Result{}},
		"nothing":       {`{"expression": "pass"}`, policy.Result{}},
		"anything true": {`{"expression": "return request.user"}`, policy.Result{Passing: true}},
		"a message":     {`{"expression": "ak_message('为什么')\nreturn request.user.username == 'bob'"}`, policy.Result{Messages: []string{"为什么"}}},
		"a log line": {`{"expression": "ak_logger.info('x', a=1)\nreturn True"}`, policy.Result{
			Passing: true, Logs: []policy.Log{{Level: "info", Message: "x", Details: map[string]any{"a": int64(1)}}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := policytest.Evaluate(t, policytest.Open(t, policyKind(), tt.config), policytest.Request(policytest.Ann()))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAFailureSaysWhere(t *testing.T) {
	d := policytest.Open(t, policyKind(), `{"expression": "ak_message('before')\nreturn context['x']"}`)
	got, err := d.Evaluate(t.Context(), policytest.Request(policytest.Ann()))
	var failure *expr.RuntimeError
	if !errors.As(err, &failure) || failure.Line != 2 {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(policy.Result{Messages: []string{`line 2, column 15: key "x" not in dict`}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatDoesNotCompileCannotBeSaved(t *testing.T) {
	k := policyKind()
	err := k.Describe().Check(&expression.Config{Expression: "x = 1\nreturn nope"})
	var fault *model.Error
	if !errors.As(err, &fault) || len(fault.Fields["expression"]) != 1 || fault.Fields["expression"][0] != "line 2, column 8: undefined: nope" {
		t.Errorf("%v", err)
	}
	if err := k.Describe().Check(&expression.Config{Expression: "return True"}); err != nil {
		t.Error(err)
	}
}
