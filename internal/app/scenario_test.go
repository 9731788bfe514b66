package app_test

// A scenario is a file of testdata/scenarios: what an administrator configures, who is there, what people do, and what they must see. A new case is a new
// file and needs no Go. Each is played twice, by a program over the JSON executor and by a person on the pages, which must come to the same; on PostgreSQL, where
// a new database takes long, only on the pages.
//
// Above the first section stands, in words, what must hold. The sections, all but the last optional:
//
//	-- wechat --          an app at the simulated WeChat and a source that uses it, a line each; what follows the slug is optional
//	                      wechat account=acme label=acme user_matching_mode=username_link
//	-- people --          groups and users
//	                      group staff superuser
//	                      user ann password=secret name="Ann Lee" email=ann@example.org groups=staff inactive
//	-- blueprint.yaml --  applied after the default blueprints and after the above; steps may apply further sections
//	-- invitations --     what guests bring: a name, what is known of the guest, and single, flow=SLUG, expires=-1h
//	                      party single name="Guest of honour"
//	-- applications --    OpenID Connect clients
//	                      shop flow=default-provider-authorization-explicit-consent
//	-- steps --           what happens, a line each
//
// A word with blanks is put in quotes; # begins a comment. {unionid alice acme} stands for the unionid of a WeChat person at an Open Platform account, and
// {openid alice wechat} for the openid at a source's app, {invitation party} for what stands in an invitation's link. Steps that do something:
//
//	browser two                        goes on in another browser; the first is called one
//	GET flow SLUG next=/if/user/       opens a flow's page with a query
//	answer uid_field=ann               answers what is asked; without fields it only confirms. What a form holds hidden goes along
//	reload                             asks for the flow's page once more
//	follow                             goes where the redirect leads
//	open /if/user/                     opens any address in the browser
//	ann signs in                       with the password, by the default flow
//	wechat alice confirms              goes to the source that is shown, or was shown before, and confirms there; "at SLUG" says which
//	wechat alice goes                  as far as confirming; then "wechat returns", in whichever browser, or "at" another source
//	wechat alice refuses               comes back without having confirmed
//	wechat alice becomes "Alice M."    she changes her nickname
//	wechat next userinfo is errcode 48001    also access_token, and other faults of the simulator
//	wechat unionid absent              how WeChat tells the unionid from now on: both, userinfo, absent, empty
//	wechat app SLUG joins ACCOUNT      the app is bound to an Open Platform account
//	captcha solved uid_field=ann       does the proof of work that is asked for, and answers what else is asked
//	letter ann@example.org opened      opens the link in the newest letter to an address
//	application shop asks scope=openid an application wants to know who is there
//	apply later.yaml                   applies another section
//	deactivate ann
//	ann has totp                       an authenticator app, or "printed" codes. {totp ann} stands for what the app shows, {used ann} for what was taken of it last, {printed ann} for the
//	                                   next code; {totp shown} and {printed shown} for those of the page that is open, {stage NAME} for the id of a stage,
//	                                   {mailed ann@example.org} for the code in the newest letter to an address
//	edit ann name="Ann M." email=…     changes a user here; type=service_account too
//	wait 1s
//
// And those that look:
//
//	expect ak-stage-password pending_user=ann    the challenge and some of what it says; on pages what they show of it
//	expect field email value=a@b type=email      a field of a prompt; type, label, choices, required are told to programs only. "expect no field email"
//	expect sources wechat shop                   the sources shown, in this order; "expect no sources"
//	expect error password "is not right"         an error of the last answer; "expect no error"
//	expect redirect /if/user/
//	expect denied flow.denied "text"             a refusal, its reason in the audit trail and perhaps a text
//	expect not found
//	expect page "text"                           what can be read on the page that was opened
//	expect message "text"                        what is told beside, on pages only
//	expect letter ann@example.org "text"         the newest letter to an address; "expect no letter ann@example.org"
//	expect letters ann@example.org 2             how many have come
//	expect event login_failed user=ann reason=…  something that happened since the first step; "expect no event login"
//	expect signed in as ann                      "expect nobody signed in"
//	expect sessions ann 1
//	expect session lasts 2h remembered           of who is signed in: its length, and whether it outlives the browser
//	expect user ann type=internal groups=staff   what is stored; attributes.sex=1 too. "expect no user ann"
//	expect connections ann 1
//	expect devices ann totp,webauthn             in the order they were set up, without printed codes; "expect codes ann 3" counts these
//	expect application shop gets code            or error=access_denied
//	sql statements at most 5                     asked by the step before

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	if testing.Short() { // under the race detector one in ten is enough: they all run the same code
		all := files
		files = nil
		for ten := range slices.Chunk(all, 10) {
			files = append(files, ten[0])
		}
	}
	apptest.Both(t, func(t *testing.T, postgres bool) {
		o := apptest.Options{Postgres: postgres, Environ: []string{"WEIMEN_DURABILITY=fast"}}
		if !postgres {
			o.Like = apptest.New(t, o)
			o.Like.Stop()
		}
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				t.Parallel()
				s := readScenario(t, file)
				t.Run("pages", func(t *testing.T) { s.play(t, pages{}, o) })
				if !postgres {
					t.Run("program", func(t *testing.T) { s.play(t, program{}, o) })
				}
			})
		}
	})
}

