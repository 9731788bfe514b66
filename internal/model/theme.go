package model

import "strings"

// Look says whether pages are light or dark. The wire words are authentik's.
type Look string

// The looks.
const (
	LookAutomatic Look = "automatic" // as the reader's device prefers
	LookLight     Look = "light"
	LookDark      Look = "dark"
)

// Theme is the colours that the pages of a brand have. It is kept in the brand's attributes, where authentik keeps its own: settings.theme.base, and beside it
// settings.theme.primary_color.
type Theme struct {
	// Primary is "#rrggbb" in small letters; "" for the colour of the house.
	Primary string
	Base    Look
}

// Theme reads the colours of a brand. What cannot be one is passed over, and told in sentences for the administrator.
func (b *Brand) Theme() (t Theme, wrong []string) {
	t.Base = LookAutomatic
	settings, _ := b.Attributes["settings"].(map[string]any)
	theme, _ := settings["theme"].(map[string]any)
	if given := theme["primary_color"]; given != nil && given != "" {
		text, _ := given.(string)
		if isColour(text) {
			t.Primary = strings.ToLower(text)
		} else {
			wrong = append(wrong, "The colour settings.theme.primary_color must be # and six hexadecimal digits, such as #07c160.")
		}
	}
	if given := theme["base"]; given != nil && given != "" {
		text, _ := given.(string)
		switch look := Look(text); look {
		case LookAutomatic, LookLight, LookDark:
			t.Base = look
		default:
			wrong = append(wrong, "The look settings.theme.base must be automatic, light or dark.")
		}
	}
	return t, wrong
}

// isColour reports whether a text is # and six hexadecimal digits. Nothing else may come into a style sheet.
func isColour(text string) bool {
	digits, ok := strings.CutPrefix(text, "#")
	return ok && len(digits) == 6 && strings.Trim(digits, "0123456789abcdefABCDEF") == ""
}
