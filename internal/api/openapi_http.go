package api

import (
	"net/http"
	"slices"
	"strings"
)

// headers describes what all lists, and all objects with a version, take beside their own parameters: lists can be had as tables, changes can be bound to what somebody has seen.
func (d *describer) headers(mounted []collection) {
	versioned := append([]string{}, peopleWithVersions...)
	for _, col := range mounted {
		versioned = append(versioned, col.path)
	}
	for path, item := range d.paths {
		operations, ok := item.(node)
		if !ok {
			continue
		}
		if op, ok := operations["get"].(node); ok && paged(op) {
			widen(op,
				node{"in": "query", "name": "format", "schema": node{"type": "string", "enum": []string{"json", "csv"}}, "description": "csv answers the whole list, all pages of it, as text/csv."},
				node{"in": "query", "name": "fields", "schema": typed("string"), "description": "With format=csv, the columns: \"name,email,attributes.city\"."})
		}
		if collection, _, isItem := strings.Cut(strings.Trim(path, "/"), "/{"); path != "/admin/settings/" && !(isItem && slices.Contains(versioned, collection)) {
			continue
		}
		for _, method := range []string{"put", "patch", "delete"} {
			if op, ok := operations[method].(node); ok {
				widen(op, node{"in": "header", "name": "If-Match", "schema": typed("string"), "description": "The ETag that the change is for. It is refused where the object has another by now."})
				answers, _ := op["responses"].(node)
				answers["412"] = node{"description": "", "content": node{"application/json": node{"schema": ref("GenericError")}}}
			}
		}
	}
}

// peopleWithVersions are those of people's collections whose objects have an ETag.
var peopleWithVersions = []string{"core/users", "core/groups", "core/tokens", "stages/invitation/invitations"}

func paged(op node) bool {
	parameters, _ := op["parameters"].([]any)
	return slices.ContainsFunc(parameters, func(p any) bool {
		n, _ := p.(node)
		return n["name"] == "page_size"
	})
}

func widen(op node, more ...any) {
	parameters, _ := op["parameters"].([]any)
	op["parameters"] = append(slices.Clone(parameters), more...)
}

// preview describes the one answer that is a page.
func (d *describer) preview() {
	const path = "/core/brands/preview/"
	d.operation(http.MethodPost, path, "core_brands_preview_create", nil, closed(node{
		"brand": ref("PatchedBrandRequest"), "source": typed("object"),
		"theme":  node{"type": "string", "enum": []string{"light", "dark"}},
		"locale": node{"type": "string", "enum": []string{"en", "zh-Hans"}},
	}), nil, http.StatusOK)
	item, _ := d.paths[path].(node)
	post, _ := item["post"].(node)
	answers, _ := post["responses"].(node)
	answers["200"] = node{"description": "The login page.", "content": node{"text/html": node{"schema": typed("string")}}}
}