// scenario is a file.
type scenario struct {
	file     string
	sections map[string]section
}

// section is a part of a file. Its first line has a number, for errors.
type section struct {
	first int
	text  string
}

// line is one line of a section, as words.
type line struct {
	number int
	text   string
	words  []string
}

// readScenario splits a file into its sections.
func readScenario(t *testing.T, file string) *scenario {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, about, name := &scenario{file: file, sections: map[string]section{}}, "", ""
	for i, text := range strings.SplitAfter(string(raw), "\n") {
		title := strings.TrimSpace(text)
		if strings.HasPrefix(title, "-- ") && strings.HasSuffix(title, " --") {
			name = strings.TrimSpace(title[3 : len(title)-3])
			if _, twice := s.sections[name]; twice {
				t.Fatalf("%s:%d: the section %s is there twice", file, i+1, name)
			}
			s.sections[name] = section{first: i + 2}
			continue
		}
		if name == "" {
			about += text
			continue
		}
		part := s.sections[name]
		part.text += text
		s.sections[name] = part
	}
	if strings.TrimSpace(about) == "" || !strings.Contains(s.sections["steps"].text, "expect ") {
		t.Fatalf("%s: a scenario says what must hold, and has steps that expect it", file)
	}
	return s
}

// lines gives the lines of a section that say something.
func (s section) lines() (out []line, err error) {
	for i, text := range strings.Split(s.text, "\n") {
		l := line{number: s.first + i, text: strings.TrimSpace(text)}
		if l.words, err = words(l.text); err != nil {
			return nil, fmt.Errorf("line %d: %w", l.number, err)
		}
		if len(l.words) > 0 {
			out = append(out, l)
		}
	}
	return out, nil
}

// words splits at blanks outside of quotes.
func words(text string) (out []string, err error) {
	word, inside, quoted := "", false, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted, inside = !quoted, true
		case r == '#' && !inside:
			return out, nil
		case !quoted && (r == ' ' || r == '\t'):
			if inside {
				out = append(out, word)
			}
			word, inside = "", false
		default:
			word, inside = word+string(r), true
		}
	}
	if quoted {
		return nil, fmt.Errorf("a quote is open at the end")
	}
	if inside {
		out = append(out, word)
	}
	return out, nil
}

// pair is one word of the form name=value; a bare name has the value "true".
type pair struct{ name, value string }

func pairs(list []string) []pair {
	var out []pair
	for _, word := range list {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			value = "true"
		}
		out = append(out, pair{name, value})
	}
	return out
}

// play prepares a house, and goes through the steps.
func (s *scenario) play(t *testing.T, f face, o apptest.Options) {
	t.Helper()
	p := &playing{t: t, scenario: s, face: f, House: apptest.New(t, o), browsers: map[string]*visitor{}}
	p.prepare()
	p.switchTo("one")
	p.since = len(p.Events())
	for _, l := range p.lines("steps") {
		p.at = l
		p.step(p.expand(l))
		if t.Failed() {
			return
		}
	}
}
