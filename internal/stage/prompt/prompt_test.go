package prompt_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/prompt"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

type data = map[string]any

// verdicts answers for policies by their id.
type verdicts map[model.PolicyID]func(*policy.Request) policy.Result

func (p verdicts) EvaluatePolicy(_ context.Context, _ *model.Snapshot, id model.PolicyID, r *policy.Request) (policy.Result, error) {
	return p[id](r), nil
}

// bench is a prompt stage with the real expressions.
type bench struct {
	*stagetest.Bench
	verdicts verdicts
	ids      []string
}

func (b *bench) maker(h *flowtest.House) kind.Kind[stage.Driver] {
	words := vocabulary.New(vocabulary.Deps{Snapshot: h.Store.Snapshot, Store: h.Store, Now: h.Now})
	return prompt.Kind(prompt.Deps{Users: h.Store, Policies: b.verdicts, Compile: func(name, source string, extra ...string) (prompt.Run, error) {
		e, err := words.Compile(name, source, extra...)
		if err != nil {
			return nil, err
		}
		return e.Run, nil
	}})
}

// open opens a stage with these prompts; validation policies are "p0", "p1" ...
func open(t testing.TB, prompts []model.Prompt, policies ...func(*policy.Request) policy.Result) *bench {
	t.Helper()
	b := &bench{verdicts: verdicts{}}
	b.Bench = stagetest.Open(t, b.maker, "")
	b.asks(prompts...)
	var ids []string
	for i, p := range policies {
		id := fmt.Sprintf("p%d", i)
		b.verdicts[model.PolicyID(id)] = p
		ids = append(ids, id)
	}
	config, err := json.Marshal(map[string]any{"fields": b.ids, "validation_policies": ids})
	if err != nil {
		t.Fatal(err)
	}
	b.Reopen(b.maker, string(config))
	b.Next()
	return b
}

func (b *bench) asks(prompts ...model.Prompt) {
	b.T.Helper()
	for i := range prompts {
		p := prompts[i]
		if p.Name == "" {
			p.Name = fmt.Sprintf("prompt %d of %d", len(b.ids), b.Store.Snapshot().Version)
		}
		b.Put(&p)
		b.ids = append(b.ids, string(p.ID))
	}
}

func (b *bench) shown(o stage.Outcome) *prompt.Challenge {
	b.T.Helper()
	ask, ok := o.(stage.Ask)
	if !ok {
		b.T.Fatalf("%s", stagetest.Says(o))
	}
	return ask.Challenge.(*prompt.Challenge)
}

func (b *bench) collected() data { return stage.SlotPromptData.Value(b.Visit.Context) }

func (b *bench) knows(d data) *bench {
	stage.SlotPromptData.Set(b.Visit.Context, d)
	return b
}

// ask is a required prompt of a type under the key "f".
func ask(kind string) model.Prompt {
	return model.Prompt{FieldKey: "f", Label: "Label", Type: kind, Required: true}
}

func maybe(kind string) model.Prompt {
	p := ask(kind)
	p.Required = false
	return p
}

func TestCommon(t *testing.T) {
	var b *bench
	stagetest.Common(t, stagetest.Subject{
		Maker: func(h *flowtest.House) kind.Kind[stage.Driver] { b = &bench{}; return b.maker(h) },
		Prepare: func(sb *stagetest.Bench) {
			b.Bench = sb
			var all []model.Prompt
			for _, kind := range types {
				all = append(all, model.Prompt{FieldKey: "uid_field", Label: kind, Type: kind, Placeholder: `["a", "b"]`, PlaceholderExpression: true})
			}
			b.asks(all...)
			config, _ := json.Marshal(map[string]any{"fields": b.ids})
			b.Reopen(b.maker, string(config))
			b.Next()
		},
	})
}

var types = []string{
	"text", "text_area", "text_read_only", "text_area_read_only", "username", "email", "password", "number", "checkbox", "radio-button-group", "dropdown", "date",
	"date-time", "file", "separator", "hidden", "static", "ak-locale",
}

func uri(media string, n int) string {
	return "data:" + media + ";base64," + base64.StdEncoding.EncodeToString(make([]byte, n))
}

