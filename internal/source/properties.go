package source

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
)

// Mappings makes a user's properties of a profile. Package mapping has it.
type Mappings interface {
	UserProperties(ctx context.Context, s *model.Snapshot, p mapping.Profile) (mapping.Properties, error)
}

// read runs the source's property mappings over the account. One that fails ends the sign-in.
func (r *returning) read(ctx context.Context, d Driver) error {
	p := mapping.Profile{Source: r.source, Base: r.account.Properties, Info: r.account.Info, Token: r.account.Token, Visitor: r.visitor}
	if v, ok := d.(Varied); ok {
		p.Variety = v.Variety()
	}
	if r.trial != nil {
		p.Tried = r.trial.tried
	}
	made, err := r.manager.Mappings.UserProperties(ctx, r.snapshot, p)
	if err != nil {
		return r.mappingFailed(ctx, err)
	}
	r.properties, r.mapped, r.groups = made.User, made.Mapped, made.Groups
	if r.groups == nil && r.mayTellGroups(d) {
		r.groups = map[string]map[string]any{}
	}
	return nil
}

// mayTellGroups reports whether the source might have told of groups. Where it never does, the groups of its people are nobody's business here.
func (r *returning) mayTellGroups(d Driver) bool {
	provider, ok := d.(Providing)
	return len(r.source.UserPropertyMappings) > 0 || ok && provider.Provides("groups")
}

// mappingFailed records which mapping failed, and where, for whoever can mend it; the person is told that somebody can. Nothing else is written.
func (r *returning) mappingFailed(ctx context.Context, err error) error {
	var failure mapping.Failure
	if !errors.As(err, &failure) {
		return err
	}
	line, column := failure.Place()
	ev := event.New(model.ActionMappingException, app, r.visitor, map[string]any{
		"source": r.source.Slug, "mapping": failure.Mapping.Name, "mapping_id": string(failure.Mapping.ID), "line": line, "column": column, "error": failure.Err.Error(),
		"message": failure.Error(),
	})
	event.Complete(ev, r.manager.Now())
	if r.trial == nil {
		if err := r.manager.Store.InsertEvents(ctx, ev); err != nil {
			return err
		}
	}
	return model.Refuse(model.CodeInvalid, "source.mapping_failed", "Failed to evaluate property mapping: '"+failure.Mapping.Name+"'").
		With("mapping", failure.Mapping.Name).With("mapping_id", string(failure.Mapping.ID)).
		With("line", line).With("column", column).With("error", failure.Err.Error()).
		With("action", model.ActionConfigurationError)
}
