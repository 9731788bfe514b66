package wechatsim

import (
	"fmt"
	"net/http"
	"strconv"
)

func statusDigits(st Status) string { return strconv.Itoa(int(st)) }

// pollReply is the answer to a poll: JavaScript for the page, JSON for the mobile SDK's f=json.
func pollReply(r *http.Request, errcode int, code string) reply {
	rep := reply{status: http.StatusOK, errcode: errcode}
	if r.Form.Get("f") == "json" {
		rep.contentType = "application/json"
		rep.body = fmt.Appendf(nil, `{"wx_errcode":%d,"wx_code":"%s"}`, errcode, code)
		return rep
	}
	rep.contentType = "text/javascript"
	rep.body = fmt.Appendf(nil, `window.wx_errcode=%d;window.wx_code='%s';`, errcode, code)
	return rep
}
