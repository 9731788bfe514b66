package resource

import (
	"strings"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// Noun is a sort of object, by authentik's names.
type Noun struct {
	// Model is "<app label>.<model>": "authentik_flows.flow".
	Model                      string
	VerboseName, VerbosePlural string
	Component, Description     string
	// Schema names it in the OpenAPI document: "OAuthSource".
	Schema string
	// Ref is what the tag ref calls it: "flow". Kinds of one sort share it.
	Ref string
	// Kind is the kind on its shelf. It is nil for a noun without kinds, and for the noun that stands for all kinds of a sort.
	Kind *kind.Description

	sort *sort
}

// App and Name are the two parts of the model's name.
func (n *Noun) App() string { app, _, _ := strings.Cut(n.Model, "."); return app }

// Name is the second part: "flow".
func (n *Noun) Name() string { _, name, _ := strings.Cut(n.Model, "."); return name }

// Umbrella reports whether the noun stands for all kinds of its sort. Its objects can be listed and deleted, not made.
func (n *Noun) Umbrella() bool { return n.sort.kind != nil && n.Kind == nil }

// New gives a new object with the defaults.
func (n *Noun) New() *Object {
	o := &Object{Noun: n, Value: n.sort.fresh()}
	if n.Kind != nil {
		name, _ := n.sort.kind(o.Value)
		*name = n.Kind.Name
		o.Config = n.Kind.New()
	}
	return o
}

// Fields describes the flat body: the noun's own fields, then those of its kind.
func (n *Noun) Fields() []kind.Field {
	o := n.New()
	fields := append([]kind.Field{}, kind.Fields(o.Value)...)
	if o.Config != nil {
		fields = append(fields, kind.Fields(o.Config)...)
	}
	return fields
}

// Object is one object: the noun's struct and its kind's settings, in clear. What comes out of a snapshot is shared and must not be written to.
type Object struct {
	Noun *Noun
	// Value points to a struct of package model.
	Value any
	// Config points to the kind's settings; nil without a kind.
	Config any
}

// ID is the primary key as text.
func (o *Object) ID() string { return o.Noun.sort.id(o.Value) }

// Key is what stands in the object's address: a slug, or the id.
func (o *Object) Key() string { return o.Noun.sort.key(o.Value) }

// Name is for people.
func (o *Object) Name() string { return o.Noun.sort.name(o.Value) }

// Kinds are the shelves, described.
type Kinds struct {
	Stages, Policies, Mappings, Sources, Providers []kind.Description
}

// Registry holds all nouns of the configuration.
type Registry struct {
	sorts    map[string]*sort
	nouns    []*Noun
	byModel  map[string]*Noun
	byKind   map[[2]string]*Noun
	umbrella map[string]*Noun
}

// NewRegistry lists the nouns. Kinds come from their shelves.
func NewRegistry(k Kinds) *Registry {
	r := &Registry{
		sorts: map[string]*sort{}, byModel: map[string]*Noun{}, byKind: map[[2]string]*Noun{}, umbrella: map[string]*Noun{},
	}
	for _, s := range sorts() {
		r.sorts[s.ref] = s
	}
	for _, n := range []*Noun{
		{Ref: "flow", Model: "authentik_flows.flow", VerboseName: "Flow", VerbosePlural: "Flows", Schema: "Flow"},
		{Ref: "flowstagebinding", Model: "authentik_flows.flowstagebinding", VerboseName: "Flow Stage Binding", VerbosePlural: "Flow Stage Bindings", Schema: "FlowStageBinding"},
		{Ref: "policybinding", Model: "authentik_policies.policybinding", VerboseName: "Policy Binding", VerbosePlural: "Policy Bindings", Schema: "PolicyBinding"},
		{Ref: "application", Model: "authentik_core.application", VerboseName: "Application", VerbosePlural: "Applications", Schema: "Application"},
		{Ref: "applicationentitlement", Model: "authentik_core.applicationentitlement", VerboseName: "Application Entitlement", VerbosePlural: "Application Entitlements", Schema: "ApplicationEntitlement"},
		{Ref: "brand", Model: "authentik_brands.brand", VerboseName: "Brand", VerbosePlural: "Brands", Schema: "Brand"},
		{Ref: "certificatekeypair", Model: "authentik_crypto.certificatekeypair", VerboseName: "Certificate-Key Pair", VerbosePlural: "Certificate-Key Pairs", Schema: "CertificateKeyPair"},
		{Ref: "prompt", Model: "authentik_stages_prompt.prompt", VerboseName: "Prompt", VerbosePlural: "Prompts", Schema: "Prompt"},
		{Ref: "stage", Model: "authentik_flows.stage", VerboseName: "Stage", VerbosePlural: "Stages", Schema: "Stage"},
		{Ref: "policy", Model: "authentik_policies.policy", VerboseName: "Policy", VerbosePlural: "Policies", Schema: "Policy"},
		{Ref: "propertymapping", Model: "authentik_core.propertymapping", VerboseName: "Property Mapping", VerbosePlural: "Property Mappings", Schema: "PropertyMapping"},
		{Ref: "source", Model: "authentik_core.source", VerboseName: "Source", VerbosePlural: "Sources", Schema: "Source"},
		{Ref: "provider", Model: "authentik_core.provider", VerboseName: "Provider", VerbosePlural: "Providers", Schema: "Provider"},
	} {
		r.add(n)
		if n.Umbrella() {
			r.umbrella[n.Ref] = n
		}
	}
	for ref, kinds := range map[string][]kind.Description{
		"stage": k.Stages, "policy": k.Policies, "propertymapping": k.Mappings, "source": k.Sources, "provider": k.Providers,
	} {
		for _, d := range kinds {
			r.addKind(ref, d)
		}
	}
	return r
}

func (r *Registry) addKind(ref string, d kind.Description) {
	schema := d.Schema
	if schema == "" {
		schema = strings.ReplaceAll(d.VerboseName, " ", "")
	}
	n := &Noun{
		Ref: ref, Model: d.MetaModelName, VerboseName: d.VerboseName, VerbosePlural: d.VerboseNamePlural, Component: d.Component,
		Description: d.Description, Schema: schema, Kind: &d,
	}
	r.add(n)
	r.byKind[[2]string{ref, d.Name}] = n
}

func (r *Registry) add(n *Noun) {
	n.sort = r.sorts[n.Ref]
	r.nouns = append(r.nouns, n)
	r.byModel[n.Model] = n
}

// Noun finds a noun by its model name, nil if there is none.
func (r *Registry) Noun(model string) *Noun { return r.byModel[model] }

// Of gives the kinds of a sort ("stage", "source", ...), in the order of their shelf.
func (r *Registry) Of(ref string) []*Noun {
	var out []*Noun
	for _, n := range r.nouns {
		if n.Ref == ref && n.Kind != nil {
			out = append(out, n)
		}
	}
	return out
}

// Umbrella gives the noun that stands for all kinds of a sort.
func (r *Registry) Umbrella(ref string) *Noun { return r.umbrella[ref] }

// nounOf gives the noun of a stored value: that of its kind, or the umbrella where the kind is not in this build.
func (r *Registry) nounOf(s *sort, value any) *Noun {
	if s.kind == nil {
		for _, n := range r.nouns {
			if n.sort == s {
				return n
			}
		}
	}
	name, _ := s.kind(value)
	if n := r.byKind[[2]string{s.ref, *name}]; n != nil {
		return n
	}
	return r.umbrella[s.ref]
}

// exists reports whether the snapshot has an object of the sort with that id.
func (r *Registry) exists(s *model.Snapshot, ref, id string) bool {
	x := r.sorts[ref]
	return x != nil && x.find(s, x.id, id) != nil
}
