package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/weimen-id/weimen/internal/kind"
)

// document is the OpenAPI document, ready to be sent.
type document struct{ json, yaml []byte }

// node is an object of the document. Its keys are written in alphabetical order, so that the document changes only where the API does.
type node = map[string]any

// describe writes the OpenAPI document from the same descriptions that the collections are served by.
func (a *API) describe() (document, error) {
	d := &describer{schemas: node{}, paths: node{}}
	d.shared()
	d.form()
	for _, col := range a.mounted {
		d.noun(col)
	}
	d.people()
	d.settings()
	d.trials()
	d.dashboards()
	for _, x := range actions() {
		d.action(x)
	}
	d.preview()
	d.headers(a.mounted)
	root := node{
		"openapi": "3.0.3",
		"info": node{
			"title": "Weimen", "version": a.Version,
			"description": "Signing in with WeChat and other sources, in the shapes of authentik's API of release 2026.2.",
			"license":     node{"name": "Apache-2.0"},
		},
		"servers":    []any{node{"url": "/api/v3"}},
		"paths":      d.paths,
		"security":   []any{node{"token": []string{}}},
		"components": node{"schemas": d.schemas, "securitySchemes": node{"token": node{"type": "http", "scheme": "bearer"}}},
	}
	asJSON, err := json.Marshal(root)
	if err != nil {
		return document{}, fmt.Errorf("write OpenAPI document: %w", err)
	}
	// Through JSON, so that named strings and such become plain.
	var plain any
	if err := json.Unmarshal(asJSON, &plain); err != nil {
		return document{}, fmt.Errorf("read OpenAPI document: %w", err)
	}
	asYAML, err := yaml.Marshal(plain)
	if err != nil {
		return document{}, fmt.Errorf("write OpenAPI document: %w", err)
	}
	return document{asJSON, asYAML}, nil
}

// OpenAPI gives the document as YAML, for the copy in docs/.
func (a *API) OpenAPI() ([]byte, error) {
	d, err := a.schema()
	return d.yaml, err
}

func (c *call) schemaDocument() error {
	d, err := c.schema()
	if err != nil {
		return err
	}
	body, media := d.yaml, "application/vnd.oai.openapi"
	if c.r.URL.Query().Get("format") == "json" || strings.Contains(c.r.Header.Get("Accept"), "application/json") {
		body, media = d.json, "application/vnd.oai.openapi+json"
	}
	c.w.Header().Set("Content-Type", media)
	c.w.WriteHeader(http.StatusOK)
	_, _ = c.w.Write(body)
	return nil
}

type describer struct{ schemas, paths node }

func ref(name string) node { return node{"$ref": "#/components/schemas/" + name} }

func list(of any) node { return node{"type": "array", "items": of} }

func typed(name string) node { return node{"type": name} }

// closed is an object with these properties. Those named as required are in every answer.
func closed(properties node, required ...string) node {
	out := node{"type": "object", "properties": properties}
	if len(required) > 0 {
		out["required"] = slices.Sorted(slices.Values(required))
	}
	return out
}

// full is closed with all properties required.
func full(properties node) node {
	return closed(properties, slices.Collect(maps.Keys(properties))...)
}

func (d *describer) shared() {
	number := typed("number")
	d.schemas["Pagination"] = full(node{
		"next": number, "previous": number, "count": number, "current": number, "total_pages": number, "start_index": number, "end_index": number,
	})
	d.schemas["ValidationError"] = node{
		"type": "object", "additionalProperties": list(typed("string")),
		"properties": node{"non_field_errors": list(typed("string"))},
	}
	d.schemas["GenericError"] = closed(node{"detail": typed("string"), "code": typed("string")}, "detail")
	d.schemas["UsedBy"] = full(node{
		"app": typed("string"), "model_name": typed("string"), "pk": typed("string"), "name": typed("string"),
		"action": node{"type": "string", "enum": []string{"cascade", "cascade_many", "set_null", "set_default", "left_dangling"}},
	})
	d.schemas["TypeCreate"] = full(node{
		"name": typed("string"), "description": typed("string"), "component": typed("string"), "model_name": typed("string"),
	})
	d.schemas["SourceType"] = full(node{
		"name": typed("string"), "verbose_name": typed("string"), "urls_customizable": typed("boolean"), "request_token_url": nullable("string"),
		"authorization_url": nullable("string"), "access_token_url": nullable("string"), "profile_url": nullable("string"),
		"oidc_well_known_url": nullable("string"), "oidc_jwks_url": nullable("string"),
	})
}

// form describes how the console is told to draw forms.
func (d *describer) form() {
	text, yes := typed("string"), typed("boolean")
	d.schemas["FormField"] = closed(node{
		"name": text, "title": text, "help": text, "item": ref("FormField"), "fields": list(ref("FormField")), "nullable": yes, "required": yes, "blank": yes,
		"read_only": yes, "write_only": yes, "multiline": yes, "slug": yes, "unique": yes, "max_length": typed("integer"), "ref": text, "group": text, "widget": text,
		"type": node{"type": "string", "enum": []kind.Type{
			kind.String, kind.Boolean, kind.Integer, kind.Number, kind.Time, kind.Duration, kind.Secret, kind.Object, kind.List, kind.Struct,
		}},
		"enum": list(full(node{"value": text, "title": text})), "default": node{"nullable": true},
	}, "name", "title", "help", "type", "nullable", "required", "blank", "read_only", "write_only", "multiline", "slug", "unique", "max_length", "ref", "group", "widget",
		"enum", "default")
	d.schemas["Form"] = full(node{
		"ref": text, "kind": text, "model": text, "schema": text, "path": text, "key": text, "verbose_name": text, "verbose_name_plural": text, "component": text,
		"description": text, "fields": list(ref("FormField")),
	})
}

func nullable(name string) node { return node{"type": name, "nullable": true} }

// paginated adds the schema of a page of something.
func (d *describer) paginated(name string) node {
	page := "Paginated" + name + "List"
	d.schemas[page] = full(node{"pagination": ref("Pagination"), "autocomplete": typed("object"), "results": list(ref(name))})
	return ref(page)
}

// operation adds one operation.
func (d *describer) operation(method, path, id string, parameters []any, body, answer any, status int) {
	item, ok := d.paths[path].(node)
	if !ok {
		item = node{}
		d.paths[path] = item
	}
	success := node{"description": http.StatusText(status)}
	if answer != nil {
		success["content"] = node{"application/json": node{"schema": answer}}
	}
	problem := func(schema string) node {
		return node{"description": "", "content": node{"application/json": node{"schema": ref(schema)}}}
	}
	op := node{
		"operationId": id,
		"tags":        []string{strings.SplitN(strings.TrimPrefix(path, "/"), "/", 2)[0]},
		"responses":   node{fmt.Sprint(status): success, "400": problem("ValidationError"), "403": problem("GenericError")},
	}
	for _, name := range placeholders(path) {
		parameters = append(parameters, node{"in": "path", "name": name, "required": true, "schema": typed("string")})
	}
	if len(parameters) > 0 {
		op["parameters"] = parameters
	}
	if body != nil {
		op["requestBody"] = node{"required": true, "content": node{"application/json": node{"schema": body}}}
	}
	item[strings.ToLower(method)] = op
}

func placeholders(path string) []string {
	var out []string
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			out = append(out, strings.TrimSuffix(name, "}"))
		}
	}
	return out
}

func query(name, of string) node {
	return node{"in": "query", "name": name, "schema": typed(of)}
}

func pageParameters() []any {
	return []any{query("ordering", "string"), query("page", "integer"), query("page_size", "integer"), query("search", "string")}
}
