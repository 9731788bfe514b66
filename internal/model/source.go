package model

import "strings"

// UserMatchingMode says how a source recognises a person whom it has not seen before.
type UserMatchingMode string

// The user matching modes.
const (
	MatchIdentifier   UserMatchingMode = "identifier"
	MatchEmailLink    UserMatchingMode = "email_link"
	MatchEmailDeny    UserMatchingMode = "email_deny"
	MatchUsernameLink UserMatchingMode = "username_link"
	MatchUsernameDeny UserMatchingMode = "username_deny"
)

// GroupMatchingMode says how a source recognises a group that it has not named before.
type GroupMatchingMode string

// The group matching modes.
const (
	MatchGroupIdentifier GroupMatchingMode = "identifier"
	MatchGroupNameLink   GroupMatchingMode = "name_link"
	MatchGroupNameDeny   GroupMatchingMode = "name_deny"
)

// Source is an upstream that people sign in with. Kind names its variety ("oauth"); Config holds that kind's settings.
type Source struct {
	// The source's id. The server gives it.
	ID SourceID `json:"pk" rule:"readonly"`
	// What people see on the button.
	Name string `json:"name" required:"true"`
	// The source's name in addresses. The callback address contains it, so a change must be told to the upstream.
	Slug string `json:"slug" required:"true" rule:"slug"`
	// Whether people can sign in with this source.
	Enabled bool `json:"enabled"`
	// Shown as a large button instead of an icon.
	Promoted bool `json:"promoted" form:"appearance"`
	// The flow that a known person passes. Unset: known people cannot sign in with this source.
	AuthenticationFlow *FlowID `json:"authentication_flow" ref:"flow" form:"flows,widget=where:designation=authentication"`
	// The flow that a new person passes. Unset: new people are turned away.
	EnrollmentFlow *FlowID `json:"enrollment_flow" ref:"flow" form:"flows,widget=where:designation=enrollment"`
	// Mappings that make a user's properties of the upstream's profile.
	UserPropertyMappings []MappingID `json:"user_property_mappings" ref:"propertymapping" form:"mapping"`
	// Mappings that make groups of the upstream's profile.
	GroupPropertyMappings []MappingID `json:"group_property_mappings" ref:"propertymapping" form:"mapping"`
	// Whether one of the bound policies must pass, or all.
	PolicyEngineMode EngineMode `json:"policy_engine_mode" enum:"all any" form:"advanced"`
	// How somebody new to this source is recognised: by the account at the source alone; or by e-mail address or username, to be linked with the user who has it, or turned away.
	UserMatchingMode UserMatchingMode `json:"user_matching_mode" enum:"identifier email_link email_deny username_link username_deny" form:"matching"`
	// How a group that the source names for the first time is recognised: by the source's own name for it alone; or also by its name here, to be taken for the group of that name
	// (never one that makes administrators), or to turn the person away.
	GroupMatchingMode GroupMatchingMode `json:"group_matching_mode" enum:"identifier name_link name_deny" form:"matching"`
	// Which fields of people who are known follow the source when they sign in. By name (name, email, username, path, attributes, attributes.<name>, or * for all but username and
	// path): always; unless_edited, which leaves alone what a person changed here; or once, which is what holds for fields without a rule: they are written when the person is new.
	AttributeRefresh map[string]any `json:"attribute_refresh" form:"matching"`
	// Where new users are put; %(slug)s is the source's slug.
	UserPathTemplate string `json:"user_path_template" form:"advanced"`
	// The address of a picture for the button. Empty: that of the source's type.
	Icon string `json:"icon" form:"appearance,widget=image"`
	// Who looks after the source, where it is not the administrator.
	Managed *string `json:"managed" rule:"readonly"`
	Kind    string  `json:"-"`
	Config  Config  `json:"-"`
}

// NewSource is a source with the defaults.
func NewSource() Source {
	return Source{
		Enabled: true, PolicyEngineMode: EngineAny, UserMatchingMode: MatchIdentifier, GroupMatchingMode: MatchGroupIdentifier,
		AttributeRefresh: map[string]any{}, UserPathTemplate: "goauthentik.io/sources/%(slug)s",
	}
}

// UserPath is where users from this source are put.
func (s *Source) UserPath() string {
	path := strings.Trim(strings.ReplaceAll(s.UserPathTemplate, "%(slug)s", s.Slug), "/")
	if path == "" || strings.Contains(path, "//") || strings.Contains(path, "%(") {
		return "users"
	}
	return path
}
