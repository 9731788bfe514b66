package portal

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/stage"
)

// longestParameter bounds each parameter of a callback. WeChat's code has 32 characters; other upstreams send some hundreds.
const longestParameter = 8 << 10

// depart sends the browser to a source.
func (s *Server) depart(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	query := r.URL.Query()
	if err := s.checkKind(r); err != nil {
		return err
	}
	slug, again := chi.URLParam(r, "slug"), query.Get("reauthenticate") == "true"
	d := source.Departing{
		Slug: slug, Next: query.Get("next"), LoginHint: query.Get("login_hint"), Reauthenticate: again, Flow: query.Get("flow"), Step: query.Get("step"),
		Query: stage.Carried(query),
	}
	if d.Flow != "" {
		var err error
		if d.Query, err = url.ParseQuery(query.Get("query")); err != nil {
			return model.Refuse(model.CodeInvalid, "flow.invalid", "The query of the flow's page cannot be read.")
		}
	}
	if src := s.Snapshot().SourceBySlug(slug); v.SignedIn() && !again && d.Flow == "" && src != nil && src.Enabled && !mayConnect(v.Session, slug, query.Get(connectParameter)) {
		// Signed in already, perhaps in another tab: there they are, or where they can connect the account.
		http.Redirect(w, r, cmp.Or(s.safeNext(query.Get("next")), accountPath), http.StatusFound)
		return nil
	}
	to, err := s.Sources.Depart(r.Context(), v, d)
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}

// callback deals with a browser that comes back from a source.
func (s *Server) callback(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	if err := s.checkKind(r); err != nil {
		return err
	}
	values, err := callbackValues(r)
	if err != nil {
		return err
	}
	reply, err := s.Sources.Return(r.Context(), v, chi.URLParam(r, "slug"), values)
	if err != nil {
		return err
	}
	return s.reply(w, r, v, reply)
}

// callbackValues reads the query. A form is refused: no upstream that is supported posts (OAuth 2.0 Form Post Response Mode), and a posted callback would come without
// the cookies that it must be bound to.
func callbackValues(r *http.Request) (url.Values, error) {
	if r.Method != http.MethodGet {
		return nil, model.Refuse(model.CodeInvalid, "source.callback_post", "The callback was posted.").With("source", chi.URLParam(r, "slug"))
	}
	values := r.URL.Query()
	for name, list := range values {
		for _, value := range list {
			if len(value) > longestParameter || len(name) > longestParameter {
				return nil, model.Refuse(model.CodeInvalid, "source.too_long", "A parameter of the callback is too long.").With("source", chi.URLParam(r, "slug"))
			}
		}
	}
	return values, nil
}

// checkKind refuses an address that names another kind than the source has.
func (s *Server) checkKind(r *http.Request) error {
	src := s.Snapshot().SourceBySlug(chi.URLParam(r, "slug"))
	if src != nil && src.Kind != chi.URLParam(r, "kind") {
		return model.Refuse(model.CodeNotFound, "not_found", "There is no such source.")
	}
	return nil
}
