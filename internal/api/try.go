package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// trial is what a policy or a mapping is tried out on.
type trial struct {
	User    *model.UserID  `json:"user"`
	Group   *model.GroupID `json:"group"`
	Context map[string]any `json:"context"`
}

// tryPolicy evaluates a policy as if it stood before something that the user asks for. Nothing is stored.
func (c *call) tryPolicy() error {
	o, err := c.object(c.Resources.Registry.Umbrella("policy"), access.Change)
	if err != nil {
		return err
	}
	t, u, err := c.trial()
	if err != nil {
		return err
	}
	if t.User == nil {
		return model.Invalid("user", "This field is required.")
	}
	p, _ := o.Value.(*model.Policy)
	run := model.NewPlanContext()
	for name, value := range t.Context {
		run.Put(name, value)
	}
	visitor := *c.visitor
	visitor.Method, visitor.Path = http.MethodPost, c.r.URL.Path
	result, err := c.Policies.Test(c.ctx(), c.s, p, &policy.Request{Visitor: &visitor, User: u, Context: run, Debug: true})
	if errors.Is(err, model.ErrUnavailable) {
		return err
	}
	messages := append([]string{}, result.Messages...)
	for _, text := range result.Texts {
		messages = append(messages, c.Text(visitor.Locale, text.Key, text.Args))
	}
	if err != nil && len(messages) == 0 {
		messages = append(messages, policy.Cause(err))
	}
	return c.ok(row{"passing": result.Passing && err == nil, "messages": messages, "log_messages": c.logRows(result.Logs)})
}

// logRows shows what a policy noted in the shape of authentik's logs.
func (c *call) logRows(logs []policy.Log) []any {
	out := []any{}
	for _, l := range logs {
		level := l.Level
		if level == "event" { // what would have been recorded
			level = "info"
		}
		out = append(out, row{
			"timestamp": c.Now().UTC().Format(time.RFC3339Nano), "log_level": level, "logger": "authentik.policies", "event": l.Message, "attributes": object(l.Details),
		})
	}
	return out
}

// tryMapping evaluates a property mapping. The result is JSON as text, or says what failed; with format_result it is indented. Nothing is stored.
func (c *call) tryMapping() error {
	o, err := c.object(c.Resources.Registry.Umbrella("propertymapping"), access.Change)
	if err != nil {
		return err
	}
	if c.Mappings == nil {
		return errNotImplemented
	}
	t, u, err := c.trial()
	if err != nil {
		return err
	}
	var group *model.Group
	if t.Group != nil {
		if group, err = c.Store.Group(c.ctx(), *t.Group); err != nil {
			return unknown("group", string(*t.Group), err)
		}
	}
	m, _ := o.Value.(*model.PropertyMapping)
	value, err := c.Mappings.Try(c.ctx(), c.s, m, mapping.Subject{User: u, Visitor: c.visitor}, group, t.Context)
	if err != nil {
		if !mapping.Blames(err) {
			return err
		}
		return c.ok(row{"result": err.Error(), "successful": false})
	}
	var text []byte
	if truth(c.r.URL.Query().Get("format_result")) {
		text, err = json.MarshalIndent(value, "", "    ")
	} else {
		text, err = json.Marshal(value)
	}
	if err != nil {
		return err
	}
	return c.ok(row{"result": string(text), "successful": true})
}

// trial reads what is to be tried. The user is nil where none is named.
func (c *call) trial() (trial, *model.User, error) {
	var t trial
	if err := c.read(&t); err != nil {
		return t, nil, err
	}
	if t.User == nil {
		return t, nil, nil
	}
	u, err := c.Store.User(c.ctx(), *t.User)
	if err != nil {
		return t, nil, unknown("user", t.User.String(), err)
	}
	return t, u, nil
}

// unknown says that a field names nothing.
func unknown(field, id string, err error) error {
	if errors.Is(err, model.ErrNotFound) {
		return model.Invalid(field, "Invalid pk \""+id+"\" - object does not exist.")
	}
	return err
}
