package app

import (
	"context"
	"net/netip"

	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// newWords makes what expressions may say. The policies that they call are made after them.
func (a *App) newWords(places *geoip.Database) *vocabulary.Vocabulary {
	return vocabulary.New(vocabulary.Deps{
		Snapshot: a.Store.Snapshot, Store: a.Store, Record: a.record, CallPolicy: a.callPolicy, Entitled: a.entitled, Now: a.now, Log: a.log,
		Whereabouts: func(ip netip.Addr) map[string]any { return whereabouts(places, ip) },
	})
}

// whereabouts tells expressions where an address is, in authentik's words: context["geoip"] and context["asn"]. Both are there only where a database knows the address.
func whereabouts(d *geoip.Database, ip netip.Addr) map[string]any {
	out := map[string]any{}
	if p, ok, err := d.Place(ip); ok && err == nil {
		out["geoip"] = map[string]any{"continent": p.Continent, "country": p.Country, "city": p.City, "lat": p.Latitude, "long": p.Longitude}
	}
	if n, ok, err := d.Network(ip); ok && err == nil {
		out["asn"] = map[string]any{"asn": int64(n.ASN), "as_org": n.Organisation}
	}
	return out
}

// record stores an event that an expression or a policy made.
func (a *App) record(ctx context.Context, e *model.Event) error { return a.events.Record(ctx, e) }

// callPolicy evaluates a policy by its name, for ak_call_policy.
func (a *App) callPolicy(ctx context.Context, name string, o vocabulary.Occasion) (bool, []string, error) {
	s := a.Store.Snapshot()
	for _, p := range s.Policies {
		if p.Name != name {
			continue
		}
		result, err := a.policies.Test(ctx, s, p, &policy.Request{
			Visitor: o.Visitor, User: o.User, Context: o.Context, Query: o.Query, Obj: o.Obj, Debug: o.Debug,
		})
		return result.Passing, result.Messages, err
	}
	return false, nil, &model.Error{Code: model.CodeNotFound, Message: "there is no policy named " + name}
}

// entitled evaluates who has an entitlement, for user.app_entitlements.
func (a *App) entitled(ctx context.Context, e *model.ApplicationEntitlement, o vocabulary.Occasion) (bool, error) {
	return a.policies.Grants(ctx, a.Store.Snapshot(), model.TargetID(e.ID), &policy.Request{
		Visitor: o.Visitor, User: o.User, Context: o.Context, Query: o.Query, Obj: o.Obj, Debug: o.Debug,
	})
}

// checkExpressions looks for mistakes in the expressions that an object itself holds, before it is saved.
func (a *App) checkExpressions(noun any) error {
	switch n := noun.(type) {
	case *model.PropertyMapping:
		return a.mappings.Check(n)
	case *model.Prompt:
		return a.checkPrompt(n)
	}
	return nil
}

// promptVariable is what the expressions of a prompt read beside the words that every expression has.
const promptVariable = "prompt_context"

func (a *App) checkPrompt(p *model.Prompt) error {
	for _, field := range []struct {
		name, source string
		isExpression bool
	}{
		{"placeholder", p.Placeholder, p.PlaceholderExpression},
		{"initial_value", p.InitialValue, p.InitialValueExpression},
	} {
		if !field.isExpression {
			continue
		}
		if _, err := a.words.Compile(p.Name, field.source, promptVariable); err != nil {
			return model.Invalid(field.name, err.Error()).Because(err)
		}
	}
	return nil
}
