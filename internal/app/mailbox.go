package app

import (
	_ "embed"
	"html/template"
	"net/http"

	"github.com/weimen-id/weimen/internal/config"
	"github.com/weimen-id/weimen/internal/demoapp"
	"github.com/weimen-id/weimen/internal/mail"
)

// mailboxPath is where the demo shows the letters that were sent.
const mailboxPath = demoapp.MailboxPath

//go:embed mailbox.html
var mailboxPage string

// DemoMail keeps the letters of the demo, unless the settings name an SMTP server: then they are sent, and it is nil.
func DemoMail(s config.Settings) mail.Transport {
	if s.Email.Host != "" {
		return nil
	}
	return &mail.Mailbox{}
}

// showMailbox is the page of the letters that the demo has sent. Whoever opens it reads everybody's mail, which is why the demo stays on loopback.
func showMailbox(box *mail.Mailbox) http.Handler {
	page := template.Must(template.New("mailbox").Parse(mailboxPage))
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'")
		_ = page.Execute(w, shelved(box.Letters())) // whoever asked has gone
	})
}

// shownLetter is a letter with the attribute that puts its HTML into a frame. A template would take the tags out of it.
type shownLetter struct {
	mail.Kept
	Frame template.HTMLAttr
}

func shelved(letters []mail.Kept) []shownLetter {
	out := make([]shownLetter, len(letters))
	for i, l := range letters {
		out[i] = shownLetter{l, template.HTMLAttr(`srcdoc="` + template.HTMLEscapeString(l.HTML) + `"`)}
	}
	return out
}
