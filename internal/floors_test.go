// Package internal_test guards the layout of the house: which package may import which.
package internal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// house is the layout of this repository. A package imports lower floors only, so a dependency
// always points down and no two folders of one floor know each other.
//
// Folders are those of internal/; a leading slash means a folder of the repository's root.
// A folder below another (store/sqlite) stands on the same floor and belongs to it.
// To add a package on a new folder, add its name here first and be ready to say why that floor.
var house = layout{
	module: "github.com/weimen-id/weimen",
	floors: []floor{
		{9, "the mains: flags, signals, one call", "/cmd /bench"},
		{8, "the wiring", "app"},
		{7, "what others meet", "portal api blueprint"},
		{6, "signing in, in and out", "resource source provider"},
		{5, "the run of a flow", "flow"},
		{4, "one step of it", "stage"},
		{3, "what a step needs", "policy mapping session user attempt device captcha"},
		{2, "the tools", "access event expr geoip keypair kind web store config mail"},
		{1, "the words", "model i18n label testenv /console /blueprints"},
	},

	// A shelf holds the behaviour and the interface; each folder on it is one kind. A kind
	// imports its shelf and the floors below it, never its sibling, and only app imports a kind.
	shelves: words("source source/oauth provider stage policy mapping"),

	// Beside the house: imports nothing of ours; the mains, app and tests start it.
	beside: words("wechatsim demoapp"),

	// Code for tests that is not in a _test.go file. So is every folder named for its parent,
	// as store/storetest. Only tests import it.
	testing: words("testenv"),

	// The words are said with the standard library alone.
	stdOnly: words("model"),
}

// TestFloors checks the packages of this repository.
func TestFloors(t *testing.T) {
	t.Parallel()
	pkgs, err := scan("..", house.module)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) == 0 {
		t.Fatal("no package was found: the check looked in the wrong place")
	}
	for _, fault := range house.check(pkgs) {
		t.Error(fault)
	}
}

// TestCheckNamesEachFault feeds the check small invented houses.
func TestCheckNamesEachFault(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		give string // packages, one a line: path [flag] [-> imports] [| imports of its tests]
		want []string
	}{
		{"a lower floor may be imported", "internal/api -> internal/flow internal/model", nil},
		{"a folder may import its own parts", "internal/store -> internal/store/sqlite", nil},
		{"a part may import its own folder", "internal/store/sqlite -> internal/store internal/model", nil},
		{"a kind may import its shelf and lower floors", "internal/stage/deny -> internal/stage internal/policy", nil},
		{"a source type may import both shelves below it", "internal/source/oauth/wechat -> internal/source/oauth internal/source internal/flow", nil},
		{"app may import any kind", "internal/app -> internal/stage/deny internal/source/oauth internal/source/oauth/wechat", nil},
		{"a main may import the simulator", "cmd/wechatsim -> internal/wechatsim", nil},
		{"a test may import anything of the house", "internal/model | internal/app internal/stage/deny internal/testenv", nil},
		{"a suite may import anything of the house", "internal/stage/stagetest -> internal/flow internal/testenv", nil},
		{
			"an import that runs up", "internal/flow -> internal/api",
			[]string{"internal/flow (floor 5) imports internal/api (floor 7): imports run down only"},
		},
		{
			"an import that runs sideways", "internal/store -> internal/config",
			[]string{"internal/store imports internal/config: both are on floor 2, and folders of one floor do not know each other"},
		},
		{
			"a package without a floor", "internal/util -> internal/model",
			[]string{"internal/util has no floor: add its folder to the table in internal/floors_test.go"},
		},
		{
			"an import of a package without a floor", "internal/api -> internal/util",
			[]string{"internal/api imports internal/util, which has no floor"},
		},
		{
			"a kind that imports its sibling", "internal/stage/prompt -> internal/stage/password",
			[]string{"internal/stage/prompt imports internal/stage/password: a kind does not import its sibling"},
		},
		{
			"a source type that imports its sibling", "internal/source/oauth/wechat -> internal/source/oauth/github",
			[]string{"internal/source/oauth/wechat imports internal/source/oauth/github: a kind does not import its sibling"},
		},
		{
			"a kind imported by someone else than app", "internal/portal -> internal/stage/password",
			[]string{"internal/portal imports internal/stage/password: only internal/app imports a kind"},
		},
		{
			"a kind imported by a main", "cmd/weimen -> internal/provider/oauth2",
			[]string{"cmd/weimen imports internal/provider/oauth2: only internal/app imports a kind"},
		},
		{
			"a shelf that imports a kind on it", "internal/stage -> internal/stage/deny",
			[]string{"internal/stage imports internal/stage/deny: a shelf does not import the kinds on it"},
		},
		{
			"a kind on the floor of what it imports", "internal/policy/expression -> internal/user",
			[]string{"internal/policy/expression imports internal/user: both are on floor 3, and folders of one floor do not know each other"},
		},
		{
			"the simulator imports something of ours", "internal/wechatsim -> internal/model",
			[]string{"internal/wechatsim imports internal/model: it stands beside the house and imports nothing of ours"},
		},
		{
			"the simulator's tests import something of ours", "internal/wechatsim | internal/web",
			[]string{"internal/wechatsim imports internal/web: it stands beside the house and imports nothing of ours"},
		},
		{
			"the simulator imported inside the house", "internal/source/oauth/wechat -> internal/wechatsim",
			[]string{"internal/source/oauth/wechat imports internal/wechatsim: only the mains, internal/app and tests do"},
		},
		{
			"a suite imported outside tests", "internal/store -> internal/store/storetest",
			[]string{"internal/store imports internal/store/storetest: only tests import code for tests"},
		},
		{
			"the words said with more than the standard library", "internal/model -> github.com/google/uuid",
			[]string{"internal/model imports github.com/google/uuid: it is written with the standard library alone"},
		},
		{
			"a package without doc.go", "internal/flow nodoc -> internal/model",
			[]string{`internal/flow has no doc.go whose comment begins with "Package flow"`},
		},
		{"a main needs no doc.go", "cmd/weimen nodoc -> internal/app", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := house.check([]pkg{parsePkg(t, tt.give)})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// parsePkg reads the one-line form used in the table above.
func parsePkg(t *testing.T, line string) pkg {
	t.Helper()
	line, tests, _ := strings.Cut(line, "|")
	line, imports, _ := strings.Cut(line, "->")
	head := words(line)
	if len(head) == 0 {
		t.Fatalf("no package in %q", line)
	}
	whole := func(paths []string) []string {
		for i, p := range paths {
			if !strings.Contains(p, ".") {
				paths[i] = house.module + "/" + p
			}
		}
		return paths
	}
	return pkg{
		path:        head[0],
		documented:  len(head) == 1,
		imports:     whole(words(imports)),
		testImports: whole(words(tests)),
	}
}
