package oauth

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// Profile is what an upstream says about a person: a JSON object, its numbers as they were written.
type Profile map[string]any

// Text gives the first of the named claims that is a text, or a number as text, and is not empty; "" if none is.
func (p Profile) Text(names ...string) string {
	for _, name := range names {
		switch v := p[name].(type) {
		case string:
			if v = strings.TrimSpace(v); v != "" {
				return v
			}
		case json.Number:
			return v.String()
		}
	}
	return ""
}

// List gives the texts of a claim that is a list, nil if it is none.
func (p Profile) List(name string) []string {
	items, _ := p[name].([]any)
	var out []string
	for _, item := range items {
		if s, ok := item.(string); ok && s != "" {
			out = append(out, s)
		}
	}
	return out
}

// OrNil gives nil for "": in a user's properties nil is what is absent.
func OrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// Decode reads one JSON value whatever the content type said. Numbers stay as written, but for those that PostgreSQL cannot store; NUL is dropped from texts for the
// same reason.
func Decode(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, errors.New("not JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return storable(v), nil
}

// DecodeProfile reads one JSON object.
func DecodeProfile(body []byte) (Profile, error) {
	v, err := Decode(body)
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("not a JSON object")
	}
	return m, nil
}

func storable(v any) any {
	switch v := v.(type) {
	case json.Number:
		return storableNumber(v)
	case string:
		return strings.ReplaceAll(v, "\x00", "")
	case []any:
		for i := range v {
			v[i] = storable(v[i])
		}
	case map[string]any:
		for name, item := range v {
			if clean := strings.ReplaceAll(name, "\x00", ""); clean != name {
				delete(v, name)
				name = clean
			}
			v[name] = storable(item)
		}
	}
	return v
}

// storableNumber rounds a number with an exponent to what a float64 holds, and makes a text of one that is beyond it.
func storableNumber(n json.Number) any {
	if !strings.ContainsAny(string(n), "eE") {
		return n
	}
	f, err := n.Float64()
	if err != nil {
		return n.String()
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

// nameLength is how many characters of a display name are kept.
const nameLength = 150

const zeroWidthJoiner = '\u200d'

// DisplayName makes a name that someone chose elsewhere fit to be shown among other people's: one line, without control characters, without what turns or hides
// text (Unicode's bidirectional controls and zero-width characters), at most 150 characters. Emoji stay whole. "" if nothing is left to see.
func DisplayName(name string) string {
	runes := []rune(name)
	kept := make([]rune, 0, len(runes))
	for i, r := range runes {
		switch {
		case unicode.IsSpace(r):
			kept = append(kept, ' ')
		case r == zeroWidthJoiner && i > 0 && i+1 < len(runes) && joinable(runes[i-1]) && joinable(runes[i+1]):
			kept = append(kept, r)
		case !invisible(r):
			kept = append(kept, r)
		}
	}
	kept = []rune(strings.Join(strings.Fields(string(kept)), " "))
	if len(kept) > nameLength {
		kept = kept[:nameLength]
	}
	return strings.TrimRight(string(kept), " "+string(zeroWidthJoiner))
}

// joinable says whether a rune may be part of an emoji that is joined of several.
func joinable(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sk) || r == '\ufe0f'
}

// invisible says whether a rune shows as nothing or changes how its neighbours show.
func invisible(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u3164', '\uffa0': // a joiner and Hangul fillers, which count as letters
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf)
}
