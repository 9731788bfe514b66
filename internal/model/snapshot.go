package model

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Snapshot is all configuration at one version. It is immutable: whoever changes configuration writes to the database and a new snapshot
// replaces this one. Pointers into it must not be written through.
type Snapshot struct {
	// Version is that of the database; it grows with every change.
	Version uint64
	// Installation is the random id of this installation, made with its database.
	Installation string

	Flows          map[FlowID]*Flow
	Stages         map[StageID]*Stage
	Bindings       map[BindingID]*FlowStageBinding
	Policies       map[PolicyID]*Policy
	PolicyBindings map[PolicyBindingID]*PolicyBinding
	Mappings       map[MappingID]*PropertyMapping
	Sources        map[SourceID]*Source
	Providers      map[ProviderID]*Provider
	Applications   map[ApplicationID]*Application
	Entitlements   map[EntitlementID]*ApplicationEntitlement
	Brands         map[BrandID]*Brand
	KeyPairs       map[KeyPairID]*KeyPair
	Prompts        map[PromptID]*Prompt
	// Settings are those of the installation; never nil once the snapshot is read.
	Settings *Settings

	flowBySlug        map[string]*Flow
	sourceBySlug      map[string]*Source
	applicationBySlug map[string]*Application
	applicationOf     map[ProviderID]*Application
	entitlementsOf    map[ApplicationID][]*ApplicationEntitlement
	bindingsOf        map[FlowID][]*FlowStageBinding
	policiesOf        map[TargetID][]*PolicyBinding
	mappingByManaged  map[string]*PropertyMapping

	derived sync.Map // see Derive
}

// Index builds the look-ups. Call it once, after the maps are filled and before the snapshot is shared.
func (s *Snapshot) Index() {
	s.flowBySlug = indexBy(s.Flows, func(f *Flow) string { return f.Slug })
	s.sourceBySlug = indexBy(s.Sources, func(x *Source) string { return x.Slug })
	s.applicationBySlug = indexBy(s.Applications, func(a *Application) string { return a.Slug })
	s.mappingByManaged = indexBy(s.Mappings, func(m *PropertyMapping) string {
		if m.Managed == nil {
			return ""
		}
		return *m.Managed
	})
	s.applicationOf = map[ProviderID]*Application{}
	for _, a := range s.Applications {
		if a.Provider != nil {
			s.applicationOf[*a.Provider] = a
		}
	}
	s.entitlementsOf = map[ApplicationID][]*ApplicationEntitlement{}
	for _, e := range s.Entitlements {
		s.entitlementsOf[e.App] = append(s.entitlementsOf[e.App], e)
	}
	for _, list := range s.entitlementsOf {
		slices.SortFunc(list, func(a, b *ApplicationEntitlement) int { return strings.Compare(a.Name, b.Name) })
	}
	s.bindingsOf = map[FlowID][]*FlowStageBinding{}
	for _, b := range s.Bindings {
		s.bindingsOf[b.Flow] = append(s.bindingsOf[b.Flow], b)
	}
	for _, list := range s.bindingsOf {
		slices.SortFunc(list, func(a, b *FlowStageBinding) int {
			return cmp.Or(cmp.Compare(a.Order, b.Order), strings.Compare(string(a.ID), string(b.ID)))
		})
	}
	s.policiesOf = map[TargetID][]*PolicyBinding{}
	for _, b := range s.PolicyBindings {
		target := s.resolveTarget(b.Target)
		s.policiesOf[target] = append(s.policiesOf[target], b)
	}
	for _, list := range s.policiesOf {
		slices.SortFunc(list, func(a, b *PolicyBinding) int {
			return cmp.Or(cmp.Compare(a.Order, b.Order), strings.Compare(string(a.ID), string(b.ID)))
		})
	}
}

// resolveTarget turns the second id of a flow or flow-stage binding into its own.
func (s *Snapshot) resolveTarget(t TargetID) TargetID {
	for _, f := range s.Flows {
		if f.Target == t {
			return TargetID(f.ID)
		}
	}
	for _, b := range s.Bindings {
		if b.Policy == t {
			return TargetID(b.ID)
		}
	}
	return t
}

func indexBy[K comparable, T any](m map[K]*T, key func(*T) string) map[string]*T {
	out := make(map[string]*T, len(m))
	for _, v := range m {
		if k := key(v); k != "" {
			out[k] = v
		}
	}
	return out
}

// Objects counts all that the snapshot holds.
func (s *Snapshot) Objects() int {
	return len(s.Flows) + len(s.Stages) + len(s.Bindings) + len(s.Policies) + len(s.PolicyBindings) + len(s.Mappings) + len(s.Sources) + len(s.Providers) +
		len(s.Applications) + len(s.Entitlements) + len(s.Brands) + len(s.KeyPairs) + len(s.Prompts)
}

// FlowBySlug gives the flow, or nil.
func (s *Snapshot) FlowBySlug(slug string) *Flow { return s.flowBySlug[slug] }

// SourceBySlug gives the source, or nil.
func (s *Snapshot) SourceBySlug(slug string) *Source { return s.sourceBySlug[slug] }

// ApplicationBySlug gives the application, or nil.
func (s *Snapshot) ApplicationBySlug(slug string) *Application { return s.applicationBySlug[slug] }

// ApplicationOf gives the application that a provider serves, or nil.
func (s *Snapshot) ApplicationOf(p ProviderID) *Application { return s.applicationOf[p] }

// EntitlementsOf gives an application's entitlements by their names.
func (s *Snapshot) EntitlementsOf(a ApplicationID) []*ApplicationEntitlement {
	return s.entitlementsOf[a]
}

// MappingByManaged gives the property mapping with that managed id, or nil.
func (s *Snapshot) MappingByManaged(id string) *PropertyMapping { return s.mappingByManaged[id] }

// BindingsOf gives a flow's bindings in their order.
func (s *Snapshot) BindingsOf(f FlowID) []*FlowStageBinding { return s.bindingsOf[f] }

// PoliciesOf gives the policy bindings of a target by its own id, in their order.
func (s *Snapshot) PoliciesOf(t TargetID) []*PolicyBinding { return s.policiesOf[t] }

// Brand gives the brand for a host: the longest domain that the host ends with, else the default one, else one without flows.
func (s *Snapshot) Brand(host string) *Brand {
	host = strings.ToLower(host)
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	var best, fallback *Brand
	for _, b := range s.Brands {
		domain := strings.ToLower(b.Domain)
		if strings.HasSuffix(host, domain) && (best == nil || len(domain) > len(best.Domain)) {
			best = b
		}
		if b.Default {
			fallback = b
		}
	}
	switch {
	case best != nil:
		return best
	case fallback != nil:
		return fallback
	}
	b := NewBrand()
	b.BrandingTitle = "Weimen"
	return &b
}

// FlowOf gives the flow that serves a designation for a brand: the brand's own, else the first by slug; nil if there is none.
func (s *Snapshot) FlowOf(b *Brand, d Designation) *Flow {
	chosen := map[Designation]*FlowID{
		DesignationAuthentication: b.FlowAuthentication, DesignationInvalidation: b.FlowInvalidation, DesignationRecovery: b.FlowRecovery,
		DesignationUnenrollment: b.FlowUnenrollment,
	}[d]
	if chosen != nil && s.Flows[*chosen] != nil {
		return s.Flows[*chosen]
	}
	var first *Flow
	for _, f := range s.Flows {
		if f.Designation == d && (first == nil || f.Slug < first.Slug) {
			first = f
		}
	}
	return first
}
