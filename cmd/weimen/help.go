package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/weimen-id/weimen/internal/config"
)

// printHelp writes the commands or flags as kong does, then the settings that are no flags.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	if chosen := ctx.Selected(); chosen == nil || chosen.Name == "version" {
		return nil
	}
	if _, err := fmt.Fprintln(ctx.Stdout, "\nIn the environment or the settings file only:"); err != nil {
		return err
	}
	return config.WriteHelp(ctx.Stdout)
}

// flagHelp gives a flag's help text with its default and the environment variable that does the same.
func flagHelp(v *kong.Value) string {
	for _, s := range config.All() {
		if s.Flag != "--"+v.Name {
			continue
		}
		words := []string{s.Help}
		if s.Default != "" {
			words = append(words, "Default: "+s.Default+".")
		}
		return strings.Join(append(words, "("+s.Env+")"), " ")
	}
	return v.Help
}
