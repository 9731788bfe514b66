package app_test

import (
	"net/url"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// letter is what somebody does with the newest letter to an address: they open its link, in whichever browser is in front.
func (p *playing) letter(w []string) {
	p.t.Helper()
	if w[2] != "opened" {
		p.fail("no such step")
	}
	to, err := url.Parse(apptest.LinkIn(p.Letter(w[1])))
	p.check(err)
	p.browse(to.RequestURI())
	if strings.HasPrefix(p.shown.to, "/if/flow/") {
		p.browse(p.shown.to)
	}
}

// expectLetters waits for so many letters to an address, and sees that no more come.
func (p *playing) expectLetters(to string, want int) {
	p.t.Helper()
	for end := time.Now().Add(5 * time.Second); len(p.LettersTo(to)) < want && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	if got := len(p.LettersTo(to)); got != want {
		p.fail("%d letters have come", got)
	}
}

// expectLetter looks into the newest letter to an address.
func (p *playing) expectLetter(no bool, to, text string) {
	p.t.Helper()
	if no {
		p.expectLetters(to, 0)
		return
	}
	if l := p.Letter(to); !strings.Contains(l.Subject+"\n"+l.Text, text) {
		p.fail("the letter says\n%s\n%s", l.Subject, l.Text)
	}
}
