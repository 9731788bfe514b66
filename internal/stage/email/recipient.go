package email

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// recipient is whom a letter goes to.
type recipient struct {
	// address is where to; for somebody who is not there, what stands for it.
	address string
	name    string
	// pretended says that no letter goes out, and nobody is to notice.
	pretended bool
	// shown is the address as the page may tell it, "" where telling would tell a stranger about an account.
	shown string
}

// recipient finds out whom to write to. The refusal says what is missing.
func (d *driver) recipient(v *stage.Visit) (recipient, *stage.Refuse) {
	u := stage.SlotPendingUser.Value(v.Context)
	known := enrolling(v, u) || authenticated(v, u)
	to := recipient{address: strings.TrimSpace(stage.SlotEmail.Value(v.Context))}
	if u != nil {
		to.name = u.DisplayName()
		if to.address == "" {
			to.address = strings.TrimSpace(u.Email)
		}
	}
	if typed, ok := stage.SlotPromptData.Value(v.Context)["email"].(string); ok && to.address == "" && known {
		to.address = strings.TrimSpace(typed)
	}
	_, err := mail.Address(to.address)
	switch {
	case known && to.address == "":
		return to, &stage.Refuse{Err: model.Refuse(model.CodeInvalid, "email.no_address", "No e-mail address is known of the person. Ask for one before this stage.")}
	case known && err != nil:
		return to, &stage.Refuse{Err: model.Refuse(model.CodeInvalid, "mail.address", "The address is not one that a letter can be sent to.")}
	case known:
		to.shown = masked(to.address)
		return to, nil
	}
	// Somebody who was identified and has shown nothing yet. Whether they have an account, and an address, is not told.
	typed := strings.TrimSpace(stage.SlotPendingUserIdentifier.Value(v.Context))
	if err == nil && strings.EqualFold(typed, to.address) {
		to.shown = masked(typed)
	}
	if to.pretended = u.ID == 0 || err != nil; to.pretended && to.address == "" {
		to.address = u.Username
	}
	return to, nil
}

// enrolling reports whether the run makes a new user: nobody is identified yet.
func enrolling(v *stage.Visit, u *model.User) bool {
	if u == nil {
		return true
	}
	return u.ID == 0 && (v.Flow.Designation == model.DesignationEnrollment || stage.SlotIsSSO.Value(v.Context))
}

// authenticated reports whether the person has shown that they are the run's user.
func authenticated(v *stage.Visit, u *model.User) bool {
	if u == nil || u.ID == 0 {
		return false
	}
	_, ok := stage.SlotUserBackend.Get(v.Context)
	return ok || v.SignedIn() && v.User.ID == u.ID
}

// key is what letters to the recipient are counted under.
func (r recipient) key() string {
	sum := sha256.Sum256([]byte(strings.ToLower(r.address)))
	return "email/" + hex.EncodeToString(sum[:16])
}

// masked shows enough of an address for its owner to know it: "z***@example.org".
func masked(address string) string {
	i := strings.LastIndexByte(address, '@')
	if i < 1 {
		return "***"
	}
	_, first := utf8.DecodeRuneInString(address)
	return address[:min(first, i)] + "***" + address[i:]
}
