package password

import (
	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of a password policy.
type Config struct {
	// The field of the prompt that the password is typed into.
	PasswordField string `json:"password_field" form:"advanced"`
	// How many digits there must be.
	AmountDigits int `json:"amount_digits"`
	// How many capital letters there must be.
	AmountUppercase int `json:"amount_uppercase"`
	// How many small letters there must be.
	AmountLowercase int `json:"amount_lowercase"`
	// How many symbols there must be.
	AmountSymbols int `json:"amount_symbols"`
	// How many characters there must be.
	LengthMin int `json:"length_min"`
	// What counts as a symbol.
	SymbolCharset string `json:"symbol_charset" form:"advanced"`
	// What people read when the password breaks one of these rules. Empty: which of the rules it breaks, in their language.
	ErrorMessage string `json:"error_message"`
	// Check the amounts and the length.
	CheckStaticRules bool `json:"check_static_rules" form:"check"`
	// Ask the service Have I Been Pwned whether the password is known to thieves. It gets a part of a hash, never the password. If it does not answer, the password passes.
	CheckHaveIBeenPwned bool `json:"check_have_i_been_pwned" title:"Check Have I Been Pwned" form:"check"`
	// Check how hard the password is to guess, without asking any other server.
	CheckZxcvbn bool `json:"check_zxcvbn" title:"Check zxcvbn" form:"check"`
	// How many times the password may be on the lists of leaked ones.
	HIBPAllowedCount int `json:"hibp_allowed_count" title:"HIBP allowed count" form:"check"`
	// A password that scores this or less is refused. Scores go from 0, guessed at once, to 4, very hard to guess.
	ZxcvbnScoreThreshold int `json:"zxcvbn_score_threshold" form:"check"`
}

// symbols are authentik's.
const symbols = `!\"#$%&'()*+,-./:;<=>?@[]^_` + "`{|}~ "

// Defaults are the settings of a new policy.
func Defaults() Config {
	return Config{PasswordField: "password", SymbolCharset: symbols, CheckStaticRules: true, HIBPAllowedCount: 1, ZxcvbnScoreThreshold: 2}
}

// longest is the most characters that may be asked for: longer passwords are not taken.
const longest = 256

// Validate checks that there is a password which passes.
func (c *Config) Validate() error {
	for _, f := range []struct {
		name  string
		value int
	}{
		{"amount_digits", c.AmountDigits},
		{"amount_uppercase", c.AmountUppercase},
		{"amount_lowercase", c.AmountLowercase},
		{"amount_symbols", c.AmountSymbols},
		{"length_min", c.LengthMin},
	} {
		switch {
		case f.value < 0:
			return model.Invalid(f.name, "Ensure this value is greater than or equal to 0.")
		case f.value > longest:
			return model.Invalid(f.name, "Ensure this value is less than or equal to 256.")
		}
	}
	switch {
	case c.PasswordField == "":
		return model.Invalid("password_field", "This field may not be blank.")
	case c.SymbolCharset == "" && c.AmountSymbols > 0:
		return model.Invalid("symbol_charset", "Without any symbol, no password holds one.")
	case c.HIBPAllowedCount < 0:
		return model.Invalid("hibp_allowed_count", "Ensure this value is greater than or equal to 0.")
	case c.ZxcvbnScoreThreshold < 0:
		return model.Invalid("zxcvbn_score_threshold", "Ensure this value is greater than or equal to 0.")
	case c.ZxcvbnScoreThreshold > 3:
		return model.Invalid("zxcvbn_score_threshold", "No password scores more than 4, so from 4 on all are refused. Ensure this value is less than or equal to 3.")
	}
	return nil
}
