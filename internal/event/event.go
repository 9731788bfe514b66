package event

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/model"
)

// Writer stores events. A store has it.
type Writer interface {
	InsertEvents(ctx context.Context, events ...*model.Event) error
}

// Recorder records events outside of flows.
type Recorder struct {
	writer Writer
	now    func() time.Time
}

// NewRecorder makes a recorder.
func NewRecorder(w Writer, now func() time.Time) *Recorder { return &Recorder{writer: w, now: now} }

// Record stores events now, in the transaction of ctx if there is one.
func (r *Recorder) Record(ctx context.Context, events ...*model.Event) error {
	for _, e := range events {
		Complete(e, r.now())
	}
	return r.writer.InsertEvents(ctx, events...)
}

// New begins an event about something that a visitor did. The app is the module that records it, in authentik's dotted names, such as
// "authentik.sources.oauth".
func New(action model.Action, app string, v *model.Visitor, details map[string]any) *model.Event {
	e := &model.Event{Action: action, App: app, Context: map[string]any{}}
	for k, d := range details {
		e.Context[k] = d
	}
	if v == nil {
		return e
	}
	e.ClientIP = v.ClientIP
	e.Context["http_request"] = map[string]any{"request_id": v.RequestID, "user_agent": v.UserAgent}
	if v.User != nil {
		e.User = UserOf(v.User)
	}
	return e
}

// UserOf gives a user as an event remembers it.
func UserOf(u *model.User) *model.EventUser {
	return &model.EventUser{ID: u.ID, Username: u.Username, Email: u.Email}
}

// Complete gives an event its id and time, notes what it is about where the context says so, and takes secrets out of the context. Package flow calls it for the events of a visit. How long an event
// is kept is for the settings to say, and so the store does.
func Complete(e *model.Event, now time.Time) {
	if e.ID == "" {
		e.ID = model.EventID(uuid.Must(uuid.NewV7()).String())
	}
	if e.Created.IsZero() {
		e.Created = now.UTC()
	}
	if e.Source == "" {
		e.Source, _ = e.Context["source"].(string)
	}
	if app, ok := e.Context["authorized_application"].(map[string]any); ok && e.Application == "" {
		e.Application, _ = app["pk"].(string)
	}
	if e.Flow == "" && e.Action == model.ActionFlowExecution {
		e.Flow, _ = e.Context["flow"].(string)
	}
	if e.Reason == "" && e.Action == model.ActionLoginFailed {
		e.Reason = model.ReasonWrongAnswer
	}
	e.Context = Scrub(e.Context)
}

// secretParts are what the names of values contain that are never stored: authentik's list, and what WeChat and OAuth add to it.
func secretParts() [11]string {
	return [...]string{"token", "secret", "pass", "key", "api", "signature", "cookie", "authorization", "assertion", "verifier", "credential"}
}

// isSecret tells by a value's name whether it may be stored. It is asked for every value of every event, so it does without a regular expression.
func isSecret(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "code", "state":
		return true
	case "consumer_key", "key_type", "token_type", "passing", "password_stage", "support_code", "field_key":
		return false // they only sound like one
	}
	for _, part := range secretParts() {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// Scrub returns the object with the values of secret-looking names replaced, at every depth.
func Scrub(in map[string]any) map[string]any {
	out := make(map[string]any, len(in))
	for k, v := range in {
		if isSecret(k) {
			if s, ok := v.(string); !ok || s != "" {
				v = "********************"
			}
		}
		out[k] = scrubValue(v)
	}
	return out
}

func scrubValue(v any) any {
	switch t := v.(type) {
	case map[string]any:
		return Scrub(t)
	case []any:
		list := make([]any, len(t))
		for i, item := range t {
			list[i] = scrubValue(item)
		}
		return list
	}
	switch reflect.ValueOf(v).Kind() { //nolint:exhaustive // the others hold nothing by name
	case reflect.Map, reflect.Slice, reflect.Struct, reflect.Pointer:
		return scrubValue(plain(v))
	}
	return v
}

// plain gives a value as JSON knows it, which is how it is stored.
func plain(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var out any
	_ = d.Decode(&out) // what was just written can be read
	return out
}

// alphabet has no letters or digits that are taken for one another when read out on the telephone.
const alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewSupportCode makes a short code for people to read out: "7F3K-92QD".
func NewSupportCode() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	out := make([]byte, 0, 9)
	for i, x := range b {
		if i == 4 {
			out = append(out, '-')
		}
		out = append(out, alphabet[int(x)%len(alphabet)])
	}
	return string(out)
}
