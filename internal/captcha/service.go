package captcha

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

const (
	// serviceTimeout bounds the question to the service: somebody is waiting.
	serviceTimeout = 8 * time.Second
	maxAnswer      = 64 << 10
)

// answer is what services say (reCAPTCHA "Verifying the user's response"; hCaptcha's and Turnstile's are supersets).
type answer struct {
	Success bool     `json:"success"`
	Score   *float64 `json:"score"`
	Errors  []string `json:"error-codes"`
}

// ask has the service judge a token. Where it cannot be reached nobody passes.
func (c *Captcha) ask(ctx context.Context, run *model.PlanContext, token, clientIP string) Verdict {
	a, whole, err := c.verify(ctx, token, clientIP)
	if err != nil {
		return Verdict{Problem: "stage.captcha.error.unreachable", Fault: err.Error()}
	}
	if !a.Success {
		v := Verdict{Problem: "stage.captcha.error.wrong"}
		if slices.ContainsFunc(a.Errors, func(code string) bool { return strings.Contains(code, "secret") || strings.Contains(code, "sitekey") }) {
			v = Verdict{Problem: "stage.captcha.error.unreachable", Fault: "the service does not accept the private key: " + fmt.Sprintf("%.200q", a.Errors)}
		}
		return v
	}
	least, most := min(c.ScoreMin, c.ScoreMax), max(c.ScoreMin, c.ScoreMax)
	if c.ErrorOnInvalidScore && a.Score != nil && (*a.Score < least || *a.Score > most) {
		return Verdict{Problem: "stage.captcha.error.score"}
	}
	SlotResult.Set(run, map[string]any{"response": whole})
	return Verdict{}
}

// verify calls the service. Errors hold neither the secret nor the token.
func (c *Captcha) verify(ctx context.Context, token, clientIP string) (a answer, whole map[string]any, err error) {
	ctx, cancel := context.WithTimeout(ctx, serviceTimeout)
	defer cancel()
	form := url.Values{"secret": {c.Secret.Reveal()}, "response": {token}}
	if clientIP != "" {
		form.Set("remoteip", clientIP)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.VerifyURL, strings.NewReader(form.Encode()))
	if err != nil {
		return a, nil, web.Scrub(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	res, err := c.client.Do(req)
	if err != nil {
		return a, nil, web.Scrub(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := web.ReadBody(res.Body, maxAnswer)
	if err != nil {
		return a, nil, err
	}
	if err := json.Unmarshal(body, &a); err != nil || res.StatusCode >= http.StatusInternalServerError {
		return a, nil, fmt.Errorf("the service answered with status %d and no verdict", res.StatusCode)
	}
	_ = json.Unmarshal(body, &whole) // it was read a moment ago
	return a, whole, nil
}
