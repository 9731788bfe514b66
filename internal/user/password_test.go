package user_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/user"
)

// hasher counts the work of another.
type hasher struct {
	*keypair.Passwords
	hashes int
}

func (h *hasher) Verify(ctx context.Context, stored, password string) (bool, error) {
	h.hashes++
	return h.Passwords.Verify(ctx, stored, password)
}

func token(t *testing.T, h *flowtest.House, u *model.User, key string, intent model.Intent, expires *time.Time) {
	t.Helper()
	err := h.Store.InsertToken(t.Context(), &model.Token{
		Identifier: key, Intent: intent, User: u.ID, KeyHash: keypair.Hash(key), Expires: expires, Expiring: expires != nil,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestBackendsAreAskedInOrder(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann, bob, none := h.User("ann", "correct horse"), h.User("bob", ""), h.User("none", "")
	past, future := h.Now().Add(-time.Hour), h.Now().Add(time.Hour)
	token(t, h, ann, "app-password", model.IntentAppPassword, nil)
	token(t, h, ann, "lasting", model.IntentAppPassword, &future)
	token(t, h, ann, "expired", model.IntentAppPassword, &past)
	token(t, h, ann, "api-key", model.IntentAPI, nil)
	token(t, h, bob, "bobs", model.IntentAppPassword, nil)
	both := []string{user.BackendInbuilt, user.BackendToken}
	for _, tt := range []struct {
		name, password  string
		user            *model.User
		backends        []string
		backend, method string
	}{
		{"the password", "correct horse", ann, both, user.BackendInbuilt, "password"},
		{"an app password", "app-password", ann, both, user.BackendToken, "token"},
		{"an app password that has not expired", "lasting", ann, both, user.BackendToken, "token"},
		{"an app password that has", "expired", ann, both, "", ""},
		{"an API token is no password", "api-key", ann, both, "", ""},
		{"someone else's app password", "bobs", ann, both, "", ""},
		{"a wrong password", "wrong", ann, both, "", ""},
		{"an empty password", "", ann, both, "", ""},
		{"a user without a password", "", none, both, "", ""},
		{"the password, where it is not asked for", "correct horse", ann, []string{user.BackendToken}, "", ""},
		{"an app password, where it is not asked for", "app-password", ann, []string{user.BackendInbuilt}, "", ""},
		{"no backend at all", "correct horse", ann, nil, "", ""},
		{"a backend of another server", "correct horse", ann, []string{"authentik.sources.ldap.auth.LDAPBackend"}, "", ""},
		{"no user", "correct horse", nil, both, "", ""},
		{"a user who is pretended", "correct horse", &model.User{PasswordHash: ann.PasswordHash}, both, "", ""},
		{"a megabyte", strings.Repeat("a", 1<<20), ann, both, "", ""},
		{"what is not UTF-8", "\xff\xfe", ann, both, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			backend, method, err := h.Passwords.Check(t.Context(), tt.user, tt.password, tt.backends)
			if err != nil || backend != tt.backend || method != tt.method {
				t.Errorf("%q, %q, %v", backend, method, err)
			}
		})
	}
}

// Nobody learns from the time or the work that a check takes whether there is such a user.
func TestAnUnknownUserTakesTheWorkOfAWrongPassword(t *testing.T) {
	h := flowtest.Open(t, nil)
	with, without := h.User("with", "correct horse"), h.User("without", "")
	for name, backends := range map[string][]string{
		"the password":  {user.BackendInbuilt},
		"app passwords": {user.BackendToken},
		"both":          {user.BackendInbuilt, user.BackendToken},
		"neither":       nil,
	} {
		t.Run(name, func(t *testing.T) {
			for _, password := range []string{"wrong", "", "\xff", strings.Repeat("a", 2000)} {
				type work struct{ hashes, statements int }
				measure := func(u *model.User) work {
					counted := &hasher{Passwords: h.Hasher}
					ctx, n := store.CountStatements(t.Context())
					if _, _, err := user.NewPasswords(h.Store, counted, h.Now).Check(ctx, u, password, backends); err != nil {
						t.Fatal(err)
					}
					return work{counted.hashes, n.Statements()}
				}
				unknown := measure(nil)
				for _, known := range []*model.User{with, without, {Username: "pretended"}} {
					if got := measure(known); got != unknown {
						t.Errorf("%.5q: %s takes %+v, an unknown one %+v", password, known.Username, got, unknown)
					}
				}
			}
		})
	}
}

func TestSettingAPassword(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann := h.User("ann", "old")
	h.Wait(time.Hour)
	if err := h.Passwords.Set(t.Context(), ann.ID, "new"); err != nil {
		t.Fatal(err)
	}
	fresh, err := h.Store.User(t.Context(), ann.ID)
	if err != nil || fresh.PasswordHash == ann.PasswordHash || strings.Contains(fresh.PasswordHash, "new") || !fresh.PasswordChangeDate.After(ann.PasswordChangeDate) {
		t.Errorf("%+v, %v", fresh, err)
	}
	for _, bad := range []string{"", strings.Repeat("a", user.MaxPassword+1)} {
		if err := h.Passwords.Set(t.Context(), ann.ID, bad); model.CodeOf(err) != model.CodeInvalid {
			t.Errorf("%.5q: %v", bad, err)
		}
	}
}

func TestAHashOfAnotherCostIsRenewedAtTheNextSignIn(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann := h.User("ann", "correct horse")
	costly, err := keypair.NewPasswords(keypair.Cost{Memory: 8 * 1024, Time: 3, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	before := ann.PasswordHash
	p := user.NewPasswords(h.Store, costly, h.Now)
	for _, password := range []string{"wrong", "correct horse", "correct horse"} {
		backend, _, err := p.Check(t.Context(), ann, password, []string{user.BackendInbuilt})
		if err != nil || (backend != "") != (password == "correct horse") {
			t.Errorf("%q: %q, %v", password, backend, err)
		}
	}
	stored, err := h.Store.User(t.Context(), ann.ID)
	if err != nil || stored.PasswordHash == before || costly.NeedsRehash(stored.PasswordHash) {
		t.Errorf("the hash is not renewed: %v", err)
	}
}
