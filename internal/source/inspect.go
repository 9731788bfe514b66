package source

import (
	"context"
	"maps"
	"net/url"

	"github.com/weimen-id/weimen/internal/model"
)

// Checker is a driver that can ask its upstream whether it would take the source's settings.
type Checker interface {
	// Check asks the upstream as a sign-in would, with a code that is made up. Nobody is signed in. No finding holds a secret.
	Check(ctx context.Context, callbackURL string) []Finding
}

// Examine tells what can be told of a source without asking anybody, also of one that is switched off. Public is our own origin.
func (m *Manager) Examine(s *model.Snapshot, src *model.Source, public *url.URL) []Finding {
	driver, err := m.driver(s, src)
	if err != nil {
		return named([]Finding{{Code: "not_configured", Level: LevelError}}, src)
	}
	if d, ok := driver.(Examiner); ok {
		return named(d.Examine(public), src)
	}
	return nil
}

// CheckUpstream tells all that [Manager.Examine] does, and what the upstream says.
func (m *Manager) CheckUpstream(ctx context.Context, s *model.Snapshot, src *model.Source, public *url.URL) []Finding {
	out := m.Examine(s, src, public)
	driver, err := m.driver(s, src)
	if err != nil {
		return out
	}
	d, ok := driver.(Checker)
	if !ok {
		return append(out, named([]Finding{{Code: "not_asked", Level: LevelInfo}}, src)...)
	}
	return append(out, named(d.Check(ctx, callbackURL(public.Scheme+"://"+public.Host, src)), src)...)
}

// named fills in the source's name, which texts may use.
func named(findings []Finding, src *model.Source) []Finding {
	out := make([]Finding, 0, len(findings))
	for _, f := range findings {
		args := map[string]string{"source": src.Name}
		maps.Copy(args, f.Args)
		f.Args = args
		out = append(out, f)
	}
	return out
}
