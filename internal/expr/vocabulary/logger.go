package vocabulary

import (
	"context"
	"errors"
	"log/slog"

	"github.com/weimen-id/weimen/internal/expr"
)

// maxLines is how many lines one evaluation may log.
const maxLines = 100

// logger is ak_logger. Its lines go to the server's log, and to who tries the expression out.
func (ev *evaluation) logger() *expr.Object {
	return &expr.Object{Type: "Logger", Attr: func(name string) (any, bool) {
		switch name { // other names that authentik's logger has for the same
		case "warn":
			name = "warning"
		case "critical", "exception":
			name = "error"
		}
		level, ok := levels()[name]
		if !ok {
			return nil, false
		}
		return expr.Func(func(ctx context.Context, args []any, named map[string]any) (any, error) {
			if len(args) == 0 {
				return nil, errors.New("the message is needed; more by name")
			}
			message := shorten(ev.hide(text(args[0])))
			details, _ := ev.hideIn(named).(map[string]any)
			if ev.line(name, message, details) && !ev.occasion.Debug {
				ev.Log.LogAttrs(ctx, level, "expression", slog.String("message", message), slog.Any("details", details))
			}
			return nil, nil
		}), true
	}}
}

// levels are the methods of ak_logger.
func levels() map[string]slog.Level {
	return map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warning": slog.LevelWarn, "error": slog.LevelError}
}

// line keeps a line for who tries the expression out. It reports whether there was room.
func (ev *evaluation) line(level, message string, details map[string]any) bool {
	if len(ev.result.Logs) >= maxLines {
		return false
	}
	ev.result.Logs = append(ev.result.Logs, Log{Level: level, Message: message, Details: details})
	return true
}
