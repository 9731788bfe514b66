package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
)

// gcPercent lets the heap, which is small, grow further before it is collected: at the runtime's 100 a busy server would spend a tenth of its time on that. GOGC overrides
// it.
const gcPercent = 300

// settle gives back what the start used and nothing needs any more: templates, messages and migrations are read once.
func settle() {
	debug.FreeOSMemory()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

// Serve answers requests until the context ends. It says on out where a first administrator is set up, if there is none yet.
func (a *App) Serve(ctx context.Context, out io.Writer) error {
	return a.serveAll(ctx, map[string]http.Handler{a.settings.Listen: a.handler}, func() error {
		go settle()
		a.log.InfoContext(ctx, "ready", "url", a.settings.Origin(), "version", a.version)
		if a.settings.Bootstrap.Token.IsSet() {
			return nil // a program sets the first administrator up
		}
		link, err := a.SetUpLink(ctx)
		if err != nil || link == "" {
			return err
		}
		_, err = fmt.Fprintf(out, "\nChoose the password of the first administrator here, within a day:\n  %s\n\n", link)
		return err
	})
}
