package stage

import "github.com/weimen-id/weimen/internal/model"

// The slots that several stages share. Those of one stage are declared in its own package.
var (
	// PendingUser is whom the flow is about: someone who signs in, or is about to be created (ID 0).
	SlotPendingUser = model.NewSlot[*model.User]("pending_user")
	// SlotPendingUserIdentifier is what the person typed, shown instead of the name.
	SlotPendingUserIdentifier = model.NewSlot[string]("pending_user_identifier")
	// SlotPromptData is what was collected for the user.
	SlotPromptData = model.NewSlot[map[string]any]("prompt_data")
	// SlotUserBackend names what authenticated the person; its presence means that they are authenticated.
	SlotUserBackend = model.NewSlot[string]("user_backend")
	// SlotAuthMethod is "password", "token", "source" ...
	SlotAuthMethod = model.NewSlot[string]("auth_method")
	// SlotRedirect is where the browser goes when the flow is done.
	SlotRedirect = model.NewSlot[string]("redirect")
	// SlotIsSSO says that the run comes from a source.
	SlotIsSSO = model.NewSlot[bool]("is_sso")
	// SlotSource is the slug and name of the source that the run comes from.
	SlotSource = model.NewSlot[SourceRef]("source")
	// SlotUserPath is where a new user is put.
	SlotUserPath = model.NewSlot[string]("user_path")
	// SlotUserType is the type of a new user.
	SlotUserType = model.NewSlot[model.UserType]("user_type")
	// SlotApplication is the application that the person is on the way to.
	SlotApplication = model.NewSlot[ApplicationRef]("application")
	// SlotIsRedirected is the slug of the flow that redirected here.
	SlotIsRedirected = model.NewSlot[string]("is_redirected")
	// SlotIsRestored says that the run was taken up by a link: whoever has it reads the mailbox that it was sent to.
	SlotIsRestored = model.NewSlot[bool]("is_restored")
	// SlotAuthMethodArgs tells more about how the person was authenticated, such as "mfa_devices".
	SlotAuthMethodArgs = model.NewSlot[map[string]any]("auth_method_args")
	// SlotGroups are the groups, by id or name, that a written user is put into.
	SlotGroups = model.NewSlot[[]string]("groups")
	// SlotInvitation is the invitation that the run was let in by, and SlotInvitationInEffect says that there is one.
	SlotInvitation         = model.NewSlot[InvitationRef]("invitation")
	SlotInvitationInEffect = model.NewSlot[bool]("invitation_in_effect")
	// SlotInvitationUsed says that the run's invitation was used up: whoever it was for is enrolled.
	SlotInvitationUsed = model.NewSlot[bool]("goauthentik.io/stages/invitation/used")
	// SlotAwaitsActivation says that the run made a user who must be activated before they can sign in.
	SlotAwaitsActivation = model.NewSlot[bool]("goauthentik.io/stages/user_write/awaits_activation")
	// SlotEmail is the address that an e-mail stage writes to, in place of the user's.
	SlotEmail = model.NewSlot[string]("email")
	// SlotEmailVerified is the address that the person has shown to read, in lower case.
	SlotEmailVerified = model.NewSlot[string]("goauthentik.io/stages/email/verified")
	// SlotDenyMessage overrides the text of a deny stage.
	SlotDenyMessage = model.NewSlot[string]("deny_message")
	// SlotRedirectTarget overrides the target of a redirect stage: a URL, or ak-flow://<slug>.
	SlotRedirectTarget = model.NewSlot[string]("redirect_stage_target")
	// SlotDetour is what the address holds by which the person leaves for a source: only the run's own page leads there.
	SlotDetour = model.NewSlot[string]("goauthentik.io/stages/source/detour")
	// SlotConsentHeader and its siblings are what a consent stage asks.
	SlotConsentHeader      = model.NewSlot[string]("consent_header")
	SlotConsentPermissions = model.NewSlot[[]Permission]("consent_permissions")
	// SlotConsentAgain asks also where consent is stored (OpenID Connect Core 3.1.2.1, prompt=consent).
	SlotConsentAgain = model.NewSlot[bool]("goauthentik.io/stages/consent/again")
	// SlotConsentDenied is where a person goes who does not allow it: the client's redirect URI with error=access_denied.
	SlotConsentDenied = model.NewSlot[string]("goauthentik.io/stages/consent/denied")
)

// SourceRef names a source within a plan.
type SourceRef struct {
	ID   model.SourceID `json:"pk"`
	Slug string         `json:"slug"`
	Name string         `json:"name"`
}

// ApplicationRef names an application within a plan.
type ApplicationRef struct {
	ID        model.ApplicationID `json:"pk"`
	Slug      string              `json:"slug"`
	Name      string              `json:"name"`
	LaunchURL string              `json:"launch_url"`
}

// Permission is one thing that a person allows an application.
type Permission struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

// InvitationRef names an invitation within a plan.
type InvitationRef struct {
	ID        model.InvitationID `json:"pk"`
	Name      string             `json:"name"`
	SingleUse bool               `json:"single_use"`
	FixedData map[string]any     `json:"fixed_data"`
}
