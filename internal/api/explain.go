package api

import (
	"fmt"

	"github.com/weimen-id/weimen/internal/model"
)

// explained is an event with what a refused person read, in the language of who asks now: "explanation" is null where nobody was refused.
func (c *call) explained(e *model.Event) row {
	out := eventRow(e)
	out["explanation"] = c.explanation(e)
	return out
}

func (c *call) explanation(e *model.Event) any {
	reason, _ := e.Context["reason"].(string)
	if reason == "" || c.Text == nil {
		return nil
	}
	args := c.namesOf(e.Source)
	for name, value := range e.Context {
		if name == "source" {
			continue // its slug
		}
		if text, ok := value.(string); ok {
			args[name] = text
		} else if _, nested := value.(map[string]any); !nested {
			args[name] = fmt.Sprint(value)
		}
	}
	if name, ok := e.Context["source_name"].(string); ok {
		args["source"] = name // what it was called then
	}
	out := row{"reason": reason}
	for _, part := range []string{"title", "happened", "who", "next"} {
		key := "refusal." + reason + "." + part
		text := c.Text(c.visitor.Locale, key, args)
		if text == key { // a reason of an older version
			return nil
		}
		out[part] = text
	}
	return out
}
