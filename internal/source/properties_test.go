package source_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

func TestMappingsMakeTheUser(t *testing.T) {
	h := open(t)
	h.change(h.source, func(s *model.Source) {
		s.UserPropertyMappings = []model.MappingID{
			h.mapping("b", `return {"name": properties["name"] + "!"}`),
			h.mapping("a", `return {"username": "n-" + info["openid"], "name": info["nickname"].lower(), "path": "people", "attributes": {"from": source.slug, "none": None}}`),
		}
	})
	b := h.Browser()
	h.signIn(b, "wx", "o1")
	u := h.Users()["n-o1"]
	if u == nil || u.Name != "n!" || u.Path != "people" || u.Attributes["from"] != "wx" || fmt.Sprint(u.Attributes["n"]) != "1" {
		t.Fatalf("user %+v", u)
	}
	if none, there := u.Attributes["none"]; !there || none != nil {
		t.Errorf("attributes %+v", u.Attributes)
	}
}

func TestAMappingThatFailsEndsTheSignInAndWritesNothing(t *testing.T) {
	h := open(t)
	h.signIn(h.Browser(), "wx", "known")
	before := len(h.Events(""))
	h.change(h.source, func(s *model.Source) {
		s.UserPropertyMappings = []model.MappingID{h.mapping("broken", "x = 1\nreturn {\"name\": info[\"none\"]}")}
	})
	for _, code := range []string{"known", "new"} {
		b := h.Browser()
		_, err := h.back(b, "wx", callback(h.depart(b, source.Departing{}), code))
		if got := refused(nil, err); got != "source.mapping_failed" || who(b) != "" {
			t.Fatalf("%s is refused as %q", code, got)
		}
		refusal := err.(*model.Error) //nolint:errorlint,forcetypeassert // refusals come bare
		if d := refusal.Detail; d["mapping"] != "broken" || d["line"] != 2 || d["column"] == 0 || d["action"] != model.ActionConfigurationError {
			t.Errorf("detail %+v", d)
		}
	}
	if len(h.Users()) != 1 {
		t.Errorf("%d users", len(h.Users()))
	}
	exceptions := h.Events(model.ActionMappingException)
	if len(exceptions) != 2 || len(h.Events("")) != before+2 {
		t.Fatalf("events: %+v", exceptions)
	}
	if c := exceptions[0].Context; c["mapping"] != "broken" || fmt.Sprint(c["line"]) != "2" || !strings.Contains(fmt.Sprint(c["error"]), "none") {
		t.Errorf("event %+v", c)
	}
}

// The policies of a source judge what the source tells, for newcomers and for people who are known, and a person is told what they say.
func TestPoliciesOfASourceSeeTheProfile(t *testing.T) {
	for _, slot := range []string{"oauth_userinfo", "source", "prompt_data", "is_sso", "goauthentik.io/sources/connection"} {
		h := open(t)
		h.Bind(model.TargetID(h.source.ID), `{"needs": "`+slot+`"}`)
		for range 2 {
			h.signIn(h.Browser(), "wx", "o1")
		}
		h.signIn(h.Browser().SignIn(h.User("ann", "")), "wx", "o2")
	}
	h := open(t)
	h.Bind(model.TargetID(h.source.ID), `{"needs": "none"}`)
	b := h.Browser()
	if got := refused(h.back(b, "wx", callback(h.depart(b, source.Departing{}), "o1"))); got != "source.policy_denied" || len(h.Users()) != 0 {
		t.Errorf("refused as %q", got)
	}
}

func TestTheRunKnowsTheSourceUnderAuthentiksNames(t *testing.T) {
	h := open(t)
	for _, slot := range []string{
		"prompt_data", "user_path", "user_backend", "is_sso", "source", "goauthentik.io/sources/connection", "oauth_userinfo", "redirect", "source_groups",
	} {
		f := h.Flow("enroll-"+strings.NewReplacer(".", "-", "/", "-").Replace(slot), model.DesignationEnrollment, nil, enrollSteps()...)
		h.Bind(model.TargetID(f.ID), `{"needs": "`+slot+`"}`)
		h.change(h.source, func(s *model.Source) { s.EnrollmentFlow = &f.ID })
		h.account = func(a *source.Account) { a.Properties["groups"] = []string{} }
		h.signIn(h.Browser(), "wx", "new-"+slot)
	}
}

// typedEmail makes an address one that was merely typed, as a prompt and a write stage leave it.
func typedEmail(address string) func(u *model.User) {
	return func(u *model.User) {
		u.Email, u.Attributes = address, map[string]any{model.AttributeEmailUnproven: address}
	}
}

