package event

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
)

const hidden = "********************"

func TestSecretsAreTakenOutOfEvents(t *testing.T) {
	type nested struct {
		Token string `json:"token"`
		Name  string `json:"name"`
	}
	for _, tt := range []struct {
		name string
		in   map[string]any
		want map[string]any
	}{
		{"plain facts stay", map[string]any{"username": "ann", "attempts": 3, "cause": nil}, map[string]any{"username": "ann", "attempts": 3, "cause": nil}},
		{
			"names of secrets", map[string]any{
				"password": "x", "client_secret": "x", "access_token": "x", "Authorization": "x", "Set-Cookie": "x", "api_key": "x", "code": "x", "state": "x",
				"code_verifier": "x", "session_key": "x", "SAMLAssertion": "x", "signature": "x",
			}, map[string]any{
				"password": hidden, "client_secret": hidden, "access_token": hidden, "Authorization": hidden, "Set-Cookie": hidden, "api_key": hidden,
				"code": hidden, "state": hidden, "code_verifier": hidden, "session_key": hidden, "SAMLAssertion": hidden, "signature": hidden,
			},
		},
		{"whatever the value is", map[string]any{"token": 12, "tokens": []any{"x"}, "keys": map[string]any{"a": "x"}}, map[string]any{"token": hidden, "tokens": hidden, "keys": hidden}},
		{"an empty secret is seen to be empty", map[string]any{"password": ""}, map[string]any{"password": ""}},
		{
			"names that only sound like it",
			map[string]any{"errcode": 40029, "support_code": "7F3K", "token_type": "bearer", "password_stage": "s", "statement": "x"},
			map[string]any{"errcode": 40029, "support_code": "7F3K", "token_type": "bearer", "password_stage": "s", "statement": "x"},
		},
		{
			"at every depth",
			map[string]any{"a": map[string]any{"b": []any{map[string]any{"code": "x", "c": 1}}}},
			map[string]any{"a": map[string]any{"b": []any{map[string]any{"code": hidden, "c": 1}}}},
		},
		{"in maps of texts", map[string]any{"args": map[string]string{"code": "x", "name": "n"}}, map[string]any{"args": map[string]any{"code": hidden, "name": "n"}}},
		{"in lists of maps", map[string]any{"list": []map[string]any{{"code": "x"}}}, map[string]any{"list": []any{map[string]any{"code": hidden}}}},
		{"in structs", map[string]any{"s": nested{"x", "n"}, "p": &nested{"x", "n"}}, map[string]any{
			"s": map[string]any{"token": hidden, "name": "n"}, "p": map[string]any{"token": hidden, "name": "n"},
		}},
		{"lists of texts stay", map[string]any{"names": []string{"a"}}, map[string]any{"names": []any{"a"}}},
		{"named texts stay", map[string]any{"mode": model.EngineAny}, map[string]any{"mode": model.EngineAny}},
		{"secrets stay hidden under any name", map[string]any{"x": model.NewSecret("hush")}, map[string]any{"x": "***"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, _ := json.Marshal(tt.in)
			if diff := cmp.Diff(tt.want, Scrub(tt.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if after, _ := json.Marshal(tt.in); string(after) != string(before) {
				t.Error("the caller's map was changed")
			}
		})
	}
}

func TestSupportCodesCanBeReadOut(t *testing.T) {
	form := regexp.MustCompile(`^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$`)
	seen := map[string]bool{}
	for range 2000 {
		code := NewSupportCode()
		if !form.MatchString(code) || strings.ContainsAny(code, "01OIL") {
			t.Fatalf("%q", code)
		}
		if seen[code] {
			t.Fatalf("%q twice", code)
		}
		seen[code] = true
	}
}

type writer struct{ events []*model.Event }

func (w *writer) InsertEvents(_ context.Context, events ...*model.Event) error {
	w.events = append(w.events, events...)
	return nil
}

func TestAnEventSaysWhatItIsAboutWhereThatIsNamed(t *testing.T) {
	for _, tt := range []struct{ source, want any }{{"wechat", "wechat"}, {7, ""}, {nil, ""}} {
		ev := &model.Event{Context: map[string]any{"source": tt.source, "authorized_application": map[string]any{"pk": tt.source}}}
		Complete(ev, time.Now())
		if ev.Source != tt.want || ev.Application != tt.want {
			t.Errorf("%v: source %q, application %q", tt.source, ev.Source, ev.Application)
		}
	}
}

func TestRecordCompletesEvents(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("x", 3600))
	w := &writer{}
	v := &model.Visitor{ClientIP: "192.0.2.1", UserAgent: "a", RequestID: "r", User: &model.User{ID: 7, Username: "ann", Email: "a@b"}}
	ev := New(model.ActionLogin, "test", v, map[string]any{"code": "x", "name": "n"})
	if err := NewRecorder(w, func() time.Time { return now }).Record(t.Context(), ev); err != nil {
		t.Fatal(err)
	}
	if ev.ID == "" || !ev.Created.Equal(now) || ev.Created.Location() != time.UTC {
		t.Errorf("%+v", ev)
	}
	want := map[string]any{"code": hidden, "name": "n", "http_request": map[string]any{"request_id": "r", "user_agent": "a"}}
	if diff := cmp.Diff(want, ev.Context); diff != "" {
		t.Errorf("context (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(&model.EventUser{ID: 7, Username: "ann", Email: "a@b"}, ev.User); diff != "" {
		t.Errorf("user (-want +got):\n%s", diff)
	}
	id := ev.ID
	Complete(ev, now.Add(time.Hour))
	if ev.ID != id || !ev.Created.Equal(now) {
		t.Error("completed twice, it changed")
	}
	if anonymous := New(model.ActionLogin, "test", nil, nil); anonymous.User != nil || anonymous.Context == nil {
		t.Errorf("%+v", anonymous)
	}
}
