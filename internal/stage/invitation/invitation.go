package invitation

import (
	"cmp"
	"context"
	"errors"
	"maps"

	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Config is the settings of an invitation stage.
type Config struct {
	// Let people go on who bring no invitation, or none that counts.
	ContinueFlowWithoutInvitation bool `json:"continue_flow_without_invitation"`
}

// Store keeps invitations. Package store has it.
type Store interface {
	stage.Invitations
	Invitation(ctx context.Context, id model.InvitationID) (*model.Invitation, error)
}

// Kind describes the stage.
func Kind(s Store) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "invitation", Path: "invitation/stages", VerboseName: "Invitation Stage", VerboseNamePlural: "Invitation Stages",
		Component: "ak-stage-invitation-form", MetaModelName: "authentik_stages_invitation.invitationstage",
		Description: "Lets in whoever brings an invitation.",
	}, Config{}, func(c Config) (stage.Driver, error) { return &driver{c, s}, nil })
}

type driver struct {
	Config
	store Store
}

var _ stage.Driver = (*driver)(nil)

// Enter looks at the invitation.
func (d *driver) Enter(ctx context.Context, v *stage.Visit) (stage.Outcome, error) {
	i, refusal, err := d.find(ctx, v)
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		if d.ContinueFlowWithoutInvitation {
			return stage.Done{}, nil
		}
		return stage.Refuse{Err: refusal}, nil
	}
	stage.SlotInvitation.Set(v.Context, stage.InvitationRef{ID: i.ID, Name: i.Name, SingleUse: i.SingleUse, FixedData: i.FixedData})
	stage.SlotInvitationInEffect.Set(v.Context, true)
	data := merged(stage.SlotPromptData.Value(v.Context), i.FixedData)
	if len(data) > 0 {
		stage.SlotPromptData.Set(v.Context, data)
	}
	return stage.Insert{Last: []string{Inline}}, nil
}

// Submit asks for nothing, so nothing is submitted to it.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
}

// find gives the invitation that a guest brings, or says why there is none.
func (d *driver) find(ctx context.Context, v *stage.Visit) (*model.Invitation, *model.Error, error) {
	token, _ := stage.SlotPromptData.Value(v.Context)["token"].(string)
	token = cmp.Or(v.Query.Get("itoken"), v.Query.Get("token"), token)
	if token == "" {
		return nil, model.Refuse(model.CodeInvalid, "invitation.missing", "Invalid invite/invite not found"), nil
	}
	unknown := model.Refuse(model.CodeInvalid, "invitation.unknown", "Invalid invite/invite not found")
	id, err := uuid.Parse(token)
	if err != nil {
		return nil, unknown, nil
	}
	i, err := d.store.Invitation(ctx, model.InvitationID(id.String()))
	switch {
	case errors.Is(err, model.ErrNotFound):
		return nil, unknown, nil
	case err != nil:
		return nil, nil, err
	case i.Expires != nil && !v.Now.Before(*i.Expires):
		return nil, model.Refuse(model.CodeInvalid, "invitation.expired", "Invalid invite/invite not found").With("invitation", i.Name), nil
	case i.Flow != nil && *i.Flow != v.Flow.ID:
		return nil, model.Refuse(model.CodeInvalid, "invitation.wrong_flow", "Invalid invite/invite not found").With("invitation", i.Name), nil
	}
	return i, nil, nil
}

// merged lays what an invitation says over what is known: objects are joined, everything else is replaced.
func merged(known, fixed map[string]any) map[string]any {
	out := maps.Clone(known)
	if out == nil {
		out = map[string]any{}
	}
	for key, value := range fixed {
		below, isObject := value.(map[string]any)
		before, wasObject := out[key].(map[string]any)
		if isObject && wasObject {
			value = merged(before, below)
		}
		out[key] = value
	}
	return out
}
