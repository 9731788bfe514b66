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
	for _, s := range config.All() {
		if listed := strings.Contains(b.String(), "  "+s.Env+" "); listed != (s.Flag == "") {
			t.Errorf("%s: in the help beside the flags: %t", s.Env, listed)
		}
	}
	for line := range strings.Lines(b.String()) {
		if len(line) > 80 {
			t.Errorf("too wide: %s", line)
		}
	}
}
