package api

import (
	"net/http"
	"slices"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

func (a *API) mountPrompts() {
	a.mount(collection{noun: a.noun("authentik_stages_prompt.prompt"), path: "stages/prompt/prompts", order: []string{"field_key", "name"}})
	a.handle(http.MethodPost, "/stages/prompt/prompts/preview/", func(*call) error { return errNotImplemented })
}

// decoratePrompt adds the stages that ask the prompt.
func (c *call) decoratePrompt(p *model.Prompt, out row) error {
	asked := []any{}
	for _, n := range c.Resources.Registry.Of("stage") {
		stages, err := c.Resources.List(c.s, n)
		if err != nil {
			return err
		}
		for _, o := range stages {
			if !asks(o, p.ID) {
				continue
			}
			st, err := c.encode(n, o)
			if err != nil {
				return err
			}
			asked = append(asked, st)
		}
	}
	out["prompt_stages_obj"] = asked
	return nil
}

func asks(o *resource.Object, id model.PromptID) bool {
	return slices.ContainsFunc(kind.References(o.Config), func(r kind.Reference) bool {
		return r.Field.Ref == "prompt" && slices.Contains(r.IDs, string(id))
	})
}
