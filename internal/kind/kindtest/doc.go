// Package kindtest is the suite that every listed kind must pass: its names, its settings, what becomes of its secrets.
package kindtest
