package testenv

import (
	"os"
	"os/exec"
	"testing"
)

// Chromium returns the path of the browser's program. Without one the test is skipped.
func Chromium(t testing.TB) string {
	t.Helper()
	name := os.Getenv("WEIMEN_TEST_CHROMIUM")
	if name == "" {
		name = "/usr/bin/chromium"
	}
	found, err := exec.LookPath(name)
	if err != nil {
		missing(t, chromium, "no browser at "+name+"; set WEIMEN_TEST_CHROMIUM or run scripts/install-tools")
	}
	return found
}
