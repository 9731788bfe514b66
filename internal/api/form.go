package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/label"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

// form says how an object of a noun is made and changed: what the console draws a form from. It is ours; authentik's console brings its forms with it.
type form struct {
	Ref               string      `json:"ref"`
	Kind              string      `json:"kind"`
	Model             string      `json:"model"`
	Schema            string      `json:"schema"`
	Path              string      `json:"path"`
	Key               string      `json:"key"`
	VerboseName       string      `json:"verbose_name"`
	VerboseNamePlural string      `json:"verbose_name_plural"`
	Component         string      `json:"component"`
	Description       string      `json:"description"`
	Fields            []formField `json:"fields"`
}

type formField struct {
	Name      string          `json:"name"`
	Title     string          `json:"title"`
	Help      string          `json:"help"`
	Type      kind.Type       `json:"type"`
	Item      *formField      `json:"item,omitempty"`
	Fields    []formField     `json:"fields,omitempty"`
	Nullable  bool            `json:"nullable"`
	Required  bool            `json:"required"`
	Blank     bool            `json:"blank"`
	ReadOnly  bool            `json:"read_only"`
	WriteOnly bool            `json:"write_only"`
	Multiline bool            `json:"multiline"`
	Slug      bool            `json:"slug"`
	Unique    bool            `json:"unique"`
	MaxLength int             `json:"max_length"`
	Enum      []formValue     `json:"enum"`
	Ref       string          `json:"ref"`
	Default   json.RawMessage `json:"default"`
	Group     string          `json:"group"`
	Widget    string          `json:"widget"`
}

type formValue struct {
	Value string `json:"value"`
	Title string `json:"title"`
}

// keys are the properties that stand in the addresses of objects, where it is not "pk".
var keys = map[string]string{"flow": "slug", "source": "slug", "application": "slug", "brand": "brand_uuid", "applicationentitlement": "pbm_uuid"}

// forms answers how every noun of the configuration is made.
func (c *call) forms() error {
	out, err := c.formsIn(c.visitor.Locale, func(noun string) bool { return access.May(c.by.Principal, access.View, noun, 0) == nil })
	if err != nil {
		return err
	}
	return c.ok(row{"forms": out})
}

// FormsIn gives all forms in a language as JSON, for the tests of whoever draws them.
func (a *API) FormsIn(locale string) (json.RawMessage, error) {
	all, err := a.formsIn(locale, func(string) bool { return true })
	if err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// formsIn describes the nouns that pass.
func (a *API) formsIn(locale string, may func(noun string) bool) ([]form, error) {
	labels, err := label.In(locale)
	if err != nil {
		return nil, err
	}
	out := []form{}
	for _, col := range a.mounted {
		if col.noun.Umbrella() || !may(col.noun.Model) {
			continue
		}
		f, err := formOf(labels, col.noun, col.path)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	if may(resource.ModelSettings) {
		f, err := settingsForm(labels)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func formOf(labels *label.Labels, n *resource.Noun, path string) (form, error) {
	f := form{
		Ref: n.Ref, Model: n.Model, Schema: n.Schema, Path: path, Key: keys[n.Ref], VerboseName: n.VerboseName, VerboseNamePlural: n.VerbosePlural,
		Component: n.Component, Description: n.Description,
	}
	if f.Key == "" {
		f.Key = "pk"
	}
	if n.Kind != nil {
		f.Kind = n.Kind.Name
	}
	if l, ok := labels.Kinds[n.Model]; ok {
		f.VerboseName, f.VerboseNamePlural, f.Description = l.Name, l.Plural, l.Description
	}
	o := n.New()
	defaults := kind.Encode(o.Value)
	if o.Config != nil {
		maps.Copy(defaults, kind.Encode(o.Config))
	}
	return f, f.fill(labels, n.Fields(), defaults)
}

// settingsForm is the form of the installation's settings: one object, which has no key.
func settingsForm(labels *label.Labels) (form, error) {
	l := labels.Kinds[resource.ModelSettings]
	f := form{
		Ref: "settings", Model: resource.ModelSettings, Schema: "Settings", Path: "admin/settings", VerboseName: cmp.Or(l.Name, "Settings"),
		VerboseNamePlural: cmp.Or(l.Plural, "Settings"), Description: l.Description,
	}
	s := model.NewSettings()
	return f, f.fill(labels, kind.Fields(s), kind.Encode(s))
}

func (f *form) fill(labels *label.Labels, fields []kind.Field, defaults map[string]any) error {
	for i := range fields {
		out := formFieldOf(labels, &fields[i])
		if value, ok := defaults[fields[i].Name]; ok && !fields[i].ReadOnly {
			raw, err := json.Marshal(value)
			if err != nil {
				return fmt.Errorf("write default of %s: %w", fields[i].GoName, err)
			}
			out.Default = raw
		}
		f.Fields = append(f.Fields, out)
	}
	return nil
}

func formFieldOf(labels *label.Labels, f *kind.Field) formField {
	l := labels.Fields[f.GoName]
	out := formField{
		Name: f.Name, Title: f.Title, Help: f.Help(), Type: f.Type, Nullable: f.Nullable, Required: f.Required, Blank: f.Blank, ReadOnly: f.ReadOnly, WriteOnly: f.WriteOnly,
		Multiline: f.Multiline, Slug: f.Slug, Unique: f.Unique, MaxLength: f.MaxLength, Enum: []formValue{}, Ref: f.Ref, Group: f.Group, Widget: f.Widget,
		Default: json.RawMessage("null"),
	}
	if l.Title != "" {
		out.Title = l.Title
	}
	if l.Help != "" {
		out.Help = l.Help
	}
	for _, value := range f.Enum {
		out.Enum = append(out.Enum, formValue{value, l.Value(value)})
	}
	if f.Item != nil {
		item := formFieldOf(labels, f.Item)
		item.Enum = item.Enum[:0]
		for _, value := range f.Item.Enum { // the items' values are named with the list
			item.Enum = append(item.Enum, formValue{value, l.Value(value)})
		}
		out.Item = &item
	}
	for i := range f.Fields {
		out.Fields = append(out.Fields, formFieldOf(labels, &f.Fields[i]))
	}
	return out
}

func (a *API) mountForms() {
	a.handle(http.MethodGet, "/schema/forms/", (*call).forms)
	a.handle(http.MethodPost, "/schema/check/", (*call).checkForm)
}
