package api

import (
	"net/http"
	"strings"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

// peopleNoun is a noun that is listed by the database.
type peopleNoun struct {
	schema, path, key string
	fields            any
	also              map[string]string
	filters           map[string]where
	may               operations
}

// operations say which writes a collection has.
type operations struct{ create, change, remove bool }

var (
	everyWrite = operations{create: true, change: true, remove: true}
	noCreate   = operations{change: true, remove: true}
	eraseOnly  = operations{remove: true}
	readOnly   = operations{}
)

func peopleNouns() []peopleNoun {
	return append([]peopleNoun{
		{"User", "core/users", "id", resource.NewUserFields(), map[string]string{
			"pk": "integer", "uuid": "string", "uid": "string", "is_superuser": "boolean", "avatar": "string", "date_joined": "string", "last_updated": "string",
			"password_change_date": "string", "groups_obj": "[object]", "roles_obj": "[object]",
		}, userFilters, everyWrite},
		{"Group", "core/groups", "id", &resource.GroupFields{}, map[string]string{
			"pk": "string", "num_pk": "integer", "users_count": "integer", "users_obj": "[object]", "parents_obj": "[object]", "children": "[string]", "children_obj": "[object]",
			"roles_obj": "[object]", "inherited_roles_obj": "[object]",
		}, groupFilters, everyWrite},
		{"Token", "core/tokens", "identifier", resource.NewTokenFields(), map[string]string{
			"pk": "string", "managed": "string?", "user_obj": "object",
		}, tokenFilters, everyWrite},
		{"UserOAuthSourceConnection", "sources/user_connections/oauth", "id", &resource.ConnectionFields{}, map[string]string{
			"pk": "integer", "source_obj": "object", "created": "string", "last_updated": "string", "identifiers": "[object]", "profile": "object",
		}, connectionFilters, everyWrite},
		{"AuthenticatedSession", "core/authenticated_sessions", "uuid", &struct{}{}, map[string]string{
			"uuid": "string", "current": "boolean", "user_agent": "object", "geo_ip": "object?", "asn": "object?", "user": "integer", "last_ip": "string",
			"last_user_agent": "string", "last_used": "string", "expires": "string", "source": "string", "auth_method": "string", "created": "string",
		}, map[string]where{"user__username": {}}, eraseOnly},
		{"UserConsent", "core/user_consent", "id", &struct{}{}, map[string]string{
			"pk": "integer", "expires": "string?", "expiring": "boolean", "user": "object", "application": "object", "permissions": "string",
		}, map[string]where{"user": {}}, eraseOnly},
		{"Event", "events/events", "id", &struct{}{}, map[string]string{
			"pk": "string", "user": "object", "action": "string", "app": "string", "context": "object", "client_ip": "string?", "created": "string",
			"expires": "string", "brand": "object", "support_code": "string", "source": "string", "reason": "string", "flow": "string",
		}, eventFilters, readOnly},
		{"GroupOAuthSourceConnection", "sources/group_connections/oauth", "id", &resource.GroupConnectionFields{}, map[string]string{
			"pk": "integer", "source_obj": "object", "created": "string", "last_updated": "string",
		}, groupConnectionFilters, everyWrite},
		{"Invitation", "stages/invitation/invitations", "id", &resource.InvitationFields{}, map[string]string{
			"pk": "string", "created_by": "object?", "flow_obj": "object?",
		}, invitationFilters, everyWrite},
		{"Reputation", "policies/reputation/scores", "id", &struct{}{}, map[string]string{
			"pk": "string", "identifier": "string", "ip": "string", "score": "integer", "updated": "string", "ip_geo_data": "object", "ip_asn_data": "object",
		}, reputationFilters, eraseOnly},
	}, deviceNouns()...)
}

// deviceNouns are the authenticators: each class among one's own, and among everybody's.
func deviceNouns() []peopleNoun {
	special := map[model.DeviceClass]map[string]string{
		model.DeviceStatic:   {"token_set": "[object]", "codes_left": "integer"},
		model.DeviceWebAuthn: {"created_on": "string", "aaguid": "string", "device_type": "object?"},
		model.DeviceSMS:      {"phone_number": "string"},
		model.DeviceEmail:    {"email": "string"},
	}
	var out []peopleNoun
	for _, k := range deviceClasses() {
		also := merged(special[k.class], map[string]string{
			"pk": "integer", "user": "object", "confirmed": "boolean", "created": "string", "last_updated": "string", "last_used": "string?",
		})
		for _, folder := range []string{"authenticators/", "authenticators/admin/"} {
			out = append(out, peopleNoun{k.schema, folder + string(k.class), "id", &resource.DeviceFields{}, also, deviceFilters, noCreate})
		}
	}
	return out
}

// flagsOf are parameters of ours that say what an object is answered with, by its path.
var flagsOf = map[string][]string{"core/groups": {"include_members"}}

// people describes the nouns that are listed by the database.
func (d *describer) people() {
	for _, x := range peopleNouns() {
		d.object(x.schema, kind.Fields(x.fields), x.also)
		list, item, id := "/"+x.path+"/", "/"+x.path+"/{"+x.key+"}/", strings.ReplaceAll(x.path, "/", "_")
		parameters := pageParameters()
		for _, name := range sortedKeys(x.filters) {
			if x.filters[name] != unsupported || !x.may.create {
				parameters = append(parameters, query(name, "string"))
			}
		}
		var flags []any
		for _, name := range flagsOf[x.path] {
			flags = append(flags, query(name, "boolean"))
		}
		d.operation(http.MethodGet, list, id+"_list", append(parameters, flags...), nil, d.paginated(x.schema), http.StatusOK)
		d.operation(http.MethodGet, item, id+"_retrieve", flags, nil, ref(x.schema), http.StatusOK)
		if x.may.remove {
			d.operation(http.MethodDelete, item, id+"_destroy", nil, nil, nil, http.StatusNoContent)
		}
		switch {
		case x.may.create:
			d.writes(x.schema, list, item, id)
		case x.may.change:
			d.changes(x.schema, item, id)
		default:
			delete(d.schemas, x.schema+"Request")
			delete(d.schemas, "Patched"+x.schema+"Request")
		}
	}
}

// settings describes the one object of the installation's settings, and the lists that have no pages.
func (d *describer) settings() {
	const path, id = "/admin/settings/", "admin_settings"
	d.object("Settings", kind.Fields(&model.Settings{}), nil)
	d.operation(http.MethodGet, path, id+"_retrieve", nil, nil, ref("Settings"), http.StatusOK)
	d.changes("Settings", path, id)
	text := typed("string")
	d.schemas["Device"] = full(node{
		"pk": text, "name": text, "type": text, "confirmed": typed("boolean"), "created": text, "last_updated": text, "last_used": nullable("string"),
		"extra_description": nullable("string"), "external_id": nullable("string"), "verbose_name": text, "verbose_name_plural": text, "meta_model_name": text,
	})
	d.schemas["WebAuthnDeviceType"] = full(node{"aaguid": text, "description": text})
	const models = "/stages/authenticator/webauthn_device_types/"
	d.operation(http.MethodGet, models, "stages_authenticator_webauthn_device_types_list", append(pageParameters(), query("aaguid", "string"), query("description", "string")),
		nil, d.paginated("WebAuthnDeviceType"), http.StatusOK)
	d.operation(http.MethodGet, models+"{id}/", "stages_authenticator_webauthn_device_types_retrieve", nil, nil, ref("WebAuthnDeviceType"), http.StatusOK)
	d.operation(http.MethodGet, "/authenticators/all/", "authenticators_all_list", nil, nil, list(ref("Device")), http.StatusOK)
	d.operation(http.MethodGet, "/authenticators/admin/all/", "authenticators_admin_all_list", []any{query("user", "integer")}, nil, list(ref("Device")), http.StatusOK)
}
