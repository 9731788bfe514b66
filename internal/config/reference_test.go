package config_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/config"
)

func TestReferenceIsUpToDate(t *testing.T) {
	t.Parallel()
	const path = "../../docs/settings.md"
	var b strings.Builder
	if err := config.WriteReference(&b); err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), b.String()); diff != "" {
		t.Errorf("docs/settings.md is old; run: make generate\n%s", diff)
	}
}

func TestEverySettingIsDescribed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range config.All() {
		if s.Name == "" || s.Help == "" || !strings.HasSuffix(s.Help, ".") || seen[s.Name] {
			t.Errorf("%+v has no name or no help, or its name is taken", s)
		}
		if s.Flag == "" && !s.Secret {
			t.Errorf("%s is no secret and has no flag", s.Name)
		}
		seen[s.Name] = true
	}
	var b strings.Builder
	if err := config.WriteHelp(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"WEIMEN_LISTEN [127.0.0.1:9000]\n", "WEIMEN_SECRET_KEY (or WEIMEN_SECRET_KEY_FILE)", "loss of power"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the help lacks %q", want)
		}
	}
	for line := range strings.Lines(b.String()) {
		if len(line) > 101 {
			t.Errorf("too wide: %s", line)
		}
	}
}
