package vocabulary_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/model"
)

// example is one expression of the corpus, on one occasion.
type example struct {
	Name string
	// Expression is the text. Left out, it is that of the example before.
	Expression string
	// User is "zhangsan", "akadmin", "guest", "unborn", or empty for nobody.
	User string
	// Context is the plan's before, After what it must be afterwards where that is said: only the entries named, null for one that is gone.
	Context, After map[string]any
	// Plan says that there is a plan behind the context.
	Plan  bool
	Query map[string]string
	IP    string
	Agent string
	Obj   string
	// Extra are the variables of a mapping or a prompt; a *expr.Mutable for "properties".
	Extra map[string]any
	// Settings of the installation that differ from the defaults.
	NoNameChange bool `yaml:"no_name_change"`

	// Passes is what it comes to as a condition, Returns as a value; one of the two is there, unless it fails.
	Passes     *bool
	Returns    any
	Fails      string
	Messages   []string
	Redirect   string
	Properties map[string]any
	Events     []string
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	texts := map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var examples []example
		d := yaml.NewDecoder(bytes.NewReader(raw))
		d.KnownFields(true)
		if err := d.Decode(&examples); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			for i := range examples {
				if examples[i].Expression == "" {
					examples[i].Expression = examples[i-1].Expression
				}
				texts[examples[i].Expression] = true
				t.Run(examples[i].Name, examples[i].run)
			}
		})
	}
	if len(texts) < 60 {
		t.Errorf("the corpus has %d expressions", len(texts))
	}
}

func (x *example) run(t *testing.T) {
	h := &house{}
	v := h.words()
	v.Snapshot().Settings.DefaultUserChangeName = !x.NoNameChange
	extra := make([]string, 0, len(x.Extra))
	for name := range x.Extra {
		extra = append(extra, name)
	}
	e := compile(t, v, x.Expression, extra...)
	if h.asked.Load() > 0 {
		t.Error("the database was asked before the expression ran")
	}
	redirect := ""
	o := x.occasion(t, v, &redirect)
	variables, properties := x.variables(v)
	var result vocabulary.Result
	var err error
	if x.Passes != nil {
		result, err = e.Holds(t.Context(), o, variables)
	} else {
		result, err = e.Run(t.Context(), o, variables)
	}
	if x.Fails != "" {
		if err == nil || !strings.Contains(err.Error(), x.Fails) {
			t.Errorf("error %v, want %q", err, x.Fails)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if x.Passes != nil && result.Passing != *x.Passes {
		t.Errorf("passing is %v", result.Passing)
	}
	same(t, "result", x.Returns, result.Value)
	same(t, "messages", x.Messages, result.Messages)
	if redirect != x.Redirect {
		t.Errorf("redirect to %q", redirect)
	}
	x.checkAfter(t, o.Context)
	if x.Properties != nil {
		same(t, "properties", x.Properties, properties.Value)
	}
	var events []string
	for _, ev := range h.events {
		events = append(events, string(ev.Action))
	}
	same(t, "events", x.Events, events)
}

func (x *example) occasion(t *testing.T, v *vocabulary.Vocabulary, redirect *string) vocabulary.Occasion {
	t.Helper()
	users := map[string]*model.User{"zhangsan": zhang(), "akadmin": akadmin(), "guest": guest(), "unborn": unborn()}
	o := vocabulary.Occasion{Context: model.NewPlanContext(), User: users[x.User], Query: url.Values{}}
	o.Visitor = &model.Visitor{
		ClientIP: "198.51.100.7", UserAgent: x.Agent, Host: "id.example.org", Method: "GET", Path: "/if/flow/enroll/", Locale: "zh", RequestID: "r",
	}
	if x.IP != "" {
		o.Visitor.ClientIP = x.IP
	}
	for name, value := range x.Query {
		o.Query.Set(name, value)
	}
	// The plan was stored and read back: its entries are what JSON makes of them.
	raw, err := json.Marshal(x.Context)
	if err != nil {
		t.Fatal(err)
	}
	if x.Context != nil {
		if err := json.Unmarshal(raw, o.Context); err != nil {
			t.Fatal(err)
		}
	}
	if name, ok := x.Context["pending_user"].(string); ok {
		o.Context.Put("pending_user", users[name])
	}
	if x.Plan {
		o.Redirect = func(to string) { *redirect = to }
	}
	switch x.Obj {
	case "source":
		o.Obj = v.Snapshot().Sources["s"]
	case "application":
		o.Obj = v.Snapshot().Applications["a"]
	case "flow":
		o.Obj = v.Snapshot().Flows["f"]
	case "binding":
		o.Obj = v.Snapshot().Bindings["b"]
	}
	return o
}

func (x *example) variables(v *vocabulary.Vocabulary) (map[string]any, *expr.Mutable) {
	variables := map[string]any{}
	properties := &expr.Mutable{}
	for name, value := range x.Extra {
		switch name {
		case "properties":
			properties.Value, _ = value.(map[string]any)
			value = properties
		case "source":
			value = v.NounObject(v.Snapshot().Sources["s"])
		case "provider", "token":
			if id, ok := value.(int); ok {
				value = v.NounObject(v.Snapshot().Providers[model.ProviderID(id)])
				break
			}
			record, _ := value.(map[string]any)
			value = &expr.Object{Type: name, Attr: func(name string) (any, bool) {
				attr, ok := record[name]
				return attr, ok
			}}
		}
		variables[name] = value
	}
	return variables, properties
}

func (x *example) checkAfter(t *testing.T, c *model.PlanContext) {
	t.Helper()
	for name, want := range x.After {
		got, there := c.Lookup(name)
		if u, ok := got.(*model.User); ok {
			got = u.Username
		}
		if want == nil && there {
			t.Errorf("context[%q] is still there", name)
		}
		same(t, "context["+name+"]", want, got)
	}
	if x.After == nil && c.Dirty() && x.Context["pending_user"] == nil {
		t.Errorf("the plan's context was written, and the example says nothing about it: %v", slices.Sorted(slices.Values(c.Names())))
	}
}

// same compares what JSON says of two values.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	normal := func(v any) any {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var out any
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if diff := cmp.Diff(normal(want), normal(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
