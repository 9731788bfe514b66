package mapping

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/model"
)

// Try evaluates a mapping for an administrator who tries it out. Nothing is stored. What is given are the variables of its kind ("info", "token" ...) as plain data, and any others
// that the expression names; "source" may be a slug and "provider" a name. The error is the expression's (see [Blames]) or the database's.
func (e *Engine) Try(ctx context.Context, s *model.Snapshot, noun *model.PropertyMapping, about Subject, group *model.Group, given map[string]any) (any, error) {
	driver, err := e.shelf.Open(noun.Kind, noun.Config, e.box, "property_mappings/config/"+string(noun.ID))
	if err != nil {
		return nil, fmt.Errorf("open property mapping %s: %w", noun.Name, err)
	}
	variables := e.variables(about)
	for name, value := range given {
		if vocabulary.Usual(name) {
			continue // the request and its user are what they are
		}
		variables[name] = value
	}
	if slug, ok := variables["source"].(string); ok {
		variables["source"] = e.words.NounObject(s.SourceBySlug(slug))
	}
	if name, ok := variables["provider"].(string); ok {
		variables["provider"] = e.words.NounObject(providerNamed(s, name))
	}
	if object, ok := variables["properties"].(map[string]any); ok {
		variables["properties"] = &expr.Mutable{Value: object}
	}
	if group != nil {
		variables["group"] = vocabulary.GroupObject(group)
	}
	names := slices.Concat(driver.Variables(), slices.Collect(maps.Keys(variables)))
	expression, err := e.words.Compile(noun.Name, noun.Expression, names...)
	if err != nil {
		return nil, err
	}
	o := about.occasion()
	o.Debug = true
	result, err := expression.Run(ctx, o, variables)
	return result.Value, err
}

func providerNamed(s *model.Snapshot, name string) *model.Provider {
	for _, p := range s.Providers {
		if p.Name == name {
			return p
		}
	}
	return nil
}
