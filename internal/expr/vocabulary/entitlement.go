package vocabulary

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// entitlementQuery is user.app_entitlements(application): what the user may do there, by name. For None it is empty.
func (v *Vocabulary) entitlementQuery(u *model.User) expr.Func {
	return func(_ context.Context, args []any, named map[string]any) (any, error) {
		app, err := v.applicationIn(args, named)
		if err != nil {
			return nil, err
		}
		return &expr.Query{Load: func(ctx context.Context) ([]*expr.Object, error) {
			held, err := v.entitlementsOf(ctx, u, app)
			var out []*expr.Object
			for _, e := range held {
				out = append(out, v.entitlementObject(e))
			}
			return out, err
		}}, nil
	}
}

// entitlementAttributes is user.app_entitlements_attributes(application): the attributes of all of them, merged in the order of their names.
func (v *Vocabulary) entitlementAttributes(u *model.User) expr.Func {
	return func(ctx context.Context, args []any, named map[string]any) (any, error) {
		app, err := v.applicationIn(args, named)
		if err != nil {
			return nil, err
		}
		held, err := v.entitlementsOf(ctx, u, app)
		out := map[string]any{}
		for _, e := range held {
			Merge(out, clone(e.Attributes))
		}
		return out, err
	}
}

// applicationIn gives the application that an argument names: itself, or that of a provider. It is nil for None, and for one that is no more.
func (v *Vocabulary) applicationIn(args []any, named map[string]any) (*model.Application, error) {
	arg, given := named["app"]
	if len(args) == 1 {
		arg, given = args[0], true
	}
	o, isObject := arg.(*expr.Object)
	switch {
	case !given || len(args) > 1 || arg != nil && !isObject:
		return nil, errors.New("one argument, the application: user.app_entitlements(provider.application)")
	case arg == nil:
		return nil, nil
	}
	switch host := o.Host.(type) {
	case *model.Application:
		return host, nil
	case *model.Provider:
		return v.Snapshot().ApplicationOf(host.ID), nil
	}
	if o.Type == "Application" {
		return nil, nil // what a plan remembers of an application that is no more
	}
	return nil, errors.New("the argument must be an application")
}

// entitlementsOf gives what a user may do in an application, by name. Where it has no entitlements nothing is read.
func (v *Vocabulary) entitlementsOf(ctx context.Context, u *model.User, app *model.Application) ([]*model.ApplicationEntitlement, error) {
	if app == nil || v.Entitled == nil {
		return nil, nil
	}
	all := v.Snapshot().EntitlementsOf(app.ID)
	if len(all) == 0 {
		return nil, nil
	}
	ev := evaluationOf(ctx)
	deeper, inner, err := ev.deeper(ctx)
	if err != nil {
		return nil, err
	}
	inner.User = u
	var held []*model.ApplicationEntitlement
	for _, e := range all {
		inner.Obj = e
		has, err := v.Entitled(deeper, e, inner)
		if err != nil {
			return nil, ev.fault(err)
		}
		if has {
			held = append(held, e)
		}
	}
	return held, nil
}

func (v *Vocabulary) entitlementObject(e *model.ApplicationEntitlement) *expr.Object {
	return &expr.Object{Type: "ApplicationEntitlement", Label: e.Name, Key: e.ID, Host: e, Attr: func(name string) (any, bool) {
		switch name {
		case "pk", "pbm_uuid":
			return string(e.ID), true
		case "name":
			return e.Name, true
		case "app":
			return v.NounObject(v.Snapshot().Applications[e.App]), true
		case "attributes":
			if e.Attributes == nil {
				return map[string]any{}, true
			}
			return e.Attributes, true
		}
		return nil, false
	}}
}
