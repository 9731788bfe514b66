package vocabulary_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/model"
)

const countsEntitlements = `return request.user.app_entitlements(request.obj).count()`

func TestEntitlementsThatAskForEntitlementsComeToAnEnd(t *testing.T) {
	t.Parallel()
	h, deepest := &house{}, 0
	e := compile(t, h.words(), `return request.user.app_entitlements(request.obj.app).count()`)
	h.entitled = func(ctx context.Context, _ *model.ApplicationEntitlement, o vocabulary.Occasion) (bool, error) {
		deepest++
		result, err := e.Run(ctx, o, nil)
		if err != nil && !strings.Contains(err.Error(), "too deeply") {
			return false, err
		}
		n, _ := result.Value.(int64)
		return n > 0, nil
	}
	s := snapshot()
	result, err := e.Run(t.Context(), vocabulary.Occasion{User: zhang(), Obj: s.Entitlements["e1"]}, nil)
	if err != nil || result.Value != int64(0) || deepest == 0 {
		t.Errorf("%v, %v, asked %d times", result.Value, err, deepest)
	}
}

func TestADatabaseThatFailsIsNotAnEntitlementLess(t *testing.T) {
	t.Parallel()
	h := &house{err: model.ErrUnavailable}
	_, err := compile(t, h.words(), countsEntitlements).Run(t.Context(), vocabulary.Occasion{User: zhang(), Obj: snapshot().Applications["a"]}, nil)
	if !errors.Is(err, model.ErrUnavailable) {
		t.Errorf("err: %v", err)
	}
}

func TestThePoliciesOfAnEntitlementCannotChangeThePlan(t *testing.T) {
	t.Parallel()
	h := &house{}
	h.entitled = func(_ context.Context, e *model.ApplicationEntitlement, o vocabulary.Occasion) (bool, error) {
		o.Context.Put("groups", []any{"admins"})
		return o.Obj == e && o.User.ID == 7, nil
	}
	c := model.NewPlanContext()
	result, err := compile(t, h.words(), countsEntitlements).Run(t.Context(), vocabulary.Occasion{User: zhang(), Obj: snapshot().Applications["a"], Context: c}, nil)
	if _, written := c.Lookup("groups"); written || err != nil || result.Value != int64(3) {
		t.Errorf("%v, %v; the plan was written: %v", result.Value, err, written)
	}
}
