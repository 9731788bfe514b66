package wechat

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

var _ source.Checker = (*driver)(nil)

// pageLimit is the most that the QR page may hold, in bytes. It has some tens of thousands.
const pageLimit = 1 << 20

// Check asks WeChat twice: for a token, with a code that is made up, and for the page that people would see.
func (d *driver) Check(ctx context.Context, callbackURL string) []source.Finding {
	return append(d.checkExchange(ctx), d.checkPage(ctx, callbackURL)...)
}

// checkExchange tells by the errcode what WeChat thinks of AppID and AppSecret: it looks at them before it looks at the code, so that a code of nobody's is refused as such
// (40029) only where both are right.
func (d *driver) checkExchange(ctx context.Context) []source.Finding {
	_, err := d.exchange(ctx, madeUp())
	if trouble, is := oauth.Trouble(err); is {
		return []source.Finding{trouble}
	}
	host := map[string]string{"host": oauth.HostOf(d.addresses.Token)}
	var e *model.Error
	if !errors.As(err, &e) {
		return []source.Finding{{Code: "bad_answer", Level: source.LevelError, Args: host}} // a code of nobody's was taken
	}
	errcode, _ := e.Detail["errcode"].(int)
	errmsg, _ := e.Detail["errmsg"].(string)
	code, level := verdict(errcode)
	return []source.Finding{
		{Code: "wechat.reached", Level: source.LevelOK, Args: host},
		{Code: code, Level: level, Args: map[string]string{"errcode": fmt.Sprint(errcode), "errmsg": errmsg}},
	}
}

// verdict is what an errcode says about the settings.
func verdict(errcode int) (code string, level source.Level) {
	switch errcode {
	case 40029, 40163, 42003:
		return "wechat.accepted", source.LevelOK
	case 40013:
		return "wechat.app_id_refused", source.LevelError
	case 40125, 40001:
		return "wechat.secret_refused", source.LevelError
	case 40243:
		return "wechat.secret_frozen", source.LevelError
	case 40164, 61004, 89501, 89503, 89506, 89507:
		return "wechat.ip_refused", source.LevelError
	case 48001, 61003:
		return "wechat.no_permission", source.LevelError
	case busy, 45009, 45011:
		return "wechat.busy", source.LevelWarning
	}
	return "wechat.refused", source.LevelError
}

// checkPage looks at the page that people would be shown. WeChat shows its errors there, with status 200, and never tells us of them.
func (d *driver) checkPage(ctx context.Context, callbackURL string) []source.Finding {
	upstream := d.upstream
	upstream.Limit = pageLimit
	answer, err := upstream.Get(ctx, d.departure(source.Begin{CallbackURL: callbackURL, State: madeUp(), Locale: "zh"}))
	if trouble, is := oauth.Trouble(err); is {
		return []source.Finding{trouble}
	}
	args := map[string]string{"host": oauth.HostOf(callbackURL)}
	page := string(answer.Body)
	for _, known := range []struct {
		words, code string
		level       source.Level
	}{
		{"redirect_uri 参数错误", "wechat.page_domain", source.LevelError},
		{"AppID 参数错误", "wechat.page_app_id", source.LevelError},
		{"Scope 参数错误", "wechat.page_scope", source.LevelError},
		{"/connect/qrcode/", "wechat.page_ready", source.LevelOK},
	} {
		if err == nil && answer.Status == http.StatusOK && strings.Contains(page, known.words) {
			return []source.Finding{{Code: known.code, Level: known.level, Args: args}}
		}
	}
	return []source.Finding{{Code: "wechat.page_unknown", Level: source.LevelInfo, Args: map[string]string{"host": oauth.HostOf(d.addresses.Authorization)}}}
}

// madeUp is 32 characters as a code or a state has them.
func madeUp() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}
