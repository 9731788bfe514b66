package model

import "net/url"

// Settings are those of the whole installation ("admin/settings/" of the API). There is one row of them.
type Settings struct {
	// In their account's settings. The attribute goauthentik.io/user/can-change-name of a person or a group decides otherwise for them.
	DefaultUserChangeName bool `json:"default_user_change_name" form:"privacy"`
	// In their account's settings. The attribute goauthentik.io/user/can-change-email of a person or a group decides otherwise for them.
	DefaultUserChangeEmail bool `json:"default_user_change_email" form:"privacy"`
	// In their account's settings. The attribute goauthentik.io/user/can-change-username of a person or a group decides otherwise for them.
	DefaultUserChangeUsername bool `json:"default_user_change_username" form:"privacy"`
	// Older events are deleted.
	EventRetention Duration `json:"event_retention" form:"limits"`
	// However often somebody fails, their score falls no lower.
	ReputationLowerLimit int `json:"reputation_lower_limit" form:"limits"`
	// However often somebody succeeds, their score rises no higher.
	ReputationUpperLimit int `json:"reputation_upper_limit" form:"limits"`
	// They stand at the foot of the pages that people sign in by.
	FooterLinks []FooterLink `json:"footer_links" form:"appearance,widget=ordered"`
	// For tokens that are made without an end of their own, and for links that let people back in.
	DefaultTokenDuration Duration `json:"default_token_duration" form:"limits"`
	// How many characters a new token has.
	DefaultTokenLength int `json:"default_token_length" form:"limits"`
	// How many objects a page of a list has, where the program that asks does not say.
	PaginationDefaultPageSize int `json:"pagination_default_page_size" form:"limits"`
	// How many objects a page of a list has at most.
	PaginationMaxPageSize int `json:"pagination_max_page_size" form:"limits"`
	// A picture is the person's own, else the first letter of the name; nobody outside is asked for one.
	Avatars string `json:"avatars" form:"kept"`
	// Events stay for as long as they are kept, whoever is deleted.
	GDPRCompliance bool `json:"gdpr_compliance" form:"kept"`
	// Nobody can act in someone else's name here.
	Impersonation bool `json:"impersonation" form:"kept"`
	// It does nothing, as impersonation itself.
	ImpersonationRequireReason bool `json:"impersonation_require_reason" form:"kept"`
	// authentik's switches for behaviour on trial. None of them does anything here.
	Flags SettingFlags `json:"flags" required:"true" form:"kept"`
}

// FooterLink is a link at the foot of the pages.
type FooterLink struct {
	// What people read.
	Name string `json:"name" required:"true"`
	// Where it leads: an address of the web, or of a mailbox with mailto:. Empty for a text that leads nowhere.
	Href string `json:"href"`
}

// SettingFlags are authentik's switches for behaviour on trial. Its clients compare them as a whole, so all four are there and no others.
type SettingFlags struct {
	// Events name what was changed, never its values before and after.
	AuditExpandedDiff bool `json:"enterprise_audit_include_expanded_diff"`
	// Pages that wait for access are not buffered here.
	BufferedAccessView bool `json:"policies_buffered_access_view"`
	// Other tabs are not taken along when somebody signs in.
	ContinuousLogin bool `json:"flows_continuous_login"`
	// Other tabs are not loaded again after a sign-in.
	RefreshOthers bool `json:"flows_refresh_others"`
}

// NewSettings are the settings of a new installation.
func NewSettings() *Settings {
	return &Settings{
		Avatars: "gravatar,initials", DefaultUserChangeName: true, EventRetention: "days=365", ReputationLowerLimit: -5, ReputationUpperLimit: 5,
		FooterLinks: []FooterLink{}, GDPRCompliance: true, Impersonation: true, ImpersonationRequireReason: true,
		DefaultTokenDuration: "minutes=30", DefaultTokenLength: 60, PaginationDefaultPageSize: 20, PaginationMaxPageSize: 100,
	}
}

// shortestToken keeps tokens from being guessed: 20 letters and digits are 119 bits.
const shortestToken = 20

// Validate checks the settings.
func (s *Settings) Validate() error {
	f := map[string][]string{}
	if s.ReputationLowerLimit > 0 {
		f["reputation_lower_limit"] = []string{"Ensure this value is less than or equal to 0."}
	}
	if s.ReputationUpperLimit < 0 {
		f["reputation_upper_limit"] = []string{"Ensure this value is greater than or equal to 0."}
	}
	if s.DefaultTokenLength < shortestToken || s.DefaultTokenLength > 512 {
		f["default_token_length"] = []string{"Ensure this value is from 20 to 512: shorter tokens can be guessed."}
	}
	if s.PaginationDefaultPageSize < 1 {
		f["pagination_default_page_size"] = []string{"Ensure this value is greater than or equal to 1."}
	}
	if s.PaginationMaxPageSize < 1 || s.PaginationMaxPageSize > 1000 {
		f["pagination_max_page_size"] = []string{"Ensure this value is from 1 to 1000."}
	}
	for field, d := range map[string]Duration{"event_retention": s.EventRetention, "default_token_duration": s.DefaultTokenDuration} {
		if d.Or(0) <= 0 {
			f[field] = []string{"Ensure this is longer than nothing."}
		}
	}
	for _, l := range s.FooterLinks {
		if l.Href != "" && !leadsOut(l.Href) {
			f["footer_links"] = []string{"A link leads to http:, https: or mailto:."}
		}
	}
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: CodeInvalid, Message: "invalid input", Fields: f}
}

// leadsOut keeps scripts out of links (javascript:, data:).
func leadsOut(href string) bool {
	u, err := url.Parse(href)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	}
	return false
}
