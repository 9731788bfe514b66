package mapping

import (
	"context"
	"fmt"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// Driver is one property mapping's kind, opened from its settings.
type Driver interface {
	// Variables are the names that an expression of this kind may read.
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

// Groups reads a user's groups. A store has it.
type Groups interface {
	GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
}

// Engine opens and runs mappings.
type Engine struct {
	shelf  *kind.Shelf[Driver]
	box    kind.Box
	groups Groups
}

// New makes an engine that knows the kinds of mapping on the shelf.
func New(shelf *kind.Shelf[Driver], box kind.Box, groups Groups) *Engine {
	return &Engine{shelf: shelf, box: box, groups: groups}
}

// Mapping is a property mapping, opened and compiled.
type Mapping struct {
	*model.PropertyMapping
	Driver Driver
	// program is nil where err says why the expression cannot be compiled.
	program *expr.Program
	err     error
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
	m.program, m.err = compile(noun.Name, noun.Expression, driver)
	return m, nil
}

// Check reports what is wrong with an expression before it is saved, as an error of the field "expression".
func (e *Engine) Check(name, expression string, d Driver) error {
	if _, err := compile(name, expression, d); err != nil {
		return model.Invalid("expression", err.Error())
	}
	return nil
}

func compile(name, expression string, d Driver) (*expr.Program, error) {
	return expr.Compile(name, expression, d.Variables(), expr.Options{})
}

// Run evaluates the expression. Variables that the kind does not have are left out; the result is plain data.
func (m *Mapping) Run(ctx context.Context, variables map[string]any) (any, error) {
	if m.err != nil {
		return nil, m.err
	}
	args := make(map[string]any, len(variables))
	for _, name := range m.Driver.Variables() {
		if v, ok := variables[name]; ok {
			args[name] = v
		}
	}
	return m.program.Run(ctx, args)
}
