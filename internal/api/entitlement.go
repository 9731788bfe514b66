package api

// mountEntitlements serves what people may do in applications. Who has an entitlement is said by policy bindings whose target it is.
func (a *API) mountEntitlements() {
	a.mount(collection{noun: a.noun("authentik_core.applicationentitlement"), path: "core/application_entitlements", order: []string{"name", "app"}})
}
