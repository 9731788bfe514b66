package portal

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most characters that a page shows of a name, and of words that are not ours.
const (
	maxName  = 64
	maxWords = 1000
)

// plain makes a name fit to stand in our text: without control characters and without the marks that turn the direction of what follows (UAX 9, explicit
// formatting), which a stranger could use to make a page read other than it is; and of bounded length.
func plain(name string) string { return tame(name, maxName) }

// words does the same for whole sentences.
func words(text string) string { return tame(text, maxWords) }

func tame(name string, limit int) string {
	clean := true
	for _, r := range name {
		if disturbs(r) {
			clean = false
			break
		}
	}
	if !clean || !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, "")
		name = strings.Map(func(r rune) rune {
			if disturbs(r) {
				return -1
			}
			return r
		}, name)
	}
	if len(name) > limit {
		if runes := []rune(name); len(runes) > limit {
			name = string(runes[:limit-1]) + "…"
		}
	}
	return strings.TrimSpace(name)
}

func disturbs(r rune) bool {
	switch {
	case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C, r == 0x2028, r == 0x2029:
		return true
	}
	return false
}

// initials stands where a picture is missing: the first character of a name, and that of its last word where both are letters with case ("Ada Lovelace" is AL).
func initials(name string) string {
	words := strings.FieldsFunc(plain(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	if len(words) == 0 {
		return "•"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	if len(words) > 1 && cased(first) && cased(last) {
		return string([]rune{unicode.ToUpper(first), unicode.ToUpper(last)})
	}
	return string(unicode.ToUpper(first))
}

func cased(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) }

// picture is the address of a picture that a page may load: an https address, a path on this server, or a picture inside of the address. Plain http is asked for
// by https, because WeChat's older picture addresses say http and answer both; everything else gives "".
func picture(address string) string {
	switch {
	case strings.HasPrefix(address, "https://"), strings.HasPrefix(address, "data:image/"):
		return address
	case strings.HasPrefix(address, "http://"):
		return "https://" + strings.TrimPrefix(address, "http://")
	case strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") && !strings.HasPrefix(address, `/\`):
		return address
	}
	return ""
}

func trimSlashes(path string) string { return strings.TrimLeft(path, `/\`) }

// Person is somebody as a page shows them.
type Person struct {
	Name string
	// Picture is the address of a picture; without one the initials are shown.
	Picture  string
	Initials string
	Big      bool
}

// NewPerson makes a person fit to show of a name and a picture's address, either of which a stranger may have written.
func NewPerson(name, pictureURL string) Person {
	return Person{Name: plain(name), Picture: picture(pictureURL), Initials: initials(name)}
}
