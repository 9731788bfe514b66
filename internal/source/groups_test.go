package source_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/store"
)

// tells makes the upstream tell these groups from now on.
func (h *house) tells(groups ...string) {
	h.account = func(a *source.Account) { a.Properties["groups"] = groups }
}

// group makes a group.
func (h *house) group(name string, change func(g *model.Group)) *model.Group {
	h.T.Helper()
	g := &model.Group{Name: name, Attributes: map[string]any{}}
	if change != nil {
		change(g)
	}
	if err := h.Store.InsertGroup(h.T.Context(), g); err != nil {
		h.T.Fatal(err)
	}
	return g
}

// groupsOf gives the names of a user's own groups.
func (h *house) groupsOf(u *model.User) string {
	h.T.Helper()
	all, err := h.Store.GroupsOf(h.T.Context(), u.ID)
	if err != nil {
		h.T.Fatal(err)
	}
	var out []string
	for _, g := range all {
		if g.Direct {
			out = append(out, g.Name)
		}
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// arrives signs a person in and gives who it is.
func (h *house) arrives(code string) *model.User {
	h.T.Helper()
	b := h.Browser()
	h.signIn(b, "wx", code)
	return b.Visitor().User
}

func TestGroupsFollowTheSourceAtEverySignIn(t *testing.T) {
	h := open(t)
	h.tells("g1", "g2")
	u := h.arrives("o1")
	if got := h.groupsOf(u); got != "g1,g2" {
		t.Fatalf("a newcomer is in %s", got)
	}
	own := h.group("own", nil)
	if err := h.Store.AddUserToGroup(t.Context(), own.ID, u.ID); err != nil {
		t.Fatal(err)
	}
	h.tells("g2", "g3")
	h.arrives("o1")
	if got := h.groupsOf(u); got != "g2,g3,own" {
		t.Errorf("afterwards they are in %s", got)
	}
	h.tells("g1")
	if got := h.groupsOf(h.arrives("o2")); got != "g1" {
		t.Errorf("somebody else is in %s", got)
	}
	h.tells()
	h.arrives("o1")
	if got := h.groupsOf(u); got != "own" {
		t.Errorf("where the source tells none they are in %s", got)
	}
	connections, err := h.Store.GroupConnectionsOfSource(t.Context(), h.source.ID)
	if err != nil || len(connections) != 3 {
		t.Errorf("%d connections, %v", len(connections), err)
	}
	joined := h.Events(model.ActionUserWrite)
	if !slices.ContainsFunc(joined, func(e *model.Event) bool { return fmt.Sprint(e.Context["groups_left"]) == "[g1]" }) {
		t.Errorf("events: %+v", joined)
	}
}

func TestASourceThatNeverTellsOfGroupsLeavesThemAlone(t *testing.T) {
	h := open(t)
	h.tells("g1")
	u := h.arrives("o1")
	h.account = nil
	h.arrives("o1")
	if got := h.groupsOf(u); got != "g1" {
		t.Errorf("they are in %s", got)
	}
	// A mapping might have told of some, and did not.
	h.change(h.source, func(s *model.Source) { s.UserPropertyMappings = []model.MappingID{h.mapping("m", `return None`)} })
	h.arrives("o1")
	if got := h.groupsOf(u); got != "" {
		t.Errorf("with a mapping they are in %s", got)
	}
}

func TestGroupsOfALinkedAccountArriveAtTheNextSignIn(t *testing.T) {
	h := open(t)
	h.tells("g1")
	ann := h.User("ann", "")
	h.signIn(h.Browser().SignIn(ann), "wx", "o1")
	if got := h.groupsOf(ann); got != "" {
		t.Errorf("linked, ann is in %s", got)
	}
	h.arrives("o1")
	if got := h.groupsOf(ann); got != "g1" {
		t.Errorf("signed in, ann is in %s", got)
	}
}

func TestGroupMatching(t *testing.T) {
	for _, tt := range []struct {
		name   string
		mode   model.GroupMatchingMode
		there  func(h *house)
		want   string // the person's groups
		reason string
		warned bool
	}{
		{name: "a new name makes a group", mode: model.MatchGroupIdentifier, want: "staff"},
		{name: "by identifier a group of that name is another one", mode: model.MatchGroupIdentifier, there: func(h *house) { h.group("staff", nil) }, want: "", warned: true},
		{name: "by name a group of that name is the one", mode: model.MatchGroupNameLink, there: func(h *house) { h.group("staff", nil) }, want: "staff"},
		{name: "by name a new name makes a group as well", mode: model.MatchGroupNameLink, want: "staff"},
		{
			name: "a group that makes administrators is never taken by its name", mode: model.MatchGroupNameLink, want: "", warned: true,
			there: func(h *house) { h.group("staff", func(g *model.Group) { g.IsSuperuser = true }) },
		},
		{
			name: "nor one below it", mode: model.MatchGroupNameLink, want: "", warned: true,
			there: func(h *house) {
				above := h.group("admins", func(g *model.Group) { g.IsSuperuser = true })
				middle := h.group("middle", func(g *model.Group) { g.Parents = []model.GroupID{above.ID} })
				h.group("staff", func(g *model.Group) { g.Parents = []model.GroupID{middle.ID} })
			},
		},
		{
			name: "one that the administrator connected is", mode: model.MatchGroupNameLink, want: "staff",
			there: func(h *house) {
				g := h.group("staff", func(g *model.Group) { g.IsSuperuser = true })
				if err := h.Store.InsertGroupConnection(h.T.Context(), &model.GroupConnection{Group: g.ID, Source: h.source.ID, Identifier: "staff"}); err != nil {
					h.T.Fatal(err)
				}
			},
		},
		{
			name: "a group that has another id at the source stays that", mode: model.MatchGroupNameLink, want: "", warned: true,
			there: func(h *house) {
				g := h.group("staff", nil)
				if err := h.Store.InsertGroupConnection(h.T.Context(), &model.GroupConnection{Group: g.ID, Source: h.source.ID, Identifier: "other"}); err != nil {
					h.T.Fatal(err)
				}
			},
		},
		{name: "name_deny turns people away", mode: model.MatchGroupNameDeny, there: func(h *house) { h.group("staff", nil) }, reason: "source.group_denied"},
		{name: "name_deny makes a group of a new name", mode: model.MatchGroupNameDeny, want: "staff"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			h.tells("staff")
			h.change(h.source, func(s *model.Source) { s.GroupMatchingMode = tt.mode })
			if tt.there != nil {
				tt.there(h)
			}
			b := h.Browser()
			reply, err := h.back(b, "wx", callback(h.depart(b, source.Departing{}), "o1"))
			if got := refused(reply, err); got != tt.reason {
				t.Fatalf("refused as %q", got)
			}
			if tt.reason != "" {
				if len(h.Users()) != 0 || who(b) != "" {
					t.Error("somebody was made all the same")
				}
				return
			}
			if got := h.groupsOf(b.Visitor().User); got != tt.want {
				t.Errorf("the person is in %q, want %q", got, tt.want)
			}
			if warned := len(h.Events(model.ActionConfigurationWarning)) == 1; warned != tt.warned {
				t.Errorf("warned: %t", warned)
			}
		})
	}
}

func TestGroupMappingsDescribeAGroup(t *testing.T) {
	h := open(t)
	h.tells("7")
	h.change(h.source, func(s *model.Source) {
		s.GroupPropertyMappings = []model.MappingID{h.mapping("g", `return {"name": "department " + group_id, "is_superuser": True, "attributes": {"at": [source.slug]}}`)}
	})
	u := h.arrives("o1")
	g, err := h.Store.GroupByName(t.Context(), "department 7")
	if err != nil || h.groupsOf(u) != "department 7" || fmt.Sprint(g.Attributes) != "map[at:[wx]]" {
		t.Fatalf("%+v, %v", g, err)
	}
	if g.IsSuperuser {
		t.Error("the source has made administrators")
	}
	_, err = h.Store.UpdateGroup(t.Context(), g.ID, func(g *model.Group) error {
		g.Name, g.Attributes = "renamed", map[string]any{"at": []any{"here"}, "own": 1}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.arrives("o1")
	g, err = h.Store.Group(t.Context(), g.ID)
	if err != nil || g.Name != "renamed" || fmt.Sprint(g.Attributes) != "map[at:[here wx] own:1]" {
		t.Errorf("%+v, %v", g, err)
	}
}

func TestGroupsCostNothingWhereThereAreNone(t *testing.T) {
	h := open(t)
	h.signIn(h.Browser(), "wx", "o1")
	statements := func() int {
		t.Helper()
		b := h.Browser()
		q, v := callback(h.depart(b, source.Departing{}), "o1"), b.Visitor()
		ctx, n := store.CountStatements(t.Context())
		if reply, err := h.manager.Return(ctx, v, "wx", q); err != nil || reply.Refusal != nil {
			t.Fatalf("%+v, %v", reply, err)
		}
		return n.Statements()
	}
	without := statements()
	h.change(h.source, func(s *model.Source) {
		s.UserPropertyMappings = []model.MappingID{h.mapping("m", `return {"name": "x"}`)}
	})
	if with := statements(); with != without+1 {
		t.Errorf("%d statements without mappings, %d with one that tells no group", without, with)
	}
}

func TestASourceDoesNotTakeTheLastAdministratorAway(t *testing.T) {
	h := open(t)
	admins := h.group("admins", func(g *model.Group) { g.IsSuperuser = true })
	if err := h.Store.InsertGroupConnection(t.Context(), &model.GroupConnection{Group: admins.ID, Source: h.source.ID, Identifier: "g1"}); err != nil {
		t.Fatal(err)
	}
	h.tells("g1")
	u := h.arrives("o1")
	h.tells("g2")
	h.arrives("o1")
	if got := h.groupsOf(u); got != "admins,g2" {
		t.Errorf("the last one is in %s", got)
	}
	if n := len(h.Events(model.ActionConfigurationWarning)); n != 1 {
		t.Errorf("%d warnings", n)
	}
	if err := h.Store.AddUserToGroup(t.Context(), admins.ID, h.User("ann", "").ID); err != nil {
		t.Fatal(err)
	}
	h.arrives("o1")
	if got := h.groupsOf(u); got != "g2" {
		t.Errorf("with another they are in %s", got)
	}
}

func TestTwoPeopleWhoBringOneNewGroupAtOnce(t *testing.T) {
	h := open(t)
	h.tells("g1")
	done := make(chan string)
	browsers := []*flowtest.Browser{h.Browser(), h.Browser()}
	for i, b := range browsers {
		q, v := callback(h.depart(b, source.Departing{}), fmt.Sprintf("o%d", i)), b.Visitor()
		go func() {
			reply, err := h.manager.Return(t.Context(), v, "wx", q)
			done <- refused(reply, err)
		}()
	}
	for range browsers {
		if got := <-done; got != "" {
			t.Errorf("refused as %q", got)
		}
	}
	g, err := h.Store.GroupByName(t.Context(), "g1")
	if err != nil {
		t.Fatal(err)
	}
	members, err := h.Store.MembersOf(t.Context(), g.ID)
	if err != nil || len(members[g.ID]) != 2 {
		t.Errorf("%+v, %v", members, err)
	}
}
