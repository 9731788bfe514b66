package api

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/mail"
)

// mountMail lists the letters that an e-mail stage can send.
func (a *API) mountMail() {
	a.handle(http.MethodGet, "/stages/email/templates/", func(c *call) error {
		if err := c.need(access.View, "authentik_stages_email.emailstage"); err != nil {
			return err
		}
		out := []row{}
		for _, t := range mail.Templates() {
			out = append(out, row{"name": t.Name, "description": t.Description, "component": "", "model_name": ""})
		}
		return c.ok(out)
	})
}
