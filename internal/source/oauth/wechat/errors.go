package wechat

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// Who can mend an error: the detail "mend" of each.
const (
	administrator = "administrator" // the settings here or at WeChat
	person        = "person"        // whoever signs in: by doing it again, or at WeChat
	wait          = "wait"          // time
	tencent       = "wechat"        // WeChat, or the network on the way
	weimen        = "weimen"        // us: WeChat did not understand what was sent
)

// meaning is what an errcode says.
type meaning struct {
	code model.Code
	mend string
	text string
}

// meaningOf knows the error codes that a sign-in can meet, from WeChat's list of global error codes. ok is false for any other.
func meaningOf(errcode number) (m meaning, ok bool) {
	settings := func(text string) (meaning, bool) { return meaning{model.CodeInvalid, administrator, text}, true }
	again := func(text string) (meaning, bool) { return meaning{model.CodeExpired, person, text}, true }
	denied := func(text string) (meaning, bool) { return meaning{model.CodeDenied, person, text}, true }
	later := func(text string) (meaning, bool) { return meaning{model.CodeRateLimited, wait, text}, true }
	// Ours to mend, but still an answer of WeChat's: nothing that it sends may become a status of 500.
	bug := func(text string) (meaning, bool) { return meaning{model.CodeUpstream, weimen, text}, true }
	switch errcode {
	case busy:
		return meaning{model.CodeUpstream, wait, "WeChat is busy"}, true
	case 40029:
		return again("the code is wrong, expired or of another app")
	case 40163:
		return again("the code has been used")
	case 42003:
		return again("the code has expired")
	case 40001, 40014:
		return again("the access token is not valid")
	case 40003:
		return again("the openid is not of this app")
	case 42001:
		return again("the access token has expired")
	case 40030:
		return again("the refresh token is not valid")
	case 42002:
		return again("the refresh token has expired")
	case 42007:
		return again("the person changed the WeChat password")

	case 40226:
		return denied("WeChat counts the person as a high risk")
	case 50001:
		return denied("the person has not authorised this")
	case 50002:
		return denied("the person's WeChat account is frozen or closed")

	case 40013:
		return settings("the AppID is not valid")
	case 40125:
		return settings("the AppSecret is wrong or was reset")
	case 40164:
		return settings("this server's IP address is not on the app's allow-list")
	case 40243:
		return settings("the AppSecret was frozen by its owner")
	case 48001:
		return settings("the app has no permission for this API")
	case 61003:
		return settings("the app has not authorised the third-party platform")
	case 61004:
		return settings("this server's IP address is not registered with the third-party platform")
	case 89501, 89503:
		return settings("the app's administrator must confirm this server's IP address")
	case 89506:
		return settings("the app's administrator refused this server's IP address twice, for 24 hours")
	case 89507:
		return settings("the app's administrator refused this server's IP address, for an hour")

	case 45009:
		return later("the app's daily quota is used up")
	case 45011:
		return later("the app's quota for this minute is used up")

	case 40002:
		return bug("the grant type is not valid")
	case 41001:
		return bug("the access token is missing")
	case 41002:
		return bug("the AppID is missing")
	case 41003:
		return bug("the refresh token is missing")
	case 41004:
		return bug("the AppSecret is missing")
	case 41008:
		return bug("the code is missing")
	case 41009:
		return bug("the openid is missing")
	case 43002:
		return bug("the request must be a POST")
	case 43003:
		return bug("the request must use HTTPS")
	}
	return meaning{}, false
}

// refusal makes an error of an answer with an errcode. WeChat's own text goes into the detail only: it may quote our IP address, and its tail "rid" is what
// Tencent's support asks for.
func refusal(s status, endpoint string, mask oauth.Mask) *model.Error {
	errcode := strconv.Itoa(int(s.Errcode))
	m, known := meaningOf(s.Errcode)
	reason := "wechat." + errcode
	if !known {
		m = meaning{model.CodeUpstream, tencent, "unknown error code"}
		reason = "wechat.unknown_errcode"
	}
	e := model.Refuse(m.code, reason, fmt.Sprintf("WeChat refused: %s (errcode %s).", m.text, errcode))
	e.Args = map[string]string{"errcode": errcode}
	return e.With("mend", m.mend).With("endpoint", endpoint).With("errcode", int(s.Errcode)).With("errmsg", mask.Text(s.Errmsg))
}

// mendable says whose a fault on the way to WeChat is.
func mendable(err error) error {
	var e *model.Error
	if !errors.As(err, &e) {
		return err
	}
	return e.With("mend", tencent)
}
