package vocabulary

import (
	"encoding/json"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// NounObject shows an object of the configuration; nil for what is none.
func (v *Vocabulary) NounObject(noun any) any {
	switch n := noun.(type) {
	case *model.User:
		return v.UserObject(n)
	case *model.Source:
		if n != nil {
			return sourceObject(n)
		}
	case *model.Application:
		if n != nil {
			return applicationObject(n)
		}
	case *model.ApplicationEntitlement:
		if n != nil {
			return v.entitlementObject(n)
		}
	case *model.Provider:
		if n != nil {
			return v.providerObject(n)
		}
	case *model.Flow:
		if n != nil {
			return flowObject(n)
		}
	case *model.FlowStageBinding:
		if n != nil {
			return v.bindingObject(n)
		}
	case *expr.Object:
		return n
	}
	return nil
}

func sourceObject(s *model.Source) *expr.Object {
	return &expr.Object{Type: "Source", Label: s.Name, Key: s.ID, Host: s, Attr: func(name string) (any, bool) {
		switch name {
		case "pk":
			return string(s.ID), true
		case "name":
			return s.Name, true
		case "slug":
			return s.Slug, true
		case "enabled":
			return s.Enabled, true
		case "promoted":
			return s.Promoted, true
		case "user_matching_mode":
			return string(s.UserMatchingMode), true
		case "group_matching_mode":
			return s.GroupMatchingMode, true
		case "user_path_template":
			return s.UserPathTemplate, true
		case "get_user_path":
			return constant(s.UserPath()), true
		case "provider_type":
			var config struct {
				ProviderType string `json:"provider_type"`
			}
			_ = json.Unmarshal([]byte(s.Config), &config) // a source of another kind has none
			return config.ProviderType, config.ProviderType != ""
		}
		return nil, false
	}}
}

func applicationObject(a *model.Application) *expr.Object {
	return &expr.Object{Type: "Application", Label: a.Name, Key: a.ID, Host: a, Attr: func(name string) (any, bool) {
		switch name {
		case "pk":
			return string(a.ID), true
		case "name":
			return a.Name, true
		case "slug":
			return a.Slug, true
		case "group":
			return a.Group, true
		case "meta_launch_url":
			return a.MetaLaunchURL, true
		case "meta_description":
			return a.MetaDescription, true
		case "meta_publisher":
			return a.MetaPublisher, true
		case "open_in_new_tab":
			return a.OpenInNewTab, true
		}
		return nil, false
	}}
}

func (v *Vocabulary) providerObject(p *model.Provider) *expr.Object {
	return &expr.Object{Type: "Provider", Label: p.Name, Key: p.ID, Host: p, Attr: func(name string) (any, bool) {
		switch name {
		case "pk":
			return int64(p.ID), true
		case "name":
			return p.Name, true
		case "application":
			return v.NounObject(v.Snapshot().ApplicationOf(p.ID)), true
		}
		return nil, false
	}}
}

func flowObject(f *model.Flow) *expr.Object {
	return &expr.Object{Type: "Flow", Label: f.Name, Key: f.ID, Host: f, Attr: func(name string) (any, bool) {
		switch name {
		case "pk", "flow_uuid":
			return string(f.ID), true
		case "name":
			return f.Name, true
		case "slug":
			return f.Slug, true
		case "title":
			return f.Title, true
		case "designation":
			return string(f.Designation), true
		}
		return nil, false
	}}
}

func (v *Vocabulary) bindingObject(b *model.FlowStageBinding) *expr.Object {
	return &expr.Object{Type: "FlowStageBinding", Key: b.ID, Host: b, Attr: func(name string) (any, bool) {
		switch name {
		case "pk", "fsb_uuid":
			return string(b.ID), true
		case "order":
			return b.Order, true
		case "target":
			return v.NounObject(v.Snapshot().Flows[b.Flow]), true
		case "stage":
			st := v.Snapshot().Stages[b.Stage]
			if st == nil {
				return nil, true
			}
			return recordObject("Stage", map[string]any{"pk": string(st.ID), "name": st.Name}), true
		}
		return nil, false
	}}
}

// recordObject shows the keys of an object of JSON as attributes.
func recordObject(kind string, value any) any {
	record, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	label, _ := record["name"].(string)
	return &expr.Object{Type: kind, Label: label, Host: record, Key: record["pk"], Attr: func(name string) (any, bool) {
		attr, ok := record[name]
		return attr, ok
	}}
}

// sourceEntry shows the source of a plan: the one that is configured, or what the plan remembers of one that is no more.
func (ev *evaluation) sourceEntry(value any) any {
	record, _ := value.(map[string]any)
	id, _ := record["pk"].(string)
	if s := ev.Snapshot().Sources[model.SourceID(id)]; s != nil {
		return sourceObject(s)
	}
	return recordObject("Source", value)
}

// applicationEntry shows the application of a plan likewise.
func (ev *evaluation) applicationEntry(value any) any {
	record, _ := value.(map[string]any)
	id, _ := record["pk"].(string)
	if a := ev.Snapshot().Applications[model.ApplicationID(id)]; a != nil {
		return applicationObject(a)
	}
	return recordObject("Application", value)
}
