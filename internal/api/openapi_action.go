package api

import "net/http"

// action is an operation beside the six of a collection.
type action struct {
	method, path, id string
	body, answer     any
	status           int
}

func (d *describer) action(x action) {
	d.operation(x.method, x.path, x.id, nil, x.body, x.answer, x.status)
}

// actions are those of this version.
func actions() []action {
	text, yes := typed("string"), typed("boolean")
	object := typed("object")
	return []action{
		{http.MethodGet, "/schema/forms/", "schema_forms_list", nil, full(node{"forms": list(ref("Form"))}), http.StatusOK},
		{http.MethodPost, "/schema/check/", "schema_check_create", closed(node{"form": text, "key": text, "body": object}, "form", "body"), full(node{"fields": object}), http.StatusOK},
		{http.MethodGet, "/root/config/", "root_config_retrieve", nil, object, http.StatusOK},
		{http.MethodGet, "/admin/version/", "admin_version_retrieve", nil, full(node{
			"version_current": text, "version_latest": text, "version_latest_valid": yes, "build_hash": text, "outdated": yes, "outpost_outdated": yes,
		}), http.StatusOK},
		{http.MethodGet, "/core/users/me/", "core_users_me_retrieve", nil, closed(node{"user": object, "original": object}, "user"), http.StatusOK},
		{http.MethodGet, "/core/users/paths/", "core_users_paths_retrieve", nil, full(node{"paths": list(text)}), http.StatusOK},
		{http.MethodPost, "/core/users/{id}/set_password/", "core_users_set_password_create", full(node{"password": text}), nil, http.StatusNoContent},
		{http.MethodPost, "/core/users/{id}/recovery/", "core_users_recovery_create", closed(node{"token_duration": text}), full(node{"link": text}), http.StatusOK},
		{http.MethodPost, "/core/groups/{id}/add_user/", "core_groups_add_user_create", full(node{"pk": typed("integer")}), nil, http.StatusNoContent},
		{http.MethodPost, "/core/groups/{id}/remove_user/", "core_groups_remove_user_create", full(node{"pk": typed("integer")}), nil, http.StatusNoContent},
		{http.MethodGet, "/core/tokens/{identifier}/view_key/", "core_tokens_view_key_retrieve", nil, full(node{"key": text}), http.StatusOK},
		{http.MethodPost, "/core/tokens/{identifier}/set_key/", "core_tokens_set_key_create", full(node{"key": text}), nil, http.StatusNoContent},
		{http.MethodDelete, "/core/authenticated_sessions/bulk_delete/", "core_authenticated_sessions_bulk_delete_destroy", nil, full(node{"deleted": typed("integer")}), http.StatusOK},
		{http.MethodGet, "/core/applications/{key}/check_access/", "core_applications_check_access_retrieve", nil, full(node{
			"passing": yes, "messages": list(text), "log_messages": list(object),
		}), http.StatusOK},
		{http.MethodGet, "/core/brands/current/", "core_brands_current_retrieve", nil, object, http.StatusOK},
		{http.MethodPost, "/crypto/certificatekeypairs/generate/", "crypto_certificatekeypairs_generate_create", closed(node{
			"common_name": text, "subject_alt_name": text, "validity_days": typed("integer"), "alg": node{"type": "string", "enum": []string{"rsa", "ecdsa", "ed25519", "ed448"}},
		}, "common_name", "validity_days"), ref("CertificateKeyPair"), http.StatusOK},
		{http.MethodGet, "/crypto/certificatekeypairs/{key}/view_certificate/", "crypto_certificatekeypairs_view_certificate_retrieve", nil, full(node{"data": text}), http.StatusOK},
		{http.MethodGet, "/crypto/certificatekeypairs/{key}/view_private_key/", "crypto_certificatekeypairs_view_private_key_retrieve", nil, full(node{"data": text}), http.StatusOK},
		{http.MethodGet, "/flows/instances/{key}/execute/", "flows_instances_execute_retrieve", nil, full(node{"link": text}), http.StatusOK},
		{http.MethodGet, "/flows/instances/{key}/diagram/", "flows_instances_diagram_retrieve", nil, full(node{"diagram": text, "graph": object}), http.StatusOK},
		{http.MethodGet, "/flows/traces/{code}/", "flows_traces_retrieve", nil, full(node{
			"support_code": text, "events": list(object), "trace": list(object),
		}), http.StatusOK},
		{http.MethodGet, "/flows/inspector/{slug}/", "flows_inspector_get", nil, closed(node{
			"plans": list(object), "current_plan": object, "is_completed": yes,
		}), http.StatusOK},
		{http.MethodGet, "/flows/executor/{slug}/", "flows_executor_get", nil, object, http.StatusOK},
		{http.MethodPost, "/flows/executor/{slug}/", "flows_executor_solve", object, object, http.StatusOK},
		{http.MethodGet, "/sources/oauth/source_types/", "sources_oauth_source_types_list", nil, list(ref("SourceType")), http.StatusOK},
		{http.MethodPost, "/sources/oauth/{key}/check/", "sources_oauth_check_create", nil, ref("SourceCheck"), http.StatusOK},
		{http.MethodGet, "/sources/oauth/{key}/samples/", "sources_oauth_samples_retrieve", nil, ref("SourceSamples"), http.StatusOK},
		{http.MethodPost, "/sources/oauth/{key}/try/", "sources_oauth_try_create", ref("SourceTryRequest"), ref("SourceTry"), http.StatusOK},
		{http.MethodPost, "/sources/oauth/{key}/trial/", "sources_oauth_trial_create", nil, ref("SourceTrialStart"), http.StatusCreated},
		{http.MethodGet, "/sources/oauth/{key}/trial/{id}/", "sources_oauth_trial_retrieve", nil, ref("SourceTrial"), http.StatusOK},
		{http.MethodGet, "/stages/email/templates/", "stages_email_templates_list", nil, list(object), http.StatusOK},
		{http.MethodGet, "/stages/all/user_settings/", "stages_all_user_settings_list", nil, list(object), http.StatusOK},
		{http.MethodGet, "/sources/all/user_settings/", "sources_all_user_settings_list", nil, list(object), http.StatusOK},
		{http.MethodGet, "/providers/oauth2/{key}/setup_urls/", "providers_oauth2_setup_urls_retrieve", nil, full(node{
			"issuer": text, "authorize": text, "token": text, "user_info": text, "provider_info": text, "logout": text, "jwks": text,
		}), http.StatusOK},
		{http.MethodGet, "/providers/oauth2/{key}/preview_user/", "providers_oauth2_preview_user_retrieve", nil, full(node{"preview": object}), http.StatusOK},
		{http.MethodGet, "/policies/geoip_iso3166/", "policies_geoip_iso3166_list", nil, list(full(node{"code": text, "name": text})), http.StatusOK},
		{http.MethodPost, "/policies/all/{key}/test/", "policies_all_test_create", closed(node{"user": typed("integer"), "context": object}, "user"), full(node{
			"passing": yes, "messages": list(text), "log_messages": list(object),
		}), http.StatusOK},
		{http.MethodPost, "/propertymappings/all/{key}/test/", "propertymappings_all_test_create", closed(node{
			"user": typed("integer"), "group": text, "context": object,
		}), full(node{"result": text, "successful": yes}), http.StatusOK},
		{http.MethodGet, "/admin/sign_ins/", "admin_sign_ins_retrieve", nil, ref("SignIns"), http.StatusOK},
		{http.MethodGet, "/admin/attention/", "admin_attention_list", nil, list(ref("Attention")), http.StatusOK},
		{http.MethodGet, "/admin/status/", "admin_status_retrieve", nil, ref("Status"), http.StatusOK},
		{http.MethodGet, "/events/events/volume/", "events_events_volume_list", nil, list(ref("EventVolume")), http.StatusOK},
		{http.MethodGet, "/events/events/top_per_user/", "events_events_top_per_user_list", nil, list(ref("EventTopPerUser")), http.StatusOK},
		{http.MethodGet, "/events/events/actions/", "events_events_actions_list", nil, list(ref("TypeCreate")), http.StatusOK},
	}
}
