// Package apptest runs the whole application for tests: on a real database, behind a real listener, with the simulated WeChat in process.
//
//	h := apptest.New(t, apptest.Options{})
//	h.AddWeChat("wechat", apptest.WeChat{})
//	client := h.AddClient("shop", nil)
//	b := h.Browser("en")
//	attempt, address := client.Begin()
//	page := b.Get(address) // ends at the login page
//	page = b.SignInAt(page.Link("/source/oauth/"), "alice")
//	tokens := attempt.Finish(page)
//
// A [House] is one installation: a public address, a database, and one server or several behind it. It watches what passes: every request is recorded with the
// number of SQL statements that it cost, and whatever is secret (the AppSecret, codes, states, tokens, cookies) is noted down as it goes by. When a test ends, the
// house looks for these in the log and in the whole database; while it runs, [Browser] looks for them in each page. A test need not ask for that.
//
// Only tests import this package.
package apptest
