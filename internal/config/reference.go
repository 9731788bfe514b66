package config

import (
	"fmt"
	"io"
	"strings"
)

// WriteReference writes docs/settings.md: every setting, in Markdown.
func WriteReference(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# Settings

<!-- Made from internal/config/config.go by: go test ./internal/config -update -->

What Weimen must know before its database opens. Everything else is set in the console, over the API or by blueprints.

The later of these wins: default, settings file, environment, flag. The settings file is YAML and is named by ` + "`WEIMEN_CONFIG`" + `; its keys are
the names below without ` + "`WEIMEN_`" + `, in lower case. A secret may stand in a file of its own: ` + "`WEIMEN_SECRET_KEY_FILE`" + ` names that file. Secrets
other than the database's address are not flags, because everybody on a machine can read a command line. An empty value counts as not
given. Unknown names are refused.
`)
	for _, s := range All() {
		fmt.Fprintf(&b, "\n## `%s`\n\n%s\n\n", s.Env, s.Help)
		if s.Default != "" {
			fmt.Fprintf(&b, "- Default: `%s`\n", s.Default)
		}
		if s.Form != "" {
			fmt.Fprintf(&b, "- Form: `%s`\n", s.Form)
		}
		if s.Flag != "" {
			fmt.Fprintf(&b, "- Flag: `%s`\n", s.Flag)
		}
		if s.Secret {
			fmt.Fprintf(&b, "- Secret: also from a file, `%s_FILE`\n", s.Env)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteHelp writes the settings for a terminal: what weimen serve --help says of the environment.
func WriteHelp(w io.Writer) error {
	var b strings.Builder
	for _, s := range All() {
		b.WriteString(s.Env)
		if s.Secret {
			b.WriteString(" (or " + s.Env + "_FILE)")
		}
		if s.Default != "" {
			b.WriteString(" [" + s.Default + "]")
		}
		b.WriteString("\n    " + wrap(s.Help, 96, "\n    ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks text between words so that no line is longer than width, if its words allow.
func wrap(text string, width int, newline string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > width:
			b.WriteString(newline)
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
