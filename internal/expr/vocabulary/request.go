package vocabulary

import (
	"context"
	"net/url"
	"slices"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// request is what authentik calls a policy request.
func (ev *evaluation) request() *expr.Object {
	return &expr.Object{Type: "PolicyRequest", Attr: func(name string) (any, bool) {
		switch name {
		case "user":
			return ev.UserObject(ev.occasion.User), true
		case "context":
			return ev.planContext(), true
		case "http_request":
			if ev.occasion.Visitor == nil {
				return nil, true
			}
			return ev.httpRequest(), true
		case "obj":
			return ev.NounObject(ev.occasion.Obj), true
		case "debug":
			return ev.occasion.Debug, true
		}
		return nil, false
	}}
}

// httpRequest is the request of the visitor in Django's shape. What came in its body and its cookies is not shown: a stage has read the one, and the other is nobody's business.
func (ev *evaluation) httpRequest() *expr.Object {
	v := ev.occasion.Visitor
	return &expr.Object{Type: "HttpRequest", Attr: func(name string) (any, bool) {
		switch name {
		case "method":
			return v.Method, true
		case "path", "path_info":
			return v.Path, true
		case "GET":
			return shownQuery(ev.occasion.Query), true
		case "POST", "COOKIES", "FILES", "session":
			return map[string]any{}, true
		case "META":
			return ev.meta(), true
		case "headers":
			return map[string]any{"User-Agent": v.UserAgent, "Host": v.Host, "Accept-Language": v.Locale}, true
		case "user":
			return ev.UserObject(v.User), true
		case "request_id":
			return v.RequestID, true
		case "tenant":
			return ev.tenant(), true
		case "brand":
			return ev.brand(), true
		case "get_host":
			return expr.Func(func(context.Context, []any, map[string]any) (any, error) { return v.Host, nil }), true
		}
		return nil, false
	}}
}

// hiddenParameters are those of a query that are worth something to whoever has them.
func hiddenParameters() []string {
	return []string{"flow_token", "code", "state", "token", "id_token_hint", "ticket", "auth_code"}
}

// shownQuery is the query without what nobody should keep. Where a name stands several times the last one counts, as in Django.
func shownQuery(q url.Values) map[string]string {
	out := make(map[string]string, len(q))
	for name, values := range q {
		if len(values) > 0 && !slices.Contains(hiddenParameters(), name) {
			out[name] = values[len(values)-1]
		}
	}
	return out
}

func (ev *evaluation) meta() map[string]any {
	v := ev.occasion.Visitor
	query := url.Values{}
	for name, value := range shownQuery(ev.occasion.Query) {
		query.Set(name, value)
	}
	return map[string]any{
		"REQUEST_METHOD": v.Method, "PATH_INFO": v.Path, "QUERY_STRING": query.Encode(), "REMOTE_ADDR": v.ClientIP, "HTTP_X_FORWARDED_FOR": v.ClientIP,
		"HTTP_USER_AGENT": v.UserAgent, "HTTP_HOST": v.Host, "HTTP_ACCEPT_LANGUAGE": v.Locale,
	}
}

// tenant has the settings of the installation that expressions ask for.
func (ev *evaluation) tenant() *expr.Object {
	settings := model.NewSettings()
	if s := ev.Snapshot(); s.Settings != nil {
		settings = s.Settings
	}
	return &expr.Object{Type: "Tenant", Attr: func(name string) (any, bool) {
		switch name {
		case "default_user_change_name":
			return settings.DefaultUserChangeName, true
		case "default_user_change_email":
			return settings.DefaultUserChangeEmail, true
		case "default_user_change_username":
			return settings.DefaultUserChangeUsername, true
		case "avatars":
			return settings.Avatars, true
		}
		return nil, false
	}}
}

func (ev *evaluation) brand() *expr.Object {
	b := ev.Snapshot().Brand(ev.occasion.Visitor.Host)
	return &expr.Object{Type: "Brand", Label: b.BrandingTitle, Attr: func(name string) (any, bool) {
		switch name {
		case "domain":
			return b.Domain, true
		case "branding_title":
			return b.BrandingTitle, true
		case "default":
			return b.Default, true
		case "attributes":
			return map[string]any{}, true
		}
		return nil, false
	}}
}
