package app

import (
	"bytes"
	"context"

	"github.com/weimen-id/weimen/internal/api"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/portal"
)

// preview draws the login page of a brand as a draft would make it look. model.ErrNotFound: it has none.
func (a *App) preview(ctx context.Context, p api.Preview) ([]byte, error) {
	f := p.Snapshot.FlowOf(p.Brand, model.DesignationAuthentication)
	if f == nil {
		return nil, model.ErrNotFound
	}
	c, err := a.flows.Front(ctx, p.Snapshot, f, p.Visitor)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = a.renderer.Preview(&b, portal.Page{Lang: p.Lang, Now: a.now(), Brand: a.renderer.BrandOf(p.Brand), Path: "/if/flow/" + f.Slug + "/"}, p.Theme, c)
	return b.Bytes(), err
}
