package identification

import (
	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of an identification stage.
type Config struct {
	// What people may identify themselves by. None: only by a source.
	UserFields []string `json:"user_fields" enum:"email username upn"`
	// Ask for the password in the same step, and check it by this stage's backends.
	PasswordStage *model.StageID `json:"password_stage" ref:"stage"`
	// Ask for this stage's captcha in the same step. Passkeys need none: they cannot be guessed.
	CaptchaStage *model.StageID `json:"captcha_stage" ref:"stage"`
	// Offer passkeys in the same step, as this authenticator validation stage is set: whether the device must check who holds it ("required" is the safest here, where nothing
	// else is asked), and which models count. A passkey takes the place of name and password; a stage that asks for a second factor asks nevertheless, unless a policy at its
	// binding looks at context["auth_method"], which is "auth_webauthn_pwl" then.
	WebAuthnStage *model.StageID `json:"webauthn_stage" ref:"stage"`
	// Take "Ann" and "ann" for the same.
	CaseInsensitiveMatching bool `json:"case_insensitive_matching" form:"behaviour"`
	// Show the name of the user who was found, and not what was typed.
	ShowMatchedUser bool `json:"show_matched_user" form:"behaviour"`
	// Go on as if a user existed where none does, so that nobody learns who has an account.
	PretendUserExists bool `json:"pretend_user_exists" form:"behaviour"`
	// Let people have their browser remember the name that they typed. It stays on their device.
	EnableRememberMe bool `json:"enable_remember_me" form:"behaviour"`
	// The flow behind "Sign up".
	EnrollmentFlow *model.FlowID `json:"enrollment_flow" ref:"flow" form:"recovery,widget=where:designation=enrollment"`
	// The flow behind "Forgot your password?".
	RecoveryFlow *model.FlowID `json:"recovery_flow" ref:"flow" form:"recovery,widget=where:designation=recovery"`
	// The flow behind "Sign in without a password".
	PasswordlessFlow *model.FlowID `json:"passwordless_flow" ref:"flow" form:"recovery,widget=where:designation=authentication"`
	// The sources that people may sign in with here. If there is one and no other way, browsers are sent there at once.
	Sources []model.SourceID `json:"sources" ref:"source"`
	// Write the sources' names beside their icons.
	ShowSourceLabels bool `json:"show_source_labels" form:"behaviour"`
}

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{CaseInsensitiveMatching: true, ShowMatchedUser: true, PretendUserExists: true}
}
