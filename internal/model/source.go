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

// Source is an upstream that people sign in with. Kind names its variety ("oauth"); Config holds that kind's settings.
type Source struct {
	ID      SourceID `json:"pk" rule:"readonly"`
	Name    string   `json:"name" required:"true"`
	Slug    string   `json:"slug" required:"true" rule:"slug"`
	Enabled bool     `json:"enabled"`
	// Shown as a large button instead of an icon.
	Promoted bool `json:"promoted"`
	// The flow that a known person passes. Unset: known people cannot sign in with this source.
	AuthenticationFlow *FlowID `json:"authentication_flow" ref:"flow"`
	// The flow that a new person passes. Unset: new people are turned away.
	EnrollmentFlow        *FlowID          `json:"enrollment_flow" ref:"flow"`
	UserPropertyMappings  []MappingID      `json:"user_property_mappings" ref:"propertymapping"`
	GroupPropertyMappings []MappingID      `json:"group_property_mappings" ref:"propertymapping"`
	PolicyEngineMode      EngineMode       `json:"policy_engine_mode" enum:"all any"`
	UserMatchingMode      UserMatchingMode `json:"user_matching_mode" enum:"identifier email_link email_deny username_link username_deny"`
	GroupMatchingMode     string           `json:"group_matching_mode" enum:"identifier name_link name_deny"`
	// Where new users are put; %(slug)s is the source's slug.
	UserPathTemplate string  `json:"user_path_template"`
	Icon             string  `json:"icon"`
	Managed          *string `json:"managed" rule:"readonly"`
	Kind             string  `json:"-"`
	Config           Config  `json:"-"`
}

// NewSource is a source with the defaults.
func NewSource() Source {
	return Source{
		Enabled: true, PolicyEngineMode: EngineAny, UserMatchingMode: MatchIdentifier, GroupMatchingMode: "identifier",
		UserPathTemplate: "goauthentik.io/sources/%(slug)s",
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
