package source

import "github.com/weimen-id/weimen/internal/model"

// Situation is all that decides what a returning account leads to.
type Situation struct {
	// SignedIn is the user of the browser's session; 0 for nobody.
	SignedIn model.UserID
	Resolution
	Mode model.UserMatchingMode
	// Property is the value that the mode matches by: the e-mail address or the username that the source gave. Empty where it gave none.
	Property string
	// Doubtful says that the source gave a value that nobody vouches for: an e-mail address that may be anybody's.
	Doubtful bool
	// Candidate is the user who has that property; 0 for nobody.
	Candidate model.UserID
	// Ambiguous says that several users have it.
	Ambiguous bool
	// Unproven says that the candidate merely typed the address, and has not shown to read it.
	Unproven bool
	// Machine says that the candidate is a service account: nobody is connected to one.
	Machine bool
	// Taken says that the user whom the account would be connected to has another account of this source already.
	Taken bool
}

// Action is what is done with a returning account.
type Action string

// The actions.
const (
	Authenticate Action = "authenticate" // the owner signs in
	Link         Action = "link"         // the account is connected to a user, who signs in if nobody is
	Enroll       Action = "enroll"       // a new user is made
	Already      Action = "already"      // the account is the signed-in user's own
	Deny         Action = "deny"
)

// Decision is an action, whom it is about, and why it is denied.
type Decision struct {
	Action Action
	User   model.UserID
	// Reason is a key of the message catalogue.
	Reason string
	// Cause is for the audit trail.
	Cause string
}

// Decide chooses the action. It is a pure function. It never switches a signed-in person to another user, never takes an account from its owner, and never looks at names that
// people choose for themselves.
func Decide(s Situation) Decision {
	if len(s.Conflict) > 0 {
		return Decision{Action: Deny, Reason: "source.conflict", Cause: "the account's identifiers belong to different users"}
	}
	if s.SignedIn != 0 {
		return decideSignedIn(s)
	}
	if s.User != 0 {
		return Decision{Action: Authenticate, User: s.User}
	}
	switch s.Mode {
	case model.MatchEmailLink, model.MatchUsernameLink, model.MatchEmailDeny, model.MatchUsernameDeny:
		return decideByProperty(s)
	case model.MatchIdentifier:
	}
	return Decision{Action: Enroll}
}

func decideSignedIn(s Situation) Decision {
	switch {
	case s.User == s.SignedIn:
		return Decision{Action: Already, User: s.SignedIn}
	case s.User != 0:
		return Decision{Action: Deny, Reason: "source.linked_to_other", Cause: "the account is connected to another user"}
	case s.Taken:
		return Decision{Action: Deny, Reason: "source.already_linked_other_account", Cause: "the user has another account of this source"}
	}
	return Decision{Action: Link, User: s.SignedIn}
}

func decideByProperty(s Situation) Decision {
	linking := s.Mode == model.MatchEmailLink || s.Mode == model.MatchUsernameLink
	switch {
	case s.Doubtful:
		return Decision{Action: Deny, Reason: "source.email_unverified", Cause: "the source does not say that it has verified the e-mail address, and the matching mode is " + string(s.Mode)}
	case s.Property == "":
		return Decision{Action: Deny, Reason: "source.match_denied", Cause: "the source gives no value for the matching mode " + string(s.Mode)}
	case s.Candidate == 0:
		return Decision{Action: Enroll}
	case !linking:
		return Decision{Action: Deny, Reason: "source.match_denied", Cause: "a user with this value exists, and the matching mode is " + string(s.Mode)}
	case s.Unproven:
		return Decision{Action: Deny, Reason: "source.match_unproven", Cause: "the matched user has typed this e-mail address and never shown to read it"}
	case s.Machine:
		return Decision{Action: Deny, Reason: "source.match_denied", Cause: "the matched user is a service account"}
	case s.Ambiguous:
		return Decision{Action: Deny, Reason: "source.match_ambiguous", Cause: "several users have this value"}
	case s.Taken:
		return Decision{Action: Deny, Reason: "source.already_linked_other_account", Cause: "the matched user has another account of this source"}
	}
	return Decision{Action: Link, User: s.Candidate}
}
