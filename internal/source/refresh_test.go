package source_test

import (
	"fmt"
	"testing"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// says makes the upstream give these properties from now on.
func (h *house) says(properties map[string]any) {
	h.account = func(a *source.Account) {
		for name, value := range properties {
			a.Properties[name] = value
		}
		a.EmailVerified = true
	}
}

type object = map[string]any

// edit is a person, or an administrator, who changes a user here.
func (h *house) edit(u *model.User, change func(u *model.User)) {
	h.T.Helper()
	if _, err := h.Store.UpdateUser(h.T.Context(), u.ID, func(u *model.User) error { change(u); return nil }); err != nil {
		h.T.Fatal(err)
	}
}

func TestRefreshing(t *testing.T) {
	first := object{"name": "A", "email": "a@example.org", "attributes": object{"city": "Shenzhen", "sex": 1}}
	for _, tt := range []struct {
		name  string
		rules object
		edit  func(u *model.User)
		later object
		want  string // name, email, city
	}{
		{name: "without a rule nothing follows, as with authentik", later: object{"name": "B", "attributes": object{"city": "Beijing"}}, want: "A a@example.org Shenzhen"},
		{name: "once is without a rule", rules: object{"*": "once"}, later: object{"name": "B"}, want: "A a@example.org Shenzhen"},
		{name: "always follows", rules: object{"name": "always"}, later: object{"name": "B", "email": "b@example.org"}, want: "B a@example.org Shenzhen"},
		{
			name: "also over a person's own edit", rules: object{"name": "always"}, edit: func(u *model.User) { u.Name = "mine" },
			later: object{"name": "A"}, want: "A a@example.org Shenzhen",
		},
		{name: "* is everything that a person is called", rules: object{"*": "always"}, later: object{"name": "B", "email": "b@example.org", "attributes": object{"city": "Beijing"}}, want: "B b@example.org Beijing"},
		{name: "the narrower rule counts", rules: object{"*": "always", "name": "once"}, later: object{"name": "B", "email": "b@example.org"}, want: "A b@example.org Shenzhen"},
		{name: "attributes have a rule together", rules: object{"attributes": "always"}, later: object{"name": "B", "attributes": object{"city": "Beijing"}}, want: "A a@example.org Beijing"},
		{name: "or one by one", rules: object{"attributes": "always", "attributes.city": "once"}, later: object{"attributes": object{"city": "Beijing"}}, want: "A a@example.org Shenzhen"},
		{name: "unless_edited follows where nobody edited", rules: object{"*": "unless_edited"}, later: object{"name": "B", "attributes": object{"city": "Beijing"}}, want: "B a@example.org Beijing"},
		{
			name: "and leaves an edit alone", rules: object{"*": "unless_edited"}, edit: func(u *model.User) { u.Name = "mine" },
			later: object{"name": "B", "email": "b@example.org"}, want: "mine b@example.org Shenzhen",
		},
		{
			name: "an empty text is an edit too", rules: object{"*": "unless_edited"}, edit: func(u *model.User) { u.Name = "" },
			later: object{"name": "B"}, want: " a@example.org Shenzhen",
		},
		{
			name: "what the source does not tell stays", rules: object{"*": "always"}, later: object{"name": nil, "email": nil, "attributes": object{}},
			want: "A a@example.org Shenzhen",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			if tt.rules != nil {
				h.change(h.source, func(s *model.Source) { s.AttributeRefresh = tt.rules })
			}
			h.says(first)
			u := h.arrives("o1")
			if tt.edit != nil {
				h.edit(u, tt.edit)
			}
			h.says(tt.later)
			for range 2 {
				h.arrives("o1")
			}
			u = h.Users()["o1"]
			if got := fmt.Sprint(u.Name, " ", u.Email, " ", u.Attributes["city"]); got != tt.want {
				t.Errorf("the user is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAnEditIsKnownForGood(t *testing.T) {
	h := open(t)
	h.change(h.source, func(s *model.Source) { s.AttributeRefresh = object{"*": "unless_edited"} })
	h.says(object{"name": "A"})
	u := h.arrives("o1")
	h.edit(u, func(u *model.User) { u.Name = "mine" })
	for _, name := range []string{"B", "C", "A"} {
		h.says(object{"name": name})
		if u := h.arrives("o1"); u.Name != "mine" {
			t.Fatalf("%s has replaced the person's own: %q", name, u.Name)
		}
	}
	h.edit(u, func(u *model.User) { u.Name = "A" }) // it is what the source says: nobody's own any more
	h.arrives("o1")
	h.says(object{"name": "D"})
	if u := h.arrives("o1"); u.Name != "D" {
		t.Errorf("the name is %q", u.Name)
	}
}

func TestRulesThatComeLaterKnowWhatWasWrittenBefore(t *testing.T) {
	h := open(t)
	h.says(object{"name": "A"})
	h.arrives("o1")
	h.says(object{"name": "B"})
	h.arrives("o1")
	h.change(h.source, func(s *model.Source) { s.AttributeRefresh = object{"name": "unless_edited"} })
	if u := h.arrives("o1"); u.Name != "B" {
		t.Errorf("the name is %q", u.Name)
	}
}

func TestOfALinkedUserOnlyWhatIsEmptyIsFilled(t *testing.T) {
	h := open(t)
	h.change(h.source, func(s *model.Source) { s.AttributeRefresh = object{"*": "unless_edited"} })
	ann := h.User("ann", "")
	h.says(object{"name": "A", "email": "other@example.org"})
	h.signIn(h.Browser().SignIn(ann), "wx", "o1")
	if u := h.Users()["ann"]; u.Name != "" {
		t.Errorf("connecting has written %q", u.Name)
	}
	if u := h.arrives("o1"); u.Username != "ann" || u.Name != "A" || u.Email != "ann@example.org" {
		t.Errorf("the user is %+v", u)
	}
}

func TestAUsernameFollowsOnlyWhereItIsAskedAndFree(t *testing.T) {
	h := open(t)
	h.change(h.source, func(s *model.Source) { s.AttributeRefresh = object{"*": "always"} })
	h.arrives("o1")
	h.username = func() string { return "ann" }
	if u := h.arrives("o1"); u.Username != "o1" {
		t.Errorf("the username is %q", u.Username)
	}
	h.change(h.source, func(s *model.Source) { s.AttributeRefresh = object{"username": "always"} })
	h.User("ann", "")
	if u := h.arrives("o1"); u.Username != "o1" {
		t.Errorf("the username is %q", u.Username)
	}
	if warnings := h.Events(model.ActionConfigurationWarning); len(warnings) != 1 || warnings[0].Context["wanted"] != "ann" {
		t.Errorf("events: %+v", warnings)
	}
	h.username = func() string { return "bob" }
	if u := h.arrives("o1"); u.Username != "bob" {
		t.Errorf("the username is %q", u.Username)
	}
}

// An address that nobody vouches for replaces none: other sources may be set to recognise people by it.
func TestAnUnverifiedAddressReplacesNone(t *testing.T) {
	h := open(t)
	h.change(h.source, func(s *model.Source) { s.AttributeRefresh = object{"email": "always"} })
	h.says(object{"email": "a@example.org"})
	h.arrives("o1")
	h.account = func(a *source.Account) { a.Properties["email"] = "victim@example.org" }
	if u := h.arrives("o1"); u.Email != "a@example.org" {
		t.Errorf("the address is %q", u.Email)
	}
}
