package source

import (
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
)

// trace begins the story of a sign-in where the browser left.
func (m *Manager) trace(src *model.Source, request *model.SourceRequest) *flow.Trace {
	t := flow.NewTrace(request.Created)
	t.Add(request.Created, flow.Mark{Did: flow.DidLeave, Stage: src.Name, Kind: src.Kind})
	t.Add(m.Now(), flow.Mark{Did: flow.DidReturn, Stage: src.Name, Kind: src.Kind})
	return t
}

// called notes how long the upstream took.
func (r *returning) called(began time.Time) {
	for _, c := range r.account.Calls {
		r.note(flow.Mark{Did: flow.DidCall, Detail: c.Name, Took: c.Took.Microseconds()})
	}
	if len(r.account.Calls) == 0 {
		r.note(flow.Mark{Did: flow.DidCall, Took: time.Since(began).Microseconds()})
	}
}

// mappings notes which property mappings were run.
func (r *returning) mappings(began time.Time) {
	var names []string
	for _, id := range r.source.UserPropertyMappings {
		if m := r.snapshot.Mappings[id]; m != nil {
			names = append(names, m.Name)
		}
	}
	if len(names) > 0 {
		r.note(flow.Mark{Did: flow.DidMap, Detail: strings.Join(names, ", "), Took: time.Since(began).Microseconds()})
	}
}

func (r *returning) note(m flow.Mark) {
	m.Stage, m.Kind = r.source.Name, r.source.Kind
	r.trace.Add(r.manager.Now(), m)
}

// signedIn is the user of the browser's session, 0 for nobody.
func (r *returning) signedIn() model.UserID {
	if r.visitor.SignedIn() {
		return r.visitor.User.ID
	}
	return 0
}
