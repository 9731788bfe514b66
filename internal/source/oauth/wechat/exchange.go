package wechat

import (
	"context"
	"net/http"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// codeLength is the longest code that is sent on, in bytes. Those of WeChat have 32.
const codeLength = 512

// code takes the code from a callback. WeChat never sends an error: a callback with our state and no code is a person who refused.
func (d *driver) code(r source.Return) (string, error) {
	codes := r.Query["code"]
	switch {
	case len(codes) == 0 || codes[0] == "":
		return "", d.upstream.Refuse(model.CodeDenied, "no_code", "WeChat sent no code back: the person did not confirm.").With("mend", person)
	case len(codes[0]) > codeLength:
		return "", d.upstream.Refuse(model.CodeInvalid, "code_too_long", "The code in the callback is longer than any of WeChat.").
			With("mend", person).With("length", len(codes[0]))
	case len(codes) > 1 || !oauth.IsCode(codes[0], codeLength):
		return "", d.upstream.Refuse(model.CodeInvalid, "code_malformed", "The code in the callback is not one of WeChat.").With("mend", person)
	}
	return codes[0], nil
}

// grant is what the code was worth.
type grant struct {
	accessToken     string
	openID, unionID string
	// scope and expiresIn, in seconds, are what mappings may know of the token.
	scope     string
	expiresIn int
	// mask hides everything secret of this sign-in.
	mask oauth.Mask
}

// exchange redeems the code. It is never repeated, not even when WeChat is busy: the code may be spent.
func (d *driver) exchange(ctx context.Context, code string) (grant, error) {
	secret := d.ConsumerSecret.Reveal()
	mask := oauth.Mask{}.And(secret, code)
	answer, err := d.answered(d.upstream.GetOnce(ctx, withQuery(d.addresses.Token, []pair{
		{"appid", d.ConsumerKey},
		{"secret", secret},
		{"code", code},
		{"grant_type", "authorization_code"},
	})))
	if err != nil {
		return grant{}, err
	}
	var body struct {
		status
		AccessToken    string `json:"access_token"`
		RefreshToken   string `json:"refresh_token"`
		OpenID         string `json:"openid"`
		UnionID        string `json:"unionid"`
		Scope          string `json:"scope"`
		ExpiresIn      number `json:"expires_in"`
		IsSnapshotUser number `json:"is_snapshotuser"`
	}
	if err := d.decode(answer, &body); err != nil {
		return grant{}, err
	}
	mask = mask.And(body.AccessToken, body.RefreshToken)
	if body.Errcode != 0 {
		return grant{}, refusal(body.status, answer.Endpoint, mask)
	}
	if body.IsSnapshotUser != 0 {
		return grant{}, d.upstream.Refuse(model.CodeDenied, "snapshot_user", "WeChat showed the page as a snapshot, with an account that is nobody's.").With("mend", person)
	}
	openID, ok := identifier(body.OpenID)
	if !ok || openID == "" || body.AccessToken == "" {
		return grant{}, d.badAnswer(answer.Endpoint, "no access_token or no openid in the token answer")
	}
	unionID, ok := identifier(body.UnionID)
	if !ok {
		return grant{}, d.badAnswer(answer.Endpoint, "the unionid is not one")
	}
	return grant{
		accessToken: body.AccessToken, openID: openID, unionID: unionID, scope: body.Scope, expiresIn: int(body.ExpiresIn), mask: mask,
	}, nil
}

// answered looks at what came back; WeChat answers 200 for success and failure alike, so that any other status is of something in between.
func (d *driver) answered(answer oauth.Answer, err error) (oauth.Answer, error) {
	if err != nil {
		return answer, mendable(err)
	}
	if answer.Status != http.StatusOK {
		return answer, d.upstream.BadStatus(answer).With("mend", tencent)
	}
	return answer, nil
}
