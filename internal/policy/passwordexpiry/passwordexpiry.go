package passwordexpiry

import (
	"context"
	"strconv"
	"time"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// longest is the longest life of a password in days: a hundred years.
const longest = 36500

// Config is the settings of a password expiry policy.
type Config struct {
	// After how many days a password is too old.
	Days int `json:"days" required:"true"`
	// Only refuse. Otherwise the old password is made unusable as well, and the person needs a new one: be sure that there is a recovery flow.
	DenyOnly bool `json:"deny_only"`
}

// Validate checks the days.
func (c *Config) Validate() error {
	switch {
	case c.Days < 0:
		return model.Invalid("days", "Ensure this value is greater than or equal to 0.")
	case c.Days > longest:
		return model.Invalid("days", "Ensure this value is less than or equal to 36500.")
	}
	return nil
}

// Users changes users. Package store has it.
type Users interface {
	UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error)
}

// Kind describes the policy.
func Kind(users Users, now func() time.Time) kind.Kind[policy.Driver] {
	return kind.Of(kind.Info{
		Name: "password_expiry", VerboseName: "Password Expiry Policy", VerboseNamePlural: "Password Expiry Policies",
		Component: "ak-policy-password-expiry-form", MetaModelName: "authentik_policies_expiry.passwordexpirypolicy",
		Description: "Refuses people whose password is too old.",
	}, Config{}, func(c Config) (policy.Driver, error) { return &driver{c, users, now}, nil })
}

type driver struct {
	Config
	users Users
	now   func() time.Time
}

var _ policy.Driver = (*driver)(nil)

// Evaluate compares the password's age.
func (d *driver) Evaluate(_ context.Context, r *policy.Request) (policy.Result, error) {
	u := r.User
	if u == nil || u.ID == 0 || u.PasswordHash == "" {
		return policy.Result{Passing: true}, nil
	}
	const day = 24 * time.Hour
	over := d.now().Sub(u.PasswordChangeDate) - time.Duration(d.Days)*day
	if over < 0 {
		return policy.Result{Passing: true}, nil
	}
	if d.DenyOnly {
		return policy.Result{Texts: []policy.Text{{Key: "policy.password_expiry.expired"}}}, nil
	}
	if r.Write != nil && !r.Debug && authenticated(r) {
		d.retire(r, u)
	}
	if over < day {
		return policy.Result{Texts: []policy.Text{{Key: "policy.password_expiry.today"}}}, nil
	}
	count := strconv.Itoa(int(over / day))
	return policy.Result{Texts: []policy.Text{{Key: "policy.password_expiry.renew", Args: map[string]string{"count": count}}}}, nil
}

// authenticated reports whether the person has shown to be the user, in this run or by the session.
func authenticated(r *policy.Request) bool {
	if _, ok := r.Context.Lookup("user_backend"); ok {
		return true
	}
	return r.Visitor != nil && r.Visitor.SignedIn() && r.Visitor.User.ID == r.User.ID
}

// retire makes the password unusable, if it is still the one that is too old.
func (d *driver) retire(r *policy.Request, u *model.User) {
	id, set := u.ID, u.PasswordChangeDate
	r.Write(func(ctx context.Context) error {
		_, err := d.users.UpdateUser(ctx, id, func(stored *model.User) error {
			if stored.PasswordChangeDate.Equal(set) {
				stored.PasswordHash = ""
			}
			return nil
		})
		return err
	})
}
