package source

import (
	"slices"

	"github.com/weimen-id/weimen/internal/model"
)

// Resolution says whom an account belongs to.
type Resolution struct {
	// User owns at least one of the identifiers; 0 where nobody owns any.
	User model.UserID
	// New are the identifiers that nobody owns yet.
	New []model.Identifier
	// Conflict lists the users, two or more, who own one each: the same person was enrolled twice before their accounts were known to be one. It is for an administrator to
	// mend; nothing is merged silently.
	Conflict []model.UserID
}

// Resolve finds the owner of an account among the owners of its identifiers. It is a pure function.
//
// For WeChat this is what makes one person of several apps: the openid of an app and the unionid of its Open Platform account both lead to the user. An app that is
// bound to an account later brings a unionid which nobody owns with an openid which somebody does: the person stays who they are and gains the unionid.
func Resolve(account []model.Identifier, known []model.IdentifierOwner) Resolution {
	var r Resolution
	var owners []model.UserID
	for _, id := range account {
		i := slices.IndexFunc(known, func(o model.IdentifierOwner) bool { return o.Identifier == id })
		if i < 0 {
			r.New = append(r.New, id)
			continue
		}
		if !slices.Contains(owners, known[i].User) {
			owners = append(owners, known[i].User)
		}
	}
	switch len(owners) {
	case 0:
	case 1:
		r.User = owners[0]
	default:
		r.Conflict = owners
	}
	return r
}

// Replaced gives the identifiers of a connection that an account contradicts: of the same kind and namespace, with another value. WeChat's unionids change so when
// an app moves to another Open Platform account.
func Replaced(connection, account []model.Identifier) []model.Identifier {
	var out []model.Identifier
	for _, old := range connection {
		if slices.ContainsFunc(account, func(id model.Identifier) bool {
			return id.Kind == old.Kind && id.Namespace == old.Namespace && id.Value != old.Value
		}) {
			out = append(out, old)
		}
	}
	return out
}
