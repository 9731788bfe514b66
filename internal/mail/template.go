package mail

import (
	_ "embed"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/model"
)

//go:embed letter.html
var letterHTML string

// Template is a letter that can be chosen. The names are authentik's.
type Template struct {
	Name, Description string
	// The keys of its texts; "" leaves the part out.
	subject, title, text, button, note string
}

// Templates are all letters there are.
func Templates() []Template {
	return []Template{
		{
			"email/password_reset.html", "Password Reset",
			"mail.password_reset.subject", "mail.password_reset.title", "mail.password_reset.text", "mail.password_reset.button", "mail.password_reset.note",
		},
		{
			"email/account_confirmation.html", "Account Confirmation",
			"mail.account_confirmation.subject", "mail.account_confirmation.title", "mail.account_confirmation.text", "mail.account_confirmation.button",
			"mail.account_confirmation.note",
		},
		{"email/email_otp.html", "Email OTP", "mail.email_otp.subject", "mail.email_otp.title", "mail.email_otp.text", "", "mail.email_otp.note"},
		{
			"email/event_notification.html", "Event Notification",
			"mail.event_notification.subject", "mail.event_notification.title", "mail.event_notification.text", "mail.event_notification.button", "",
		},
		{"email/setup.html", "Test", "mail.setup.subject", "mail.setup.title", "mail.setup.text", "", ""},
	}
}

// HasTemplate reports whether there is a letter of this name.
func HasTemplate(name string) bool {
	_, ok := templateOf(name)
	return ok
}

func templateOf(name string) (Template, bool) {
	for _, t := range Templates() {
		if t.Name == name {
			return t, true
		}
	}
	return Template{}, false
}

// writer makes messages of letters.
type writer struct {
	texts *i18n.Catalogue
	html  *template.Template
}

func newWriter(texts *i18n.Catalogue) (*writer, error) {
	html, err := template.New("letter").Parse(letterHTML)
	if err != nil {
		return nil, fmt.Errorf("read the template of letters: %w", err)
	}
	return &writer{texts: texts, html: html}, nil
}

// page is what the template shows.
type page struct {
	Lang, Brand, Title, Greeting, Text string
	Button, Link, Fallback             string
	Code, Good, Note, Foot             string
}

// write makes the message, all but its sender.
func (w *writer) write(l Letter) (*Message, error) {
	t, ok := templateOf(l.Template)
	if !ok {
		return nil, model.Refuse(model.CodeUpstream, "mail.not_configured", "There is no letter of the name "+strconv.Quote(l.Template)+".")
	}
	to, err := Address(l.To)
	if err != nil {
		return nil, err
	}
	p, subject := w.page(l, t)
	if err := CheckSubject(subject); err != nil {
		return nil, err
	}
	var html strings.Builder
	if err := w.html.Execute(&html, p); err != nil {
		return nil, fmt.Errorf("write the letter %s: %w", l.Template, err)
	}
	return &Message{To: to, ToName: calling(l.Name), Subject: subject, Text: p.plain(), HTML: html.String(), Locale: p.Lang}, nil
}

func (w *writer) page(l Letter, t Template) (p page, subject string) {
	say := func(key string, args map[string]string) string {
		if key == "" {
			return ""
		}
		if args == nil {
			args = map[string]string{}
		}
		args["brand"] = l.Brand
		return w.texts.Text(l.Locale, key, args)
	}
	p = page{
		Lang: "en", Brand: l.Brand, Title: or(l.Data["title"], say(t.title, nil)), Text: or(l.Data["text"], say(t.text, nil)), Greeting: say("mail.hello", nil),
		Code: l.Data["code"], Note: say(t.note, nil), Foot: say("mail.foot", nil),
	}
	if l.Locale == i18n.Chinese {
		p.Lang = "zh-Hans"
	}
	if name := calling(l.Name); name != "" {
		p.Greeting = say("mail.hello_name", map[string]string{"name": name})
	}
	if link := l.Data["link"]; link != "" {
		p.Link, p.Button, p.Fallback = link, say(t.button, nil), say("mail.fallback", nil)
	}
	if l.Good > 0 {
		key := "mail.good_link"
		if p.Code != "" {
			key = "mail.good_code"
		}
		p.Good = say(key, map[string]string{"time": w.span(l.Locale, l.Good)})
	}
	return p, or(l.Subject, say(t.subject, nil))
}

// Span is a length of time in words: a key of the message catalogue, and the count that fills it.
type Span struct{ Key, Count string }

// SpanOf tells a length of time in the largest unit that leaves nothing over, in whole minutes at least.
func SpanOf(d time.Duration) Span {
	const day = 24 * time.Hour
	switch {
	case d >= day && d%day == 0:
		return Span{"mail.days", strconv.Itoa(int(d / day))}
	case d >= time.Hour && d%time.Hour == 0:
		return Span{"mail.hours", strconv.Itoa(int(d / time.Hour))}
	}
	return Span{"mail.minutes", strconv.Itoa(max(1, int(d/time.Minute)))}
}

func (w *writer) span(locale string, d time.Duration) string {
	s := SpanOf(d)
	return w.texts.Text(locale, s.Key, map[string]string{"count": s.Count})
}

// plain is the letter without any drawing.
func (p page) plain() string {
	var parts []string
	for _, part := range []string{p.Title, p.Greeting, p.Text, p.Code, p.Link, p.Good, p.Note, "-- \n" + p.Brand + "\n" + p.Foot} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n") + "\n"
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
