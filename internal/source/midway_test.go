package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

func TestWhatAnAccountLeadsToInTheMiddleOfAFlow(t *testing.T) {
	const me, other = model.UserID(1), model.UserID(2)
	known := func(u model.UserID) source.Situation { return source.Situation{Resolution: source.Resolution{User: u}} }
	with := func(s source.Situation, fn func(*source.Situation)) source.Situation {
		s.Mode = model.MatchIdentifier
		fn(&s)
		return s
	}
	signedIn := func(s source.Situation) source.Situation {
		return with(s, func(s *source.Situation) { s.SignedIn = me })
	}
	unknown := source.Situation{Mode: model.MatchIdentifier}
	linking := source.Situation{Mode: model.MatchEmailLink, Property: "a@b", Candidate: other}
	denying := source.Situation{Mode: model.MatchEmailDeny, Property: "a@b", Candidate: other}
	torn := source.Situation{Resolution: source.Resolution{Conflict: []model.UserID{me, other}}}
	for _, tt := range []struct {
		name string
		m    source.Midway
		want source.Action
		user model.UserID
		why  string
	}{
		{"nobody, and an account that is known", source.Midway{Situation: known(other), Pending: source.PendingNobody}, source.Authenticate, other, ""},
		{"nobody, and a new account", source.Midway{Situation: unknown, Pending: source.PendingNobody}, source.Enroll, 0, ""},
		{"nobody, and a match that links", source.Midway{Situation: linking, Pending: source.PendingNobody}, source.Link, other, ""},
		{"nobody, and a match that denies", source.Midway{Situation: denying, Pending: source.PendingNobody}, source.Deny, 0, "source.match_denied"},
		{"nobody, and an account of two people", source.Midway{Situation: torn, Pending: source.PendingNobody}, source.Deny, 0, "source.conflict"},

		{"somebody proven, and their own account", source.Midway{Situation: signedIn(known(me)), Pending: source.PendingProven, User: me}, source.Already, me, ""},
		{"somebody proven, and a new account", source.Midway{Situation: signedIn(unknown), Pending: source.PendingProven, User: me}, source.Link, me, ""},
		{"somebody proven, and an account of another", source.Midway{Situation: signedIn(known(other)), Pending: source.PendingProven, User: me}, source.Deny, 0, "source.linked_to_other"},
		{
			"somebody proven who has another account of the source", source.Midway{
				Situation: signedIn(with(unknown, func(s *source.Situation) { s.Taken = true })), Pending: source.PendingProven, User: me,
			}, source.Deny, 0, "source.already_linked_other_account",
		},
		{"somebody proven, and a match with another that would link", source.Midway{Situation: signedIn(linking), Pending: source.PendingProven, User: me}, source.Link, me, ""},
		{"somebody proven, and an account of two people", source.Midway{Situation: signedIn(torn), Pending: source.PendingProven, User: me}, source.Deny, 0, "source.conflict"},

		{"a name that was typed, and the account of that person", source.Midway{Situation: known(me), Pending: source.PendingNamed, User: me}, source.Authenticate, me, ""},
		{"a name that was typed, and the account of another", source.Midway{Situation: known(other), Pending: source.PendingNamed, User: me}, source.Deny, 0, "source.not_this_user"},
		{"a name that was typed, and a new account", source.Midway{Situation: unknown, Pending: source.PendingNamed, User: me}, source.Deny, 0, "source.not_this_user"},
		{"a name that was typed, and a match that would link", source.Midway{Situation: linking, Pending: source.PendingNamed, User: other}, source.Deny, 0, "source.not_this_user"},
		{"a name that is nobody's, and a new account", source.Midway{Situation: unknown, Pending: source.PendingNamed}, source.Deny, 0, "source.not_this_user"},
		{"a name that is nobody's, and a known account", source.Midway{Situation: known(other), Pending: source.PendingNamed}, source.Deny, 0, "source.not_this_user"},

		{"a newcomer, and a new account", source.Midway{Situation: unknown, Pending: source.PendingNew, Enrolling: true}, source.Enroll, 0, ""},
		{"a newcomer, and an account that is known", source.Midway{Situation: known(other), Pending: source.PendingNew, Enrolling: true}, source.Deny, 0, "source.already_enrolled"},
		{"a newcomer, and a match that would link", source.Midway{Situation: linking, Pending: source.PendingNobody, Enrolling: true}, source.Deny, 0, "source.already_enrolled"},
		{"a newcomer, and a match that denies", source.Midway{Situation: denying, Pending: source.PendingNobody, Enrolling: true}, source.Deny, 0, "source.match_denied"},
		{"a newcomer who was made in this run", source.Midway{Situation: signedIn(unknown), Pending: source.PendingProven, User: me, Enrolling: true}, source.Link, me, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := source.DecideMidway(tt.m)
			got.Cause = ""
			if diff := cmp.Diff(source.Decision{Action: tt.want, User: tt.user, Reason: tt.why}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// An account is never connected to somebody who has not shown who they are, and nobody who has is taken for another.
func TestNoAccountMovesAnybodyInTheMiddleOfAFlow(t *testing.T) {
	users := []model.UserID{0, 1, 2}
	modes := []model.UserMatchingMode{model.MatchIdentifier, model.MatchEmailLink, model.MatchEmailDeny, model.MatchUsernameLink, model.MatchUsernameDeny}
	for _, pending := range []source.Pending{source.PendingNobody, source.PendingNew, source.PendingNamed, source.PendingProven} {
		for _, user := range users {
			for _, owner := range users {
				for _, candidate := range users {
					for _, mode := range modes {
						for _, flags := range []int{0, 1, 2, 3} {
							m := source.Midway{Pending: pending, User: user, Enrolling: flags&1 > 0, Situation: source.Situation{
								Mode: mode, Property: "p", Candidate: candidate, Taken: flags&2 > 0, Resolution: source.Resolution{User: owner},
							}}
							if pending == source.PendingProven {
								if user == 0 {
									continue
								}
								m.SignedIn = user
							}
							d := source.DecideMidway(m)
							switch {
							case d.Action == source.Deny:
							case pending == source.PendingProven && d.User != user:
								t.Errorf("%+v: a proven user becomes %d", m, d.User)
							case pending == source.PendingNamed && (d.Action != source.Authenticate || owner != user || user == 0):
								t.Errorf("%+v: %s for somebody who was only named", m, d.Action)
							case owner != 0 && d.User != owner:
								t.Errorf("%+v: the account of %d is used for %d", m, owner, d.User)
							}
						}
					}
				}
			}
		}
	}
}
