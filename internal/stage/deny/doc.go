// Package deny is the stage that refuses everyone who comes to it. Policies on its binding decide who does.
package deny
