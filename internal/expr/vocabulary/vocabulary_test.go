package vocabulary_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/model"
)

func TestWordsThatAreNotHereSayWhy(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"return requests.get('https://example.org').json()": "line 1, column 8: undefined: requests (an expression cannot call other servers",
		"x = 1\nreturn ak_send_email('a@b')":                "line 2, column 8: undefined: ak_send_email (an expression cannot send mail",
		"return ak_create_jwt(user)":                        "undefined: ak_create_jwt (an expression cannot make tokens",
		"return User.objects.first()":                       "undefined: User (ask for a person with ak_user_by",
		"return re.match('a', 'b')":                         "undefined: re (this language has no modules",
		"return nothing_at_all":                             "line 1, column 8: undefined: nothing_at_all",
	} {
		_, err := (&house{}).words().Compile("test", source)
		var fault *expr.SyntaxError
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", source, err, want)
		}
	}
}

func TestAFailedExpressionLeavesThePlanAsItWas(t *testing.T) {
	t.Parallel()
	c := model.NewPlanContext()
	c.Put("prompt_data", map[string]any{"username": "before"})
	c.Clean()
	e := compile(t, (&house{}).words(), "context['prompt_data']['username'] = 'after'\ncontext['groups'] = ['staff']\nfail('no')")
	if _, err := e.Run(t.Context(), vocabulary.Occasion{Context: c}, nil); err == nil {
		t.Error("no error")
	}
	got, _ := c.Lookup("prompt_data")
	if diff := cmp.Diff(map[string]any{"username": "before"}, got); diff != "" || c.Dirty() {
		t.Errorf("the plan was changed (dirty %v):\n%s", c.Dirty(), diff)
	}
	if _, ok := c.Lookup("groups"); ok {
		t.Error("an entry was made")
	}
}

