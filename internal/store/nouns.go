package store

import (
	"strconv"

	"github.com/weimen-id/weimen/internal/model"
)

// shelves lists the configuration nouns, one paragraph each.
func shelves() []shelf {
	return []shelf{
		table[model.FlowID, model.Flow]{
			table: "flows", columns: []string{"slug"}, values: func(f *model.Flow) []any { return []any{f.Slug} },
			all: func(s *model.Snapshot) *map[model.FlowID]*model.Flow { return &s.Flows },
			id:  func(f *model.Flow) *model.FlowID { return &f.ID }, parse: parseID[model.FlowID],
			name: func(f *model.Flow) string { return f.Slug },
		},
		table[model.StageID, model.Stage]{
			table: "stages", columns: named("name"), values: func(x *model.Stage) []any { return []any{x.Name, x.Kind, configText(x.Config)} },
			all: func(s *model.Snapshot) *map[model.StageID]*model.Stage { return &s.Stages },
			id:  func(x *model.Stage) *model.StageID { return &x.ID }, parse: parseID[model.StageID],
			name: func(x *model.Stage) string { return x.Name },
			kind: func(x *model.Stage) (*string, *model.Config) { return &x.Kind, &x.Config },
		},
		table[model.BindingID, model.FlowStageBinding]{
			table: "flow_stage_bindings", values: func(*model.FlowStageBinding) []any { return nil },
			all: func(s *model.Snapshot) *map[model.BindingID]*model.FlowStageBinding { return &s.Bindings },
			id:  func(b *model.FlowStageBinding) *model.BindingID { return &b.ID }, parse: parseID[model.BindingID],
			check: checkBinding,
		},
		table[model.PolicyID, model.Policy]{
			table: "policies", columns: named("name"), values: func(p *model.Policy) []any { return []any{p.Name, p.Kind, configText(p.Config)} },
			all: func(s *model.Snapshot) *map[model.PolicyID]*model.Policy { return &s.Policies },
			id:  func(p *model.Policy) *model.PolicyID { return &p.ID }, parse: parseID[model.PolicyID],
			name: func(p *model.Policy) string { return p.Name },
			kind: func(p *model.Policy) (*string, *model.Config) { return &p.Kind, &p.Config },
		},
		table[model.PolicyBindingID, model.PolicyBinding]{
			table: "policy_bindings", columns: []string{"user_id", "group_id"},
			values: func(b *model.PolicyBinding) []any { return []any{b.User, b.Group} },
			all:    func(s *model.Snapshot) *map[model.PolicyBindingID]*model.PolicyBinding { return &s.PolicyBindings },
			id:     func(b *model.PolicyBinding) *model.PolicyBindingID { return &b.ID }, parse: parseID[model.PolicyBindingID],
			check: checkPolicyBinding,
		},
		table[model.MappingID, model.PropertyMapping]{
			table: "property_mappings", columns: named("name"),
			values: func(m *model.PropertyMapping) []any { return []any{m.Name, m.Kind, configText(m.Config)} },
			all:    func(s *model.Snapshot) *map[model.MappingID]*model.PropertyMapping { return &s.Mappings },
			id:     func(m *model.PropertyMapping) *model.MappingID { return &m.ID }, parse: parseID[model.MappingID],
			name: func(m *model.PropertyMapping) string { return m.Name },
			kind: func(m *model.PropertyMapping) (*string, *model.Config) { return &m.Kind, &m.Config },
		},
		table[model.SourceID, model.Source]{
			table: "sources", columns: named("slug"), values: func(x *model.Source) []any { return []any{x.Slug, x.Kind, configText(x.Config)} },
			all: func(s *model.Snapshot) *map[model.SourceID]*model.Source { return &s.Sources },
			id:  func(x *model.Source) *model.SourceID { return &x.ID }, parse: parseID[model.SourceID],
			name: func(x *model.Source) string { return x.Slug },
			kind: func(x *model.Source) (*string, *model.Config) { return &x.Kind, &x.Config }, check: checkSource,
		},
		table[model.ProviderID, model.Provider]{
			table: "providers", columns: named("name"), values: func(p *model.Provider) []any { return []any{p.Name, p.Kind, configText(p.Config)} },
			all: func(s *model.Snapshot) *map[model.ProviderID]*model.Provider { return &s.Providers },
			id:  func(p *model.Provider) *model.ProviderID { return &p.ID }, parse: parseProviderID,
			name: func(p *model.Provider) string { return p.Name },
			kind: func(p *model.Provider) (*string, *model.Config) { return &p.Kind, &p.Config }, check: checkProvider,
		},
		table[model.ApplicationID, model.Application]{
			table: "applications", columns: []string{"slug"}, values: func(a *model.Application) []any { return []any{a.Slug} },
			all: func(s *model.Snapshot) *map[model.ApplicationID]*model.Application { return &s.Applications },
			id:  func(a *model.Application) *model.ApplicationID { return &a.ID }, parse: parseID[model.ApplicationID],
			name: func(a *model.Application) string { return a.Slug }, check: checkApplication,
		},
		table[model.BrandID, model.Brand]{
			table: "brands", columns: []string{"domain"}, values: func(b *model.Brand) []any { return []any{b.Domain} },
			all: func(s *model.Snapshot) *map[model.BrandID]*model.Brand { return &s.Brands },
			id:  func(b *model.Brand) *model.BrandID { return &b.ID }, parse: parseID[model.BrandID],
			name: func(b *model.Brand) string { return b.Domain }, check: checkBrand,
		},
		table[model.KeyPairID, model.KeyPair]{
			table: "key_pairs", columns: []string{"name"}, values: func(k *model.KeyPair) []any { return []any{k.Name} },
			all: func(s *model.Snapshot) *map[model.KeyPairID]*model.KeyPair { return &s.KeyPairs },
			id:  func(k *model.KeyPair) *model.KeyPairID { return &k.ID }, parse: parseID[model.KeyPairID],
			name: func(k *model.KeyPair) string { return k.Name },
		},
		prompts(),
		entitlements(),
		settingsShelf{},
	}
}

