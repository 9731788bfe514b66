package wechatsim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// object writes a JSON object as WeChat does: fields in a fixed order, non-ASCII raw, "/" escaped.
// encoding/json can do neither the order of a map nor the raw control bytes.
type object struct{ b strings.Builder }

func (o *object) key(key string) {
	if o.b.Len() > 0 {
		o.b.WriteByte(',')
	}
	o.b.WriteString(`"` + key + `":`)
}

func (o *object) number(key string, n int) {
	o.key(key)
	o.b.WriteString(strconv.Itoa(n))
}

// text writes a string with its control characters escaped.
func (o *object) text(key, value string) {
	o.key(key)
	o.quote(value, true)
}

// rawText writes a string with its control characters as they are, which is not valid JSON. Nicknames were seen so.
func (o *object) rawText(key, value string) {
	o.key(key)
	o.quote(value, false)
}

// literal writes JSON as given.
func (o *object) literal(key, json string) {
	o.key(key)
	o.b.WriteString(json)
}

func (o *object) quote(value string, escapeControls bool) {
	o.b.WriteByte('"')
	for i := range len(value) {
		switch c := value[i]; {
		case c == '"' || c == '\\' || c == '/':
			o.b.WriteByte('\\')
			o.b.WriteByte(c)
		case c == '\n' && escapeControls:
			o.b.WriteString(`\n`)
		case c < 0x20 && escapeControls:
			fmt.Fprintf(&o.b, `\u%04x`, c)
		default:
			o.b.WriteByte(c)
		}
	}
	o.b.WriteByte('"')
}

func (o *object) bytes() []byte { return []byte("{" + o.b.String() + "}") }

// failure is an error of the /sns endpoints: status 200, a code, and a text that nobody should match on. An empty
// errmsg means WeChat's text for the code.
func (b Behaviour) failure(errcode int, errmsg string) reply {
	if errmsg == "" {
		errmsg = errorText(errcode)
	}
	switch b.ErrmsgTail {
	case TailRID:
		errmsg += ", rid: " + newRequestID()
	case TailHints:
		errmsg += ", hints: [ req_id: " + randomText(14, "abcdefghijklmnopqrstuvwxyz0123456789") + " ]"
	case TailNewline:
		errmsg += "\n, rid: " + newRequestID()
	case TailNone:
	}
	var body object
	body.number("errcode", errcode)
	body.text("errmsg", errmsg)
	return reply{status: http.StatusOK, contentType: b.ContentType, body: body.bytes(), errcode: errcode}
}

// errorText is WeChat's text for a code as it was seen; for 41003, 42002, 42003, 42007 and 50002, whose text is not
// known, one in its manner.
func errorText(errcode int) string {
	switch errcode {
	case -1:
		return "system error"
	case 0:
		return "ok"
	case 40001:
		return "invalid credential, access_token is invalid or not latest"
	case 40002:
		return "invalid grant_type"
	case 40003:
		return "invalid openid"
	case 40013:
		return "invalid appid"
	case 40014:
		return "invalid access_token"
	case 40029:
		return "invalid code"
	case 40030:
		return "invalid refresh_token"
	case 40125:
		return "invalid appsecret"
	case 40163:
		return "code been used"
	case 40226:
		return "code blocked"
	case 41001:
		return "access_token missing"
	case 41002:
		return "appid missing"
	case 41003:
		return "refresh_token missing"
	case 41004:
		return "appsecret missing"
	case 41008:
		return "missing code"
	case 41009:
		return "missing openid"
	case 42001:
		return "access_token expired"
	case 42002:
		return "refresh_token expired"
	case 42003:
		return "oauth_code expired"
	case 42007:
		return "access_token and refresh_token exception"
	case 45009:
		return "reach max api daily quota limit"
	case 45011:
		return "api minute-quota reach limit, must slower, retry next minute"
	case 48001:
		return "api unauthorized"
	case 50001:
		return "user unauthorized the api"
	case 50002:
		return "user limited"
	}
	return "error " + strconv.Itoa(errcode)
}
