package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/web"
)

// Preview is a login page to be looked at.
type Preview struct {
	// Snapshot is the configuration that it is drawn from, as a draft would make it.
	Snapshot *model.Snapshot
	Brand    *model.Brand
	// Theme is "light" or "dark", "" for what the reader's device prefers; Lang is a language of the pages.
	Theme, Lang string
	// Visitor is somebody unknown, at the brand's door.
	Visitor *model.Visitor
}

// preview answers the login page as drafts of a brand and of a source would make it look: HTML, for a frame. The drafts are checked as if they were saved, and are not.
func (c *call) preview() error {
	noun := c.noun("authentik_brands.brand")
	if err := c.need(access.Change, noun.Model); err != nil {
		return err
	}
	if c.Deps.Preview == nil {
		return errNotImplemented
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	p, brand, source, err := c.readPreview(body)
	if err != nil {
		return err
	}
	p.Snapshot, err = c.Resources.Draft(c.ctx(), func(ctx context.Context) error {
		o, err := c.draftBrand(ctx, noun, brand)
		if err != nil {
			return err
		}
		p.Brand, _ = o.Value.(*model.Brand)
		if source == nil {
			return nil
		}
		return c.draftSource(ctx, p.Brand, source)
	})
	if err != nil {
		return err
	}
	html, err := c.Deps.Preview(c.ctx(), p)
	if model.CodeOf(err) == model.CodeNotFound {
		return model.Invalid("flow_authentication", "This flow has no page by which people could come in.")
	}
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", web.StrictPolicy().With("sandbox").String())
	c.w.WriteHeader(http.StatusOK)
	_, _ = c.w.Write(html) // whoever asked has gone
	return nil
}

// readPreview takes a request apart: how the page is to be seen, the draft of the brand, and that of a source, nil for none.
func (c *call) readPreview(body kind.Body) (p Preview, brand, source kind.Body, err error) {
	var seen struct {
		Theme  string `json:"theme" enum:"light dark" rule:"blank"`
		Locale string `json:"locale" enum:"en zh-Hans zh" rule:"blank"`
	}
	if errs := kind.Decode(&seen, body, kind.Create); len(errs) > 0 {
		return p, nil, nil, &model.Error{Code: model.CodeInvalid, Message: "invalid input", Fields: errs}
	}
	for name, dst := range map[string]*kind.Body{"brand": &brand, "source": &source} {
		if raw, given := body[name]; given && json.Unmarshal(raw, dst) != nil {
			return p, nil, nil, model.Invalid(name, "Invalid data. Expected a dictionary.")
		}
	}
	p.Theme, p.Lang = seen.Theme, web.Locale(c.ctx())
	switch seen.Locale {
	case "en":
		p.Lang = web.English
	case "zh", "zh-Hans":
		p.Lang = web.Chinese
	}
	v := *c.visitor
	v.User, v.Session, v.Locale = nil, nil, p.Lang
	p.Visitor = &v
	return p, brand, source, nil
}

// draftBrand changes the brand that a draft names by its id or its domain, else the one that is used here. A draft with another domain is a new brand, as is one whose domain is
// not filled in yet.
func (c *call) draftBrand(ctx context.Context, n *resource.Noun, draft kind.Body) (*resource.Object, error) {
	id, domain := text(draft["brand_uuid"]), text(draft["domain"])
	_, begun := draft["domain"]
	if id == "" && domain == "" && !begun {
		id = string(c.s.Brand(c.host()).ID)
	}
	for _, b := range c.s.Brands {
		if id == "" && b.Domain == domain {
			id = string(b.ID)
		}
	}
	if id == "" {
		return c.Resources.Create(ctx, c.by, n, newBrand(draft))
	}
	return c.Resources.Change(ctx, c.by, n, id, draft, kind.Patch)
}

// newBrand is a draft with what it takes to be drawn: a domain that nobody has, not even who makes the brand at this moment, and the name that the pages have without one.
func newBrand(draft kind.Body) kind.Body {
	draft = maps.Clone(draft)
	if draft == nil {
		draft = kind.Body{}
	}
	draft["domain"] = json.RawMessage(`"preview.invalid"`)
	if _, named := draft["branding_title"]; !named {
		draft["branding_title"] = json.RawMessage(`"Weimen"`)
	}
	return draft
}

// draftSource changes the source that a draft names by its slug, or makes it, and puts it on the brand's login page.
func (c *call) draftSource(ctx context.Context, b *model.Brand, draft kind.Body) error {
	kinds := c.Resources.Registry.Of("source")
	slug, src := text(draft["slug"]), (*resource.Object)(nil)
	var err error
	switch i := slices.IndexFunc(kinds, func(n *resource.Noun) bool { return n.Component == text(draft["component"]) }); {
	case c.s.SourceBySlug(slug) != nil:
		src, err = c.Resources.Change(ctx, c.by, c.Resources.Registry.Umbrella("source"), slug, draft, kind.Patch)
	case len(kinds) == 1:
		src, err = c.Resources.Create(ctx, c.by, kinds[0], draft)
	case i >= 0:
		src, err = c.Resources.Create(ctx, c.by, kinds[i], draft)
	default:
		err = model.Invalid("component", "This field is required.")
	}
	if err != nil {
		return err
	}
	f := c.s.FlowOf(b, model.DesignationAuthentication)
	if f == nil {
		return nil
	}
	return c.offer(ctx, f.ID, src.ID())
}

// offer puts a source on the page of the first stage of a flow that offers sources.
func (c *call) offer(ctx context.Context, f model.FlowID, source string) error {
	for _, b := range c.s.BindingsOf(f) {
		st, err := c.Resources.ByID(c.s, "stage", string(b.Stage))
		if err != nil {
			return err
		}
		for _, r := range kind.References(st.Config) {
			if r.Field.Ref != "source" || r.Field.Type != kind.List {
				continue
			}
			if slices.Contains(r.IDs, source) {
				return nil
			}
			ids, err := json.Marshal(append(r.IDs, source))
			if err != nil {
				return err
			}
			_, err = c.Resources.Change(ctx, c.by, st.Noun, st.Key(), kind.Body{r.Field.Name: ids}, kind.Patch)
			return err
		}
	}
	return nil
}

// text reads a JSON string; "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}
