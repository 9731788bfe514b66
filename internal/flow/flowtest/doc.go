// Package flowtest is a small house for tests of flows, stages and sources: the real database (SQLite), the real executor, policy engine and sessions, and
// browsers that keep cookies.
//
// [Open] builds it; [House.Flow] puts a flow of stages into the configuration; [House.Browser] is someone at a browser. [Script] is a stage that does as its
// settings say, and [Verdict] a policy that does.
package flowtest
