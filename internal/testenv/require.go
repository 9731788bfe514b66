package testenv

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Names that WEIMEN_TEST_REQUIRE may hold.
const (
	postgres = "postgres"
	chromium = "chromium"
)

// missing ends the test because what it needs is not there: it fails where WEIMEN_TEST_REQUIRE
// names it and is skipped elsewhere.
func missing(t testing.TB, name, why string) {
	t.Helper()
	if required(os.Getenv("WEIMEN_TEST_REQUIRE"), name) {
		t.Fatalf("WEIMEN_TEST_REQUIRE asks for %s: %s", name, why)
	}
	t.Skip(why)
}

// required reports whether list, names separated by commas, holds name.
func required(list, name string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(s string) bool {
		return strings.TrimSpace(s) == name
	})
}