func prompts() shelf {
	return table[model.PromptID, model.Prompt]{
		table: "prompts", columns: []string{"name"}, values: func(p *model.Prompt) []any { return []any{p.Name} },
		all: func(s *model.Snapshot) *map[model.PromptID]*model.Prompt { return &s.Prompts },
		id:  func(p *model.Prompt) *model.PromptID { return &p.ID }, parse: parseID[model.PromptID],
		name: func(p *model.Prompt) string { return p.Name },
	}
}

func entitlements() shelf {
	return table[model.EntitlementID, model.ApplicationEntitlement]{
		table: "application_entitlements", columns: []string{"application_id", "name"},
		values: func(e *model.ApplicationEntitlement) []any { return []any{e.App, e.Name} },
		all:    func(s *model.Snapshot) *map[model.EntitlementID]*model.ApplicationEntitlement { return &s.Entitlements },
		id:     func(e *model.ApplicationEntitlement) *model.EntitlementID { return &e.ID }, parse: parseID[model.EntitlementID],
		check: checkEntitlement,
	}
}

// named are the columns of a noun that has kinds.
func named(name string) []string { return []string{name, "kind", "config"} }

func parseID[K ~string](text string) (K, error) { return K(text), nil }

func parseProviderID(text string) (model.ProviderID, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	return model.ProviderID(n), err
}

// newSnapshot is a snapshot without anything in it.
func newSnapshot() *model.Snapshot {
	return &model.Snapshot{
		Flows: map[model.FlowID]*model.Flow{}, Stages: map[model.StageID]*model.Stage{},
		Bindings: map[model.BindingID]*model.FlowStageBinding{}, Policies: map[model.PolicyID]*model.Policy{},
		PolicyBindings: map[model.PolicyBindingID]*model.PolicyBinding{}, Mappings: map[model.MappingID]*model.PropertyMapping{},
		Sources: map[model.SourceID]*model.Source{}, Providers: map[model.ProviderID]*model.Provider{},
		Applications: map[model.ApplicationID]*model.Application{}, Brands: map[model.BrandID]*model.Brand{},
		KeyPairs: map[model.KeyPairID]*model.KeyPair{}, Prompts: map[model.PromptID]*model.Prompt{},
		Entitlements: map[model.EntitlementID]*model.ApplicationEntitlement{}, Settings: model.NewSettings(),
	}
}

// successor is a snapshot of the same maps, not yet indexed.
func successor(s *model.Snapshot) *model.Snapshot {
	return &model.Snapshot{
		Version: s.Version, Installation: s.Installation,
		Flows: s.Flows, Stages: s.Stages, Bindings: s.Bindings, Policies: s.Policies, PolicyBindings: s.PolicyBindings, Mappings: s.Mappings,
		Sources: s.Sources, Providers: s.Providers, Applications: s.Applications, Brands: s.Brands, KeyPairs: s.KeyPairs,
		Prompts: s.Prompts, Entitlements: s.Entitlements, Settings: s.Settings,
	}
}