func TestReadingWritesNothing(t *testing.T) {
	t.Parallel()
	c := model.NewPlanContext()
	raw := `{"prompt_data":{"n":9007199254740993,"list":[1,{"a":null}]},"source":{"pk":"s","slug":"wechat","name":"WeChat"},"oauth_userinfo":{"id":12345678901234567890}}`
	if err := json.Unmarshal([]byte(raw), c); err != nil {
		t.Fatal(err)
	}
	e := compile(t, (&house{}).words(), "return [context['prompt_data']['list'], context['source'].slug, request.context.get('x')]")
	if _, err := e.Run(t.Context(), vocabulary.Occasion{Context: c, Redirect: func(string) {}}, nil); err != nil {
		t.Fatal(err)
	}
	after, err := json.Marshal(c)
	if err != nil || c.Dirty() {
		t.Error("the plan was written", err)
	}
	var want, got any
	_ = json.Unmarshal([]byte(raw), &want)
	_ = json.Unmarshal(after, &got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Stages keep values of their own types in the plan. Until it has been stored and read back, an expression meets them as they are, in lists and maps too.
func TestListsOfAStagesOwnValuesAreRead(t *testing.T) {
	t.Parallel()
	type used struct {
		Class string `json:"device_class"`
	}
	c := model.NewPlanContext()
	c.Put("auth_method_args", map[string]any{"mfa_devices": []used{{"webauthn"}}})
	e := compile(t, (&house{}).words(), "return context['auth_method_args']['mfa_devices'][0]['device_class']")
	got, err := e.Run(t.Context(), vocabulary.Occasion{Context: c, Redirect: func(string) {}}, nil)
	if err != nil || got.Value != "webauthn" {
		t.Error(got.Value, err)
	}
}

// What the server keeps for itself in a plan, such as the parameters of an application's request (RFC 6749 section 4.1.1), is no expression's to read or to write: a text that
// takes over what a person typed could otherwise change it.
func TestTheServersOwnEntriesAreOutOfReach(t *testing.T) {
	t.Parallel()
	const name = "goauthentik.io/providers/oauth2/params"
	c := model.NewPlanContext()
	c.Put(name, map[string]any{"client_id": "c"})
	v := (&house{}).words()
	result, err := compile(t, v, "return ['"+name+"' in context, context.get('"+name+"'), len(context)]").Run(t.Context(), vocabulary.Occasion{Context: c}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{false, nil, int64(0)}, result.Value); diff != "" {
		t.Error(diff)
	}
	for _, source := range []string{"context['" + name + "'] = {'client_id': 'evil'}", "context['prompt_data'] = {}\ncontext.update({'" + name + "': 1})", "context['flow_plan'] = 1"} {
		if _, err := compile(t, v, source).Run(t.Context(), vocabulary.Occasion{Context: c, Redirect: func(string) {}}, nil); err == nil || !strings.Contains(err.Error(), "belongs to the server") {
			t.Errorf("%s: %v", source, err)
		}
	}
	if got, _ := c.Lookup(name); !cmp.Equal(got, map[string]any{"client_id": "c"}) {
		t.Errorf("it was changed: %v", got)
	}
	if _, ok := c.Lookup("prompt_data"); ok {
		t.Error("a refused run wrote something")
	}
}

func TestWhereTheVisitorIsIsReadAndStaysOutOfThePlan(t *testing.T) {
	h := &house{}
	v := h.words()
	v.Whereabouts = func(ip netip.Addr) map[string]any {
		if ip.String() != "198.51.100.7" {
			return nil
		}
		return map[string]any{"geoip": map[string]any{"country": "CN"}, "asn": map[string]any{"asn": int64(4134)}}
	}
	e := compile(t, v, `return context["geoip"]["country"] == "CN" and request.context["asn"]["asn"] == 4134`)
	for _, ip := range []string{"198.51.100.7", "::ffff:198.51.100.7"} {
		c := model.NewPlanContext()
		got, err := e.Holds(t.Context(), vocabulary.Occasion{Context: c, Visitor: &model.Visitor{ClientIP: ip}}, nil)
		if err != nil || !got.Passing || c.Dirty() || len(c.Names()) > 0 {
			t.Errorf("%s: %+v, %v, and the plan has %v", ip, got, err, c.Names())
		}
	}
	unknown := compile(t, v, `return "geoip" not in context and "asn" not in context`)
	for _, visitor := range []*model.Visitor{nil, {ClientIP: "192.0.2.1"}, {ClientIP: "nonsense"}} {
		if got, err := unknown.Holds(t.Context(), vocabulary.Occasion{Context: model.NewPlanContext(), Visitor: visitor}, nil); err != nil || !got.Passing {
			t.Errorf("%+v: %+v, %v", visitor, got, err)
		}
	}
}

func TestWhatIsTypedAsAPasswordIsInNoMessageLogOrEvent(t *testing.T) {
	t.Parallel()
	const secret = "correct horse"
	h := &house{}
	e := compile(t, h.words(), `
password = context["prompt_data"]["password"]
ak_message(f"you typed {password}")
ak_logger.warning("typed " + password, value=password, data=context["prompt_data"], who=request.user)
ak_create_event("typed", value=password, data=context["prompt_data"])
context["prompt_data"]["username"] = "x"
fail("cannot use " + password)`)
	c := model.NewPlanContext()
	c.Put("prompt_data", map[string]any{"password": secret})
	result, err := e.Run(t.Context(), vocabulary.Occasion{Context: c, User: zhang()}, nil)
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("error %v", err)
	}
	shown, _ := json.Marshal([]any{result, h.events})
	if strings.Contains(string(shown), secret) || len(h.events) != 1 || len(result.Logs) != 1 || len(result.Messages) != 1 {
		t.Errorf("%s", shown)
	}
	// The plan keeps what was typed, also where something beside it was changed.
	e = compile(t, h.words(), `context["prompt_data"]["username"] = "x"`)
	if _, err := e.Run(t.Context(), vocabulary.Occasion{Context: c}, nil); err != nil {
		t.Fatal(err)
	}
	got, _ := c.Lookup("prompt_data")
	if diff := cmp.Diff(map[string]any{"password": secret, "username": "x"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPasswordsHashIsNoAttribute(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"password", "password_hash", "PasswordHash"} {
		result, err := compile(t, (&house{}).words(), "return [hasattr(request.user, '"+name+"'), getattr(request.user, '"+name+"', None)]").
			Run(t.Context(), vocabulary.Occasion{User: zhang()}, nil)
		if diff := cmp.Diff([]any{false, nil}, result.Value); diff != "" || err != nil {
			t.Error(name, diff, err)
		}
	}
}

func TestADatabaseThatFailsIsNotTheExpressionsFault(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		"return request.user.groups.all()", "return bool(request.user.groups)", "return request.user.is_superuser", "return ak_is_group_member(request.user, name='a')",
		"return ak_user_by(username='a')", "return ak_user_by(pk=7)", "return ak_user_has_authenticator(request.user)", "return ak_create_event('x')",
		"return request.user.group_attributes()",
	} {
		h := &house{err: model.ErrUnavailable}
		_, err := compile(t, h.words(), source).Holds(t.Context(), vocabulary.Occasion{User: zhang()}, nil)
		var runtime *expr.RuntimeError
		if !errors.Is(err, model.ErrUnavailable) || errors.As(err, &runtime) {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestTheLoggerHasTheLevelsOfAuthentiks(t *testing.T) {
	t.Parallel()
	source := ""
	for _, level := range []string{"debug", "info", "warn", "warning", "error", "critical", "exception"} {
		source += "ak_logger." + level + "('seen', n=1)\n"
	}
	result, err := compile(t, (&house{}).words(), source+"return True").Run(t.Context(), vocabulary.Occasion{Debug: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var levels []string
	for _, l := range result.Logs {
		levels = append(levels, l.Level)
	}
	if diff := cmp.Diff([]string{"debug", "info", "warning", "warning", "error", "error", "error"}, levels); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGroupsAreReadOnceAndOnlyIfTheTextAsks(t *testing.T) {
	t.Parallel()
	h := &house{}
	v := h.words()
	u := zhang()
	if _, err := compile(t, v, "return [user.username, request.user.email, request.context, request.http_request]  and True").
		Run(t.Context(), vocabulary.Occasion{User: u}, nil); err != nil || h.asked.Load() != 0 {
		t.Errorf("asked %d times, %v", h.asked.Load(), err)
	}
	source := "return [len(user.groups.all()), request.user.is_superuser, ak_is_group_member(user, name='staff'), len(user.all_groups())]"
	result, err := compile(t, v, source).Run(t.Context(), vocabulary.Occasion{User: u}, nil)
	if diff := cmp.Diff([]any{int64(2), true, true, int64(3)}, result.Value); diff != "" || err != nil || h.asked.Load() != 1 {
		t.Errorf("asked %d times, %v\n%s", h.asked.Load(), err, diff)
	}
}

func TestTryingOutStoresNothing(t *testing.T) {
	t.Parallel()
	h := &house{}
	result, err := compile(t, h.words(), "ak_create_event('visit', place='lobby')\nak_logger.info('seen', n=1)\nreturn request.debug").
		Run(t.Context(), vocabulary.Occasion{Debug: true}, nil)
	if err != nil || len(h.events) != 0 || result.Value != true {
		t.Errorf("%d events, %v, %v", len(h.events), result.Value, err)
	}
	want := []vocabulary.Log{
		{Level: "event", Message: "custom_visit", Details: map[string]any{"place": "lobby"}},
		{Level: "info", Message: "seen", Details: map[string]any{"n": int64(1)}},
	}
	if diff := cmp.Diff(want, result.Logs); diff != "" {
		t.Error(diff)
	}
}

func TestOneEvaluationIsBounded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, source, want string }{
		{"messages", "for i in range(100): ak_message('x')", "more than 20 messages"},
		{"events", "for i in range(100): ak_create_event('x')", "more than 10 events"},
		{"questions to the name system", "for i in range(100): resolve_dns('host.example')", "more than 5 questions"},
		{"steps", "while True: pass", "too many steps"},
		{"the result", "return 'x' * 1000000", "too large"},
		{"what is written", "context['x'] = 'x' * 1000000", "too large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := &house{}
			_, err := compile(t, h.words(), tt.source).Run(t.Context(), vocabulary.Occasion{Context: model.NewPlanContext()}, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

func TestPoliciesThatCallOneAnotherEnd(t *testing.T) {
	t.Parallel()
	h := &house{}
	v := h.words()
	e := compile(t, v, "return ak_call_policy('self').passing")
	calls := 0
	h.calls = func(ctx context.Context, _ string, o vocabulary.Occasion) (bool, []string, error) {
		calls++
		r, err := e.Holds(ctx, o, nil)
		return r.Passing, r.Messages, err
	}
	if _, err := e.Holds(t.Context(), vocabulary.Occasion{}, nil); err == nil || !strings.Contains(err.Error(), "too deeply") || calls > 10 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

func TestWhatACalledPolicyWritesIsGone(t *testing.T) {
	t.Parallel()
	h := &house{}
	v := h.words()
	inner := compile(t, v, "context['prompt_data']['a'] = 2\ncontext['x'] = 1\nreturn True")
	h.calls = func(ctx context.Context, _ string, o vocabulary.Occasion) (bool, []string, error) {
		r, err := inner.Holds(ctx, o, nil)
		return r.Passing, nil, err
	}
	c := model.NewPlanContext()
	c.Put("prompt_data", map[string]any{"a": 1})
	r, err := compile(t, v, "return ak_call_policy('inner', y=3).passing").Holds(t.Context(), vocabulary.Occasion{Context: c}, nil)
	if err != nil || !r.Passing {
		t.Fatal(err)
	}
	if got, _ := c.Lookup("prompt_data"); !cmp.Equal(got, map[string]any{"a": 1}) || len(c.Names()) != 1 {
		t.Errorf("%v, %v", got, c.Names())
	}
}

func TestOneExpressionServesManyAtATime(t *testing.T) {
	t.Parallel()
	e := compile(t, (&house{}).words(), "context['n'] = context['n'] + 1\nak_message(str(context['n']))\nreturn [g.name for g in user.groups.all()]")
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			c := model.NewPlanContext()
			c.Put("n", i)
			r, err := e.Run(t.Context(), vocabulary.Occasion{Context: c, User: zhang()}, nil)
			n, _ := c.Lookup("n")
			if err != nil || n != int64(i+1) || len(r.Messages) != 1 {
				t.Errorf("%v %v %v", n, r, err)
			}
		})
	}
	wg.Wait()
}

func BenchmarkCondition(b *testing.B) {
	e := compile(b, (&house{}).words(), "return 'username' not in context.get('prompt_data', {})")
	c := model.NewPlanContext()
	c.Put("pending_user", zhang())
	c.Put("prompt_data", map[string]any{"email": "a@example.org", "attributes": map[string]any{"wechat": map[string]any{"openid": "o", "unionid": "u"}}})
	c.Put("oauth_userinfo", map[string]any{"openid": "o", "unionid": "u", "nickname": "n", "sex": 1})
	o := vocabulary.Occasion{Context: c, User: zhang(), Redirect: func(string) {}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Holds(b.Context(), o, nil); err != nil {
			b.Fatal(err)
		}
	}
}
