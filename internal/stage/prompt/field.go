package prompt

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// fields makes what the stage asks, in order. Prompts that are gone are passed over.
func (d *driver) fields(ctx context.Context, v *stage.Visit) []*Field {
	prompts := make([]*model.Prompt, 0, len(d.Config.Fields))
	for _, id := range d.Config.Fields {
		if p := v.Snapshot.Prompts[id]; p != nil {
			prompts = append(prompts, p)
		}
	}
	slices.SortStableFunc(prompts, func(a, b *model.Prompt) int { return cmp.Compare(a.Order, b.Order) })
	data := stage.SlotPromptData.Value(v.Context)
	out := make([]*Field, len(prompts))
	for i, p := range prompts {
		out[i] = d.field(ctx, v, p, data)
		out[i].ID = "f-" + strconv.Itoa(i)
	}
	return out
}

func (d *driver) field(ctx context.Context, v *stage.Visit, p *model.Prompt, data map[string]any) *Field {
	f := &Field{FieldKey: p.FieldKey, Label: p.Label, Type: p.Type, Required: p.Required, Order: p.Order, SubText: p.SubText}
	if f.chooses() {
		f.Choices = d.choices(ctx, v, p, data)
	} else {
		f.Placeholder = text(d.value(ctx, v, p, data, "placeholder", p.Placeholder, p.PlaceholderExpression))
	}
	if f.Type == typePassword || f.Type == typeFile {
		return f // what was typed or sent once is not shown again, and no browser would show a file
	}
	collected, there := data[p.FieldKey]
	if there {
		f.initial = collected
	} else {
		f.initial = d.value(ctx, v, p, data, "initial_value", p.InitialValue, p.InitialValueExpression)
	}
	f.InitialValue = text(f.initial)
	switch {
	case f.Type == typeLocale:
		f.InitialValue = language(f.InitialValue)
	case f.chooses() && len(f.Choices) > 0 && f.choice(f.InitialValue) == nil:
		f.InitialValue = f.Choices[0].Value
	case f.Type == typeCheckbox && !truth(f.InitialValue):
		f.InitialValue = "" // clients tick the box for any other text
	case f.Type == typeSeparator:
		f.InitialValue = ""
	}
	f.Value = f.InitialValue
	if f.Type == typeDateTime {
		f.Value = localTime(f.Value)
	}
	return f
}

func (f *Field) choice(value string) *Choice {
	for i := range f.Choices {
		if f.Choices[i].Value == value {
			return &f.Choices[i]
		}
	}
	return nil
}

// choices are the values to choose from: what was collected under "<key>__choices", else what the placeholder gives, else its text, a choice each line.
func (d *driver) choices(ctx context.Context, v *stage.Visit, p *model.Prompt, data map[string]any) []Choice {
	if p.Type == typeLocale {
		return languages()
	}
	raw, there := data[p.FieldKey+"__choices"]
	switch {
	case there:
	case p.PlaceholderExpression:
		raw = d.value(ctx, v, p, data, "placeholder", p.Placeholder, true)
	default:
		var lines []any
		for line := range strings.Lines(p.Placeholder) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
		raw = lines
	}
	var out []Choice
	for _, item := range list(raw) {
		c := Choice{Value: text(item), raw: item}
		c.Label = c.Value
		if m, ok := item.(map[string]any); ok {
			c.raw = m["value"]
			c.Value = text(c.raw)
			if c.Label = text(m["label"]); c.Label == "" {
				c.Label = c.Value
			}
		}
		out = append(out, c)
	}
	return out
}

// list takes one value for a list of it.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	case []string:
		out := make([]any, len(v))
		for i, s := range v {
			out[i] = s
		}
		return out
	}
	return []any{v}
}

// languages are those that the house speaks, each by its own name. The first leaves it to the browser.
func languages() []Choice {
	names := map[string]string{i18n.English: "English", i18n.Chinese: "简体中文"}
	out := []Choice{{Value: "", Label: "Auto-detect, based on your browser", raw: ""}}
	for _, lang := range i18n.Languages() {
		out = append(out, Choice{Value: lang, Label: names[lang], raw: lang})
	}
	return out
}

// language gives the house's language for a tag such as "zh-Hans" or "en_GB", "" for any other.
func language(tag string) string {
	tag, _, _ = strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	if slices.Contains(i18n.Languages(), tag) {
		return tag
	}
	return ""
}

// part is one expression of a prompt, as a key of what is derived from a snapshot.
type part struct {
	prompt model.PromptID
	name   string
}

type compiled struct {
	run Run
	err error
}

// slotFailed lists the expressions that have failed in this run and were reported.
var slotFailed = model.NewSlot[[]string]("goauthentik.io/stages/prompt/failed")

// value gives what an administrator wrote: the text, or what it comes to as an expression; nil for one that fails.
func (d *driver) value(ctx context.Context, v *stage.Visit, p *model.Prompt, data map[string]any, name, source string, expression bool) any {
	if !expression {
		return source
	}
	c := model.Derive(v.Snapshot, part{p.ID, name}, func() compiled {
		run, err := d.Compile(p.Name, source, "prompt_context")
		return compiled{run, err}
	})
	err := c.err
	if err == nil {
		collected := maps.Clone(data)
		if collected == nil {
			collected = map[string]any{}
		}
		o := vocabulary.Occasion{Visitor: v.Visitor, User: target(v), Context: v.Context, Query: v.Query, Obj: p}
		var result vocabulary.Result
		if result, err = c.run(ctx, o, map[string]any{"prompt_context": collected}); err == nil {
			return result.Value
		}
	}
	report(v, p, name, err)
	return nil
}

// report tells the administrator of an expression that fails, once in a run.
func report(v *stage.Visit, p *model.Prompt, name string, err error) {
	what := string(p.ID) + "/" + name
	known := slotFailed.Value(v.Context)
	if slices.Contains(known, what) {
		return
	}
	slotFailed.Set(v.Context, append(slices.Clone(known), what))
	v.Record(event.New(model.ActionMappingException, "authentik.stages.prompt", v.Visitor, map[string]any{
		"prompt": p.Name, "field": name, "message": fmt.Sprintf("Failed to evaluate the %s of prompt %s: %v", name, p.Name, err),
	}))
}

// text writes a value as a field shows it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return ""
	case json.Number, int, int64, float64:
		return fmt.Sprint(v)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// truth reads a box: what forms, programs and expressions say for a ticked one.
func truth(s string) bool {
	switch strings.ToLower(s) {
	case "", "false", "0", "off", "no", "null":
		return false
	}
	return true
}