func TestWhatIsReadByType(t *testing.T) {
	const missing = "!f stage.prompt.error.required"
	choices := func(p model.Prompt) model.Prompt { p.Placeholder = "red\nblue"; return p }
	for _, tt := range []struct {
		name   string
		prompt model.Prompt
		answer any // nil is no answer at all
		want   any // what is collected under "f", or "!f" and the error's key
	}{
		{"a text, without the blanks around it", ask("text"), "  hello ", "hello"},
		{"a text that is missing", ask("text"), nil, missing},
		{"a text that is empty", ask("text"), "", missing},
		{"a text that is blank", ask("text"), "  ", missing},
		{"an optional text that is empty", maybe("text"), "", ""},
		{"an optional text that is missing", maybe("text"), nil, nil},
		{"a number where a text is asked", ask("text"), 12, "12"},
		{"an object where a text is asked", ask("text"), data{}, "!f stage.prompt.error.invalid"},
		{"a text with a zero byte", ask("text"), "a\x00b", "!f stage.prompt.error.invalid"},
		{"a text that is far too long", ask("text"), strings.Repeat("a", 1<<17), "!f stage.prompt.error.too_long"},
		{"lines", ask("text_area"), "a\nb", "a\nb"},
		{"a read-only text that is answered otherwise", with(ask("text_read_only"), "mine"), "theirs", "mine"},
		{"read-only lines that are not answered", with(ask("text_area_read_only"), "mine"), nil, "mine"},
		{"a hidden value that is answered otherwise", with(ask("hidden"), "mine"), "theirs", "mine"},
		{"a static text", with(ask("static"), "mine"), "theirs", "mine"},
		{"a hidden value that is empty", ask("hidden"), "theirs", nil},
		{"a separator", with(ask("separator"), "x"), "x", nil},
		{"an e-mail address", ask("email"), "Ann@Example.org", "Ann@Example.org"},
		{"an e-mail address without a host", ask("email"), "ann", "!f stage.prompt.error.email"},
		{"an e-mail address with a name", ask("email"), "Ann <ann@example.org>", "!f stage.prompt.error.email"},
		{"an e-mail address at a bare host", ask("email"), "ann@example", "!f stage.prompt.error.email"},
		{"two e-mail addresses", ask("email"), "a@example.org,b@example.org", "!f stage.prompt.error.email"},
		{"an e-mail address with a line break", ask("email"), "a@example.org\nBcc: b@example.org", "!f stage.prompt.error.email"},
		{"an e-mail address that is too long", ask("email"), strings.Repeat("a", 260) + "@example.org", "!f stage.prompt.error.email"},
		{"an optional e-mail address", maybe("email"), "", ""},
		{"a password, with the blanks around it", ask("password"), " pass word ", " pass word "},
		{"no password", ask("password"), "", missing},
		{"a number", ask("number"), "-12", int64(-12)},
		{"a number as JSON", ask("number"), 12, int64(12)},
		{"no whole number", ask("number"), "1.5", "!f stage.prompt.error.number"},
		{"an optional number", maybe("number"), "", nil},
		{"a ticked box", ask("checkbox"), "on", true},
		{"a ticked box as JSON", ask("checkbox"), true, true},
		{"a box that must be ticked", ask("checkbox"), nil, "!f stage.prompt.error.checkbox"},
		{"a box that may be left", maybe("checkbox"), nil, false},
		{"one of the choices", choices(ask("dropdown")), "blue", "blue"},
		{"none of the choices", choices(ask("dropdown")), "green", "!f stage.prompt.error.choice"},
		{"one of the buttons", choices(ask("radio-button-group")), "red", "red"},
		{"none of the buttons", choices(ask("radio-button-group")), nil, missing},
		{"a date", ask("date"), "2026-02-28", "2026-02-28"},
		{"no date", ask("date"), "2026-02-30", "!f stage.prompt.error.date"},
		{"a time as browsers write it", ask("date-time"), "2026-02-28T09:30", "2026-02-28T09:30:00Z"},
		{"a time as programs write it", ask("date-time"), "2026-02-28T09:30:00+08:00", "2026-02-28T01:30:00Z"},
		{"no time", ask("date-time"), "soon", "!f stage.prompt.error.date_time"},
		{"a file", ask("file"), uri("image/png", 3), uri("image/png", 3)},
		{"the largest file", ask("file"), uri("image/png", 1<<20), uri("image/png", 1<<20)},
		{"a file that is too large", ask("file"), uri("image/png", 1<<20+4), "!f stage.prompt.error.file_too_large"},
		{"a file that is none", ask("file"), "https://example.org/a.png", "!f stage.prompt.error.file"},
		{"a file that is not in base64", ask("file"), "data:text/plain,abc", "!f stage.prompt.error.file"},
		{"a file of an odd type", ask("file"), "data:a b c;base64,AAAA", "!f stage.prompt.error.file"},
		{"an optional file", maybe("file"), "", nil},
		{"a language", ask("ak-locale"), "zh", "zh"},
		{"no language", ask("ak-locale"), "", ""},
		{"a language that the house does not speak", ask("ak-locale"), "tlh", "!f stage.prompt.error.choice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, []model.Prompt{tt.prompt})
			var pairs []any
			if tt.answer != nil {
				pairs = []any{"f", tt.answer}
			}
			o := b.Submit(pairs...)
			if want, isError := tt.want.(string); isError && strings.HasPrefix(want, "!") {
				if got := stagetest.Says(o); got != "ask ak-stage-prompt "+want {
					t.Errorf("%.200s", got)
				}
				return
			}
			if got := stagetest.Says(o); got != "done" {
				t.Fatalf("%.200s", got)
			}
			if diff := cmp.Diff(tt.want, b.collected()["f"]); diff != "" {
				t.Errorf("(-want +got):\n%.400s", diff)
			}
		})
	}
}

