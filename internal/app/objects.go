package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

// Put makes an object of the configuration, or changes the one that its key in URLs names, on behalf of the installation itself. The values are those of the API.
func (a *App) Put(ctx context.Context, modelName, key string, values map[string]any) error {
	by, noun := resource.Actor{Principal: access.System()}, a.registry.Noun(modelName)
	_, err := a.resources.Get(a.Store.Snapshot(), noun, key)
	if errors.Is(err, model.ErrNotFound) {
		return a.create(ctx, by, modelName, values)
	}
	if err != nil {
		return err
	}
	body, err := bodyOf(values)
	if err != nil {
		return err
	}
	_, err = a.resources.Change(ctx, by, noun, key, body, kind.Patch)
	return err
}

// Remove deletes an object of the configuration on behalf of the installation itself.
func (a *App) Remove(ctx context.Context, modelName, key string) error {
	return a.resources.Delete(ctx, resource.Actor{Principal: access.System()}, a.registry.Noun(modelName), key)
}

// Apply applies a blueprint on behalf of the installation itself: all of it, or nothing.
func (a *App) Apply(ctx context.Context, blueprint []byte) error {
	return a.Store.Change(ctx, func(ctx context.Context, _ *store.Change) error {
		return a.applier(ctx).ApplyOne(ctx, resource.Actor{Principal: access.System()}, blueprint)
	})
}

// ShowSource puts a source onto the default login page, after those that are there.
func (a *App) ShowSource(ctx context.Context, slug string) error {
	const noun = "authentik_stages_identification.identificationstage"
	s := a.Store.Snapshot()
	src := s.SourceBySlug(slug)
	for _, st := range s.Stages {
		if st.Name != "default-authentication-identification" {
			continue
		}
		o, err := a.resources.Get(s, a.registry.Noun(noun), string(st.ID))
		if err != nil {
			return err
		}
		sources, _ := kind.Encode(o.Config)["sources"].([]model.SourceID)
		if slices.Contains(sources, src.ID) {
			return nil
		}
		return a.Put(ctx, noun, string(st.ID), map[string]any{"sources": append(slices.Clone(sources), src.ID)})
	}
	return nil
}

// create makes an object of a plain body.
func (a *App) create(ctx context.Context, by resource.Actor, modelName string, values map[string]any) error {
	body, err := bodyOf(values)
	if err != nil {
		return err
	}
	_, err = a.resources.Create(ctx, by, a.registry.Noun(modelName), body)
	return err
}

func bodyOf(values map[string]any) (kind.Body, error) {
	body := kind.Body{}
	for name, value := range values {
		raw, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		body[name] = raw
	}
	return body, nil
}
