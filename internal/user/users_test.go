package user_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/user"
)

func TestReplacedPasswordsAreKept(t *testing.T) {
	h := flowtest.Open(t, nil)
	keep := 0
	users := user.NewUsers(h.Store, func(*model.Snapshot) int { return keep }, h.Now)
	ann := h.User("ann", "zero")
	set := func(hash string, date time.Time) {
		t.Helper()
		_, err := users.UpdateUser(t.Context(), ann.ID, func(u *model.User) error {
			u.PasswordHash, u.PasswordChangeDate = hash, date
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	kept := func(want ...string) {
		t.Helper()
		got, err := h.Store.PasswordHistory(t.Context(), ann.ID, 10)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	}
	at := func(n int) time.Time { return h.Now().Add(time.Duration(n) * time.Minute).UTC().Truncate(time.Second) }

	set("$one", at(1))
	kept() // nobody asks
	keep = 2
	set("$two", at(2))
	kept("$one")
	set("$two", at(3)) // no other hash
	kept("$one")
	set("$two again", at(3)) // another hash of the same password
	kept("$one")
	set("", at(3)) // made unusable
	kept("$two again", "$one")
	set("$three", at(4)) // there was none
	kept("$two again", "$one")
	set("$four", at(5))
	kept("$three", "$two again")

	_, err := users.UpdateUser(t.Context(), ann.ID, func(u *model.User) error {
		u.PasswordHash, u.PasswordChangeDate = "$five", at(6)
		return errors.New("refused")
	})
	if err == nil {
		t.Error("a refusal was passed over")
	}
	kept("$three", "$two again")
	keep = 1
	set("$six", at(7))
	kept("$four")
}

func TestWhereNobodyAsksAPasswordCostsNoMoreStatements(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann := h.User("ann", "old")
	users := user.NewUsers(h.Store, func(*model.Snapshot) int { return 0 }, h.Now)
	measure := func(s user.Store, hash string) int {
		t.Helper()
		ctx, n := store.CountStatements(t.Context())
		if _, err := s.UpdateUser(ctx, ann.ID, func(u *model.User) error { u.PasswordHash = hash; return nil }); err != nil {
			t.Fatal(err)
		}
		return n.Statements()
	}
	if a, b := measure(h.Store, "$a"), measure(users, "$b"); a != b {
		t.Errorf("%d statements, and %d without", b, a)
	}
}
