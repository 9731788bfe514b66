package portal

import (
	"errors"
	"io"
	"maps"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// trialEnded tells the administrator who tried a source out what came of it, in the window that went to the upstream. Nobody else is told.
func (s *Server) trialEnded(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	t, err := s.Sources.TrialOf(r.Context(), v, chi.URLParam(r, "id"))
	if errors.Is(err, model.ErrNotFound) || err == nil && t.State != source.TrialDone {
		return model.Refuse(model.CodeNotFound, "not_found", "There is no such trial, or it is over.")
	}
	if err != nil {
		return err
	}
	page := s.frame(r, nil)
	return s.draw(w, http.StatusOK, page, func(w http.ResponseWriter) error { return s.Renderer.TrialEnded(w, page, t.Source.Name, t.Outcome) })
}

// trialView is the outcome of a trial in the reader's language.
type trialView struct {
	// Sentence says what a sign-in would come to; Title and Happened explain a refusal.
	Sentence, Title, Happened string
}

// TrialEnded says that a trial is over and the window may be closed.
func (r *Renderer) TrialEnded(w io.Writer, p Page, name string, o *source.Outcome) error {
	s := r.speaker(p.Lang)
	v := trialView{Sentence: s.fill("check."+o.Sentence.Key, o.Sentence.Args)}
	if o.Refusal != nil {
		e := &model.Error{Code: o.Refusal.Code, Reason: o.Refusal.Reason}
		args := map[string]string{"source": name, "application": s.text("pages.refusal.this_application")}
		maps.Copy(args, nonEmpty(o.Refusal.Args))
		reason := s.reason(e)
		v.Title, v.Happened = s.fill("refusal."+reason+".title", args), s.fill("refusal."+reason+".happened", args)
	}
	return r.show(w, p, "trial", v)
}
