package store

import (
	"fmt"

	"github.com/weimen-id/weimen/internal/model"
)

// reference is a field that names other nouns. Fields that may be empty are not checked when they are.
type reference struct {
	field string
	ok    bool
	id    any
}

// to makes the reference of a field that must be set or may be empty.
func to[K comparable, T any](field string, all map[K]*T, id K) reference {
	var none K
	_, ok := all[id]
	return reference{field, ok || id == none, id}
}

// toMaybe makes the reference of a nullable field.
func toMaybe[K comparable, T any](field string, all map[K]*T, id *K) reference {
	if id == nil {
		return reference{ok: true}
	}
	return to(field, all, *id)
}

// toEach makes the reference of a list: its first id that does not exist, if there is one.
func toEach[K comparable, T any](field string, all map[K]*T, ids []K) reference {
	for _, id := range ids {
		if _, ok := all[id]; !ok {
			return reference{field, false, id}
		}
	}
	return reference{ok: true}
}

// exist reports the first reference to something that is not there, in authentik's words.
func exist(references ...reference) error {
	for _, r := range references {
		if !r.ok {
			return model.Invalid(r.field, fmt.Sprintf("Invalid pk \"%v\" - object does not exist.", r.id))
		}
	}
	return nil
}

func checkBinding(s *model.Snapshot, b *model.FlowStageBinding) error {
	for _, o := range s.Bindings {
		if o.ID != b.ID && o.Flow == b.Flow && o.Stage == b.Stage && o.Order == b.Order {
			return taken("flow_stage_bindings", "target", "stage", "order")
		}
	}
	return exist(to("target", s.Flows, b.Flow), to("stage", s.Stages, b.Stage))
}

func checkPolicyBinding(s *model.Snapshot, b *model.PolicyBinding) error {
	for _, o := range s.PolicyBindings {
		if o.ID != b.ID && o.Policy != nil && b.Policy != nil && *o.Policy == *b.Policy && o.Target == b.Target && o.Order == b.Order {
			return taken("policy_bindings", "policy", "target", "order")
		}
	}
	return exist(reference{"target", targetExists(s, b.Target), b.Target}, toMaybe("policy", s.Policies, b.Policy))
}

// targetExists knows flows and flow-stage bindings by their second ids as well.
func targetExists(s *model.Snapshot, id model.TargetID) bool {
	if s.Applications[model.ApplicationID(id)] != nil || s.Sources[model.SourceID(id)] != nil || s.Entitlements[model.EntitlementID(id)] != nil {
		return true
	}
	for _, f := range s.Flows {
		if model.TargetID(f.ID) == id || f.Target == id {
			return true
		}
	}
	for _, b := range s.Bindings {
		if model.TargetID(b.ID) == id || b.Policy == id {
			return true
		}
	}
	return false
}

func checkSource(s *model.Snapshot, x *model.Source) error {
	return exist(
		toMaybe("authentication_flow", s.Flows, x.AuthenticationFlow), toMaybe("enrollment_flow", s.Flows, x.EnrollmentFlow),
		toEach("user_property_mappings", s.Mappings, x.UserPropertyMappings),
		toEach("group_property_mappings", s.Mappings, x.GroupPropertyMappings),
	)
}

func checkProvider(s *model.Snapshot, p *model.Provider) error {
	return exist(
		toMaybe("authentication_flow", s.Flows, p.AuthenticationFlow), to("authorization_flow", s.Flows, p.AuthorizationFlow),
		to("invalidation_flow", s.Flows, p.InvalidationFlow), toEach("property_mappings", s.Mappings, p.PropertyMappings),
	)
}

func checkApplication(s *model.Snapshot, a *model.Application) error {
	for _, o := range s.Applications {
		if o.ID != a.ID && o.Provider != nil && a.Provider != nil && *o.Provider == *a.Provider {
			return taken("applications", "provider")
		}
	}
	return exist(toMaybe("provider", s.Providers, a.Provider), toEach("backchannel_providers", s.Providers, a.BackchannelProviders))
}

func checkEntitlement(s *model.Snapshot, e *model.ApplicationEntitlement) error {
	for _, o := range s.Entitlements {
		if o.ID != e.ID && o.App == e.App && o.Name == e.Name {
			return taken("application_entitlements", "app", "name")
		}
	}
	return exist(to("app", s.Applications, e.App))
}

func checkBrand(s *model.Snapshot, b *model.Brand) error {
	return exist(
		toMaybe("flow_authentication", s.Flows, b.FlowAuthentication), toMaybe("flow_invalidation", s.Flows, b.FlowInvalidation),
		toMaybe("flow_recovery", s.Flows, b.FlowRecovery), toMaybe("flow_unenrollment", s.Flows, b.FlowUnenrollment),
		toMaybe("flow_user_settings", s.Flows, b.FlowUserSettings), toMaybe("flow_device_code", s.Flows, b.FlowDeviceCode),
		toMaybe("default_application", s.Applications, b.DefaultApplication), toMaybe("web_certificate", s.KeyPairs, b.WebCertificate),
		toEach("client_certificates", s.KeyPairs, b.ClientCertificates),
	)
}
