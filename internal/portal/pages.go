package portal

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
)

// Pages answers people on behalf of surfaces that are made for programs: an authorization request that cannot be granted, or that a flow has to ask about.
type Pages struct{ server *Server }

// Pages gives them.
func (s *Server) Pages() Pages { return Pages{s} }

// Refuse shows why a request is refused, and records it under a support code.
func (p Pages) Refuse(w http.ResponseWriter, r *http.Request, refusal *model.Error) {
	v, err := p.server.Visitors.Of(w, r)
	if model.CodeOf(err) == model.CodeRateLimited {
		p.server.Refuse(w, r, nil, err)
		return
	}
	p.server.Refuse(w, r, v, refusal) // also without a visitor, where the database is not there to tell who it is
}

// Reply answers with what a flow has come to.
func (p Pages) Reply(w http.ResponseWriter, r *http.Request, reply *flow.Reply) {
	if err := p.server.reply(w, r, nil, reply); err != nil {
		p.server.Refuse(w, r, nil, err)
	}
}

// Fail answers for a fault of ours, or 503 where the database is not there.
func (p Pages) Fail(w http.ResponseWriter, r *http.Request, err error) {
	p.server.Refuse(w, r, nil, err)
}