func with(p model.Prompt, initial string) model.Prompt {
	p.InitialValue = initial
	return p
}

func TestUsernamesMustBeFree(t *testing.T) {
	taken := "ask ak-stage-prompt !username stage.prompt.error.username_taken"
	for _, tt := range []struct {
		name, kind, answer string
		flow               model.Designation
		who                string
		want               string
	}{
		{"a free one", "username", "new", model.DesignationEnrollment, "", "done"},
		{"somebody's", "username", "ann", model.DesignationEnrollment, "", taken},
		{"somebody's in another case", "username", "ANN", model.DesignationEnrollment, "", taken},
		{"one's own", "username", "ann", model.DesignationStageConfiguration, "ann", "done"},
		{"somebody's, for who is signed in as another", "username", "ann", model.DesignationStageConfiguration, "bob", taken},
		{"somebody's in a text of that key where people enroll", "text", "ann", model.DesignationEnrollment, "", taken},
		{"somebody's in a text of that key elsewhere", "text", "ann", model.DesignationAuthentication, "", "done"},
		{"one that is too long", "username", strings.Repeat("名", 151), model.DesignationEnrollment, "", "ask ak-stage-prompt !username stage.prompt.error.too_long"},
		{"one with a bell in it", "username", "a\ab", model.DesignationEnrollment, "", "ask ak-stage-prompt !username stage.prompt.error.invalid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, []model.Prompt{{FieldKey: "username", Label: "Username", Type: tt.kind, Required: true}})
			people := map[string]*model.User{"ann": b.User("ann", ""), "bob": b.User("bob", "")}
			if tt.who != "" {
				b.Browser.SignIn(people[tt.who])
				b.Next()
			}
			b.Visit.Flow.Designation = tt.flow
			if got := stagetest.Says(b.Submit("username", tt.answer)); got != tt.want {
				t.Error(got)
			}
		})
	}
}

func TestTwoPasswordsMustBeTheSame(t *testing.T) {
	password := func(key string) model.Prompt {
		return model.Prompt{FieldKey: key, Label: key, Type: "password", Required: true}
	}
	b := open(t, []model.Prompt{password("password"), password("password_repeat")})
	o := b.Submit("password", "one two three", "password_repeat", "one two thre")
	if got := stagetest.Says(o); got != "ask ak-stage-prompt !non_field_errors stage.prompt.error.passwords" {
		t.Error(got)
	}
	raw, err := json.Marshal(o.(stage.Ask).Challenge)
	if err != nil || strings.Contains(string(raw), "one two") {
		t.Errorf("a password comes back: %s, %v", raw, err)
	}
	if len(b.collected()) != 0 {
		t.Errorf("a wrong answer is collected: %v", b.collected())
	}
	if got := stagetest.Says(b.Submit("password", "one two three", "password_repeat", "one two three")); got != "done" {
		t.Error(got)
	}
	t.Run("and are not shown when the stage is met again", func(t *testing.T) {
		raw, err := json.Marshal(b.shown(b.Enter()))
		if err != nil || strings.Contains(string(raw), "one two") {
			t.Errorf("%s, %v", raw, err)
		}
	})
}

