package app

import (
	"context"
	"fmt"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
)

// lastPost is how long the end of the server waits for letters on their way.
const lastPost = 5 * time.Second

// openPost reads the messages and makes the post office of the installation.
func (a *App) openPost() (err error) {
	if a.catalogue, err = i18n.New(); err != nil {
		return fmt.Errorf("read messages: %w", err)
	}
	e := a.settings.Email
	a.post, err = mail.New(mail.Options{
		Server: mail.Server{
			Host: e.Host, Port: e.Port, Username: e.Username, Password: e.Password, UseTLS: e.UseTLS, UseSSL: e.UseSSL, Timeout: e.Timeout, From: e.From,
		},
		Transport: a.mail, Texts: a.catalogue, Domain: a.settings.URL.Hostname(), Report: a.reportLetter,
	})
	return err
}

// reportLetter records what became of a letter.
func (a *App) reportLetter(ctx context.Context, r mail.Report) {
	details := map[string]any{"to_email": r.To, "template": r.Template, "server": r.Host, "tries": r.Tries, "message": "An e-mail was sent."}
	action := model.ActionEmailSent
	if r.Reason != "" {
		action = model.ActionConfigurationError
		details["message"], details["reason"] = "E-mail could not be sent.", r.Reason
	}
	if err := a.events.Record(ctx, event.New(action, "authentik.stages.email", nil, details)); err != nil {
		a.log.ErrorContext(ctx, "record what became of a letter", "err", err)
	}
}
