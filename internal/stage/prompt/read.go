package prompt

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime"
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const (
	// maxText is the longest text in bytes, maxFile the largest file once it is decoded.
	maxText = 64 << 10
	maxFile = 1 << 20
	// The longest names that the database of users holds, in characters.
	maxUsername = 150
	maxEmail    = 254
)

// fault is what is wrong with a value. The code is authentik's.
func fault(key, code string) *stage.FieldError { return &stage.FieldError{String: key, Code: code} }

// read reads an answer: the values by key, or what is wrong with which field.
func (d *driver) read(ctx context.Context, v *stage.Visit, fields []*Field, a stage.Answer) (map[string]any, stage.Errors, error) {
	values, errs := map[string]any{}, stage.Errors{}
	var passwords []string
	for _, f := range fields {
		if f.Type == typeSeparator {
			continue
		}
		if f.forced() {
			if f.InitialValue != "" {
				values[f.FieldKey] = f.initial
			}
			continue
		}
		value, there, bad := f.parse(a)
		if bad == nil && there && f.namesNewUser(v) {
			var err error
			if bad, err = d.free(ctx, v, text(value)); err != nil {
				return nil, nil, err
			}
		}
		if bad != nil {
			errs[f.FieldKey] = append(errs[f.FieldKey], *bad)
			continue
		}
		if f.Type == typePassword {
			passwords = append(passwords, text(value))
		}
		if there {
			values[f.FieldKey] = value
		}
	}
	if len(errs) == 0 && len(passwords) == 2 && passwords[0] != passwords[1] {
		errs[whole] = []stage.FieldError{*fault("stage.prompt.error.passwords", "invalid")}
	}
	return values, errs, nil
}

// namesNewUser says that the answer becomes a username, which must be free: in a field of that type, and in any of that key where people enroll.
func (f *Field) namesNewUser(v *stage.Visit) bool {
	return f.Type == typeUsername || f.FieldKey == "username" && v.Flow != nil && v.Flow.Designation == model.DesignationEnrollment
}

// free refuses a username that somebody else has, whatever the case: two names that differ in it only are one to most people, and to the login page.
func (d *driver) free(ctx context.Context, v *stage.Visit, name string) (*stage.FieldError, error) {
	if name == "" {
		return nil, nil
	}
	other, err := d.Users.FindUser(ctx, []string{"username"}, name, true)
	if errors.Is(err, model.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if u := target(v); u != nil && u.ID == other.ID {
		return nil, nil
	}
	return fault("stage.prompt.error.username_taken", "invalid"), nil
}

// parse reads a field's value by its type. there is false for one that was left out and need not be there.
func (f *Field) parse(a stage.Answer) (value any, there bool, bad *stage.FieldError) {
	raw, there := a[f.FieldKey]
	if f.Type == typeCheckbox {
		if ticked := a.Bool(f.FieldKey); ticked || !f.Required {
			return ticked, true, nil
		}
		return nil, false, fault("stage.prompt.error.checkbox", "required")
	}
	if !there || string(raw) == "null" {
		if f.Required {
			return nil, false, fault("stage.prompt.error.required", "required")
		}
		return nil, false, nil
	}
	s, ok := asText(raw)
	if !ok || strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
		return nil, false, fault("stage.prompt.error.invalid", "invalid")
	}
	if f.Type != typePassword {
		s = strings.TrimSpace(s)
	}
	if s == "" && !f.offers("") {
		return f.parseBlank()
	}
	if f.Type == typeFile {
		return s, true, fileFault(s)
	}
	if len(s) > maxText {
		return nil, false, fault("stage.prompt.error.too_long", "max_length")
	}
	return f.parseText(s)
}

func (f *Field) offers(value string) bool { return f.chooses() && f.choice(value) != nil }

