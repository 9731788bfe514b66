package apptest

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/mail"
)

// letterPatience is how long a letter may take: it is sent in the background.
const letterPatience = 5 * time.Second

// Letter gives the newest letter to an address, and fails the test where none comes. Its link is a secret from then on.
func (h *House) Letter(to string) mail.Kept {
	h.t.Helper()
	for end := time.Now().Add(letterPatience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if found := h.LettersTo(to); len(found) > 0 {
			if u, err := url.Parse(LinkIn(found[0])); err == nil {
				h.Secrets.Add("the token of a link in a letter", u.Query().Get("flow_token"))
			}
			return found[0]
		}
	}
	h.t.Fatalf("no letter to %s has come", to)
	return mail.Kept{}
}

// LettersTo gives the letters to an address that have come so far, the newest first.
func (h *House) LettersTo(to string) []mail.Kept {
	var out []mail.Kept
	for _, l := range h.Mail.Letters() {
		if strings.EqualFold(l.To, to) {
			out = append(out, l)
		}
	}
	return out
}

var linkInText = regexp.MustCompile(`https?://\S+`)

// LinkIn gives the address that a letter leads to, "" where it has none.
func LinkIn(l mail.Kept) string { return linkInText.FindString(l.Text) }
