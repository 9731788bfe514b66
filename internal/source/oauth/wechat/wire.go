package wechat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// status is what says in every answer whether it is an error. Errcode 0, or none, is success.
type status struct {
	Errcode number `json:"errcode"`
	Errmsg  string `json:"errmsg"`
}

// number is an integer that some endpoints send as a string.
type number int

// UnmarshalJSON reads 40029, "40029" and null.
func (n *number) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "null" || text == "" {
		*n = 0
		return nil
	}
	i, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("not an integer")
	}
	*n = number(i)
	return nil
}

// decode reads an answer as UTF-8 JSON whatever its content type; WeChat sends text/plain.
func (d *driver) decode(a oauth.Answer, into any) error {
	if err := json.Unmarshal(repaired(a.Body), into); err != nil {
		return d.badAnswer(a.Endpoint, "not the JSON object that WeChat documents")
	}
	return nil
}

// repaired makes JSON of an answer that is none because of raw control bytes: WeChat puts nicknames into it as they are. Other answers stay as they came.
func repaired(body []byte) []byte {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if json.Valid(body) {
		return body
	}
	return bytes.Map(func(r rune) rune {
		if r < 0x20 {
			return ' '
		}
		return r
	}, body)
}

// identifier trims an openid or unionid, "" if it is empty. It is not ok if it cannot be one: their length is nowhere promised, but they are short and printable.
func identifier(text string) (id string, ok bool) {
	id = strings.TrimSpace(text)
	if len(id) > 128 {
		return "", false
	}
	return id, !strings.ContainsFunc(id, func(r rune) bool { return r <= 0x20 || r > 0x7e })
}

func (d *driver) badAnswer(endpoint, cause string) *model.Error {
	return d.upstream.BadAnswer(endpoint, cause).With("mend", tencent)
}
