package stage

import (
	"context"
	"encoding/json"

	"github.com/weimen-id/weimen/internal/model"
)

// Driver is one stage, opened from its settings.
type Driver interface {
	// Enter begins the stage, or shows it again after a reload. It must not take being shown as an answer.
	Enter(ctx context.Context, v *Visit) (Outcome, error)
	// Submit takes the person's answer to the challenge that Enter gave. Only a stage that asks is submitted to.
	Submit(ctx context.Context, v *Visit, a Answer) (Outcome, error)
}

// Outcome is what a stage decided: one of Ask, Done, Insert, Refuse, Leave, Switch.
type Outcome interface{ outcome() }

// Ask shows a challenge. Errors, by field, say what was wrong with the last answer; they make it an invalid response.
type Ask struct {
	Challenge Challenge
	Errors    Errors
}

// Done goes on to the next stage.
type Done struct{}

// Insert is Done, and has other stages come next, before what is left of the flow: a stage in which a missing authenticator is set up. They have no binding.
// Last names inline stages that come after everything else.
type Insert struct {
	Stages []model.StageID
	Last   []string
}

// Refuse ends the flow with a page that says why. The error's Reason is a key of the message catalogue; its Message is for the audit trail and for
// programs. A model.CodeInvalid refusal obeys the binding's invalid_response_action.
type Refuse struct{ Err *model.Error }

// Leave ends the flow and sends the browser to a URL that the stage vouches for.
type Leave struct{ URL string }

// Switch goes on in another flow, in place of what is left of this one. With KeepContext it takes along what the run knows.
type Switch struct {
	Flow        *model.Flow
	KeepContext bool
}

func (Ask) outcome()    {}
func (Done) outcome()   {}
func (Insert) outcome() {}
func (Refuse) outcome() {}
func (Leave) outcome()  {}
func (Switch) outcome() {}

// Errors are messages by the name of the response's field; "non_field_errors" is for the whole.
type Errors map[string][]FieldError

// FieldError is one message in authentik's shape. String is in the reader's language.
type FieldError struct {
	String string `json:"string"`
	Code   string `json:"code"`
	// Args fill the catalogue's text, where String is a key.
	Args map[string]string `json:"-"`
}

// Invalid makes the errors of one field. The key names a text of the message catalogue (see package i18n); surfaces translate it.
func Invalid(field, key string) Errors { return Errors{field: {{String: key, Code: "invalid"}}} }

// Answer is what came back: JSON from programs, a form from pages (each value a JSON string).
type Answer map[string]json.RawMessage

// String gives a text, or "".
func (a Answer) String(name string) string {
	var s string
	_ = json.Unmarshal(a[name], &s)
	return s
}

// Object gives an object as JSON: as a program sends it, or as text, which is how a page's form holds one. "" for none.
func (a Answer) Object(name string) string {
	if text := a.String(name); text != "" {
		return text
	}
	if raw := a[name]; len(raw) > 0 && raw[0] == '{' {
		return string(raw)
	}
	return ""
}

// Bool gives a truth: JSON true, or a form's "on", "true", "1".
func (a Answer) Bool(name string) bool {
	var b bool
	if json.Unmarshal(a[name], &b) == nil {
		return b
	}
	switch a.String(name) {
	case "on", "true", "1":
		return true
	}
	return false
}