func TestMatchingByEmail(t *testing.T) {
	for _, tt := range []struct {
		name     string
		mode     model.UserMatchingMode
		email    any
		verified bool
		mapping  string
		people   func(h *house)
		want     string
		who      string
	}{
		{name: "a verified address links its owner", mode: model.MatchEmailLink, email: "ann@example.org", verified: true, who: "ann"},
		{name: "one that nobody vouches for links nobody", mode: model.MatchEmailLink, email: "ann@example.org", want: "source.email_unverified"},
		{name: "nor does it tell whether somebody has it", mode: model.MatchEmailDeny, email: "nobody@example.org", want: "source.email_unverified"},
		{name: "a mapping that gives it vouches for it", mode: model.MatchEmailLink, email: "ann@example.org", mapping: `return {"email": properties["email"]}`, who: "ann"},
		{name: "a mapping that gives something else does not", mode: model.MatchEmailLink, email: "ann@example.org", mapping: `return {"name": "x"}`, want: "source.email_unverified"},
		{name: "without one everybody is refused", mode: model.MatchEmailLink, want: "source.match_denied"},
		{name: "one that a mapping took away is none", mode: model.MatchEmailLink, email: "ann@example.org", verified: true, mapping: `return {"email": None}`, want: "source.match_denied"},
		{name: "row 8: case counts", mode: model.MatchEmailLink, email: "Ann@example.org", verified: true, who: "o1"},
		{name: "email_deny refuses where somebody has it", mode: model.MatchEmailDeny, email: "ann@example.org", verified: true, want: "source.match_denied"},
		{name: "email_deny enrolls where nobody has it", mode: model.MatchEmailDeny, email: "bob@example.org", verified: true, who: "o1"},
		{
			name: "of several people with it none is chosen", mode: model.MatchEmailLink, email: "ann@example.org", verified: true, want: "source.match_ambiguous",
			people: func(h *house) { h.person("ann2", func(*model.User) {}) },
		},
		{
			name: "those who are deactivated do not count", mode: model.MatchEmailLink, email: "ann@example.org", verified: true, who: "ann",
			people: func(h *house) { h.person("ann0", func(u *model.User) { u.IsActive = false }) },
		},
		{
			name: "unless there is nobody else", mode: model.MatchEmailLink, email: "eve@example.org", verified: true, want: "source.user_inactive",
			people: func(h *house) {
				h.person("eve", func(u *model.User) { u.IsActive, u.Email = false, "eve@example.org" })
			},
		},
		{
			name: "one who merely typed it gets nothing that its owner brings", mode: model.MatchEmailLink, email: "eve@example.org", verified: true, want: "source.match_unproven",
			people: func(h *house) { h.person("thief", typedEmail("eve@example.org")) },
		},
		{
			name: "and stands in nobody's way", mode: model.MatchEmailLink, email: "ann@example.org", verified: true, who: "ann",
			people: func(h *house) { h.person("thief", typedEmail("ann@example.org")) },
		},
		{
			name: "what was typed of another address says nothing", mode: model.MatchEmailLink, email: "eve@example.org", verified: true, who: "eve",
			people: func(h *house) {
				h.person("eve", func(u *model.User) {
					typedEmail("old@example.org")(u)
					u.Email = "eve@example.org"
				})
			},
		},
		{
			name: "a service account is passed over", mode: model.MatchEmailLink, email: "ann@example.org", verified: true, who: "ann",
			people: func(h *house) { h.person("svc", func(u *model.User) { u.Type = model.UserServiceAccount }) },
		},
		{
			name: "a service account is never linked by its name", mode: model.MatchUsernameLink, want: "source.match_denied",
			people: func(h *house) { h.person("o1", func(u *model.User) { u.Type = model.UserServiceAccount }) },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			h.User("ann", "")
			if tt.people != nil {
				tt.people(h)
			}
			h.account = func(a *source.Account) { a.Properties["email"], a.EmailVerified = tt.email, tt.verified }
			h.change(h.source, func(s *model.Source) {
				s.UserMatchingMode = tt.mode
				if tt.mapping != "" {
					s.UserPropertyMappings = []model.MappingID{h.mapping("m", tt.mapping)}
				}
			})
			b := h.Browser()
			if got := refused(h.back(b, "wx", callback(h.depart(b, source.Departing{}), "o1"))); got != tt.want || who(b) != tt.who {
				t.Errorf("refused as %q, signed in is %q", got, who(b))
			}
		})
	}
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	h := open(t)
	for _, tt := range []struct {
		name   string
		change func(s *model.Source)
		field  string
	}{
		{"an e-mail mode where no e-mail can come", func(s *model.Source) { s.UserMatchingMode = model.MatchEmailLink }, "user_matching_mode"},
		{"and the other", func(s *model.Source) { s.UserMatchingMode = model.MatchEmailDeny }, "user_matching_mode"},
		{"one with a mapping may work", func(s *model.Source) {
			s.UserMatchingMode, s.UserPropertyMappings = model.MatchEmailDeny, []model.MappingID{h.mapping("e", `return {"email": "x"}`)}
		}, ""},
		{"one whose mapping is about something else cannot", func(s *model.Source) {
			s.UserMatchingMode, s.UserPropertyMappings = model.MatchEmailLink, []model.MappingID{h.mapping("n", `return {"name": "x"}`)}
		}, "user_matching_mode"},
		{"one whose mapping is not stored yet may", func(s *model.Source) {
			s.UserMatchingMode, s.UserPropertyMappings = model.MatchEmailLink, []model.MappingID{"soon"}
		}, ""},
		{"a username comes", func(s *model.Source) { s.UserMatchingMode = model.MatchUsernameLink }, ""},
		{"a field that cannot follow", func(s *model.Source) { s.AttributeRefresh = map[string]any{"is_active": "always"} }, "attribute_refresh"},
		{"a rule that is none", func(s *model.Source) { s.AttributeRefresh = map[string]any{"name": "sometimes"} }, "attribute_refresh"},
		{"rules as they should be", func(s *model.Source) {
			s.AttributeRefresh = map[string]any{"*": "unless_edited", "attributes.headimgurl": "always", "attributes": "once", "username": "always"}
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := *h.source
			tt.change(&s)
			err := h.manager.Check(&s)
			fields := map[string][]string{}
			if e, ok := err.(*model.Error); ok { //nolint:errorlint // it comes bare
				fields = e.Fields
			}
			if tt.field == "" && err != nil || tt.field != "" && len(fields[tt.field]) != 1 {
				t.Errorf("got %v", err)
			}
		})
	}
}
