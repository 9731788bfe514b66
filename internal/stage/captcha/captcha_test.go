package captcha_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/captcha"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
	"github.com/weimen-id/weimen/internal/web"
)

func maker(*flowtest.House) kind.Kind[stage.Driver] { return captcha.Kind(web.NewClient()) }

const work = `{"provider": "proof_of_work", "difficulty": 8}`

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, Config: work})
}

func TestSettings(t *testing.T) {
	keys := captcha.Defaults()
	keys.PublicKey, keys.PrivateKey = "public", model.NewSecret("private")
	if err := keys.Validate(); err != nil {
		t.Error(err)
	}
	alone := captcha.Defaults()
	alone.Provider = "proof_of_work"
	if err := alone.Validate(); err != nil {
		t.Errorf("a proof of work needs no keys: %v", err)
	}
	for name, change := range map[string]func(*captcha.Config){
		"public_key": func(c *captcha.Config) { c.PublicKey = " " }, "private_key": func(c *captcha.Config) { c.PrivateKey = model.Secret{} },
		"js_url": func(c *captcha.Config) { c.JSURL = "javascript:alert(1)" }, "api_url": func(c *captcha.Config) { c.APIURL = "file:///etc/passwd" },
		"difficulty": func(c *captcha.Config) { c.Difficulty = 64 },
	} {
		c := keys
		change(&c)
		var e *model.Error
		if err := c.Validate(); !errors.As(err, &e) || e.Fields[name] == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func shown(t *testing.T, o stage.Outcome) *captcha.Challenge {
	t.Helper()
	ask, ok := o.(stage.Ask)
	if !ok {
		t.Fatal(stagetest.Says(o))
	}
	return ask.Challenge.(*captcha.Challenge)
}

func TestAProofOfWorkPassesOnce(t *testing.T) {
	b := stagetest.Open(t, maker, work)
	c := shown(t, b.Enter())
	if !c.Auto || c.Field != "token" {
		t.Errorf("%+v", c)
	}
	again := b.Submit("token", "0.0")
	if got := stagetest.Says(again); got != "ask ak-stage-captcha !token stage.captcha.error.wrong" {
		t.Fatal(got)
	}
	if next := shown(t, again); next.Work.Salt == c.Work.Salt || next.Auto {
		t.Errorf("after a wrong answer: %+v", next)
	}
	c = shown(t, again)
	var numbers []string
	for i := range c.Work.Parts {
		n := 0
		for sha256.Sum256(fmt.Appendf(nil, "%s.%d.%d", c.Work.Salt, i, n))[0] != 0 {
			n++
		}
		numbers = append(numbers, fmt.Sprint(n))
	}
	if got := stagetest.Says(b.Submit("token", strings.Join(numbers, "."))); got != "done" {
		t.Fatal(got)
	}
	if got := stagetest.Says(b.Submit("token", strings.Join(numbers, "."))); got == "done" {
		t.Error("an answer counts twice")
	}
}

func TestAServiceAsAuthentiksClientsKnowIt(t *testing.T) {
	verdict := `{"success": true, "score": 0.8}`
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(verdict)) }))
	defer service.Close()
	b := stagetest.Open(t, maker, `{"public_key": "public", "js_url": "https://js.hcaptcha.com/1/api.js", "api_url": "`+service.URL+`", "interactive": true}`)
	o := b.Enter()
	raw, err := json.Marshal(shown(t, o))
	if err != nil || string(raw) != `{"component":"ak-stage-captcha","pending_user":"","pending_user_avatar":"","site_key":"public","js_url":"https://js.hcaptcha.com/1/api.js","interactive":true}` {
		t.Errorf("%s, %v", raw, err)
	}
	if foreign := shown(t, o).Origins(); len(foreign) == 0 || shown(t, o).Auto {
		t.Errorf("%v", foreign)
	}
	if got := stagetest.Says(b.Submit("token", "t")); got != "done" {
		t.Error(got)
	}
	if got, _ := json.Marshal(b.Visit.Context); !strings.Contains(string(got), `"captcha":{"response":{"score":0.8,"success":true}}`) {
		t.Errorf("the context: %s", got)
	}
	verdict = `{"success": false, "error-codes": ["missing-input-secret"]}`
	b.Again()
	if got := stagetest.Says(b.Submit("token", "t")); got != "ask ak-stage-captcha !token stage.captcha.error.unreachable" {
		t.Error(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	if n := len(b.Events(model.ActionConfigurationError)); n != 1 {
		t.Errorf("%d events for the administrator", n)
	}
}
