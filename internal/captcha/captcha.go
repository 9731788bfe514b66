package captcha

import (
	"context"
	_ "embed"
	"net/http"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

var (
	// Widget is a template that defines "captcha", to be given an [Offer].
	//go:embed widget.html
	Widget string
	// Script makes the widget work.
	//go:embed captcha.js
	Script string
)

// Provider says who tells people from programs.
type Provider string

// The providers.
const (
	Service     Provider = "service"
	ProofOfWork Provider = "proof_of_work"
)

// SlotResult is what the captcha of a run came to, for expressions: authentik's "captcha".
var SlotResult = model.NewSlot[map[string]any]("captcha")

// maxToken is the longest answer that is looked at.
const maxToken = 8 << 10

// Settings are those of a captcha.
type Settings struct {
	Provider Provider
	// SiteKey and Secret are what the service gave out; ScriptURL draws its widget and VerifyURL judges tokens.
	SiteKey              string
	Secret               model.Secret
	ScriptURL, VerifyURL string
	// Interactive shows the widget and waits for a click.
	Interactive bool
	// A score outside of the two, in either order, is refused, or only noted without ErrorOnInvalidScore.
	ScoreMin, ScoreMax  float64
	ErrorOnInvalidScore bool
	// Bits is how hard the proof of work is.
	Bits int
}

// Captcha is one captcha.
type Captcha struct {
	Settings
	client *http.Client
}

// New makes a captcha. The client calls the service.
func New(s Settings, client *http.Client) *Captcha { return &Captcha{s, client} }

// Offer is what a page shows, and the part of a challenge that says so.
type Offer struct {
	SiteKey     string `json:"site_key"`
	JSURL       string `json:"js_url"`
	Interactive bool   `json:"interactive"`
	Work        *Work  `json:"proof_of_work,omitempty"`
	// Field is the name that the token comes back by; Auto sends the form as soon as there is one.
	Field string `json:"-"`
	Auto  bool   `json:"-"`
}

// Offer gives what to show in a run. Shown again, it is the same.
func (c *Captcha) Offer(run *model.PlanContext) Offer {
	if c.Provider == ProofOfWork {
		w := workOf(run, c.Bits)
		return Offer{Work: &w}
	}
	return Offer{SiteKey: c.SiteKey, JSURL: c.ScriptURL, Interactive: c.Interactive}
}

// Origins are those that the page loads from.
func (o Offer) Origins() []string {
	u, err := url.Parse(o.JSURL)
	if o.Work != nil || err != nil || u.Host == "" {
		return nil
	}
	out := []string{u.Scheme + "://" + u.Host}
	host := "." + u.Hostname()
	switch {
	case strings.HasSuffix(host, ".recaptcha.net"), strings.HasSuffix(host, ".google.com"):
		out = append(out, "https://www.recaptcha.net", "https://www.google.com", "https://www.gstatic.com", "https://www.gstatic.cn")
	case strings.HasSuffix(host, ".hcaptcha.com"):
		out = append(out, "https://hcaptcha.com", "https://api.hcaptcha.com", "https://newassets.hcaptcha.com", "https://imgs.hcaptcha.com")
	}
	return out
}

// Verdict is what an answer came to.
type Verdict struct {
	// Problem is the key of what to tell the person; "" where the answer is right.
	Problem string
	// Fault says, for the administrator, why answers cannot be judged at all; "" where they can.
	Fault string
}

// Check judges the token of an answer and notes the result in the run. An answer counts once.
func (c *Captcha) Check(ctx context.Context, run *model.PlanContext, token, clientIP string) Verdict {
	if token == "" {
		return Verdict{Problem: "stage.captcha.error.missing"}
	}
	if len(token) > maxToken {
		return Verdict{Problem: "stage.captcha.error.wrong"}
	}
	if c.Provider == ProofOfWork {
		return checkWork(run, token)
	}
	return c.ask(ctx, run, token, clientIP)
}
