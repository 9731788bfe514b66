package source

import "github.com/weimen-id/weimen/internal/model"

// Pending says how well a running flow knows its user.
type Pending string

// How well it does.
const (
	PendingNobody Pending = "nobody" // nobody is signed in, and nobody was named
	PendingNew    Pending = "new"    // the flow is making its user
	PendingNamed  Pending = "named"  // somebody typed a name; nobody has shown to be that person
	PendingProven Pending = "proven" // the user is signed in, or was authenticated in this run
)

// Midway is all that decides what an account leads to that comes back into the middle of another flow. Its SignedIn is the user, where they are proven.
type Midway struct {
	Situation
	Pending Pending
	// User is whom the flow is about, 0 for nobody or for a name that is nobody's.
	User model.UserID
	// Enrolling says that the flow is one to enroll in.
	Enrolling bool
}

// DecideMidway chooses the action. It is a pure function. Whoever has shown who they are stays who they are. A name that was only typed is proved by an account of that very
// person, and by no other; nothing is ever connected to it. Somebody who enrolls though they have an account is told so: the rest of the flow would write over what they have.
func DecideMidway(m Midway) Decision {
	s := m.Situation
	if m.Pending != PendingProven {
		s.SignedIn = 0
	}
	if m.Pending == PendingNamed && len(s.Conflict) == 0 {
		if s.User != 0 && s.User == m.User {
			return Decision{Action: Authenticate, User: m.User}
		}
		return Decision{Action: Deny, Reason: "source.not_this_user", Cause: "the account is not one of the person who was named"}
	}
	d := Decide(s)
	if m.Enrolling && (d.Action == Authenticate || d.Action == Link && m.Pending != PendingProven) {
		return Decision{Action: Deny, Reason: "source.already_enrolled", Cause: "the account belongs to a user, and the flow enrolls"}
	}
	return d
}
