package vocabulary

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// What one evaluation may do at most.
const (
	maxMessages = 20
	maxMessage  = 1000 // bytes
	maxEvents   = 10
	maxDepth    = 4 // of policies that call one another
)

// functions are those that every text has beside the ones of the language.
func functions() map[string]expr.Func {
	return map[string]expr.Func{
		"ak_message":                akMessage,
		"ak_user_by":                akUserBy,
		"ak_user_has_authenticator": akUserHasAuthenticator,
		"ak_is_group_member":        akIsGroupMember,
		"ak_create_event":           akCreateEvent,
		"ak_call_policy":            akCallPolicy,
		"ip_address":                ipAddress,
		"ip_network":                ipNetwork,
		"resolve_dns":               resolveDNS,
		"reverse_dns":               reverseDNS,
	}
}

// akMessage adds a message for the person.
func akMessage(ctx context.Context, args []any, _ map[string]any) (any, error) {
	if len(args) != 1 {
		return nil, errors.New("one argument, the message")
	}
	ev := evaluationOf(ctx)
	if len(ev.result.Messages) >= maxMessages {
		return nil, fmt.Errorf("more than %d messages", maxMessages)
	}
	ev.result.Messages = append(ev.result.Messages, shorten(ev.hide(text(args[0]))))
	return nil, nil
}

// text is what str() gives.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case *expr.Object:
		return fmt.Sprint(objectName(v))
	}
	return fmt.Sprint(value)
}

// shorten keeps a text within bounds, and whole characters.
func shorten(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	cut := maxMessage
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}

// userOf gives the user behind an argument; nil for an anonymous one and for None.
func userOf(arg any) (*model.User, error) {
	if arg == nil {
		return nil, nil
	}
	if o, ok := arg.(*expr.Object); ok {
		if u, ok := o.Host.(*model.User); ok {
			return u, nil
		}
		if o.Type == anonymous().Type {
			return nil, nil
		}
	}
	return nil, errors.New("the first argument must be a user")
}

// akIsGroupMember reports whether a user is in a group that meets the conditions, or in one below it.
func akIsGroupMember(ctx context.Context, args []any, named map[string]any) (any, error) {
	if len(args) != 1 || len(named) == 0 {
		return nil, errors.New(`a user and a condition are needed: ak_is_group_member(user, name="staff")`)
	}
	u, err := userOf(args[0])
	if u == nil || err != nil {
		return false, err
	}
	groups, err := evaluationOf(ctx).groupsOf(ctx, u)
	if err != nil {
		return nil, err
	}
	for i := range groups {
		found, err := GroupObject(&groups[i].Group).Matches(ctx, named)
		if found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// akUserHasAuthenticator reports whether a user has set up an authenticator, of a class if one is given. One that was never confirmed does not count.
func akUserHasAuthenticator(ctx context.Context, args []any, named map[string]any) (any, error) {
	if len(args) < 1 || len(args) > 2 {
		return nil, errors.New("a user, and perhaps the class of the authenticator")
	}
	u, err := userOf(args[0])
	if u == nil || u.ID == 0 || err != nil {
		return false, err
	}
	class, _ := named["device_type"].(string)
	if len(args) == 2 {
		class, _ = args[1].(string)
	}
	class = strings.TrimSuffix(strings.ToLower(class), "device")
	ev := evaluationOf(ctx)
	devices, err := ev.Store.DevicesOf(ctx, u.ID)
	if err != nil {
		return nil, ev.fault(err)
	}
	for _, d := range devices {
		if d.Confirmed && (class == "" || class == string(d.Class)) {
			return true, nil
		}
	}
	return false, nil
}

// akCreateEvent records an event of the administrator's own: its action begins with "custom_". While an expression is tried out nothing is stored.
func akCreateEvent(ctx context.Context, args []any, named map[string]any) (any, error) {
	action, ok := one[string](args)
	if !ok || action == "" {
		return nil, errors.New(`the action is needed, as text; more by name: ak_create_event("visit", place="lobby")`)
	}
	ev := evaluationOf(ctx)
	if ev.events++; ev.events > maxEvents {
		return nil, fmt.Errorf("more than %d events", maxEvents)
	}
	if !strings.HasPrefix(action, "custom_") {
		action = "custom_" + action
	}
	details, _ := ev.hideIn(named).(map[string]any)
	if details == nil {
		details = map[string]any{}
	}
	if ev.occasion.Debug || ev.Record == nil {
		ev.line("event", shorten(action), details)
		return nil, nil
	}
	if err := ev.Record(ctx, ev.event(action, details)); err != nil {
		return nil, ev.fault(err)
	}
	return nil, nil
}

// event is an event of who is there, or of whom it is about.
func (ev *evaluation) event(action string, details map[string]any) *model.Event {
	e := &model.Event{Action: model.Action(shorten(action)), App: "authentik.events", Context: details}
	u := ev.occasion.User
	if v := ev.occasion.Visitor; v != nil {
		e.ClientIP = v.ClientIP
		details["http_request"] = map[string]any{"request_id": v.RequestID, "user_agent": v.UserAgent}
		if v.User != nil {
			u = v.User
		}
	}
	if u != nil && u.ID != 0 {
		e.User = &model.EventUser{ID: u.ID, Username: u.Username, Email: u.Email}
	}
	return e
}

type depthKey struct{}

// akCallPolicy gives what another policy decides here: passing and messages. Named arguments are entries of its context. What it writes there is gone afterwards.
func akCallPolicy(ctx context.Context, args []any, named map[string]any) (any, error) {
	name, ok := one[string](args)
	if !ok {
		return nil, errors.New("the policy's name is needed")
	}
	ev := evaluationOf(ctx)
	if ev.CallPolicy == nil {
		return nil, errors.New("no policies can be called here")
	}
	deeper, inner, err := ev.deeper(ctx)
	if err != nil {
		return nil, err
	}
	for name, value := range named {
		taken, err := take(value)
		if err != nil {
			return nil, fmt.Errorf("argument %s: %w", name, err)
		}
		inner.Context.Put(name, taken)
	}
	passing, messages, err := ev.CallPolicy(deeper, name, inner)
	if errors.Is(err, model.ErrUnavailable) {
		return nil, ev.fault(err)
	}
	if err != nil {
		return nil, err
	}
	return &expr.Object{Type: "PolicyResult", Attr: func(name string) (any, bool) {
		switch name {
		case "passing":
			return passing, true
		case "messages":
			return messages, true
		}
		return nil, false
	}}, nil
}

// deeper is the occasion of a policy that is evaluated within this evaluation. It has the same context, and what it writes there is gone afterwards.
func (ev *evaluation) deeper(ctx context.Context) (context.Context, Occasion, error) {
	depth, _ := ctx.Value(depthKey{}).(int)
	if depth >= maxDepth {
		return nil, Occasion{}, errors.New("policies call one another too deeply")
	}
	inner := ev.occasion
	inner.Context = model.NewPlanContext()
	if c := ev.occasion.Context; c != nil {
		for _, name := range c.Names() {
			if value, ok := c.Lookup(name); ok {
				inner.Context.Put(name, value)
			}
		}
	}
	return context.WithValue(ctx, depthKey{}, depth+1), inner, nil
}
