// Package testenv gives tests what they cannot make themselves: a real PostgreSQL database, a browser.
//
// A test that needs one asks for it and gets it, or is skipped with the reason. Where nothing may be
// skipped, WEIMEN_TEST_REQUIRE names what must be there (postgres,chromium), and the test
// fails instead. It is the only place that skips; the linters see to that.
//
//	WEIMEN_TEST_POSTGRES   address of a PostgreSQL server whose user may create databases
//	WEIMEN_TEST_CHROMIUM   the browser's program, when it is not /usr/bin/chromium
//	WEIMEN_TEST_REQUIRE    names, separated by commas, of what must not be missing
//
// scripts/postgres starts a throw-away server and sets the first for one command.
// Only tests and suites import this package.
package testenv
