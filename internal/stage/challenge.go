package stage

import (
	_ "embed"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Challenge is what a stage shows. Every challenge embeds [Base].
type Challenge interface{ base() *Base }

// Base is what all challenges have. A stage sets Component; the executor fills the rest.
type Base struct {
	Component      string    `json:"component"`
	FlowInfo       *FlowInfo `json:"flow_info,omitempty"`
	ResponseErrors Errors    `json:"response_errors,omitempty"`
	// Step tells the challenge from others of the same component in the same run. A page sends it back with the answer, as [StepField]; a program need not.
	Step string `json:"-"`
}

// StepField is the name of the hidden field that holds [Base.Step]. No prompt can have it: it is no word that a field may be named by.
const StepField = "-step"

func (b *Base) base() *Base { return b }

// BaseOf gives the common part of a challenge.
func BaseOf(c Challenge) *Base { return c.base() }

// FlowInfo tells about the flow around a challenge.
type FlowInfo struct {
	Title      string `json:"title"`
	Background string `json:"background"`
	CancelURL  string `json:"cancel_url"`
	Layout     string `json:"layout"`
}

// PendingUser is embedded by challenges that name the person ("U" in authentik's table).
type PendingUser struct {
	PendingUser       string `json:"pending_user"`
	PendingUserAvatar string `json:"pending_user_avatar"`
	// DisplayName is what pages call somebody who is known already. It is left empty before that: a name would tell strangers who has an account.
	DisplayName string `json:"-"`
}

// Person gives the name and the address of a picture, by which a page shows whom it is about.
func (u PendingUser) Person() (name, avatar string) {
	if u.DisplayName != "" {
		return u.DisplayName, u.PendingUserAvatar
	}
	return u.PendingUser, u.PendingUserAvatar
}

// Redirect sends the browser elsewhere.
type Redirect struct {
	Base
	To string `json:"to"`
}

// NewRedirect is a redirect challenge.
func NewRedirect(to string) *Redirect {
	return &Redirect{Base: Base{Component: "xak-flow-redirect"}, To: to}
}

// AccessDenied is a refusal.
type AccessDenied struct {
	Base
	PendingUser
	ErrorMessage string `json:"error_message,omitempty"`
	// SupportCode finds the refusal in the audit trail.
	SupportCode string `json:"support_code,omitempty"`
	// Reason is a key of the message catalogue, by which the page explains who can mend it and what to do now; Args fill its text.
	Reason string            `json:"-"`
	Args   map[string]string `json:"-"`
	// RetryURL leads back to where the person can start again.
	RetryURL string `json:"-"`
}

// FlowError is a fault of ours.
type FlowError struct {
	Base
	RequestID   string `json:"request_id"`
	SupportCode string `json:"support_code,omitempty"`
}

// SessionEnd is shown after an application's end session.
type SessionEnd struct {
	Base
	PendingUser
	ApplicationName      string `json:"application_name,omitempty"`
	ApplicationLaunchURL string `json:"application_launch_url,omitempty"`
	InvalidationFlowURL  string `json:"invalidation_flow_url,omitempty"`
	BrandName            string `json:"brand_name"`
}

// Asker is a challenge that only asks for fields: the portal draws it from them.
type Asker interface {
	Challenge
	// Form says what to ask. Labels are keys of the message catalogue unless Literal is set.
	Form() Form
}

// Form is what the portal's common template draws.
type Form struct {
	// Lead is the key of what is said above the fields, "" for nothing.
	Lead string
	// Submit is the key of the button's text.
	Submit string
	Fields []FormField
}

// FormField is one input.
type FormField struct {
	Name, Label  string
	Literal      bool   // Label is text for people already, not a key
	Type         string // HTML input type: text, password, email, checkbox, hidden
	Value        string
	Placeholder  string
	Autocomplete string
	Required     bool
	Autofocus    bool
	Help         string
}

// Screen is a stage's own page: a html/template text that defines "stage". It gets the portal's page data with .Challenge set.
type Screen struct {
	Name, HTML string
	// Script is JavaScript that the page needs, served from our own origin; "" for a page that works without. It is run as a module, after the page is read.
	Script string
}

// Foreign is a challenge whose page loads scripts and frames from other origins, such as a captcha's. The page's content security policy allows them.
type Foreign interface {
	// Origins are such as "https://www.recaptcha.net".
	Origins() []string
}

// Scripted is a challenge whose page does not always need the script of its screen.
type Scripted interface{ NeedsScript() bool }

// OneWay is a challenge that may have but one way on. Its page need not be shown: a browser is sent there, as programs go there by themselves.
type OneWay interface {
	// OnlyWay is an address, "" where there is something to choose or to answer.
	OnlyWay() string
}

// RevealScript lets people see the password that they type, on a page that draws its field by the template "secret". Without it nothing is offered.
//
//go:embed reveal.js
var RevealScript string

// Screener is a driver whose challenge has a page of its own.
type Screener interface{ Screen() Screen }

// Consenter is a driver that asks a person to allow an application what it wants. A provider adds such a stage where consent is needed and the flow has none.
type Consenter interface{ AsksConsent() }

// Detour is a driver that sends people to a source. What they bring back passes it; an answer never does.
type Detour interface {
	// Awaits is the source that people come back from, and how long they may take.
	Awaits() (source model.SourceID, patience time.Duration)
}

// Closer is a driver of an inline stage that a run must pass before it ends, also where it leaves its flow early for an address.
type Closer interface {
	// Keeps names the entries of the context that the stage cannot do without. They outlast a switch to a flow that begins without the context.
	Keeps() []string
}
