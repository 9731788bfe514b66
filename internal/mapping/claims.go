package mapping

import (
	"cmp"
	"context"
	"slices"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/model"
)

// Failure is a mapping that gave nothing because its expression is wrong.
type Failure struct {
	Mapping *model.PropertyMapping
	Err     error
}

// Subject is whom claims are about, and on which occasion.
type Subject struct {
	User *model.User
	// Provider is who asks; nil where a mapping is tried out for none.
	Provider *model.Provider
	// Scopes are those that were granted.
	Scopes []string
	// Visitor is who asks, as far as that is known; nil where nobody does.
	Visitor *model.Visitor
}

// occasion is what the expressions are evaluated on.
func (s Subject) occasion() vocabulary.Occasion {
	return vocabulary.Occasion{Visitor: s.Visitor, User: s.User}
}

// Scopes gives the scope mappings among ids in the order in which they are merged: by scope, then by name. Those that cannot be opened are left out and come back as
// failures.
func (e *Engine) Scopes(s *model.Snapshot, ids []model.MappingID) ([]*Mapping, []Failure) {
	var mappings []*Mapping
	var failures []Failure
	for _, id := range ids {
		m, err := e.Open(s, id)
		if err != nil {
			if noun := s.Mappings[id]; noun != nil {
				failures = append(failures, Failure{noun, err})
			}
			continue
		}
		if _, ok := m.Driver.(Scope); ok {
			mappings = append(mappings, m)
		}
	}
	slices.SortFunc(mappings, func(a, b *Mapping) int {
		return cmp.Or(cmp.Compare(ScopeOf(a), ScopeOf(b)), cmp.Compare(a.Name, b.Name))
	})
	return mappings, failures
}

// ScopeOf gives the scope of a mapping, "" if it has none.
func ScopeOf(m *Mapping) string {
	if scope, ok := m.Driver.(Scope); ok {
		return scope.ScopeName()
	}
	return ""
}

// Claims runs the mappings whose scope was granted and merges what they give. A mapping that gives no object is passed over; one that fails is passed over and comes
// back as a failure. An error means that the database could not be read.
func (e *Engine) Claims(ctx context.Context, mappings []*Mapping, about Subject) (map[string]any, []Failure, error) {
	claims := map[string]any{}
	var failures []Failure
	variables := e.variables(about)
	for _, m := range mappings {
		if !slices.Contains(about.Scopes, ScopeOf(m)) {
			continue
		}
		result, err := m.Run(ctx, about.occasion(), variables)
		if err != nil && !Blames(err) {
			return nil, nil, err
		}
		if err != nil {
			failures = append(failures, Failure{m.PropertyMapping, err})
			continue
		}
		if object, ok := result.(map[string]any); ok {
			Merge(claims, object)
		}
	}
	return claims, failures, nil
}

// variables are what a scope mapping may read beside the words that every expression has.
func (e *Engine) variables(about Subject) map[string]any {
	provider := e.words.NounObject(cmp.Or(about.Provider, &model.Provider{}))
	token := &expr.Object{Type: "IDToken", Attr: func(name string) (any, bool) {
		switch name {
		case "scope":
			return about.Scopes, true
		case "user":
			return e.words.UserObject(about.User), true
		case "provider":
			return provider, true
		}
		return nil, false
	}}
	return map[string]any{"provider": provider, "token": token}
}
