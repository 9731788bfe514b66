package source

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
)

// The identifiers of the tables: O1 and O2 are one person's openids at two apps, U that person's unionid at the account of both, X another account's.
var (
	openID1   = model.Identifier{Kind: model.IdentifierOpenID, Namespace: "wx1", Value: "o1"}
	openID2   = model.Identifier{Kind: model.IdentifierOpenID, Namespace: "wx2", Value: "o2"}
	unionID   = model.Identifier{Kind: model.IdentifierUnionID, Namespace: "account:main", Value: "u"}
	unionID2  = model.Identifier{Kind: model.IdentifierUnionID, Namespace: "account:main", Value: "u2"}
	elsewhere = model.Identifier{Kind: model.IdentifierUnionID, Namespace: "account:other", Value: "u"}
)

func owned(by model.UserID, ids ...model.Identifier) []model.IdentifierOwner {
	var out []model.IdentifierOwner
	for _, id := range ids {
		out = append(out, model.IdentifierOwner{Identifier: id, User: by})
	}
	return out
}

func together(lists ...[]model.IdentifierOwner) []model.IdentifierOwner {
	var out []model.IdentifierOwner
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// TestWhatAReturningAccountLeadsTo is the table of both pure functions: the rules of resolution for WeChat, and authentik's decision table with our differences.
func TestWhatAReturningAccountLeadsTo(t *testing.T) {
	const (
		ann model.UserID = 1
		bob model.UserID = 2
	)
	type ids = []model.Identifier
	tests := []struct {
		name                         string
		account                      ids
		known                        []model.IdentifierOwner
		signedIn                     model.UserID
		mode                         model.UserMatchingMode
		property                     string
		matched                      model.UserID
		taken                        bool
		doubtful, ambiguous, machine bool
		want                         Decision
		new                          ids
	}{
		// Resolution.
		{
			name: "rule 1: the unionid is known, and the openid of another app of the account is new", account: ids{unionID, openID2},
			known: owned(ann, unionID, openID1), want: Decision{Action: Authenticate, User: ann}, new: ids{openID2},
		},
		{
			name: "rule 1: both are known", account: ids{unionID, openID1}, known: owned(ann, unionID, openID1), want: Decision{Action: Authenticate, User: ann},
		},
		{
			name: "rule 2: the openid is known, and the app has been bound to an account since: the unionid is new", account: ids{unionID, openID1},
			known: owned(ann, openID1), want: Decision{Action: Authenticate, User: ann}, new: ids{unionID},
		},
		{name: "rule 2: an app without an account has openids only", account: ids{openID1}, known: owned(ann, openID1), want: Decision{Action: Authenticate, User: ann}},
		{name: "rule 3: nobody is known", account: ids{unionID, openID1}, want: Decision{Action: Enroll}, new: ids{unionID, openID1}},
		{
			name: "rule 3: the same unionid in another account's namespace is another person", account: ids{unionID, openID1}, known: owned(ann, elsewhere),
			want: Decision{Action: Enroll}, new: ids{unionID, openID1},
		},
		{
			name: "rule 4: openid and unionid belong to different users, and nothing is merged", account: ids{unionID, openID1},
			known: together(owned(bob, unionID), owned(ann, openID1)), want: Decision{Action: Deny, Reason: "source.conflict"},
		},
		{
			name: "rule 4: also for one of the two who is signed in", account: ids{unionID, openID1}, signedIn: ann,
			known: together(owned(bob, unionID), owned(ann, openID1)), want: Decision{Action: Deny, Reason: "source.conflict"},
		},
		{
			name: "rule 5: the app has moved to another account: the person stays", account: ids{unionID2, openID1}, known: owned(ann, openID1, unionID),
			want: Decision{Action: Authenticate, User: ann}, new: ids{unionID2},
		},
		// The decision table for visitors.
		{name: "1: a known account signs in, whatever the mode", account: ids{openID1}, known: owned(ann, openID1), mode: model.MatchEmailDeny, want: Decision{Action: Authenticate, User: ann}},
		{name: "2: a new account enrolls", account: ids{openID1}, mode: model.MatchIdentifier, want: Decision{Action: Enroll}, new: ids{openID1}},
		{
			name: "4: a connection keyed by openid stays the person's when the profile gains a unionid", account: ids{unionID, openID1},
			known: owned(ann, openID1), want: Decision{Action: Authenticate, User: ann}, new: ids{unionID},
		},
		{
			name: "5: username_link links the user of that name", account: ids{openID1}, mode: model.MatchUsernameLink, property: "u", matched: ann,
			want: Decision{Action: Link, User: ann}, new: ids{openID1},
		},
		{
			name: "5: but not one who has another account of this source", account: ids{openID1}, mode: model.MatchUsernameLink, property: "u", matched: ann, taken: true,
			want: Decision{Action: Deny, Reason: "source.already_linked_other_account"}, new: ids{openID1},
		},
		{
			name: "6: username_deny denies where the name is a user's", account: ids{openID1}, mode: model.MatchUsernameDeny, property: "u", matched: ann,
			want: Decision{Action: Deny, Reason: "source.match_denied"}, new: ids{openID1},
		},
		{name: "6: username_deny enrolls where it is nobody's", account: ids{openID1}, mode: model.MatchUsernameDeny, property: "u", want: Decision{Action: Enroll}, new: ids{openID1}},
		{
			name: "7: email_link denies where the source gives no address", account: ids{openID1}, mode: model.MatchEmailLink,
			want: Decision{Action: Deny, Reason: "source.match_denied"}, new: ids{openID1},
		},
		{
			name: "7: email_deny denies there too", account: ids{openID1}, mode: model.MatchEmailDeny,
			want: Decision{Action: Deny, Reason: "source.match_denied"}, new: ids{openID1},
		},
		{name: "8: email_link enrolls where the address is nobody's", account: ids{openID1}, mode: model.MatchEmailLink, property: "a@b", want: Decision{Action: Enroll}, new: ids{openID1}},
		{
			name: "8: email_link links where it is somebody's", account: ids{openID1}, mode: model.MatchEmailLink, property: "a@b", matched: bob,
			want: Decision{Action: Link, User: bob}, new: ids{openID1},
		},
		{
			name: "8: email_deny denies there", account: ids{openID1}, mode: model.MatchEmailDeny, property: "a@b", matched: bob,
			want: Decision{Action: Deny, Reason: "source.match_denied"}, new: ids{openID1},
		},
		{
			name: "8: an address that nobody vouches for links nobody", account: ids{openID1}, mode: model.MatchEmailLink, property: "a@b", matched: bob, doubtful: true,
			want: Decision{Action: Deny, Reason: "source.email_unverified"}, new: ids{openID1},
		},
		{
			name: "8: nor does it enroll where the mode is email_deny", account: ids{openID1}, mode: model.MatchEmailDeny, property: "a@b", doubtful: true,
			want: Decision{Action: Deny, Reason: "source.email_unverified"}, new: ids{openID1},
		},
		{
			name: "8: of several people none is chosen", account: ids{openID1}, mode: model.MatchEmailLink, property: "a@b", matched: bob, ambiguous: true,
			want: Decision{Action: Deny, Reason: "source.match_ambiguous"}, new: ids{openID1},
		},
		{
			name: "5: a service account is linked to nobody", account: ids{openID1}, mode: model.MatchUsernameLink, property: "u", matched: bob, machine: true,
			want: Decision{Action: Deny, Reason: "source.match_denied"}, new: ids{openID1},
		},
		{
			name: "a known account signs in, whatever its address", account: ids{openID1}, known: owned(ann, openID1), mode: model.MatchEmailLink, doubtful: true, ambiguous: true,
			want: Decision{Action: Authenticate, User: ann},
		},
		{name: "8: identifier never looks at properties", account: ids{openID1}, mode: model.MatchIdentifier, property: "a@b", matched: bob, want: Decision{Action: Enroll}, new: ids{openID1}},
		// The decision table for people who are signed in.
		{name: "9: a new account is linked", account: ids{openID1}, signedIn: ann, want: Decision{Action: Link, User: ann}, new: ids{openID1}},
		{
			name: "9: whatever the mode would match", account: ids{openID1}, signedIn: ann, mode: model.MatchEmailLink, property: "a@b", matched: bob,
			want: Decision{Action: Link, User: ann}, new: ids{openID1},
		},
		{name: "10: their own account is connected already", account: ids{openID1}, known: owned(ann, openID1), signedIn: ann, want: Decision{Action: Already, User: ann}},
		{
			name: "11: another's account is denied, and nobody is switched", account: ids{openID1}, known: owned(bob, openID1), signedIn: ann,
			want: Decision{Action: Deny, Reason: "source.linked_to_other"},
		},
		{
			name: "12: a second account of the source is denied", account: ids{openID1}, signedIn: ann, taken: true,
			want: Decision{Action: Deny, Reason: "source.already_linked_other_account"}, new: ids{openID1},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.mode == "" {
				tt.mode = model.MatchIdentifier
			}
			r := Resolve(tt.account, tt.known)
			if diff := cmp.Diff(tt.new, r.New); diff != "" {
				t.Errorf("new identifiers (-want +got):\n%s", diff)
			}
			got := Decide(Situation{
				SignedIn: tt.signedIn, Resolution: r, Mode: tt.mode, Property: tt.property, Candidate: tt.matched, Taken: tt.taken,
				Doubtful: tt.doubtful, Ambiguous: tt.ambiguous, Machine: tt.machine,
			})
			if (got.Cause == "") != (got.Action != Deny) {
				t.Errorf("cause %q of %s", got.Cause, got.Action)
			}
			got.Cause = ""
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReplacedIdentifiers(t *testing.T) {
	type ids = []model.Identifier
	for _, tt := range []struct {
		name                string
		connection, account ids
		want                ids
	}{
		{"nothing is replaced by the same", ids{openID1, unionID}, ids{unionID, openID1}, nil},
		{"a unionid that is gained replaces nothing", ids{openID1}, ids{unionID, openID1}, nil},
		{"a unionid that is not told this time stays", ids{openID1, unionID}, ids{openID1}, nil},
		{"a unionid of a moved account replaces the old one", ids{openID1, unionID}, ids{unionID2, openID1}, ids{unionID}},
		{"one of another namespace stands beside it", ids{openID1, unionID}, ids{elsewhere, openID1}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Replaced(tt.connection, tt.account)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Decide takes nobody's account and switches nobody, in any situation whatever.
func TestNoSituationSwitchesTheSignedInUserOrTakesAnAccount(t *testing.T) {
	modes := []model.UserMatchingMode{
		model.MatchIdentifier, model.MatchEmailLink, model.MatchEmailDeny, model.MatchUsernameLink, model.MatchUsernameDeny, "nonsense",
	}
	for _, signedIn := range []model.UserID{0, 1} {
		for _, owner := range []model.UserID{0, 1, 2} {
			for _, candidate := range []model.UserID{0, 1, 2} {
				for _, mode := range modes {
					for _, taken := range []bool{false, true} {
						s := Situation{SignedIn: signedIn, Resolution: Resolution{User: owner}, Mode: mode, Property: "x", Candidate: candidate, Taken: taken}
						d := Decide(s)
						switch {
						case signedIn != 0 && d.Action != Deny && d.User != signedIn:
							t.Errorf("%+v switches: %+v", s, d)
						case owner != 0 && d.Action != Deny && d.User != owner:
							t.Errorf("%+v takes an account: %+v", s, d)
						case d.Action == Link && taken:
							t.Errorf("%+v links a second account: %+v", s, d)
						case d.Action == Link && signedIn == 0 && mode != model.MatchEmailLink && mode != model.MatchUsernameLink:
							t.Errorf("%+v links: %+v", s, d)
						}
					}
				}
			}
		}
	}
}
