package api

import (
	"encoding/json"
	"errors"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

// checkForm tells what saving a form would find wrong, and saves nothing. A key says which object is to be changed; without one it is a new one.
func (c *call) checkForm() error {
	body, err := c.body()
	if err != nil {
		return err
	}
	var of struct {
		Form string `json:"form" required:"true"`
		Key  string `json:"key"`
	}
	if errs := kind.Decode(&of, body, kind.Create); len(errs) > 0 {
		return &model.Error{Code: model.CodeInvalid, Message: "invalid input", Fields: errs}
	}
	var filled kind.Body
	if err := json.Unmarshal(body["body"], &filled); err != nil {
		return model.Invalid("body", "Expected an object.")
	}
	n := c.formNoun(of.Form)
	if n == nil {
		return model.Invalid("form", "There is no such form.")
	}
	var fault *model.Error
	switch err := c.Resources.Examine(c.ctx(), c.by, n, of.Key, filled); {
	case err == nil:
		return c.ok(row{"fields": row{}})
	case errors.As(err, &fault) && (fault.Code == model.CodeInvalid || fault.Code == model.CodeConflict):
		return c.ok(row{"fields": c.refused(c.r, fault)})
	default:
		return err
	}
}

// formNoun finds the noun whose form has a name, nil if there is none.
func (c *call) formNoun(schema string) *resource.Noun {
	for _, col := range c.mounted {
		if col.noun.Schema == schema && !col.noun.Umbrella() {
			return col.noun
		}
	}
	return nil
}
