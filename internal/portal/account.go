package portal

import (
	"cmp"
	"slices"
	"time"
)

// AccountView is "my account".
type AccountView struct {
	Person Person
	// Username is empty where it would tell the person nothing: an identifier that a source gave.
	Username, Email string
	// EditURL, if set, leads to where the profile is edited.
	EditURL string
	// ConsoleURL, if set, leads an administrator to the console.
	ConsoleURL string
	// DeleteURL, if set, leads to where the account is deleted.
	DeleteURL string
	// Action takes the forms: action=disconnect with connection, action=revoke with session, action=revoke_others, action=remove_device with device.
	Action string
	// PasswordURL, if set, leads to where the password is changed, or set where HasPassword is false.
	PasswordURL string
	HasPassword bool
	Devices     []DeviceView
	// Add lists the authenticators that can be set up.
	Add          []AddView
	Sources      []SourceView
	Sessions     []SessionView
	Applications []ApplicationView
}

// SourceView is a source that accounts can be connected from, with those that are.
type SourceView struct {
	Name, Type string
	IconURL    *string
	// ConnectURL starts the connecting of an account.
	ConnectURL  string
	Connections []ConnectionView
}

// ConnectionView is an account at a source.
type ConnectionView struct {
	// ID comes back with the form.
	ID string
	// Name is what the account is called there; may be empty.
	Name  string
	Since time.Time
	// Confirm shows the question whether to disconnect already opened.
	Confirm bool
}

// SessionView is a signed-in browser.
type SessionView struct {
	ID       string
	Device   Device
	ClientIP string
	LastUsed time.Time
	// Source is the name of the source that was signed in with, if any.
	Source  string
	Current bool
}

// DeviceView is an authenticator of the person's.
type DeviceView struct {
	// ID comes back with the form.
	ID          string
	Name, Class string
	Created     time.Time
	LastUsed    *time.Time
	// CodesLeft counts unused printed codes.
	CodesLeft int
}

// Named reports whether the authenticator's name is more than that of its sort, which is what our own stages give.
func (v DeviceView) Named() bool {
	return !slices.Contains([]string{"TOTP Device", "Static tokens", "WebAuthn device"}, v.Name)
}

// AddView is a sort of authenticator that can be set up.
type AddView struct{ Name, Class, URL string }

// Secured reports whether there is anything to say about security.
func (v AccountView) Secured() bool {
	return v.PasswordURL != "" || len(v.Devices) > 0 || len(v.Add) > 0
}

// ApplicationView is an application that the person may open.
type ApplicationView struct {
	Name, Description, Group string
	IconURL, LaunchURL       string
	NewTab                   bool
}

// applicationGroup is the applications under one heading.
type applicationGroup struct {
	Name         string
	Applications []ApplicationView
}

// groups gives applications by their headings, those without one first.
func groups(applications []ApplicationView) []applicationGroup {
	sorted := slices.SortedStableFunc(slices.Values(applications), func(a, b ApplicationView) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Name, b.Name))
	})
	var out []applicationGroup
	for _, a := range sorted {
		if n := len(out); n == 0 || out[n-1].Name != a.Group {
			out = append(out, applicationGroup{Name: a.Group})
		}
		last := &out[len(out)-1]
		last.Applications = append(last.Applications, a)
	}
	return out
}

// OtherSessions reports whether there is a session beside the present one.
func (v AccountView) OtherSessions() bool {
	return slices.ContainsFunc(v.Sessions, func(s SessionView) bool { return !s.Current })
}
