package resource

import "github.com/weimen-id/weimen/internal/model"

// sorts are the nouns of the snapshot.
func sorts() []*sort {
	return []*sort{
		define[model.Flow, model.FlowID]{
			ref: "flow", table: "flows", fresh: model.NewFlow,
			in:   func(s *model.Snapshot) map[model.FlowID]*model.Flow { return s.Flows },
			id:   func(f *model.Flow) *model.FlowID { return &f.ID },
			key:  func(f *model.Flow) string { return f.Slug },
			name: func(f *model.Flow) string { return f.Slug },
		}.sort(),
		define[model.FlowStageBinding, model.BindingID]{
			ref: "flowstagebinding", table: "flow_stage_bindings", fresh: model.NewFlowStageBinding, check: checkFlowStageBinding,
			in:   func(s *model.Snapshot) map[model.BindingID]*model.FlowStageBinding { return s.Bindings },
			id:   func(b *model.FlowStageBinding) *model.BindingID { return &b.ID },
			name: func(b *model.FlowStageBinding) string { return string(b.ID) },
		}.sort(),
		define[model.Stage, model.StageID]{
			ref: "stage", table: "stages", fresh: func() model.Stage { return model.Stage{} },
			in:   func(s *model.Snapshot) map[model.StageID]*model.Stage { return s.Stages },
			id:   func(x *model.Stage) *model.StageID { return &x.ID },
			name: func(x *model.Stage) string { return x.Name },
			kind: func(x *model.Stage) (*string, *model.Config) { return &x.Kind, &x.Config },
		}.sort(),
		define[model.Policy, model.PolicyID]{
			ref: "policy", table: "policies", fresh: func() model.Policy { return model.Policy{} },
			in:   func(s *model.Snapshot) map[model.PolicyID]*model.Policy { return s.Policies },
			id:   func(x *model.Policy) *model.PolicyID { return &x.ID },
			name: func(x *model.Policy) string { return x.Name },
			kind: func(x *model.Policy) (*string, *model.Config) { return &x.Kind, &x.Config },
		}.sort(),
		define[model.PolicyBinding, model.PolicyBindingID]{
			ref: "policybinding", table: "policy_bindings", fresh: model.NewPolicyBinding, check: checkPolicyBinding,
			in:   func(s *model.Snapshot) map[model.PolicyBindingID]*model.PolicyBinding { return s.PolicyBindings },
			id:   func(b *model.PolicyBinding) *model.PolicyBindingID { return &b.ID },
			name: func(b *model.PolicyBinding) string { return string(b.ID) },
		}.sort(),
		define[model.PropertyMapping, model.MappingID]{
			ref: "propertymapping", table: "property_mappings", fresh: func() model.PropertyMapping { return model.PropertyMapping{} },
			in:   func(s *model.Snapshot) map[model.MappingID]*model.PropertyMapping { return s.Mappings },
			id:   func(x *model.PropertyMapping) *model.MappingID { return &x.ID },
			name: func(x *model.PropertyMapping) string { return x.Name },
			kind: func(x *model.PropertyMapping) (*string, *model.Config) { return &x.Kind, &x.Config },
		}.sort(),
		define[model.Source, model.SourceID]{
			ref: "source", table: "sources", fresh: model.NewSource,
			in:   func(s *model.Snapshot) map[model.SourceID]*model.Source { return s.Sources },
			id:   func(x *model.Source) *model.SourceID { return &x.ID },
			key:  func(x *model.Source) string { return x.Slug },
			name: func(x *model.Source) string { return x.Name },
			kind: func(x *model.Source) (*string, *model.Config) { return &x.Kind, &x.Config },
		}.sort(),
		define[model.Provider, model.ProviderID]{
			ref: "provider", table: "providers", fresh: func() model.Provider { return model.Provider{} },
			in:   func(s *model.Snapshot) map[model.ProviderID]*model.Provider { return s.Providers },
			id:   func(x *model.Provider) *model.ProviderID { return &x.ID },
			name: func(x *model.Provider) string { return x.Name },
			kind: func(x *model.Provider) (*string, *model.Config) { return &x.Kind, &x.Config },
		}.sort(),
		define[model.Application, model.ApplicationID]{
			ref: "application", table: "applications", fresh: model.NewApplication, check: checkApplication,
			in:   func(s *model.Snapshot) map[model.ApplicationID]*model.Application { return s.Applications },
			id:   func(a *model.Application) *model.ApplicationID { return &a.ID },
			key:  func(a *model.Application) string { return a.Slug },
			name: func(a *model.Application) string { return a.Name },
		}.sort(),
		define[model.Brand, model.BrandID]{
			ref: "brand", table: "brands", fresh: model.NewBrand, check: checkBrand,
			in:   func(s *model.Snapshot) map[model.BrandID]*model.Brand { return s.Brands },
			id:   func(b *model.Brand) *model.BrandID { return &b.ID },
			name: func(b *model.Brand) string { return b.Domain },
		}.sort(),
		define[model.KeyPair, model.KeyPairID]{
			ref: "certificatekeypair", table: "key_pairs", fresh: func() model.KeyPair { return model.KeyPair{} },
			in:   func(s *model.Snapshot) map[model.KeyPairID]*model.KeyPair { return s.KeyPairs },
			id:   func(k *model.KeyPair) *model.KeyPairID { return &k.ID },
			name: func(k *model.KeyPair) string { return k.Name },
		}.sort(),
		prompts(),
		entitlements(),
	}
}

func prompts() *sort {
	return define[model.Prompt, model.PromptID]{
		ref: "prompt", table: "prompts", fresh: model.NewPrompt, check: checkPrompt,
		in:   func(s *model.Snapshot) map[model.PromptID]*model.Prompt { return s.Prompts },
		id:   func(p *model.Prompt) *model.PromptID { return &p.ID },
		name: func(p *model.Prompt) string { return p.Name },
	}.sort()
}

func entitlements() *sort {
	return define[model.ApplicationEntitlement, model.EntitlementID]{
		ref: "applicationentitlement", table: "application_entitlements", fresh: model.NewApplicationEntitlement, check: checkEntitlement,
		in:   func(s *model.Snapshot) map[model.EntitlementID]*model.ApplicationEntitlement { return s.Entitlements },
		id:   func(e *model.ApplicationEntitlement) *model.EntitlementID { return &e.ID },
		name: func(e *model.ApplicationEntitlement) string { return e.Name },
	}.sort()
}
