package source

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/model"
)

// gather finds out all that decides what the account leads to, for a user who is known already or for nobody (0). It asks for no more than the mode needs.
func (r *returning) gather(ctx context.Context, known model.UserID) (Situation, error) {
	store := r.manager.Store
	username, _ := r.properties["username"].(string)
	owners, namesake, err := store.Claimants(ctx, r.account.Identifiers, username)
	if err != nil {
		return Situation{}, err
	}
	r.namesake = namesake
	s := Situation{Resolution: Resolve(r.account.Identifiers, owners), Mode: r.source.UserMatchingMode, SignedIn: known}
	target := s.SignedIn
	if s.User == 0 && s.SignedIn == 0 && s.Mode != model.MatchIdentifier {
		if err := r.candidate(ctx, &s); err != nil {
			return Situation{}, err
		}
		target = s.Candidate
	}
	if s.User == 0 && target != 0 {
		_, err := store.ConnectionOf(ctx, target, r.source.ID)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return Situation{}, err
		}
		s.Taken = err == nil
	}
	return s, nil
}

// candidate finds the user whom the matching mode would match. A service account has an e-mail address by chance: it is passed over there. Of several people with one
// address those who are deactivated do not count, unless there is nobody else: then the sign-in ends as for every deactivated user. Nor do those who merely typed it: a stranger who
// enrolled with somebody's address before must not get what they bring.
func (r *returning) candidate(ctx context.Context, s *Situation) error {
	if s.Mode == model.MatchUsernameLink || s.Mode == model.MatchUsernameDeny {
		s.Property, _ = r.properties["username"].(string)
		if r.namesake == 0 {
			return nil
		}
		u, err := r.manager.Store.User(ctx, r.namesake)
		if errors.Is(err, model.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		s.Candidate, s.Machine = u.ID, isMachine(u)
		return nil
	}
	s.Property, _ = r.properties["email"].(string)
	if s.Property == "" {
		return nil
	}
	if !r.trusted("email") {
		s.Doubtful = true
		return nil
	}
	users, err := r.manager.Store.UsersByEmail(ctx, s.Property)
	if err != nil {
		return err
	}
	active, typed := 0, model.UserID(0)
	for _, u := range users {
		if isMachine(u) {
			continue
		}
		if u.EmailUnproven() {
			typed = u.ID
			continue
		}
		if u.IsActive {
			active++
		}
		if s.Candidate == 0 || u.IsActive && active == 1 {
			s.Candidate = u.ID
		}
	}
	s.Ambiguous = active > 1
	if s.Candidate == 0 {
		s.Candidate, s.Unproven = typed, typed != 0
	}
	return nil
}

// trusted reports whether a property may be taken for the person's own: an e-mail address counts only if the upstream has verified it, or if a mapping, which is the
// administrator's word, gives it.
func (r *returning) trusted(property string) bool {
	return property != "email" || r.account.EmailVerified || r.mapped["email"]
}

func isMachine(u *model.User) bool {
	return u.Type == model.UserServiceAccount || u.Type == model.UserInternalServiceAccount
}
