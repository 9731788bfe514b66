package prompt

import (
	"html/template"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// The types of a prompt, by authentik's names.
const (
	typeText             = "text"
	typeTextArea         = "text_area"
	typeTextReadOnly     = "text_read_only"
	typeTextAreaReadOnly = "text_area_read_only"
	typeUsername         = "username"
	typeEmail            = "email"
	typePassword         = "password"
	typeNumber           = "number"
	typeCheckbox         = "checkbox"
	typeRadio            = "radio-button-group"
	typeDropdown         = "dropdown"
	typeDate             = "date"
	typeDateTime         = "date-time"
	typeFile             = "file"
	typeSeparator        = "separator"
	typeHidden           = "hidden"
	typeStatic           = "static"
	typeLocale           = "ak-locale"
)

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	Fields []*Field `json:"fields"`
	// Account is whose password is asked, for the browser that keeps it; "" where that is not known or another field asks it.
	Account string `json:"-"`
}

// Choice is one of the values of a field.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
	// raw is the value as it is collected.
	raw any
}

// Field is one field of the challenge.
type Field struct {
	FieldKey     string   `json:"field_key"`
	Label        string   `json:"label"`
	Type         string   `json:"type"`
	Required     bool     `json:"required"`
	Placeholder  string   `json:"placeholder"`
	InitialValue string   `json:"initial_value"`
	Order        int      `json:"order"`
	SubText      string   `json:"sub_text"`
	Choices      []Choice `json:"choices,omitempty"`

	// ID is the input's on the page.
	ID string `json:"-"`
	// Value is what stands in the field: the initial value, or what was answered last.
	Value string `json:"-"`
	// initial is the initial value as it is collected.
	initial any
}

func challenge(v *stage.Visit, fields []*Field) *Challenge {
	c := &Challenge{Base: stage.Base{Component: component}, Fields: fields}
	asksName, asksPassword := false, false
	for _, f := range fields {
		asksName = asksName || f.FieldKey == "username" && !f.forced()
		asksPassword = asksPassword || f.Type == typePassword
	}
	if asksPassword && !asksName {
		if u := known(v); u != nil {
			c.Account = u.Username
		}
	}
	return c
}

// known is the run's user where they have shown who they are: a page may name them.
func known(v *stage.Visit) *model.User {
	u := target(v)
	_, authenticated := stage.SlotUserBackend.Get(v.Context)
	if u != nil && (authenticated || v.SignedIn() && v.User.ID == u.ID) {
		return u
	}
	return nil
}

// Upload says that the form sends files.
func (c *Challenge) Upload() bool {
	for _, f := range c.Fields {
		if f.Type == typeFile {
			return true
		}
	}
	return false
}

// forced reports whether the value is the server's, whatever is answered.
func (f *Field) forced() bool {
	switch f.Type {
	case typeTextReadOnly, typeTextAreaReadOnly, typeHidden, typeStatic:
		return true
	}
	return false
}

func (f *Field) chooses() bool {
	return f.Type == typeRadio || f.Type == typeDropdown || f.Type == typeLocale
}

// ReadOnly, Area and Select choose the element that the page draws, and Input its type.
func (f *Field) ReadOnly() bool { return f.forced() }

// Area says that the field has several lines.
func (f *Field) Area() bool { return f.Type == typeTextArea || f.Type == typeTextAreaReadOnly }

// Select says that the choices are drawn as a list that opens.
func (f *Field) Select() bool { return f.Type == typeDropdown || f.Type == typeLocale }

// Optional says that the page tells people that they may leave the field empty.
func (f *Field) Optional() bool {
	return !f.Required && !f.forced() && !f.chooses() && f.Type != typeCheckbox
}

// Input is the type of the HTML input.
func (f *Field) Input() string {
	switch f.Type {
	case typeEmail, typePassword, typeNumber, typeDate, typeFile:
		return f.Type
	case typeDateTime:
		return "datetime-local"
	}
	if f.fills("tel") {
		return "tel"
	}
	return "text"
}

// Autocomplete is what the browser may fill in, by the key that the answer is kept under (HTML Living Standard, autofill); "" where nobody can tell.
func (f *Field) Autocomplete() string {
	switch f.Type {
	case typePassword:
		return "new-password"
	case typeEmail:
		return "email"
	case typeUsername:
		return "username"
	}
	for _, name := range []string{"username", "email", "name", "given-name", "family-name", "nickname", "tel", "bday", "organization", "organization-title", "street-address", "postal-code", "country-name", "url"} {
		if f.fills(name) {
			return name
		}
	}
	return ""
}

// fills reports whether the key asks for what browsers know under a name.
func (f *Field) fills(name string) bool {
	key := strings.ToLower(f.FieldKey[strings.LastIndexByte(f.FieldKey, '.')+1:])
	for _, word := range map[string][]string{
		"name": {"name", "full_name", "fullname", "display_name"}, "given-name": {"first_name", "given_name"}, "family-name": {"last_name", "family_name"},
		"tel": {"phone", "phone_number", "mobile", "telephone", "tel"}, "bday": {"birthday", "birthdate", "date_of_birth"},
		"organization": {"company", "organization", "organisation"}, "organization-title": {"job_title"}, "street-address": {"address", "street"},
		"postal-code": {"postal_code", "zip", "zipcode", "postcode"}, "country-name": {"country"}, "url": {"website", "homepage"},
	}[name] {
		if key == word {
			return true
		}
	}
	return key == name
}

// Checked says that the box is ticked.
func (f *Field) Checked() bool { return truth(f.Value) }

// Chosen says that a choice is the present one.
func (f *Field) Chosen(value string) bool { return f.Value == value }

// Help is the help text, with what simple HTML the administrator wrote in it.
func (f *Field) Help() template.HTML { return rich(f.SubText) }

// Static is the text of a field that only shows one.
func (f *Field) Static() template.HTML { return rich(f.Value) }

// Described lists the ids of what is said about the field.
func (f *Field) Described(errors int) string {
	var ids []string
	if errors > 0 {
		ids = append(ids, f.ID+"-error")
	}
	if f.SubText != "" {
		ids = append(ids, f.ID+"-help")
	}
	return strings.Join(ids, " ")
}
