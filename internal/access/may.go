package access

import (
	"slices"

	"github.com/weimen-id/weimen/internal/model"
)

// Action is what someone wants to do with an object: authentik's permission prefixes.
type Action string

// The actions.
const (
	View   Action = "view"
	Add    Action = "add"
	Change Action = "change"
	Delete Action = "delete"
)

// own lists what people may do with objects that are theirs.
var own = map[string][]Action{
	"authentik_core.user":                               {View},
	"authentik_core.token":                              {View, Add, Change, Delete},
	"authentik_core.authenticatedsession":               {View, Delete},
	"authentik_core.userconsent":                        {View, Delete},
	"authentik_core.usersourceconnection":               {View, Delete},
	"authentik_sources_oauth.useroauthsourceconnection": {View, Delete},

	"authentik_stages_authenticator_static.staticdevice":     {View, Change, Delete},
	"authentik_stages_authenticator_totp.totpdevice":         {View, Change, Delete},
	"authentik_stages_authenticator_webauthn.webauthndevice": {View, Change, Delete},
	"authentik_stages_authenticator_sms.smsdevice":           {View, Change, Delete},
	"authentik_stages_authenticator_email.emaildevice":       {View, Change, Delete},
}

// May says whether the principal may act on an object of a noun ("authentik_core.token") that belongs to the owner, 0 for nobody. A refusal is model.CodeDenied. An
// object of someone else is model.ErrNotFound where its own owner might see it, so that its existence is not told.
func May(p *Principal, a Action, noun string, owner model.UserID) error {
	if p.Superuser() {
		return nil
	}
	if p == nil || p.User == nil {
		return unauthenticated("Authentication credentials were not provided.")
	}
	allowed := slices.Contains(own[noun], a)
	switch {
	case allowed && owner == p.User.ID:
		return nil
	case allowed && owner != 0:
		return model.ErrNotFound
	}
	return forbidden()
}

// Superusers refuses everybody else, whatever they may do besides.
func Superusers(p *Principal) error {
	switch {
	case p.Superuser():
		return nil
	case p == nil || p.User == nil:
		return unauthenticated("Authentication credentials were not provided.")
	}
	return forbidden()
}

// forbidden tells somebody whom we know that they may not.
func forbidden() error {
	return &model.Error{Code: model.CodeDenied, Message: "You do not have permission to perform this action."}
}

// Others reports whether the principal may see objects of the noun that belong to other people too. A list is narrowed to their own where not.
func Others(p *Principal, noun string) bool { return p.Superuser() || May(p, View, noun, 0) == nil }
