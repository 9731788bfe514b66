package wechat

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// bodyLimit is the most that an answer may hold, in bytes. Real ones have less than 2,000.
const bodyLimit = 64 << 10

// retryPause is how long a busy WeChat is left alone before the profile is asked for once more.
const retryPause = 300 * time.Millisecond

// authorizationURL is WeChat's own page, which sends browsers back to registered callback domains only.
const authorizationURL = "https://open.weixin.qq.com/connect/qrconnect"

// Type is WeChat.
func Type() oauth.Type {
	info := oauth.Info{
		Name:             "wechat",
		VerboseName:      "WeChat",
		URLsCustomizable: true,
		AuthorizationURL: oauth.At(authorizationURL),
		AccessTokenURL:   oauth.At("https://api.weixin.qq.com/sns/oauth2/access_token"),
		ProfileURL:       oauth.At("https://api.weixin.qq.com/sns/userinfo"),
	}
	return oauth.Type{
		Info:  info,
		Check: check,
		Gives: []string{"username", "name", "attributes"},
		Open: func(s oauth.Settings) (source.Driver, error) {
			return &driver{
				Settings:  s,
				addresses: info.Addresses(s.Config),
				upstream:  oauth.Upstream{Prefix: "wechat", Title: "WeChat", Client: s.Client, Limit: bodyLimit},
				pause:     retryPause,
			}, nil
		},
	}
}

// check refuses only what can be no AppID and no AppSecret. Their usual shapes ("wx" and 16 hex digits, 32 hex digits) are nowhere promised.
func check(c oauth.Config) map[string][]string {
	faults := map[string][]string{}
	if fault := oauth.CheckPasted(c.ConsumerKey); fault != "" {
		faults["consumer_key"] = []string{fault}
	}
	if fault := oauth.CheckPasted(c.ConsumerSecret.Reveal()); fault != "" {
		faults["consumer_secret"] = []string{fault}
	}
	return faults
}

type driver struct {
	oauth.Settings
	addresses oauth.Addresses
	upstream  oauth.Upstream
	pause     time.Duration
}

var _ source.Driver = (*driver)(nil)

// Begin implements source.Driver.
func (d *driver) Begin(_ context.Context, b source.Begin) (source.Departure, error) {
	return source.Departure{URL: d.departure(b)}, nil
}

// Finish implements source.Driver.
func (d *driver) Finish(ctx context.Context, r source.Return) (*source.Account, error) {
	ctx, cancel := d.Within(ctx)
	defer cancel()
	code, err := d.code(r)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	g, err := d.exchange(ctx, code)
	if err != nil {
		return nil, err
	}
	exchanged := time.Now()
	p, err := d.userinfo(ctx, g, r.Locale)
	if err != nil {
		return nil, err
	}
	calls := source.TokenThenProfile(began, exchanged, time.Now())
	a, err := d.account(r, g, p)
	if err != nil {
		return nil, err
	}
	a.Calls = calls
	return a, nil
}
