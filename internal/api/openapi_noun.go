package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/kind"
)

// noun describes a collection of configuration.
func (d *describer) noun(col collection) {
	n := col.noun
	fields := n.Fields()
	also := decorations[n.Ref]
	if n.Kind != nil || n.Umbrella() {
		also = merged(also, map[string]string{"component": "string", "verbose_name": "string", "verbose_name_plural": "string", "meta_model_name": "string"})
	}
	if n.Kind != nil && kind.SecretsSet(n.New().Config) != nil {
		also = merged(also, map[string]string{"secrets_set": "[string]"})
	}
	if n.Ref == "source" && n.Kind != nil {
		also = merged(also, map[string]string{"callback_url": "string"})
	}
	d.object(n.Schema, fields, also)
	if schema, ok := d.schemas[n.Schema].(node); ok && slices.ContainsFunc(fields, func(f kind.Field) bool { return f.Name == "provider_type" }) {
		if properties, ok := schema["properties"].(node); ok {
			properties["type"] = ref("SourceType")
		}
	}
	list, item := "/"+col.path+"/", "/"+col.path+"/{key}/"
	id := strings.NewReplacer("/", "_").Replace(col.path)
	parameters := pageParameters()
	for i := range fields {
		if fields[i].WriteOnly {
			continue
		}
		if t := fields[i].Type; t == kind.String || t == kind.Boolean || t == kind.Integer || t == kind.Duration {
			parameters = append(parameters, query(fields[i].Name, filterType(t)))
		}
	}
	d.operation(http.MethodGet, list, id+"_list", parameters, nil, d.paginated(n.Schema), http.StatusOK)
	d.operation(http.MethodGet, item, id+"_retrieve", nil, nil, ref(n.Schema), http.StatusOK)
	d.operation(http.MethodDelete, item, id+"_destroy", nil, nil, nil, http.StatusNoContent)
	d.operation(http.MethodGet, item+"used_by/", id+"_used_by_list", nil, nil, node{"type": "array", "items": ref("UsedBy")}, http.StatusOK)
	if n.Umbrella() {
		d.operation(http.MethodGet, list+"types/", id+"_types_list", nil, nil, node{"type": "array", "items": ref("TypeCreate")}, http.StatusOK)
		return
	}
	d.writes(n.Schema, list, item, id)
}

func (d *describer) writes(schema, list, item, id string) {
	d.operation(http.MethodPost, list, id+"_create", nil, ref(schema+"Request"), ref(schema), http.StatusCreated)
	d.changes(schema, item, id)
}

func (d *describer) changes(schema, item, id string) {
	d.operation(http.MethodPut, item, id+"_update", nil, ref(schema+"Request"), ref(schema), http.StatusOK)
	d.operation(http.MethodPatch, item, id+"_partial_update", nil, ref("Patched"+schema+"Request"), ref(schema), http.StatusOK)
}

func filterType(t kind.Type) string {
	if t == kind.Duration {
		return "string"
	}
	return string(t)
}

// object adds the schemas of an object: as it is answered, as it is sent, and as a part of it is sent.
func (d *describer) object(name string, fields []kind.Field, also map[string]string) {
	answered, sent := node{}, node{}
	var always, required []string
	for i := range fields {
		f := &fields[i]
		s := schemaOf(f)
		if !f.WriteOnly {
			answered[f.Name] = s
			always = append(always, f.Name)
		}
		if f.ReadOnly {
			continue
		}
		sent[f.Name] = s
		if f.Required {
			required = append(required, f.Name)
		}
	}
	for key, text := range also {
		s := plainSchema(text)
		s["readOnly"] = true
		answered[key] = s
		always = append(always, key)
	}
	d.schemas[name] = closed(answered, always...)
	d.schemas[name+"Request"] = closed(sent, required...)
	d.schemas["Patched"+name+"Request"] = closed(sent)
}

func schemaOf(f *kind.Field) node {
	s := node{}
	switch f.Type {
	case kind.String, kind.Duration, kind.Secret:
		s["type"] = "string"
	case kind.Boolean, kind.Integer, kind.Number:
		s["type"] = string(f.Type)
	case kind.Time:
		s["type"], s["format"] = "string", "date-time"
	case kind.Object:
		s["type"], s["additionalProperties"] = "object", node{}
	case kind.List:
		s["type"], s["items"] = "array", schemaOf(f.Item)
	case kind.Struct:
		properties := node{}
		var required []string
		for i := range f.Fields {
			properties[f.Fields[i].Name] = schemaOf(&f.Fields[i])
			if f.Fields[i].Required {
				required = append(required, f.Fields[i].Name)
			}
		}
		s = closed(properties, required...)
	}
	if len(f.Enum) > 0 {
		s["enum"] = f.Enum
	}
	if f.Slug {
		s["pattern"] = "^[-a-zA-Z0-9_]+$"
	}
	if f.MaxLength > 0 {
		s["maxLength"] = f.MaxLength
	}
	for key, set := range map[string]bool{"nullable": f.Nullable, "readOnly": f.ReadOnly, "writeOnly": f.WriteOnly} {
		if set {
			s[key] = true
		}
	}
	for key, text := range map[string]string{"title": f.Title, "description": f.Help()} {
		if text != "" {
			s[key] = text
		}
	}
	return s
}

// plainSchema reads "string", "string?" (nullable), "object", "[string]".
func plainSchema(text string) node {
	name, null := strings.CutSuffix(text, "?")
	if of, ok := strings.CutPrefix(name, "["); ok {
		return node{"type": "array", "items": typed(strings.TrimSuffix(of, "]"))}
	}
	s := typed(name)
	if null {
		s["nullable"] = true
	}
	return s
}

func merged(all ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range all {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// decorations are the keys that decorate adds to an answer, by noun.
var decorations = map[string]map[string]string{
	"flow": {
		"stages": "[string]", "policies": "[string]", "cache_count": "integer", "background_url": "string", "background_themed_urls": "object?", "export_url": "string",
	},
	"flowstagebinding": {"stage_obj": "object?"},
	"stage":            {"flow_set": "[object]"},
	"prompt":           {"prompt_stages_obj": "[object]"},
	"policy":           {"bound_to": "integer"},
	"policybinding":    {"policy_obj": "object?", "group_obj": "object?", "user_obj": "object?"},
	"source":           {"icon_url": "string?", "icon_themed_urls": "object?"},
	"provider": {
		"assigned_application_slug": "string?", "assigned_application_name": "string?", "assigned_backchannel_application_slug": "string?",
		"assigned_backchannel_application_name": "string?", "application": "string?",
	},
	"application": {
		"provider_obj": "object?", "backchannel_providers_obj": "[object]", "launch_url": "string?", "meta_icon_url": "string?", "meta_icon_themed_urls": "object?",
	},
	"brand": {"login_flow": "string?"},
	"certificatekeypair": {
		"fingerprint_sha256": "string?", "fingerprint_sha1": "string?", "cert_expiry": "string?", "cert_subject": "string?", "private_key_available": "boolean",
		"key_type": "string?", "certificate_download_url": "string", "private_key_download_url": "string",
	},
}

func sortedKeys(m map[string]where) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
