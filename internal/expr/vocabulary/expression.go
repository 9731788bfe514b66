package vocabulary

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// patience is how long a run may take. The steps bound what it computes; this is for the database and the domain name system, which it waits for.
const patience = 2 * time.Second

// Expression is a compiled text that knows the words. It is safe for many goroutines.
type Expression struct {
	vocabulary *Vocabulary
	program    *expr.Program
	extra      map[string]string // the names of further variables as they are in the text, by the names that the caller gives them
}

// variables are those that every text has.
func variables() []string {
	return []string{"request", "context", "http_request", "user", "ak_client_ip", "ak_is_sso_flow", "ak_logger"}
}

// Usual reports whether a name is one of the variables that every text has.
func Usual(name string) bool { return slices.Contains(variables(), Variable(name)) }

// Compile checks a text and makes it ready to run. The extra names are further variables; one of the same name as a usual one replaces it. Characters that no name can have
// become "_". What is wrong with the text is an *expr.SyntaxError.
func (v *Vocabulary) Compile(name, source string, extra ...string) (*Expression, error) {
	e := &Expression{vocabulary: v, extra: make(map[string]string, len(extra))}
	params := variables()
	for _, given := range extra {
		variable := Variable(given)
		e.extra[given] = variable
		if !slices.Contains(params, variable) {
			params = append(params, variable)
		}
	}
	var err error
	e.program, err = expr.Compile(name, source, params, expr.Options{
		Builtins: functions(), Constants: constants(), Missing: missing(), Limits: expr.Limits{Time: patience},
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Variable gives the name that a text reads a variable by: "goauthentik.io/x" is goauthentik_io_x.
func Variable(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, name)
}

// missing says why words that authentik has are not here.
func missing() map[string]string {
	const imports = "this language has no modules; what an expression may use is there without an import"
	return map[string]string{
		"requests":      "an expression cannot call other servers: it would run while people wait, with this server's access to the network",
		"ak_send_email": "an expression cannot send mail; put an e-mail stage into the flow",
		"ak_create_jwt": "an expression cannot make tokens; let the application ask for one",
		"User":          "ask for a person with ak_user_by(username=...)",
		"Group":         "ask with ak_is_group_member(user, name=...) or user.groups",
		"re":            imports + "; see regex_match and regex_replace",
		"datetime":      imports,
		"json":          imports,
	}
}

// constants are authentik's names of what stands in attributes and in a plan's context.
func constants() map[string]string {
	return map[string]string{
		"USER_ATTRIBUTE_CHANGE_USERNAME": "goauthentik.io/user/can-change-username",
		"USER_ATTRIBUTE_CHANGE_NAME":     "goauthentik.io/user/can-change-name",
		"USER_ATTRIBUTE_CHANGE_EMAIL":    "goauthentik.io/user/can-change-email",
		"USER_ATTRIBUTE_SOURCES":         model.AttributeSources,
		"PLAN_CONTEXT_PENDING_USER":      entryUser,
		"PLAN_CONTEXT_SOURCE":            entrySource,
		"PLAN_CONTEXT_APPLICATION":       entryApplication,
		"PLAN_CONTEXT_PROMPT":            "prompt_data",
		"PLAN_CONTEXT_SSO":               "is_sso",
		"PLAN_CONTEXT_REDIRECT":          "redirect",
	}
}

// Uses reports whether the text names a variable, so that a caller need not find out what nobody asks for.
func (e *Expression) Uses(name string) bool { return e.program.Uses(Variable(name)) }

// Run evaluates the text. What fails inside it is an *expr.RuntimeError, and leaves the plan's context as it was; any other error is the database's. The messages and logs so far
// come back with an error too.
func (e *Expression) Run(ctx context.Context, o Occasion, extra map[string]any) (Result, error) {
	return e.run(ctx, o, extra, func(ctx context.Context, args map[string]any, r *Result) (err error) {
		r.Value, err = e.program.Run(ctx, args)
		return err
	})
}

// Holds evaluates the text as a condition: it may return anything, and Passing says whether that is true.
func (e *Expression) Holds(ctx context.Context, o Occasion, extra map[string]any) (Result, error) {
	return e.run(ctx, o, extra, func(ctx context.Context, args map[string]any, r *Result) (err error) {
		r.Passing, err = e.program.Holds(ctx, args)
		return err
	})
}

func (e *Expression) run(
	ctx context.Context, o Occasion, extra map[string]any, eval func(context.Context, map[string]any, *Result) error,
) (Result, error) {
	ev := &evaluation{Vocabulary: e.vocabulary, occasion: o}
	args := make(map[string]any, 4)
	for _, name := range variables() {
		if e.program.Uses(name) {
			args[name] = ev.variable(name)
		}
	}
	for name, value := range extra {
		variable, known := e.extra[name]
		if !known {
			variable = name // package expr will say that it is not known
		}
		args[variable] = value
	}
	err := eval(context.WithValue(ctx, evaluationKey{}, ev), args, &ev.result)
	if ev.broken != nil {
		return ev.result, ev.broken
	}
	if err == nil {
		err = ev.writeBack()
	}
	if err != nil {
		ev.result.Value, ev.result.Passing = nil, false
	}
	return ev.result, err
}

// evaluation is one run: what its functions share, through the context.
type evaluation struct {
	*Vocabulary
	occasion Occasion
	result   Result
	// plan is the plan's context as the text sees it; nil until it is asked for.
	plan *expr.Mutable
	// secrets are what somebody typed as a password, to be kept out of messages.
	secrets []string
	// broken is an error of the database.
	broken error
	// lookups and events count what is bounded.
	lookups, events int
}

type evaluationKey struct{}

// evaluationOf gives the evaluation that a function is called in. Outside of one it is empty.
func evaluationOf(ctx context.Context) *evaluation {
	if ev, ok := ctx.Value(evaluationKey{}).(*evaluation); ok {
		return ev
	}
	return &evaluation{}
}

// fault keeps an error of the database for the caller; model.ErrNotFound is none.
func (ev *evaluation) fault(err error) error {
	if ev.broken == nil {
		ev.broken = err
	}
	return err
}

// variable makes the value of a usual variable.
func (ev *evaluation) variable(name string) any {
	switch name {
	case "request":
		return ev.request()
	case "context":
		return ev.planContext()
	case "http_request":
		if ev.occasion.Visitor == nil {
			return nil
		}
		return ev.httpRequest()
	case "user":
		return ev.UserObject(ev.occasion.User)
	case "ak_client_ip":
		return clientIP(ev.occasion.Visitor)
	case "ak_is_sso_flow":
		return ev.isSSO()
	}
	return ev.logger()
}

// isSSO reports whether the run comes from a source.
func (ev *evaluation) isSSO() bool {
	if ev.occasion.Context == nil {
		return false
	}
	sso, _ := ev.occasion.Context.Lookup("is_sso")
	yes, _ := sso.(bool)
	return yes
}

// hide takes what somebody typed as a password out of a text.
func (ev *evaluation) hide(text string) string {
	for _, secret := range ev.secrets {
		text = strings.ReplaceAll(text, secret, model.NewSecret(secret).String())
	}
	return text
}

// hideIn does so in all texts within a value.
func (ev *evaluation) hideIn(value any) any {
	switch v := value.(type) {
	case string:
		return ev.hide(v)
	case model.Secret:
		return v.String()
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = ev.hideIn(item)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, item := range v {
			if soundsSecret(name) {
				item = model.NewSecret("hidden").String()
			}
			object[name] = ev.hideIn(item)
		}
		return object
	case *expr.Object:
		return objectName(v)
	case *expr.Query, expr.Func:
		return "a function or list of objects"
	}
	return value
}

// soundsSecret tells by the name of a value that it does not belong into a log. Package event has a longer list for what is stored.
func soundsSecret(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "password") || strings.Contains(name, "secret") || strings.Contains(name, "token")
}

// objectName is what a message or event says of an object.
func objectName(o *expr.Object) any {
	switch {
	case o.Plain != nil:
		return o.Plain
	case o.Label != "":
		return o.Label
	}
	return o.Type
}
