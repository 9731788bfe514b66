package app

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/api"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
)

// newAPI makes what programs meet.
func (a *App) newAPI() *api.API {
	return api.New(api.Deps{
		Store: a.Store, Resources: a.resources, Recogniser: access.NewRecogniser(a.Store, a.now), Flows: a.flows, Policies: a.policies, Mappings: a.mappings,
		Sources: a.sources, SourceTypes: sourceTypes(), Origin: a.settings.Origin(), Version: a.version, Visitor: a.visitors.Of,
		Apply:    func(w http.ResponseWriter, _ *http.Request, reply *flow.Reply) { a.portal.Apply(w, reply) },
		Text:     a.catalogue.Text,
		Sentence: a.catalogue.Sentence,
		SetupURLs: func(s *model.Snapshot, id model.ProviderID) (any, error) {
			return a.provider.SetupURLs(s, id)
		},
		PreviewUser: a.provider.PreviewUser, Configures: a.configures, NeedsMail: a.needsMail, Process: a.process(), Limiter: a.portal.Limiter,
		LaunchURL: func(s *model.Snapshot, p *model.Provider) string { return a.provider.LaunchURL(s, p.ID) },
		Preview:   a.preview,
		Now:       a.now, Log: a.log,
	})
}

// process tells about this program.
func (a *App) process() api.Process {
	e, places := a.settings.Email, a.settings.GeoIP
	return api.Process{
		Started: a.now(), Console: a.console != nil, Mail: e.Host != "" || a.mail != nil, MailFrom: e.From,
		Places: places.Database != "", Networks: places.ASNDatabase != "",
	}
}

// sourceTypes describes the varieties of OAuth source to API clients.
func sourceTypes() []api.SourceType {
	var out []api.SourceType
	for _, t := range SourceTypes() {
		out = append(out, api.SourceType(t.Info))
	}
	return out
}
