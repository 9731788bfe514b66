package uniquepassword

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// name is the kind's wire name.
const name = "unique_password"

// most is the most passwords that are compared with.
const most = 24

// Config is the settings of a password uniqueness policy.
type Config struct {
	// The field of the prompt that the password is typed into.
	PasswordField string `json:"password_field"`
	// How many of the person's passwords, the present one first, the new one must differ from. Those from before the first such policy was made are not known.
	NumHistoricalPasswords int `json:"num_historical_passwords"`
}

// Defaults are the settings of a new policy.
func Defaults() Config { return Config{PasswordField: "password", NumHistoricalPasswords: 1} }

// Validate checks the number.
func (c *Config) Validate() error {
	switch {
	case c.PasswordField == "":
		return model.Invalid("password_field", "This field may not be blank.")
	case c.NumHistoricalPasswords < 0:
		return model.Invalid("num_historical_passwords", "Ensure this value is greater than or equal to 0.")
	case c.NumHistoricalPasswords > most:
		return model.Invalid("num_historical_passwords", "Ensure this value is less than or equal to 24.")
	}
	return nil
}

// History reads the hashes of replaced passwords. Package store has it.
type History interface {
	PasswordHistory(ctx context.Context, user model.UserID, n int) ([]string, error)
}

// Verifier compares a password with a hash. Package keypair has it.
type Verifier interface {
	Verify(ctx context.Context, stored, password string) (bool, error)
}

// Kind describes the policy.
func Kind(h History, v Verifier) kind.Kind[policy.Driver] {
	return kind.Of(kind.Info{
		Name: name, VerboseName: "Password Uniqueness Policy", VerboseNamePlural: "Password Uniqueness Policies",
		Component: "ak-policy-password-uniqueness-form", MetaModelName: "authentik_policies_unique_password.uniquepasswordpolicy", Schema: "UniquePasswordPolicy",
		Description: "Refuses a new password that the person has had before.",
	}, Defaults(), func(c Config) (policy.Driver, error) { return &driver{c, h, v}, nil })
}

// Longest tells how many replaced passwords of a person have to be kept for the policies there are.
func Longest(s *model.Snapshot) int {
	type key struct{}
	return model.Derive(s, key{}, func() int {
		longest := 0
		for _, p := range s.Policies {
			c := Defaults()
			if p.Kind == name && (len(p.Config) == 0 || json.Unmarshal(p.Config, &c) == nil) {
				longest = max(longest, min(c.NumHistoricalPasswords, most))
			}
		}
		return longest
	})
}

type driver struct {
	Config
	history  History
	verifier Verifier
}

var _ policy.Driver = (*driver)(nil)

// Evaluate compares the password with each of the earlier ones.
func (d *driver) Evaluate(ctx context.Context, r *policy.Request) (policy.Result, error) {
	password := r.Field(d.PasswordField)
	if password == "" {
		return refuse("policy.password.missing"), nil
	}
	if r.User == nil || r.User.ID == 0 || d.NumHistoricalPasswords == 0 {
		return policy.Result{Passing: true}, nil
	}
	hashes, err := d.earlier(ctx, r.User)
	if err != nil {
		return policy.Result{}, err
	}
	for _, hash := range hashes {
		switch same, err := d.verifier.Verify(ctx, hash, password); {
		case errors.Is(err, keypair.ErrPasswordHash):
			// No password belongs to a hash that cannot be read.
		case err != nil:
			return policy.Result{}, err
		case same:
			return refuse("policy.unique_password.used"), nil
		}
	}
	return policy.Result{Passing: true}, nil
}

func refuse(key string) policy.Result { return policy.Result{Texts: []policy.Text{{Key: key}}} }

// earlier gives the hashes to compare with: the present password's, then those before it.
func (d *driver) earlier(ctx context.Context, u *model.User) ([]string, error) {
	hashes, err := d.history.PasswordHistory(ctx, u.ID, d.NumHistoricalPasswords)
	if err != nil {
		return nil, err
	}
	if u.PasswordHash != "" && !slices.Contains(hashes, u.PasswordHash) {
		hashes = slices.Insert(hashes, 0, u.PasswordHash)
	}
	return hashes[:min(len(hashes), d.NumHistoricalPasswords)], nil
}
