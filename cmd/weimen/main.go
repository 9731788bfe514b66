package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/weimen-id/weimen/console"
	"github.com/weimen-id/weimen/internal/app"
	"github.com/weimen-id/weimen/internal/config"
)

// version is set by the build.
var version = "dev"

type command struct {
	Serve   serve   `cmd:"" help:"Run the server."`
	Demo    demo    `cmd:"" help:"Run the server with a simulated WeChat and a demo application, all on loopback."`
	Migrate migrate `cmd:"" help:"Bring the database up to date and end."`
	Rescue  rescue  `cmd:"" help:"Print a one-time link that signs in as administrator, also while the server runs."`
	Version about   `cmd:"" help:"Print the version."`
}

func main() {
	var cmd command
	parsed := kong.Parse(&cmd, kong.Name("weimen"), kong.Description("People sign in with WeChat to any application. Every setting is also an environment variable: WEIMEN_ and its name."),
		kong.Help(printHelp), kong.ValueFormatter(flagHelp))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parsed.BindTo(ctx, (*context.Context)(nil))
	parsed.BindTo(os.Stdout, (*io.Writer)(nil))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "weimen:", err)
		os.Exit(1)
	}
}

type serve struct {
	config.Config `embed:""`
}

// Run serves until it is told to end.
func (c *serve) Run(ctx context.Context, out io.Writer) error {
	a, err := open(ctx, c.Config)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	return a.Serve(ctx, out)
}

type demo struct {
	config.Config `embed:""`
}

// Run serves until it is told to end. Unless told otherwise it keeps its data apart from a server's.
func (c *demo) Run(ctx context.Context, out io.Writer) error {
	if c.Data == "" && os.Getenv("WEIMEN_DATA") == "" && c.File == "" && os.Getenv("WEIMEN_CONFIG") == "" {
		c.Data = filepath.Join("data", "demo")
	}
	settings, err := config.Load(c.Config, os.Environ())
	if err != nil {
		return err
	}
	if err := app.CheckDemo(settings.Listen, settings.Demo.AppListen, settings.Demo.WeChatListen); err != nil {
		return err
	}
	if err := settings.Prepare(); err != nil {
		return err
	}
	a, err := app.New(ctx, app.Options{Settings: settings, Version: version, Log: logger(settings), Mail: app.DemoMail(settings), Console: consoleFiles(logger(settings))})
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	return a.Demo(ctx, out)
}

type migrate struct {
	config.Config `embed:""`
}

// Run opens the database, which brings it up to date.
func (c *migrate) Run(ctx context.Context, out io.Writer) error {
	a, err := open(ctx, c.Config)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, "The database is up to date.")
	return a.Close()
}

type rescue struct {
	config.Config `embed:""`
}

// Run prints the link.
func (c *rescue) Run(ctx context.Context, out io.Writer) error {
	settings, err := settings(c.Config)
	if err != nil {
		return err
	}
	link, err := app.Rescue(ctx, settings, logger(settings))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Open this link within ten minutes. It signs in once:\n  %s\n", link)
	return err
}

type about struct{}

// Run prints the version.
func (about) Run(out io.Writer) error {
	_, err := fmt.Fprintln(out, "weimen", version)
	return err
}

// open puts the house together.
func open(ctx context.Context, asked config.Config) (*app.App, error) {
	s, err := settings(asked)
	if err != nil {
		return nil, err
	}
	return app.New(ctx, app.Options{Settings: s, Version: version, Log: logger(s), Console: consoleFiles(logger(s))})
}

// consoleFiles gives the administrator's console. A binary without it says so once, and does everything else.
func consoleFiles(log *slog.Logger) fs.FS {
	files, err := console.Build()
	if err != nil {
		log.Warn("no console at /if/admin/", "err", err)
		return nil
	}
	return files
}

// settings reads the settings and makes what they need on the disk.
func settings(asked config.Config) (config.Settings, error) {
	s, err := config.Load(asked, os.Environ())
	if err != nil {
		return s, err
	}
	return s, s.Prepare()
}

func logger(s config.Settings) *slog.Logger {
	o := &slog.HandlerOptions{Level: s.LogLevel}
	if s.LogFormat == config.LogJSON {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
