package identification_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/captcha"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

// solved does the proof of work, of eight bits.
func solved(w *captcha.Work) string {
	var numbers []string
	for i := range w.Parts {
		n := 0
		for sha256.Sum256(fmt.Appendf(nil, "%s.%d.%d", w.Salt, i, n))[0] != 0 {
			n++
		}
		numbers = append(numbers, fmt.Sprint(n))
	}
	return strings.Join(numbers, ".")
}

func openCaptcha(t *testing.T, settings string) *stagetest.Bench {
	t.Helper()
	b := stagetest.Open(t, maker, "")
	b.User("ann", "correct horse")
	words := &model.Stage{Name: "password", Kind: "password", Config: model.Config(`{"backends": ["authentik.core.auth.InbuiltBackend"]}`)}
	work := &model.Stage{Name: "captcha", Kind: "captcha", Config: model.Config(settings)}
	b.Put(words, work)
	b.Reopen(maker, `{"user_fields": ["username"], "password_stage": "`+string(words.ID)+`", "captcha_stage": "`+string(work.ID)+`"}`)
	b.Again()
	return b
}

func TestTheCaptchaIsJudgedBeforeAnythingElse(t *testing.T) {
	b := openCaptcha(t, `{"provider": "proof_of_work", "difficulty": 8}`)
	before := len(counter.checked)
	for name, token := range map[string]string{"missing": "", "wrong": "0.0"} {
		want := "ask ak-stage-identification !captcha_token stage.captcha.error." + name
		if got := stagetest.Says(b.Submit("uid_field", "ann", "password", "correct horse", "captcha_token", token)); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if len(counter.checked) != before {
		t.Error("the password was looked at")
	}
	c := challenge(t, b)
	if !c.NeedsScript() || c.Captcha.Auto || c.Captcha.Field != "captcha_token" {
		t.Errorf("%+v", c.Captcha)
	}
	token := solved(c.Captcha.Work)
	if got := stagetest.Says(b.Submit("uid_field", "ann", "password", "wrong", "captcha_token", token)); got != neither {
		t.Error(got)
	}
	if got := stagetest.Says(b.Submit("uid_field", "ann", "password", "correct horse", "captcha_token", token)); got == "done" {
		t.Error("one captcha serves for two passwords")
	}
	c = challenge(t, b)
	if got := stagetest.Says(b.Submit("uid_field", "ann", "password", "correct horse", "captcha_token", solved(c.Captcha.Work))); got != "done" {
		t.Error(got)
	}
}

func TestTheCaptchaOfAServiceAsAuthentiksClientsKnowIt(t *testing.T) {
	b := openCaptcha(t, `{"public_key": "public", "private_key": "", "js_url": "https://js.hcaptcha.com/1/api.js"}`)
	c := challenge(t, b)
	raw, err := json.Marshal(c.Captcha)
	const want = `{"component":"ak-stage-captcha","pending_user":"","pending_user_avatar":"","site_key":"public","js_url":"https://js.hcaptcha.com/1/api.js","interactive":false}`
	if err != nil || string(raw) != want {
		t.Errorf("%s, %v", raw, err)
	}
	if got := c.Origins(); len(got) == 0 || got[0] != "https://js.hcaptcha.com" {
		t.Errorf("the page may load from %v", got)
	}
}

func TestACaptchaThatIsGoneLetsNobodyPassWithoutOne(t *testing.T) {
	b := stagetest.Open(t, maker, `{"user_fields": ["username"], "captcha_stage": "gone"}`)
	for what, o := range map[string]stage.Outcome{"shown": b.Enter(), "answered": b.Submit("uid_field", "ann")} {
		if got := stagetest.Reason(o); got != "flow.misconfigured" {
			t.Errorf("%s: %s", what, stagetest.Says(o))
		}
	}
}
