package expr

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.starlark.net/starlark"
)

// run is one evaluation: what its values share.
type run struct {
	ctx     context.Context
	secrets []string // clear values of secrets that the text has got hold of
	mutable []mutableValue
	failed  error // what went wrong where the interpreter takes no error
}

// mutableValue pairs a Mutable with the dict that stands for it during one run.
type mutableValue struct {
	m    *Mutable
	dict *starlark.Dict
}

// runKey is the name of the thread's local that holds its run.
const runKey = "run"

func runOf(thread *starlark.Thread) *run {
	r, _ := thread.Local(runKey).(*run)
	return r
}

// Run evaluates the text. A variable for which args has no value is None; an argument that is no variable of the text is an error.
//
// The result is nil, bool, int64, float64, string, []any or map[string]any, also within one another; nil if nothing is returned. Whatever
// fails inside the text is a [RuntimeError].
func (p *Program) Run(ctx context.Context, args map[string]any) (any, error) {
	var result any
	err := p.run(ctx, args, func(v starlark.Value) (err error) {
		result, err = (&reader{left: p.limits.Result}).read(v, 0)
		return err
	})
	return result, err
}

// Holds evaluates the text as a condition: what it returns may be anything, and is true or false as in an "if".
func (p *Program) Holds(ctx context.Context, args map[string]any) (bool, error) {
	holds := false
	err := p.run(ctx, args, func(v starlark.Value) error {
		holds = bool(v.Truth())
		return nil
	})
	return holds, err
}

// run evaluates the text and hands over what it returns. Nothing is written back unless take agrees.
func (p *Program) run(ctx context.Context, args map[string]any, take func(starlark.Value) error) error {
	ctx, cancel := context.WithTimeout(ctx, p.limits.Time)
	defer cancel()
	r := &run{ctx: ctx}
	values, err := p.arguments(r, args)
	if err != nil {
		return err
	}

	tooManySteps := false
	thread := &starlark.Thread{Name: p.name, Print: func(*starlark.Thread, string) {}}
	thread.SetLocal(runKey, r)
	thread.SetMaxExecutionSteps(p.limits.Steps)
	thread.OnMaxSteps = func(t *starlark.Thread) {
		tooManySteps = true
		t.Cancel(ErrTooManySteps.Error())
	}
	stop := context.AfterFunc(ctx, func() { thread.Cancel(ErrTooSlow.Error()) })
	defer stop()

	value, err := starlark.Call(thread, p.fn, values, nil)
	if err == nil {
		err = take(value)
	}
	if r.failed != nil {
		err = r.failed
	}
	if err != nil {
		var cause error
		switch {
		case tooManySteps:
			cause = ErrTooManySteps
		case errors.Is(err, ErrTooLarge):
			cause = ErrTooLarge
		case ctx.Err() != nil:
			cause = stopped(ctx)
		}
		return asRuntimeError(err, cause, r.secrets)
	}
	if err := p.writeBack(r); err != nil {
		return asRuntimeError(err, limitOf(err), r.secrets)
	}
	return nil
}

// stopped tells the limit of the program from the end of the caller's own context.
func stopped(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Canceled
	}
	return ErrTooSlow
}

// limitOf names the limit that an error while reading a result comes from, if any.
func limitOf(err error) error {
	if errors.Is(err, ErrTooLarge) {
		return ErrTooLarge
	}
	return nil
}

func (p *Program) arguments(r *run, args map[string]any) (starlark.Tuple, error) {
	values := make(starlark.Tuple, len(p.params))
	known := 0
	for i, param := range p.params {
		arg, ok := args[param]
		if ok {
			known++
		}
		if !ok || !p.used[i] {
			values[i] = starlark.None
			continue
		}
		value, err := r.value(arg, 0)
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", param, err)
		}
		values[i] = value
	}
	if known < len(args) {
		for name := range args {
			if !slices.Contains(p.params, name) {
				return nil, fmt.Errorf("variable %s was not named when the expression was compiled", name)
			}
		}
	}
	return values, nil
}

// writeBack gives every Mutable what the text has made of it. What the text left alone stays the very value that was given.
func (p *Program) writeBack(r *run) error {
	if !p.mutates {
		return nil
	}
	for _, mv := range r.mutable {
		changed, err := r.changed(mv)
		if err != nil {
			return err
		}
		if len(changed) == 0 {
			continue
		}
		read := &reader{left: p.limits.Result, secrets: r.secrets, whole: true}
		after := maps.Clone(mv.m.Value)
		if after == nil {
			after = map[string]any{}
		}
		for _, key := range changed {
			value, found, err := mv.dict.Get(starlark.String(key))
			if err != nil {
				return err
			}
			if !found {
				delete(after, key)
				continue
			}
			if after[key], err = read.entry(key, value); err != nil {
				return err
			}
		}
		mv.m.Value, mv.m.Changed = after, changed
	}
	return nil
}

// changed compares a dict with what was given, key by key.
func (r *run) changed(mv mutableValue) ([]string, error) {
	var changed []string
	for key, given := range mv.m.Value {
		value, found, err := mv.dict.Get(starlark.String(key))
		if err != nil {
			return nil, err
		}
		same := false
		if found {
			before, err := r.value(given, 1)
			if err != nil {
				return nil, err
			}
			// What cannot be compared counts as changed.
			same, err = starlark.EqualDepth(before, value, maxDepth)
			same = same && err == nil
		}
		if !same {
			changed = append(changed, key)
		}
	}
	for key := range mv.dict.Entries() {
		name, ok := starlark.AsString(key)
		if !ok {
			return nil, fmt.Errorf("a key of a dict that is kept is a %s; it must be a string", key.Type())
		}
		if _, known := mv.m.Value[name]; !known {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed, nil
}
