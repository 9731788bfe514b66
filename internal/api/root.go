package api

import "net/http"

func (a *API) mountRoot() {
	a.open(http.MethodGet, "/root/config/", func(c *call) error {
		return c.ok(row{
			// Clients send telemetry where this is enabled.
			"error_reporting": row{"enabled": false, "sentry_dsn": "", "environment": "", "send_pii": false, "traces_sample_rate": 0.0},
			"capabilities":    []string{}, "cache_timeout": 300, "cache_timeout_flows": 300, "cache_timeout_policies": 300,
		})
	})
	a.handle(http.MethodGet, "/admin/version/", func(c *call) error {
		return c.ok(row{
			"version_current": c.Version, "version_latest": c.Version, "version_latest_valid": true, "build_hash": "", "outdated": false, "outpost_outdated": false,
		})
	})
	a.open(http.MethodGet, "/schema/", (*call).schemaDocument)
}
