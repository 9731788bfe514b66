// Package authenticatorstatic is the stage that gives somebody codes to print, for the day when no other device is at hand. They are shown once; only hashes are stored.
package authenticatorstatic
