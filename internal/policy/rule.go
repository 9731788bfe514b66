package policy

import (
	"context"
	"fmt"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// names tells what people and groups are called. A store has it; who gives the engine something else sees ids.
type names interface {
	User(ctx context.Context, id model.UserID) (*model.User, error)
	Group(ctx context.Context, id model.GroupID) (*model.Group, error)
}

// ruleName says what a binding asks for, and where it stands: "policy staff-only on application Wiki". It is made once for each snapshot.
func (e *Engine) ruleName(ctx context.Context, s *model.Snapshot, b *model.PolicyBinding) string {
	type key struct{ id model.PolicyBindingID }
	return model.Derive(s, key{b.ID}, func() string { return e.subjectName(ctx, s, b) + " on " + targetName(s, b) })
}

// nameTime is how long the database may take to tell a name: whoever waits for it would rather have the id.
const nameTime = time.Second

func (e *Engine) subjectName(ctx context.Context, s *model.Snapshot, b *model.PolicyBinding) string {
	known, _ := e.groups.(names)
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), nameTime)
	defer cancel()
	switch {
	case b.Policy != nil:
		if p := s.Policies[*b.Policy]; p != nil {
			return "policy " + p.Name
		}
		return "policy " + string(*b.Policy)
	case b.User != nil:
		if known != nil {
			if u, err := known.User(limited, *b.User); err == nil {
				return "user " + u.Username
			}
		}
		return fmt.Sprintf("user %d", *b.User)
	case b.Group != nil:
		if known != nil {
			if g, err := known.Group(limited, *b.Group); err == nil {
				return "group " + g.Name
			}
		}
		return "group " + string(*b.Group)
	}
	return "binding " + string(b.ID)
}

// targetName says what a binding stands before.
func targetName(s *model.Snapshot, b *model.PolicyBinding) string {
	t := b.Target
	if a := s.Applications[model.ApplicationID(t)]; a != nil {
		return "application " + a.Name
	}
	if e := s.Entitlements[model.EntitlementID(t)]; e != nil {
		return "entitlement " + e.Name
	}
	if x := s.Sources[model.SourceID(t)]; x != nil {
		return "source " + x.Name
	}
	for _, f := range s.Flows {
		if model.TargetID(f.ID) == t || f.Target == t {
			return "flow " + f.Slug
		}
	}
	for _, fsb := range s.Bindings {
		if model.TargetID(fsb.ID) != t && fsb.Policy != t {
			continue
		}
		name := "stage " + string(fsb.Stage)
		if st := s.Stages[fsb.Stage]; st != nil {
			name = "stage " + st.Name
		}
		if f := s.Flows[fsb.Flow]; f != nil {
			name += " in flow " + f.Slug
		}
		return name
	}
	return "target " + string(t)
}
