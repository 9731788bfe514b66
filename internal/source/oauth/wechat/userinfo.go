package wechat

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// busy is the errcode for which WeChat's documentation says to try again.
const busy = -1

// userinfo asks for the profile, and once more if WeChat is busy. The profile that it returns is the token's person's, with the unionid in the profile if either
// answer has one.
func (d *driver) userinfo(ctx context.Context, g grant, locale string) (oauth.Profile, error) {
	p, s, endpoint, err := d.askProfile(ctx, g, locale)
	if err == nil && s.Errcode == busy {
		select {
		case <-time.After(d.pause):
			p, s, endpoint, err = d.askProfile(ctx, g, locale)
		case <-ctx.Done():
		}
	}
	if err != nil {
		return nil, err
	}
	if s.Errcode != 0 {
		return nil, refusal(s, endpoint, g.mask)
	}
	mismatch := d.upstream.Refuse(model.CodeUpstream, "openid_mismatch", "WeChat gave the profile of someone else.").
		With("mend", tencent).With("endpoint", endpoint)
	if p.Text("openid") != g.openID {
		return nil, mismatch.With("differs", "openid")
	}
	unionID, ok := identifier(p.Text("unionid"))
	switch {
	case !ok:
		return nil, d.badAnswer(endpoint, "the unionid is not one")
	case unionID == "":
		unionID = g.unionID
	case g.unionID != "" && g.unionID != unionID:
		return nil, mismatch.With("differs", "unionid")
	}
	p["openid"], p["unionid"] = g.openID, oauth.OrNil(unionID)
	return p, nil
}

func (d *driver) askProfile(ctx context.Context, g grant, locale string) (oauth.Profile, status, string, error) {
	lang := "zh_CN"
	if locale == "en" {
		lang = "en"
	}
	answer, err := d.answered(d.upstream.Get(ctx, withQuery(d.addresses.Profile, []pair{
		{"access_token", g.accessToken},
		{"openid", g.openID},
		{"lang", lang},
	})))
	if err != nil {
		return nil, status{}, "", err
	}
	var s status
	if err := d.decode(answer, &s); err != nil {
		return nil, status{}, "", err
	}
	p, err := oauth.DecodeProfile(repaired(answer.Body))
	if err != nil {
		return nil, status{}, "", d.badAnswer(answer.Endpoint, err.Error())
	}
	return p, s, answer.Endpoint, nil
}
