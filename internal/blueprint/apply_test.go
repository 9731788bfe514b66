package blueprint_test

import (
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
)

// denyStages gives the deny stages' settings by name.
func denyStages(s *model.Snapshot) map[string]string {
	out := map[string]string{}
	for _, st := range s.Stages {
		if st.Kind == "deny" {
			out[st.Name] = string(st.Config)
		}
	}
	return out
}

func stageEntry(state, message string) string {
	text := "version: 1\nentries:\n  - model: authentik_stages_deny.denystage\n"
	if state != "" {
		text += "    state: " + state + "\n"
	}
	return text + "    identifiers: {name: no}\n    attrs: {deny_message: " + message + "}\n"
}

func TestTheStateOfAnEntrySaysWhatBecomesOfItsObject(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	for _, step := range []struct{ name, state, message, want string }{
		{"nothing to delete", "absent", "one", ""},
		{"present makes", "present", "two", "two"},
		{"created leaves alone", "created", "three", "two"},
		{"present changes", "present", "four", "four"},
		{"no state is present", "", "five", "five"},
		{"absent deletes", "absent", "six", ""},
		{"created makes", "created", "seven", "seven"},
	} {
		if err := h.App().Apply(t.Context(), []byte(stageEntry(step.state, step.message))); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		config, there := denyStages(h.App().Store.Snapshot())["no"]
		if there != (step.want != "") || !strings.Contains(config, step.want) {
			t.Errorf("%s: the stage is there: %t, with %s; want %q", step.name, there, config, step.want)
		}
	}
}

func TestABlueprintIsAppliedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	two := stageEntry("present", "one") + "  - model: authentik_stages_deny.denystage\n    identifiers: {name: \"\"}\n"
	if err := h.App().Apply(t.Context(), []byte(two)); err == nil || !strings.HasPrefix(err.Error(), "line 7: ") {
		t.Errorf("error %v, want one that names line 7", err)
	}
	if n := len(denyStages(h.App().Store.Snapshot())); n != 0 {
		t.Errorf("%d stages were made", n)
	}
}

func TestFindKnowsPeople(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	const text = `version: 1
entries:
  - model: authentik_policies.policybinding
    identifiers:
      target: !Find [authentik_flows.flow, [slug, default-invalidation-flow]]
      order: 1
    attrs:
      user: !Find [authentik_core.user, [username, akadmin]]
  - model: authentik_policies.policybinding
    identifiers:
      target: !Find [authentik_flows.flow, [slug, default-invalidation-flow]]
      order: 2
    attrs:
      group: !Find [authentik_core.group, [name, authentik Admins]]
`
	if err := h.App().Apply(t.Context(), []byte(text)); err != nil {
		t.Fatal(err)
	}
	s := h.App().Store.Snapshot()
	list := s.PoliciesOf(model.TargetID(s.FlowBySlug("default-invalidation-flow").ID))
	admin, err := h.App().Store.UserByUsername(t.Context(), "akadmin")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].User == nil || *list[0].User != admin.ID || list[1].Group == nil {
		t.Errorf("the bindings are %+v", list)
	}
}

func TestAMistakeInABlueprintNamesItsLine(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	const head = "version: 1\nentries:\n"
	for _, c := range []struct{ name, text, want string }{
		{"a version that is not known", "version: 2\n", "version 2"},
		{"a key that is not known", "version: 1\ncontent: {}\nentries: []\n", "content"},
		{"a key of an entry that is not known", head + "  - model: authentik_flows.flow\n    permissions: []\n", "permissions"},
		{"a model that is not there", head + "  - model: authentik_flows.nothing\n", "line 3: authentik_flows.nothing"},
		{"a state that is not there", head + "  - model: authentik_flows.flow\n    state: gone\n", "line 3: authentik_flows.flow: the state"},
		{"an id that no entry has", head + "  - model: authentik_flows.flow\n    identifiers:\n      slug: !KeyOf nobody\n", "line 5: no entry"},
		{"a tag that is not known", head + "  - model: authentik_flows.flow\n    identifiers:\n      slug: !Shell id\n", "line 5: the tag"},
		{"the server's environment", head + "  - model: authentik_flows.flow\n    identifiers:\n      slug: !Env HOME\n", "line 5: !Env is refused"},
		{"the server's files", head + "  - model: authentik_flows.flow\n    identifiers:\n      slug: !File [/etc/passwd, none]\n", "line 5: !File is refused"},
		{"an object that must be made and is there", head + "  - model: authentik_flows.flow\n    state: must_created\n    identifiers: {slug: default-authentication-flow}\n", "line 3: authentik_flows.flow: it is there"},
		{"another blueprint that is not there", head + "  - model: authentik_blueprints.metaapplyblueprint\n    attrs: {identifiers: {name: Mine}}\n", "the blueprint \"Mine\""},
		{"a place outside of an enumeration", head + "  - model: authentik_flows.flow\n    identifiers:\n      slug: !Index 0\n", "line 5: !Index"},
		{"nothing at an index", head + "  - model: authentik_flows.flow\n    identifiers:\n      slug: !AtIndex [[a], 1]\n", "line 5: there is nothing at 1"},
		{"a tag with a list that is not known", head + "  - model: authentik_flows.flow\n    identifiers:\n      slug: !Format [a, b]\n", "line 5: !Format has more values"},
		{"a mapping that is merged", head + "  - model: authentik_flows.flow\n    identifiers: &a {slug: x}\n    attrs:\n      <<: *a\n", "line 6: merging"},
		{"a model that nothing is found in", head + "  - model: authentik_flows.flow\n    identifiers:\n      slug: !Find [nothing, [a, b]]\n", "line 5: there is no model"},
		{"people found by what they share", head + "  - model: authentik_flows.flow\n    identifiers:\n      slug: !Find [authentik_core.user, [name, Ann]]\n", "line 5: authentik_core.user"},
		{"a field that is wrong", head + "  - model: authentik_flows.flow\n    identifiers: {slug: x}\n    attrs: {name: x, title: x, designation: lunch}\n", "line 3: authentik_flows.flow"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := h.App().Apply(t.Context(), []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestAnEntryIsPassedOverUnlessItsConditionsHold(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	for _, c := range []struct {
		name, conditions string
		want             bool
	}{
		{"none", "[]", true},
		{"all hold", "[true, 1, word, !Find [authentik_flows.flow, [slug, default-authentication-flow]]]", true},
		{"one is false", "[true, false]", false},
		{"one is nothing", "[!Find [authentik_flows.flow, [slug, nowhere]]]", false},
		{"one is empty", `[""]`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			slug := strings.ReplaceAll(c.name, " ", "-")
			text := "version: 1\nentries:\n  - model: authentik_flows.flow\n    conditions: " + c.conditions +
				"\n    identifiers: {slug: " + slug + "}\n    attrs: {name: x, title: x, designation: recovery}\n"
			if err := h.App().Apply(t.Context(), []byte(text)); err != nil {
				t.Fatal(err)
			}
			if got := h.App().Store.Snapshot().FlowBySlug(slug) != nil; got != c.want {
				t.Errorf("made: %v, want %v", got, c.want)
			}
		})
	}
}
