package portal

import (
	"io"
	"maps"

	"github.com/weimen-id/weimen/internal/model"
)

// Refusal is why somebody cannot go on.
type Refusal struct {
	// Err says the reason. Its message is for programs and never shown.
	Err *model.Error
	// Message, if set, is what an administrator wrote for the person.
	Message string
	// SupportCode finds the event; may be empty.
	SupportCode string
	// RetryURL is where to start again; may be empty.
	RetryURL string
}

// refusalView is a refusal in the reader's language.
type refusalView struct {
	Title, Happened, Who, Next     string
	Message, SupportCode, RetryURL string
}

// Refusal draws it: what happened, who can mend it, what to do now. An error without a reason of its own is explained by its code.
func (r *Renderer) Refusal(w io.Writer, p Page, refusal Refusal) error {
	s := r.speaker(p.Lang)
	reason := s.reason(refusal.Err)
	args := map[string]string{"source": s.text("pages.refusal.this_source"), "application": s.text("pages.refusal.this_application")}
	if refusal.Err != nil {
		maps.Copy(args, nonEmpty(refusal.Err.Args))
	}
	if refusal.Message == "" {
		refusal.Message = args["message"]
	}
	say := func(part string) string { return s.fill("refusal."+reason+"."+part, args) }
	return r.show(w, p, "refusal", refusalView{
		Title: say("title"), Happened: say("happened"), Who: say("who"), Next: say("next"),
		Message: s.keyOr(refusal.Message), SupportCode: refusal.SupportCode, RetryURL: refusal.RetryURL,
	})
}

// reason gives the entry of the catalogue that explains an error.
func (s *speaker) reason(e *model.Error) string {
	if e == nil {
		return "internal"
	}
	if e.Reason != "" && s.catalogue.Has(s.lang, "refusal."+e.Reason+".title") {
		return e.Reason
	}
	switch e.Code {
	case model.CodeNotFound:
		return "not_found"
	case model.CodeDenied:
		return "flow.denied"
	case model.CodeUnauthenticated:
		return "flow.requires_signed_in"
	case model.CodeExpired:
		return "flow.expired"
	case model.CodeRateLimited:
		return "rate_limited"
	case model.CodeUnavailable:
		return "unavailable"
	case model.CodeInvalid, model.CodeConflict:
		return "flow.invalid"
	case model.CodeUpstream:
		return "upstream"
	case model.CodeInternal:
	}
	return "internal"
}

func nonEmpty(args map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range args {
		if v != "" {
			out[k] = v
		}
	}
	return out
}