// parseBlank is what an empty answer means. An optional text becomes an empty one, so that people can take back what they said; a date or number that is not there
// is none, and so is a file: what was sent before stays.
func (f *Field) parseBlank() (any, bool, *stage.FieldError) {
	if f.Required {
		return nil, false, fault("stage.prompt.error.required", "blank")
	}
	switch f.Type {
	case typeNumber, typeDate, typeDateTime:
		return nil, true, nil
	case typeFile:
		return nil, false, nil
	}
	return "", true, nil
}

func (f *Field) parseText(s string) (any, bool, *stage.FieldError) {
	switch f.Type {
	case typeEmail:
		if !plausible(s) {
			return nil, false, fault("stage.prompt.error.email", "invalid")
		}
	case typeUsername:
		if utf8.RuneCountInString(s) > maxUsername {
			return nil, false, fault("stage.prompt.error.too_long", "max_length")
		}
		if strings.ContainsFunc(s, unicode.IsControl) {
			return nil, false, fault("stage.prompt.error.invalid", "invalid")
		}
	case typeNumber:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, false, fault("stage.prompt.error.number", "invalid")
		}
		return n, true, nil
	case typeDate:
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return nil, false, fault("stage.prompt.error.date", "invalid")
		}
		return t.Format(time.DateOnly), true, nil
	case typeDateTime:
		t, ok := moment(s)
		if !ok {
			return nil, false, fault("stage.prompt.error.date_time", "invalid")
		}
		return t.UTC().Format(time.RFC3339), true, nil
	case typeRadio, typeDropdown, typeLocale:
		c := f.choice(s)
		if c == nil {
			return nil, false, fault("stage.prompt.error.choice", "invalid_choice")
		}
		return c.raw, true, nil
	}
	return s, true, nil
}

// asText reads a JSON string or number, which is what forms and programs send.
func asText(raw json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s, true
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String(), true
	}
	return "", false
}

// plausible reports whether an e-mail address could be one: a name, and a host with a dot in it.
func plausible(s string) bool {
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || utf8.RuneCountInString(s) > maxEmail {
		return false
	}
	host := s[strings.LastIndexByte(s, '@')+1:]
	return host == "localhost" || strings.Contains(host, ".") && !strings.HasSuffix(host, ".") && !strings.Contains(host, "..")
}

// moment reads a time as browsers (HTML "local date and time", taken as UTC) and programs (RFC 3339) write it.
func moment(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateTime} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// localTime writes a time as the browser's input wants it.
func localTime(s string) string {
	if t, ok := moment(s); ok {
		return t.UTC().Format("2006-01-02T15:04")
	}
	return ""
}

// fileFault checks a data URI (RFC 2397) in base64.
func fileFault(s string) *stage.FieldError {
	head, data, ok := strings.Cut(s, ",")
	media, isData := strings.CutPrefix(head, "data:")
	media, isBase64 := strings.CutSuffix(media, ";base64")
	if !ok || !isData || !isBase64 {
		return fault("stage.prompt.error.file", "invalid")
	}
	if base64.StdEncoding.DecodedLen(len(data)) > maxFile+2 { // two bytes may be padding
		return fault("stage.prompt.error.file_too_large", "invalid")
	}
	if _, _, err := mime.ParseMediaType(media); media != "" && err != nil {
		return fault("stage.prompt.error.file", "invalid")
	}
	if _, err := base64.StdEncoding.DecodeString(data); err != nil {
		return fault("stage.prompt.error.file", "invalid")
	}
	return nil
}

// keep puts what was answered back into the field, so that nobody types it twice. Passwords and files are asked anew.
func (f *Field) keep(a stage.Answer) {
	if f.forced() || f.Type == typePassword || f.Type == typeFile || f.Type == typeSeparator {
		return
	}
	if f.Type == typeCheckbox {
		f.Value = ""
		if a.Bool(f.FieldKey) {
			f.Value = "true"
		}
		return
	}
	if s, ok := asText(a[f.FieldKey]); ok && utf8.ValidString(s) && len(s) <= maxText {
		f.Value = s
	}
}
