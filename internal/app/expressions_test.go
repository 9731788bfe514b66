package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	ak "goauthentik.io/api/v3"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// object is a JSON object.
type object = map[string]any

// asked calls the API and decodes the answer into an object and, if that is given, as authentik's published client does.
func asked(t *testing.T, h *apptest.House, want int, method, path string, body any, into any) object {
	t.Helper()
	answer := administer(t, h, want, method, path, body)
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			t.Fatalf("authentik's client cannot decode it: %v\n%s", err, answer)
		}
	}
	var out object
	noError(t, json.Unmarshal(answer, &out))
	return out
}

func TestExpressionsAreCheckedWhenTheyAreSaved(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey}})
	const wrong = "x = 1\nreturn requests.get(x)"
	for _, tt := range []struct {
		path, field string
		body        object
	}{
		{"/policies/expression/", "expression", object{"name": "p", "expression": wrong}},
		{"/propertymappings/provider/scope/", "expression", object{"name": "m", "scope_name": "m", "expression": wrong}},
		{"/propertymappings/source/oauth/", "expression", object{"name": "m", "expression": wrong}},
		{"/stages/prompt/prompts/", "initial_value", object{
			"name": "f", "field_key": "f", "label": "F", "type": "text", "order": 0, "initial_value": wrong, "initial_value_expression": true,
		}},
	} {
		got := asked(t, h, http.StatusBadRequest, http.MethodPost, tt.path, tt.body, nil)
		said, _ := json.Marshal(got[tt.field])
		if !strings.Contains(string(said), "line 2, column 8: undefined: requests (an expression cannot call other servers") {
			t.Errorf("%s: %v", tt.path, got)
		}
	}
	saved := asked(t, h, http.StatusCreated, http.MethodPost, "/policies/expression/", object{"name": "p", "expression": "return True\n"}, &ak.ExpressionPolicy{})
	id, _ := saved["pk"].(string)
	got := asked(t, h, http.StatusBadRequest, http.MethodPatch, "/policies/expression/"+id+"/", object{"expression": "return ("}, nil)
	if _, named := got["expression"]; !named {
		t.Errorf("a change: %v", got)
	}
}

func TestAPolicyIsTriedOut(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey}})
	me := asked(t, h, http.StatusOK, http.MethodGet, "/core/users/me/", nil, nil)
	user := me["user"].(object)["pk"]
	tests := []struct {
		name, expression string
		context          object
		want             object
		logs             []string
	}{
		{"passing", "return request.user.is_superuser and context['a'] == 1 and request.debug", object{"a": 1}, object{"passing": true, "messages": []any{}}, nil},
		{"refusing with a message", "ak_message('no')", object{}, object{"passing": false, "messages": []any{"no"}}, nil},
		{"failing", "return context['b']", object{}, object{"passing": false, "messages": []any{`line 1, column 15: key "b" not in dict`}}, nil},
		{"noting something", "ak_logger.warning('seen', n=1)\nak_create_event('visit')\nreturn True", object{}, object{"passing": true, "messages": []any{}}, []string{"seen", "custom_visit"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := asked(t, h, http.StatusCreated, http.MethodPost, "/policies/expression/", object{"name": tt.name, "expression": tt.expression}, nil)
			path := "/policies/all/" + p["pk"].(string) + "/test/"
			got := asked(t, h, http.StatusOK, http.MethodPost, path, object{"user": user, "context": tt.context}, &ak.PolicyTestResult{})
			lines, _ := got["log_messages"].([]any)
			delete(got, "log_messages")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(lines) != len(tt.logs) {
				t.Fatalf("log lines: %v", lines)
			}
			for i, want := range tt.logs {
				if lines[i].(object)["event"] != want {
					t.Errorf("log line: %v", lines[i])
				}
			}
		})
	}
	events := asked(t, h, http.StatusOK, http.MethodGet, "/events/events/?page_size=100", nil, nil)
	for _, e := range events["results"].([]any) {
		if action := e.(object)["action"].(string); strings.HasPrefix(action, "custom_") || strings.HasPrefix(action, "policy_") {
			t.Errorf("a try-out left an event: %v", e)
		}
	}
}

func TestAMappingIsTriedOut(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey}})
	me := asked(t, h, http.StatusOK, http.MethodGet, "/core/users/me/", nil, nil)
	user := me["user"].(object)["pk"]
	for _, tt := range []struct {
		name, path, query string
		mapping, body     object
		want              object
	}{
		{
			"a scope mapping", "provider/scope", "",
			object{"scope_name": "x", "expression": "return {'name': user.username, 'n': provider}"},
			object{"user": user, "context": object{"provider": 2}},
			object{"result": `{"n":2,"name":"akadmin"}`, "successful": true},
		},
		{
			"with indents", "provider/scope", "?format_result=true",
			object{"scope_name": "x", "expression": "return {'a': 1}"},
			object{},
			object{"result": "{\n    \"a\": 1\n}", "successful": true},
		},
		{
			"one of a source", "source/oauth", "",
			object{"expression": "return {'username': info['openid'], 'by': client}"},
			object{"context": object{"info": object{"openid": "o"}, "client": "c"}},
			object{"result": `{"by":"c","username":"o"}`, "successful": true},
		},
		{
			"one that fails", "source/oauth", "",
			object{"expression": "a = 1\nreturn info['openid']"},
			object{"context": object{"info": object{}}},
			object{"result": `line 2, column 12: key "openid" not in dict`, "successful": false},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.mapping["name"] = tt.name
			m := asked(t, h, http.StatusCreated, http.MethodPost, "/propertymappings/"+tt.path+"/", tt.mapping, nil)
			path := "/propertymappings/all/" + m["pk"].(string) + "/test/" + tt.query
			got := asked(t, h, http.StatusOK, http.MethodPost, path, tt.body, &ak.PropertyMappingTestResult{})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
