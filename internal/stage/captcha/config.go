package captcha

import (
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/captcha"
	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of a captcha stage.
type Config struct {
	// Who tells people from programs: a service such as reCAPTCHA, hCaptcha or Turnstile, or a proof of work. For the latter the browser computes for a moment; nobody outside
	// is asked, and no keys are needed.
	Provider string `json:"provider" enum:"service proof_of_work"`
	// The key that the service gave out for pages.
	PublicKey string `json:"public_key"`
	// The key that the service gave out for servers.
	PrivateKey model.Secret `json:"private_key"`
	// The script that draws the service's widget.
	JSURL string `json:"js_url" title:"JS URL" form:"advanced"`
	// Where the service judges answers.
	APIURL string `json:"api_url" title:"API URL" form:"advanced"`
	// Show the widget and wait for a click. Otherwise the service judges silently, if it can.
	Interactive bool `json:"interactive" form:"advanced"`
	// The lowest score that passes, for services that give one.
	ScoreMinThreshold float64 `json:"score_min_threshold" form:"advanced"`
	// The highest score that passes.
	ScoreMaxThreshold float64 `json:"score_max_threshold" form:"advanced"`
	// Refuse a score outside of the two. Otherwise the flow goes on, and its policies find the score in context["captcha"].
	ErrorOnInvalidScore bool `json:"error_on_invalid_score" form:"advanced"`
	// How hard the proof of work is, from 8 to 20. Each step doubles the time; at 14 a computer takes less than a second, and an old telephone a few.
	Difficulty int `json:"difficulty" form:"advanced"`
}

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{
		Provider: string(captcha.Service), JSURL: "https://www.recaptcha.net/recaptcha/api.js", APIURL: "https://www.recaptcha.net/recaptcha/api/siteverify",
		ScoreMinThreshold: 0.5, ScoreMaxThreshold: 1, ErrorOnInvalidScore: true, Difficulty: 14,
	}
}

// Validate checks that whoever is chosen can be asked.
func (c *Config) Validate() error {
	if c.Difficulty < 8 || c.Difficulty > 20 {
		return model.Invalid("difficulty", "The difficulty is a number from 8 to 20.")
	}
	if c.Provider != string(captcha.Service) {
		return nil
	}
	switch {
	case strings.TrimSpace(c.PublicKey) == "":
		return model.Invalid("public_key", "This field is required.")
	case !c.PrivateKey.IsSet():
		return model.Invalid("private_key", "This field is required.")
	case !isWeb(c.JSURL):
		return model.Invalid("js_url", "Write an address that begins with https://.")
	case !isWeb(c.APIURL):
		return model.Invalid("api_url", "Write an address that begins with https://.")
	}
	return nil
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

func (c *Config) settings() captcha.Settings {
	return captcha.Settings{
		Provider: captcha.Provider(c.Provider), SiteKey: c.PublicKey, Secret: c.PrivateKey, ScriptURL: c.JSURL, VerifyURL: c.APIURL, Interactive: c.Interactive,
		ScoreMin: c.ScoreMinThreshold, ScoreMax: c.ScoreMaxThreshold, ErrorOnInvalidScore: c.ErrorOnInvalidScore, Bits: c.Difficulty,
	}
}
