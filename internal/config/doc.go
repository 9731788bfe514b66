// Package config holds the start-up settings: what must be known before the database opens. Everything else is configuration in the
// database.
//
// [Config] is what was asked, as text: its fields and their tags are the one list of settings, from which the environment variables, the
// keys of the settings file, the flags, the help and docs/settings.md are made. [Settings] is what holds after defaults and checks.
//
// [Load] reads four places, the later winning:
//
//	defaults < settings file (YAML) < environment (WEIMEN_...) < flags given on the command line
//
// A secret NAME may come from a file instead: NAME_FILE (name_file in the settings file) holds the file's path. Whoever sets both in one
// place has made a mistake. An empty value counts as not given. Unknown names are refused, except WEIMEN_TEST_..., which belong to the
// tests. All mistakes are reported at once, as a [Mistakes] error, and no secret's text is ever part of it.
//
// Load only reads. [Settings.Prepare] makes the data folder and, where no key was given, the secret key.
package config
