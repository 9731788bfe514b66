package flow

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// LinkFor makes an address by which whoever has it goes through a flow as the user, once, within the lifetime: the recovery link that an administrator hands over. The link
// stands for the proof of who they are, so the run finds [stage.SlotIsRestored] and the user authenticated, as after a letter. The visitor is who asks for it. A flow that
// does not apply to the user is refused as it would be on its page.
func (e *Executor) LinkFor(ctx context.Context, v *model.Visitor, f *model.Flow, u *model.User, lifetime time.Duration) (model.Secret, error) {
	guest := *v
	guest.User, guest.Session, guest.Browser, guest.NewBrowser = nil, nil, "", true
	r := e.begin(&guest, f, url.Values{})
	c := model.NewPlanContext()
	stage.SlotPendingUser.Set(c, u)
	stage.SlotUserBackend.Set(c, "authentik.core.auth.InbuiltBackend")
	stage.SlotAuthMethod.Set(c, "recovery")
	stage.SlotIsRestored.Set(c, true)
	p, err := e.plan(ctx, r, f, c)
	if err != nil {
		return model.Secret{}, err
	}
	c.Clean()
	p.Started = true
	clear, err := json.Marshal(linked{Plan: p})
	if err != nil {
		return model.Secret{}, fmt.Errorf("write plan: %w", err)
	}
	token := rand.Text()
	hash := keypair.Hash(token)
	err = e.Store.InsertFlowToken(ctx, &model.FlowToken{
		TokenHash: hash, Flow: f.ID, Expires: e.Now().UTC().Add(lifetime), Plan: []byte(e.Box.Seal(string(clear), linkPlace(hash))),
	})
	if err != nil {
		return model.Secret{}, err
	}
	return model.NewSecret(v.Origin + "/if/flow/" + url.PathEscape(f.Slug) + "/?" + url.Values{linkParameter: {token}}.Encode()), nil
}
