package vocabulary

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// The entries of a plan's context that are shown as objects.
const (
	entryUser        = "pending_user"
	entrySource      = "source"
	entryApplication = "application"
	entryInvitation  = "invitation"
	entryPlan        = "flow_plan"
)

// internal begins the names of the server's own entries.
const internal = "goauthentik.io/"

// slotUser reads the pending user, which its owner, package stage, declares.
var slotUser = model.NewSlot[*model.User](entryUser)

// planContext gives the plan's context as the text sees it: one dict, however often it is asked for.
func (ev *evaluation) planContext() *expr.Mutable {
	if ev.plan != nil {
		return ev.plan
	}
	entries := map[string]any{}
	ev.plan = &expr.Mutable{Value: entries}
	c := ev.occasion.Context
	if c == nil {
		return ev.plan
	}
	for _, name := range c.Names() {
		if strings.HasPrefix(name, internal) {
			continue
		}
		if value, ok := c.Lookup(name); ok {
			entries[name] = ev.entry(name, value)
		}
	}
	if ev.occasion.Redirect != nil {
		entries[entryPlan] = ev.flowPlan()
	}
	for name, value := range ev.whereabouts() {
		if _, there := entries[name]; !there {
			entries[name] = value
		}
	}
	return ev.plan
}

// whereabouts are the entries that tell where the visitor is, as far as that is known. They are not of the plan.
func (ev *evaluation) whereabouts() map[string]any {
	v := ev.occasion.Visitor
	if v == nil || ev.Whereabouts == nil {
		return nil
	}
	ip, err := netip.ParseAddr(v.ClientIP)
	if err != nil {
		return nil
	}
	return ev.Whereabouts(ip.Unmap())
}

// flowPlan is the running plan.
func (ev *evaluation) flowPlan() *expr.Object {
	return &expr.Object{Type: "FlowPlan", Key: entryPlan, Attr: func(name string) (any, bool) {
		switch name {
		case "context":
			return ev.planContext(), true
		case "redirect":
			return expr.Func(func(_ context.Context, args []any, _ map[string]any) (any, error) {
				target, ok := one[string](args)
				if !ok {
					return nil, errors.New("one argument, the address as text")
				}
				ev.occasion.Redirect(target)
				return nil, nil
			}), true
		}
		return nil, false
	}}
}

// entry shows one entry. Those that are objects in authentik are objects also after the plan was stored and read back.
func (ev *evaluation) entry(name string, value any) any {
	switch name {
	case entryUser:
		u, _ := slotUser.Get(ev.occasion.Context)
		if u == nil {
			return nil
		}
		backend, _ := ev.occasion.Context.Lookup("user_backend")
		text, _ := backend.(string)
		return ev.userObject(u, text)
	case entrySource:
		return ev.sourceEntry(plain(value))
	case entryApplication:
		return ev.applicationEntry(plain(value))
	case entryInvitation:
		return recordObject("Invitation", plain(value))
	}
	switch v := value.(type) {
	case nil, string, bool, int, int64, float64, json.Number, []string, model.Secret:
		return v
	case map[string]any:
		return ev.typed(v)
	case []any:
		return ev.typed(v)
	case *model.User:
		return ev.UserObject(v)
	}
	return ev.typed(plain(value))
}

// typed marks what somebody typed as a password, so that it is kept out of messages.
func (ev *evaluation) typed(value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, item := range v {
			if text, ok := item.(string); ok && text != "" && strings.Contains(strings.ToLower(name), "password") {
				ev.secrets = append(ev.secrets, text)
				out[name] = model.NewSecret(text)
				continue
			}
			out[name] = ev.typed(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = ev.typed(item)
		}
		return out
	case []string, *model.User:
		return v
	}
	switch v := plain(value).(type) { // a list of a stage's own values, say
	case map[string]any, []any:
		return ev.typed(v)
	}
	return value
}

// plain gives a value as JSON knows it. Texts and numbers of other types stay what they are.
func plain(value any) any {
	switch reflect.ValueOf(value).Kind() {
	case reflect.Struct, reflect.Pointer, reflect.Map, reflect.Slice, reflect.Array:
	default:
		return value
	}
	b, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var out any
	_ = d.Decode(&out) // what was just written can be read
	return out
}

// writeBack takes what the text changed into the plan's context.
func (ev *evaluation) writeBack() error {
	if ev.plan == nil || ev.occasion.Context == nil {
		return nil
	}
	values := make(map[string]any, len(ev.plan.Changed))
	for _, name := range ev.plan.Changed {
		value, kept := ev.plan.Value[name]
		if strings.HasPrefix(name, internal) || name == entryPlan {
			return &expr.RuntimeError{Message: fmt.Sprintf("context[%q] belongs to the server and cannot be written", name)}
		}
		if !kept {
			continue
		}
		taken, err := take(value)
		if err != nil {
			return &expr.RuntimeError{Message: fmt.Sprintf("context[%q]: %s", name, err)}
		}
		if _, isUser := taken.(*model.User); name == entryUser && taken != nil && !isUser {
			return &expr.RuntimeError{Message: `context["pending_user"] must be a user, as ak_user_by gives one`}
		}
		values[name] = taken
	}
	for _, name := range ev.plan.Changed {
		if value := values[name]; value != nil {
			ev.occasion.Context.Put(name, value)
		} else {
			model.NewSlot[any](name).Clear(ev.occasion.Context)
		}
	}
	return nil
}

// take gives what is kept of a value that a text wrote.
func take(value any) (any, error) {
	switch v := value.(type) {
	case model.Secret:
		return v.Reveal(), nil
	case *expr.Object:
		return takeObject(v)
	case *expr.Query, expr.Func:
		return nil, errors.New("neither a function nor a list of objects can be kept; make a list of names")
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			taken, err := take(item)
			if err != nil {
				return nil, err
			}
			out[i] = taken
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			taken, err := take(v[name])
			if err != nil {
				return nil, err
			}
			out[name] = taken
		}
		return out, nil
	}
	return value, nil
}

// takeObject keeps a user as one, and the others by what names them.
func takeObject(o *expr.Object) (any, error) {
	switch host := o.Host.(type) {
	case *model.User:
		return host, nil
	case *model.Group:
		return string(host.ID), nil
	case *model.Source:
		return map[string]any{"pk": string(host.ID), "slug": host.Slug, "name": host.Name}, nil
	case *model.Application:
		return map[string]any{"pk": string(host.ID), "slug": host.Slug, "name": host.Name, "launch_url": host.MetaLaunchURL}, nil
	case map[string]any:
		return host, nil
	}
	if o.Plain != nil {
		return o.Plain, nil
	}
	return nil, fmt.Errorf("a %s cannot be kept", o.Type)
}

// one gives the only argument of a function.
func one[T any](args []any) (T, bool) {
	var none T
	if len(args) != 1 {
		return none, false
	}
	t, ok := args[0].(T)
	return t, ok
}
