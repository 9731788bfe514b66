package api

import (
	"context"
	"maps"
	"net/http"
	"net/url"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// Sources checks sources and tries them out. Package source has it.
type Sources interface {
	Examine(s *model.Snapshot, src *model.Source, public *url.URL) []source.Finding
	CheckUpstream(ctx context.Context, s *model.Snapshot, src *model.Source, public *url.URL) []source.Finding
	Samples(ctx context.Context, s *model.Snapshot, v *model.Visitor, src *model.Source) source.Samples
	TryOut(ctx context.Context, s *model.Snapshot, v *model.Visitor, src *model.Source, r source.Rehearsal) (*source.Outcome, error)
	BeginTrial(ctx context.Context, s *model.Snapshot, v *model.Visitor, src *model.Source) (id, to string, err error)
	TrialOf(ctx context.Context, v *model.Visitor, id string) (*source.Trial, error)
}

// mountSourceTrials serves what an administrator does with a source before people use it. It is Weimen's own.
func (a *API) mountSourceTrials() {
	for _, n := range a.Resources.Registry.Of("source") {
		item := "/sources/" + n.Kind.CollectionPath() + "/{key}/"
		on := func(h func(c *call, src *model.Source) error) handler {
			return func(c *call) error {
				o, err := c.object(n, access.Change)
				if err != nil {
					return err
				}
				src, ok := o.Value.(*model.Source)
				if !ok || c.Sources == nil {
					return errNotImplemented
				}
				return h(c, src)
			}
		}
		a.handle(http.MethodPost, item+"check/", on((*call).checkSource))
		a.handle(http.MethodGet, item+"samples/", on((*call).sourceSamples))
		a.handle(http.MethodPost, item+"try/", on((*call).trySource))
		a.handle(http.MethodPost, item+"trial/", on((*call).beginTrial))
		a.handle(http.MethodGet, item+"trial/{id}/", on((*call).showTrial))
	}
}

// checkSource tells whether a source can work: by its settings, and by what its upstream says to them.
func (c *call) checkSource(src *model.Source) error {
	public, err := url.Parse(c.Origin)
	if err != nil {
		return err
	}
	return c.ok(row{"checks": c.findings(c.Sources.CheckUpstream(c.ctx(), c.s, src, public))})
}

// findings gives findings in the reader's language.
func (c *call) findings(list []source.Finding) []any {
	out := []any{}
	for _, f := range list {
		out = append(out, row{"code": f.Code, "level": string(f.Level), "title": c.text("check."+f.Code+".title", f.Args), "text": c.text("check."+f.Code+".text", f.Args)})
	}
	return out
}

// text is a text of the catalogue in the reader's language.
func (c *call) text(key string, args map[string]string) string {
	return c.Text(c.visitor.Locale, key, args)
}

// textOr is a text of the catalogue, or something else where there is none.
func (c *call) textOr(key, otherwise string) string {
	if text := c.text(key, nil); text != key {
		return text
	}
	return otherwise
}

// refusal explains a refusal as people would read it; nil for none. A reason without an entry of its own is explained by its code, as on their pages.
func (c *call) refusal(src *model.Source, r *source.Refusal) any {
	if r == nil {
		return nil
	}
	args := map[string]string{"source": src.Name, "application": c.text("pages.refusal.this_application", nil)}
	maps.Copy(args, r.Args)
	entry := "refusal." + r.Reason
	if c.text(entry+".title", args) == entry+".title" {
		entry = map[model.Code]string{
			model.CodeNotFound: "refusal.not_found", model.CodeDenied: "refusal.flow.denied", model.CodeUnauthenticated: "refusal.flow.requires_signed_in",
			model.CodeExpired: "refusal.flow.expired", model.CodeRateLimited: "refusal.rate_limited", model.CodeUpstream: "refusal.upstream",
			model.CodeInvalid: "refusal.flow.invalid", model.CodeConflict: "refusal.flow.invalid",
		}[r.Code]
	}
	if entry == "" {
		entry = "refusal.internal"
	}
	out := row{"reason": r.Reason, "message": args["message"]}
	for _, part := range []string{"title", "happened", "who", "next"} {
		out[part] = c.text(entry+"."+part, args)
	}
	return out
}
