package password

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/policy"
)

// Deps is what the policy needs.
type Deps struct {
	// Client is the house's client for calls to other servers.
	Client *http.Client
	// PwnedURL is where the lists of Have I Been Pwned are, without a slash at the end; "" is the real service.
	PwnedURL string
	Log      *slog.Logger
}

// Kind describes the policy.
func Kind(d Deps) kind.Kind[policy.Driver] {
	return kind.Of(kind.Info{
		Name: "password", VerboseName: "Password Policy", VerboseNamePlural: "Password Policies",
		Component: "ak-policy-password-form", MetaModelName: "authentik_policies_password.passwordpolicy",
		Description: "Judges a new password.",
	}, Defaults(), func(c Config) (policy.Driver, error) { return &driver{c, d}, nil })
}

type driver struct {
	Config
	deps Deps
}

var _ policy.Driver = (*driver)(nil)

// Evaluate judges the password. The first check that refuses has the word.
func (d *driver) Evaluate(ctx context.Context, r *policy.Request) (policy.Result, error) {
	password := r.Field(d.PasswordField)
	if password == "" {
		return refuse("policy.password.missing", 0), nil
	}
	if d.CheckStaticRules {
		if result := d.rules(password); !result.Passing {
			return result, nil
		}
	}
	if d.CheckZxcvbn && score(password, r) <= d.ZxcvbnScoreThreshold {
		return refuse("policy.password.weak", 0), nil
	}
	if d.CheckHaveIBeenPwned {
		if n := d.leaked(ctx, r, password); n > d.HIBPAllowedCount {
			return refuse("policy.password.leaked", n), nil
		}
	}
	return policy.Result{Passing: true}, nil
}

func refuse(key string, count int) policy.Result {
	return policy.Result{Texts: []policy.Text{text(key, count)}}
}

// text says something, with a number unless that is 0.
func text(key string, count int) policy.Text {
	t := policy.Text{Key: key}
	if count > 0 {
		t.Args = map[string]string{"count": strconv.Itoa(count)}
	}
	return t
}

// rules counts characters. It names every rule that is broken, unless the administrator has words for all of them.
func (d *driver) rules(password string) policy.Result {
	var digits, upper, lower, symbols int
	for _, c := range password {
		switch {
		case unicode.IsDigit(c):
			digits++
		case unicode.IsUpper(c):
			upper++
		case unicode.IsLower(c):
			lower++
		}
		if strings.ContainsRune(d.SymbolCharset, c) {
			symbols++
		}
	}
	var broken []policy.Text
	for _, rule := range []struct {
		key       string
		have, min int
	}{
		{"policy.password.length", utf8.RuneCountInString(password), d.LengthMin},
		{"policy.password.digits", digits, d.AmountDigits},
		{"policy.password.uppercase", upper, d.AmountUppercase},
		{"policy.password.lowercase", lower, d.AmountLowercase},
		{"policy.password.symbols", symbols, d.AmountSymbols},
	} {
		if rule.have < rule.min {
			broken = append(broken, text(rule.key, rule.min))
		}
	}
	switch {
	case len(broken) == 0:
		return policy.Result{Passing: true}
	case d.ErrorMessage != "":
		return policy.Result{Messages: []string{d.ErrorMessage}}
	}
	return policy.Result{Texts: broken}
}

// The bounds of what zxcvbn looks at: its work grows with the cube of the length, and what comes after so many characters makes no password weaker.
const (
	mostCharacters = 72
	mostWords      = 24
)

// score tells how hard a password is to guess, from 0 to 4, for somebody who knows the person.
func score(password string, r *policy.Request) int {
	if !utf8.ValidString(password) {
		return 0
	}
	return zxcvbn.PasswordStrength(cut(password, mostCharacters), known(r)).Score
}

// known lists what a guesser knows: the person's names and address, as they are and as they are about to be, whole and in parts.
func known(r *policy.Request) []string {
	facts := []string{"authentik", "weimen", r.Field("username"), r.Field("name"), r.Field("email")}
	if r.User != nil {
		facts = append(facts, r.User.Username, r.User.Name, r.User.Email)
	}
	var words []string
	for _, fact := range facts {
		fact = cut(fact, mostCharacters)
		parts := strings.FieldsFunc(fact, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
		for _, word := range append(parts, fact) {
			if utf8.RuneCountInString(word) >= 3 && len(words) < mostWords {
				words = append(words, word)
			}
		}
	}
	return words
}

// cut gives the first characters of a text.
func cut(s string, most int) string {
	for i := range s {
		if most == 0 {
			return s[:i]
		}
		most--
	}
	return s
}
