package storetest

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// walks reads lists to their end in small pages, in orders with ties and nulls, and compares with the list read at once.
func walks(t *testing.T, s *store.Store) {
	for i := range 23 {
		joined := at(0)
		u := &model.User{Username: fmt.Sprintf("u%02d", i), Name: fmt.Sprint("name ", i%3), IsActive: i%2 == 0, DateJoined: at(0)}
		if i%4 != 0 {
			u.LastLogin = &joined
		}
		must(t, s.InsertUser(t.Context(), u))
	}
	for _, order := range [][]string{
		nil,
		{"pk"},
		{"-pk"},
		{"username"},
		{"name"},
		{"-name"},
		{"email"},
		{"last_login"},
		{"-last_login"},
		{"last_login", "-name"},
		{"-last_login", "name"},
		{"-name", "is_active"},
		{"is_superuser"},
		{"-date_joined"},
	} {
		all, _, err := s.ListUsers(t.Context(), store.List{Order: order, Limit: 1000})
		must(t, err)
		for _, size := range []int{1, 4, 23, 100} {
			t.Run(fmt.Sprint(order, " by ", size), func(t *testing.T) {
				same(t, usernames(walk(t, s, store.List{Order: order, Limit: size}, nil)), usernames(all))
			})
		}
	}
	some := store.List{Search: "NAME 1", Where: []store.Where{{Field: "is_active", Op: store.OpEq, Values: []string{"true"}}}, Limit: 2}
	same(t, usernames(walk(t, s, some, nil)), []string{"u04", "u10", "u16", "u22"})

	t.Run("a name may be longer than an index takes", func(t *testing.T) {
		var long strings.Builder
		for range 300 {
			long.WriteString(rand.Text()) // nothing that could be compressed
		}
		for i := range 3 {
			must(t, s.InsertUser(t.Context(), &model.User{Username: fmt.Sprint("long", i), Name: "zz" + long.String(), IsActive: true}))
		}
		all := usernames(walk(t, s, store.List{Order: []string{"name"}, Limit: 2}, nil))
		same(t, all[len(all)-3:], []string{"long0", "long1", "long2"})
		for _, name := range all[len(all)-3:] {
			u, err := s.UserByUsername(t.Context(), name)
			must(t, err)
			must(t, s.DeleteUser(t.Context(), u.ID))
		}
	})
	t.Run("who goes meanwhile hides nobody", func(t *testing.T) {
		gone := 0
		rest := walk(t, s, store.List{Limit: 5}, func(page []*model.User) {
			gone++
			must(t, s.DeleteUser(t.Context(), page[0].ID))
		})
		same(t, len(rest), 23)
		same(t, gone, 5)
	})
}

// walk reads a list to its end.
func walk(t *testing.T, s *store.Store, l store.List, each func([]*model.User)) []*model.User {
	t.Helper()
	var out []*model.User
	for l.Walk = new(store.Walk); !l.Walk.Done(); {
		page, _, err := s.ListUsers(t.Context(), l)
		must(t, err)
		if len(page) > l.Limit {
			t.Fatalf("%d rows in a page of %d", len(page), l.Limit)
		}
		if each != nil && len(page) > 0 {
			each(page)
		}
		out = append(out, page...)
	}
	return out
}

func usernames(users []*model.User) []string {
	var out []string
	for _, u := range users {
		out = append(out, u.Username)
	}
	return out
}