func TestWhatStandsInAFieldAtFirst(t *testing.T) {
	expression := func(kind, source string) model.Prompt {
		p := with(maybe(kind), source)
		p.InitialValueExpression = true
		return p
	}
	chosen := func(p model.Prompt) model.Prompt { p.Placeholder = "red\nblue"; return p }
	for _, tt := range []struct {
		name   string
		prompt model.Prompt
		data   data
		want   string
	}{
		{"nothing", maybe("text"), nil, ""},
		{"the administrator's text", with(maybe("text"), "a"), nil, "a"},
		{"what an expression gives", expression("text", `return user.username + "!"`), nil, "ann!"},
		{"what an expression makes of earlier answers", expression("text", `return prompt_context.get("other", "") + "?"`), data{"other": "x"}, "x?"},
		{"what was collected, before all else", expression("text", `return "b"`), data{"f": "c"}, "c"},
		{"what was collected, which is never run", expression("text", `return "b"`), data{"f": `return "d"`}, `return "d"`},
		{"what was collected, also where it is empty", with(maybe("text"), "a"), data{"f": ""}, ""},
		{"nothing of an expression that fails", expression("text", `return user.nothing_of_the_sort.at_all`), nil, ""},
		{"nothing of an expression that is none", expression("text", `return (`), nil, ""},
		{"the text of a number", expression("number", `return 7`), nil, "7"},
		{"a choice", with(chosen(ask("dropdown")), "blue"), nil, "blue"},
		{"the first choice where it is none of them", with(chosen(ask("dropdown")), "green"), nil, "red"},
		{"the first choice where nothing is said", chosen(maybe("radio-button-group")), nil, "red"},
		{"a ticked box", expression("checkbox", `return True`), nil, "true"},
		{"a box that is not ticked", with(maybe("checkbox"), "false"), nil, ""},
		{"never a password", with(maybe("password"), "secret"), data{"f": "secret"}, ""},
		{"never a file", maybe("file"), data{"f": uri("image/png", 3)}, ""},
		{"the language as the house calls it", maybe("ak-locale"), data{"f": "zh_CN"}, "zh"},
		{"no language that the house does not speak", maybe("ak-locale"), data{"f": "de"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, []model.Prompt{tt.prompt})
			b.Browser.SignIn(b.User("ann", ""))
			b.Next()
			if tt.data != nil {
				b.knows(tt.data)
			}
			if got := b.shown(b.Enter()).Fields[0].InitialValue; got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestWhereChoicesComeFrom(t *testing.T) {
	p := ask("dropdown")
	p.Placeholder, p.PlaceholderExpression = `return [{"value": 1, "label": "One"}, {"value": "two"}, "three", True]`, true
	b := open(t, []model.Prompt{p})
	got := b.shown(b.Enter()).Fields[0]
	var said []string
	for _, c := range got.Choices {
		said = append(said, c.Value+"="+c.Label)
	}
	if diff := cmp.Diff([]string{"1=One", "two=two", "three=three", "true=true"}, said); diff != "" || got.Placeholder != "" {
		t.Errorf("placeholder %q, (-want +got):\n%s", got.Placeholder, diff)
	}
	if stagetest.Says(b.Submit("f", "1")) != "done" || fmt.Sprint(b.collected()["f"]) != "1" {
		t.Errorf("%v", b.collected())
	}
	if _, isText := b.collected()["f"].(string); isText {
		t.Error("a number is collected as a text")
	}
	t.Run("what was collected for them goes first", func(t *testing.T) {
		b.knows(data{"f__choices": []any{"only"}})
		if got := b.shown(b.Enter()).Fields[0]; len(got.Choices) != 1 || got.InitialValue != "only" {
			t.Errorf("%+v", got)
		}
		if got := stagetest.Says(b.Submit("f", "1")); got != "ask ak-stage-prompt !f stage.prompt.error.choice" {
			t.Error(got)
		}
	})
	t.Run("a single value is a choice of one", func(t *testing.T) {
		b.knows(data{"f__choices": "only"})
		if got := b.shown(b.Enter()).Fields[0]; len(got.Choices) != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestAHiddenValueKeepsItsShape(t *testing.T) {
	p := with(ask("hidden"), `return {"team": "a", "level": 2}`)
	p.FieldKey, p.InitialValueExpression = "attributes", true
	b := open(t, []model.Prompt{p})
	if got := stagetest.Says(b.Submit()); got != "done" {
		t.Fatal(got)
	}
	if raw, _ := json.Marshal(b.collected()); string(raw) != `{"attributes":{"level":2,"team":"a"}}` {
		t.Errorf("%s", raw)
	}
}

func TestAnExpressionThatFailsIsReportedOnce(t *testing.T) {
	p := with(maybe("text"), `return user.nothing_of_the_sort.at_all`)
	p.InitialValueExpression = true
	b := open(t, []model.Prompt{p})
	for range 3 {
		if got := stagetest.Says(b.Enter()); got != "ask ak-stage-prompt" {
			t.Fatal(got)
		}
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	if events := b.Events(model.ActionMappingException); len(events) != 1 || !strings.Contains(fmt.Sprint(events[0].Context["message"]), "nothing_of_the_sort") {
		t.Errorf("%+v", events)
	}
}

func TestFieldsStandInTheirOrderAndAreCollectedFlat(t *testing.T) {
	b := open(t, []model.Prompt{
		{FieldKey: "attributes.team", Label: "Team", Type: "text", Order: 20}, {FieldKey: "name", Label: "Name", Type: "text", Order: 10},
	})
	b.knows(data{"other": "kept", "name": "old"})
	fields := b.shown(b.Enter()).Fields
	if fields[0].FieldKey != "name" || fields[1].FieldKey != "attributes.team" {
		t.Errorf("%s, %s", fields[0].FieldKey, fields[1].FieldKey)
	}
	if got := stagetest.Says(b.Submit("name", "new", "attributes.team", "x", "is_superuser", "true", "groups", "admins")); got != "done" {
		t.Fatal(got)
	}
	if diff := cmp.Diff(data{"other": "kept", "name": "new", "attributes.team": "x"}, b.collected()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAStageWithoutFieldsIsNotSetUp(t *testing.T) {
	b := open(t, nil)
	for _, o := range []stage.Outcome{b.Enter(), b.Submit("f", "x")} {
		if got := stagetest.Says(o); got != "refuse flow.misconfigured" {
			t.Error(got)
		}
	}
}

func TestValidationPolicies(t *testing.T) {
	pass := func(messages ...string) func(*policy.Request) policy.Result {
		return func(*policy.Request) policy.Result { return policy.Result{Passing: true, Messages: messages} }
	}
	refuse := func(messages ...string) func(*policy.Request) policy.Result {
		return func(*policy.Request) policy.Result { return policy.Result{Messages: messages} }
	}
	const generic = "stage.prompt.error.policy"
	for _, tt := range []struct {
		name     string
		policies []func(*policy.Request) policy.Result
		errors   []string
		told     []string
	}{
		{"all pass", []func(*policy.Request) policy.Result{pass("well done"), pass()}, nil, []string{"well done"}},
		{"one refuses", []func(*policy.Request) policy.Result{pass("well done"), refuse("not that")}, []string{"not that"}, nil},
		{"both refuse with the same words", []func(*policy.Request) policy.Result{refuse("not that"), refuse("not that", "nor so")}, []string{"not that", "nor so"}, nil},
		{"one refuses without a word", []func(*policy.Request) policy.Result{refuse()}, []string{generic}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, []model.Prompt{ask("text")}, tt.policies...)
			o := b.knows(data{"earlier": 1}).Submit("f", "typed")
			var errors, told []string
			if a, isAsk := o.(stage.Ask); isAsk {
				for _, e := range a.Errors["non_field_errors"] {
					errors = append(errors, e.String)
				}
				if got := a.Challenge.(*prompt.Challenge).Fields[0]; got.Value != "typed" || got.InitialValue != "" {
					t.Errorf("what was typed is lost: %+v", got)
				}
				if diff := cmp.Diff(data{"earlier": 1}, b.collected()); diff != "" {
					t.Errorf("it is collected all the same:\n%s", diff)
				}
			}
			for _, m := range b.Effects.Messages {
				told = append(told, m.Literal)
			}
			if diff := cmp.Diff([2][]string{tt.errors, tt.told}, [2][]string{errors, told}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("they see the new values, and may change them", func(t *testing.T) {
		b := open(t, []model.Prompt{ask("text")}, func(r *policy.Request) policy.Result {
			d := stage.SlotPromptData.Value(r.Context)
			if diff := cmp.Diff(data{"f": "typed"}, d); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			stage.SlotPromptData.Set(r.Context, data{"f": "changed", "g": "added"})
			return policy.Result{Passing: true}
		})
		b.knows(data{"earlier": 1}).Submit("f", "typed")
		if diff := cmp.Diff(data{"earlier": 1, "f": "changed", "g": "added"}, b.collected()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
