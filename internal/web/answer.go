package web

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Answerer answers a request that came to nothing, in a form that suits who asked.
type Answerer func(w http.ResponseWriter, r *http.Request, status int)

// Answer is the plainest Answerer: a line or two in the reader's language, as a bare page or as JSON with authentik's "detail". It needs no
// template and no database, so that it works when those do not.
func Answer(w http.ResponseWriter, r *http.Request, status int) {
	text := answerText(status, Locale(r.Context()))
	if WantsJSON(r) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"detail": answerText(status, English)})
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!doctype html>\n<html lang=\"%s\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n"+
		"<title>%d</title>\n<p>%s</p>\n<p><small>%s</small></p>\n",
		Locale(r.Context()), status, html.EscapeString(text), html.EscapeString(RequestID(r.Context())))
}

// retryAfter is how long a client is asked to wait for the database to come back.
const retryAfter = 5 * time.Second

// AnswerUnavailable answers 503 with Retry-After where err says that the database is not there just now, and reports whether it did.
func AnswerUnavailable(w http.ResponseWriter, r *http.Request, answer Answerer, err error) bool {
	if model.CodeOf(err) != model.CodeUnavailable {
		return false
	}
	SetRetryAfter(w, retryAfter)
	answer(w, r, http.StatusServiceUnavailable)
	return true
}

// SetRetryAfter asks the client to wait, in whole seconds and at least one (RFC 9110, section 10.2.3).
func SetRetryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
}

// WantsJSON tells programs from people.
func WantsJSON(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return true
	}
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}

// answerText says what happened and what to do now.
func answerText(status int, locale string) string {
	texts := map[int][2]string{
		http.StatusBadRequest:            {"This request cannot be understood. Go back and start again.", "请求无法识别。请返回并重新开始。"},
		http.StatusForbidden:             {"This request came from another site, so it was not carried out. Go back and try again from our own page.", "此请求来自其他网站，未被执行。请返回本站页面后重试。"},
		http.StatusNotFound:              {"There is nothing at this address. Check the link.", "此地址没有内容。请检查链接。"},
		http.StatusMethodNotAllowed:      {"This address cannot be used in this way. Go back and start again.", "此地址不支持该操作。请返回并重新开始。"},
		http.StatusRequestEntityTooLarge: {"What was sent is too large. Send less.", "发送的内容过大。请减少后重试。"},
		http.StatusRequestURITooLong:     {"This address is too long. Go back and start again.", "此地址过长。请返回并重新开始。"},
		http.StatusTooManyRequests:       {"Too many requests came from your network. Wait a little, then try again.", "来自您所在网络的请求过多。请稍候再试。"},
		http.StatusServiceUnavailable:    {"The service is not available just now. Try again in a few seconds.", "服务暂时不可用。请几秒后重试。"},
	}
	text, ok := texts[status]
	if !ok {
		text = [2]string{"Something went wrong here. Try again; if it stays so, tell the administrator the code below.", "服务器出现问题。请重试；如仍未解决，请将下方代码告知管理员。"}
	}
	if locale == Chinese {
		return text[1]
	}
	return text[0]
}
