package mapping

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/model"
)

// OfSource is a driver whose mappings make properties of what a kind of source tells.
type OfSource interface {
	Driver
	// SourceKind is the kind of source that they are for.
	SourceKind() string
}

// SourceVariables are what a mapping of a source may read beside the words that every expression has.
func SourceVariables() []string {
	return []string{"source", "info", "client", "token", "properties", "group_id"}
}

// Profile is what a source tells about a person who came back from it.
type Profile struct {
	Source *model.Source
	// Variety is the type of the upstream, such as "wechat".
	Variety string
	// Base are the properties that the source itself makes of the profile: username, name, email, attributes, groups.
	Base map[string]any
	// Info is the profile as it came.
	Info map[string]any
	// Token is what may be known of the upstream's token: its scope, for example, and never the token.
	Token map[string]any
	// Visitor is who came back; its user, if any, is signed in already.
	Visitor *model.Visitor
	// Tried, if set, says that the mappings are only tried out, so that nothing is stored by them, and is told what each of them gave.
	Tried func(m *model.PropertyMapping, result any, err error)
}

// Properties are what the mappings of a source make of a profile.
type Properties struct {
	// User are the user's properties, as prompt_data holds them: no nulls at the top, no groups.
	User map[string]any
	// Groups are the groups that the source puts the person into, by the source's own ids. Nil: the source says nothing about groups.
	Groups map[string]map[string]any
	// Mapped are the properties that a mapping has set, in contrast to those that are as the source itself made them.
	Mapped map[string]bool
}

// Failure is also an error: a mapping that ends a sign-in.
func (f Failure) Error() string { return "property mapping " + f.Mapping.Name + ": " + f.Err.Error() }

// Unwrap gives what went wrong.
func (f Failure) Unwrap() error { return f.Err }

// Place gives the line and column of the expression that are to blame, 0 where none is.
func (f Failure) Place() (line, column int) {
	var runtime *expr.RuntimeError
	var syntax *expr.SyntaxError
	switch {
	case errors.As(f.Err, &runtime):
		return runtime.Line, runtime.Column
	case errors.As(f.Err, &syntax):
		return syntax.Line, syntax.Column
	}
	return 0, 0
}

// UserProperties runs the source's mappings over a profile, in the order of their names. Each sees in "properties" what came of those before it, and may change it there; an
// object that it returns is merged into it (see [MergeUnique]), anything else is passed over. The first that fails ends it: the error is a [Failure].
func (e *Engine) UserProperties(ctx context.Context, s *model.Snapshot, p Profile) (Properties, error) {
	user := map[string]any{"path": p.Source.UserPath(), "attributes": map[string]any{}}
	MergeUnique(user, p.Base)
	out := Properties{Mapped: map[string]bool{}}
	user, err := e.transform(ctx, s, p, p.Source.UserPropertyMappings, user, nil, out.Mapped)
	if err != nil {
		return Properties{}, err
	}
	groups, told := user["groups"]
	delete(user, "groups")
	out.User = withoutNulls(user)
	if !told {
		return out, nil
	}
	out.Groups = map[string]map[string]any{}
	for _, id := range groupIDs(groups) {
		if out.Groups[id], err = e.groupProperties(ctx, s, p, id); err != nil {
			return Properties{}, err
		}
	}
	return out, nil
}

// groupProperties runs the source's group mappings for one of the groups that the source names.
func (e *Engine) groupProperties(ctx context.Context, s *model.Snapshot, p Profile, id string) (map[string]any, error) {
	group, err := e.transform(ctx, s, p, p.Source.GroupPropertyMappings, map[string]any{"name": id}, id, map[string]bool{})
	return withoutNulls(group), err
}

// transform runs mappings over properties, and notes in mapped which of them they set.
func (e *Engine) transform(
	ctx context.Context, s *model.Snapshot, p Profile, ids []model.MappingID, properties map[string]any, group any, mapped map[string]bool,
) (map[string]any, error) {
	mappings, err := e.ofSource(s, p.Source, ids)
	if err != nil {
		return nil, err
	}
	if len(mappings) == 0 {
		return properties, nil
	}
	variables := sourceVariables(e.words, p, group)
	for _, m := range mappings {
		accumulated := &expr.Mutable{Value: properties}
		variables["properties"] = accumulated
		result, err := m.Run(ctx, p.occasion(), variables)
		if err != nil && !Blames(err) {
			return nil, err
		}
		if p.Tried != nil {
			p.Tried(m.PropertyMapping, result, err)
		}
		if err != nil {
			return nil, Failure{m.PropertyMapping, err}
		}
		for key, value := range accumulated.Value {
			if !SameValue(properties[key], value) {
				mapped[key] = true
			}
		}
		properties = accumulated.Value
		object, _ := result.(map[string]any)
		for key := range object {
			mapped[key] = true
		}
		MergeUnique(properties, object)
	}
	return properties, nil
}

// ofSource opens the mappings among ids that are for the source's kind, by name. One of another kind is passed over; one that cannot be opened is a [Failure].
func (e *Engine) ofSource(s *model.Snapshot, src *model.Source, ids []model.MappingID) ([]*Mapping, error) {
	var out []*Mapping
	for _, id := range ids {
		m, err := e.Open(s, id)
		if err != nil {
			if noun := s.Mappings[id]; noun != nil {
				return nil, Failure{noun, err}
			}
			continue // it was deleted, and its references are on their way out
		}
		if d, ok := m.Driver.(OfSource); ok && d.SourceKind() == src.Kind {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b *Mapping) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// sourceVariables are what a mapping of a source may read beside the words that every expression has.
func sourceVariables(words *vocabulary.Vocabulary, p Profile, group any) map[string]any {
	return map[string]any{
		"source": words.NounObject(p.Source), "info": p.Info, "token": p.Token, "group_id": group,
		"client": map[string]any{"source": p.Source.Slug, "provider_type": p.Variety},
	}
}

// occasion is what the expressions are evaluated on.
func (p Profile) occasion() vocabulary.Occasion {
	o := vocabulary.Occasion{Visitor: p.Visitor, Obj: p.Source, Debug: p.Tried != nil}
	if p.Visitor != nil {
		o.User = p.Visitor.User
	}
	return o
}

func withoutNulls(properties map[string]any) map[string]any {
	maps.DeleteFunc(properties, func(_ string, v any) bool { return v == nil })
	return properties
}

// groupIDs are the ids in a list, each once. A number is an id as it is written; what is neither text nor number names no group.
func groupIDs(v any) []string {
	list, ok := plain(v).([]any)
	if !ok {
		list = []any{v}
	}
	var out []string
	for _, item := range list {
		id := ""
		switch item := item.(type) {
		case string:
			id = item
		case int64, float64, json.Number:
			raw, _ := json.Marshal(item) // a number always encodes
			id = string(raw)
		}
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
