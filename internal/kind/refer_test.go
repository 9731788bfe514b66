package kind

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

type referring struct {
	Must  string   `json:"must" ref:"flow" required:"true"`
	May   *string  `json:"may" ref:"flow"`
	Many  []string `json:"many" ref:"flow"`
	Count *int64   `json:"count" ref:"user"`
	Text  string   `json:"text"`
}

func TestReferencesGivesWhatIsSet(t *testing.T) {
	one, n := "b", int64(7)
	got := map[string][]string{}
	for _, r := range References(&referring{Must: "a", May: &one, Many: []string{"c", "d"}, Count: &n, Text: "e"}) {
		got[r.Field.Name] = r.IDs
	}
	want := map[string][]string{"must": {"a"}, "may": {"b"}, "many": {"c", "d"}, "count": {"7"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := References(referring{}); len(got) != 0 {
		t.Errorf("references of nothing: %v", got)
	}
}

func TestForgetClearsWhatMayBeEmptyAndTellsWhatMayNot(t *testing.T) {
	gone, stays := "gone", "stays"
	many := []string{"x", gone, "y"}
	tests := []struct {
		name              string
		give, want        referring
		changed, orphaned bool
	}{
		{"nothing refers to it", referring{Must: stays, May: &stays}, referring{Must: stays, May: &stays}, false, false},
		{"a list loses it", referring{Must: stays, Many: many}, referring{Must: stays, Many: []string{"x", "y"}}, true, false},
		{"a nullable reference becomes null", referring{Must: stays, May: &gone}, referring{Must: stays}, true, false},
		{"a required reference cannot do without", referring{Must: gone}, referring{Must: gone}, false, true},
		{"text that looks like it stays", referring{Must: stays, Text: gone}, referring{Must: stays, Text: gone}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed, orphaned := Forget(&tt.give, "flow", gone)
			if diff := cmp.Diff(tt.want, tt.give); diff != "" || changed != tt.changed || orphaned != tt.orphaned {
				t.Errorf("changed %v, orphaned %v (-want +got):\n%s", changed, orphaned, diff)
			}
		})
	}
	if many[1] != gone {
		t.Error("the list of the original was written into")
	}
}
