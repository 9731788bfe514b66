package mapping

import (
	"context"
	"errors"
	"fmt"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// Driver is one property mapping's kind, opened from its settings.
type Driver interface {
	// Variables are the names that an expression of this kind may read beside those that every expression has.
	Variables() []string
}

// Scope is a driver whose mapping gives the claims of an OAuth scope.
type Scope interface {
	Driver
	// ScopeName is the scope as clients ask for it.
	ScopeName() string
	// Description is what a person reads who is asked for consent. Empty: the scope is not worth mentioning.
	Description() string
}

// Engine opens and runs mappings.
type Engine struct {
	shelf *kind.Shelf[Driver]
	box   kind.Box
	words *vocabulary.Vocabulary
}

// New makes an engine that knows the kinds of mapping on the shelf, whose expressions know the words.
func New(shelf *kind.Shelf[Driver], box kind.Box, words *vocabulary.Vocabulary) *Engine {
	return &Engine{shelf: shelf, box: box, words: words}
}

// Mapping is a property mapping, opened and compiled.
type Mapping struct {
	*model.PropertyMapping
	Driver Driver
	// expression is nil where err says why it cannot be compiled.
	expression *vocabulary.Expression
	err        error
}

type opened struct {
	mapping *Mapping
	err     error
}

// Open gives a mapping of the snapshot: model.ErrNotFound where there is none. An expression with a fault is reported when it is run.
func (e *Engine) Open(s *model.Snapshot, id model.MappingID) (*Mapping, error) {
	type key struct{ id model.MappingID }
	o := model.Derive(s, key{id}, func() opened {
		m, err := e.open(s, id)
		return opened{m, err}
	})
	return o.mapping, o.err
}

func (e *Engine) open(s *model.Snapshot, id model.MappingID) (*Mapping, error) {
	noun := s.Mappings[id]
	if noun == nil {
		return nil, model.ErrNotFound
	}
	driver, err := e.shelf.Open(noun.Kind, noun.Config, e.box, "property_mappings/config/"+string(id))
	if err != nil {
		return nil, fmt.Errorf("open property mapping %s: %w", noun.Name, err)
	}
	m := &Mapping{PropertyMapping: noun, Driver: driver}
	m.expression, m.err = e.words.Compile(noun.Name, noun.Expression, driver.Variables()...)
	return m, nil
}

// Check reports what is wrong with a mapping's expression before it is saved, as an error of the field "expression".
func (e *Engine) Check(noun *model.PropertyMapping) error {
	k, ok := e.shelf.Get(noun.Kind)
	if !ok {
		return model.Invalid("expression", "There is no such kind of mapping.")
	}
	d, err := k.OpenDefault()
	if err != nil {
		return fmt.Errorf("open property mapping %s: %w", noun.Name, err)
	}
	if _, err := e.words.Compile(noun.Name, noun.Expression, d.Variables()...); err != nil {
		return model.Invalid("expression", err.Error()).Because(err)
	}
	return nil
}

// Run evaluates the expression. The variables are the driver's own, and what it returns is plain data. The error is the expression's (see [Blames]) or the database's.
func (m *Mapping) Run(ctx context.Context, o vocabulary.Occasion, variables map[string]any) (any, error) {
	if m.err != nil {
		return nil, m.err
	}
	result, err := m.expression.Run(ctx, o, variables)
	return result.Value, err
}

// Blames reports whether an error is the expression's own fault, and not the database's.
func Blames(err error) bool {
	var syntax *expr.SyntaxError
	var runtime *expr.RuntimeError
	return errors.As(err, &syntax) || errors.As(err, &runtime)
}
