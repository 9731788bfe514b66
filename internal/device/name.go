package device

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// MaskNumber hides most of a telephone number: its owner knows it by the rest.
func MaskNumber(number string) string {
	if len(number) < 8 {
		return strings.Repeat("*", len(number))
	}
	return number[:len(number)-8] + "****" + number[len(number)-4:]
}

// MaskAddress hides most of an e-mail address.
func MaskAddress(address string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok || local == "" {
		return "***"
	}
	_, first := utf8.DecodeRuneInString(local)
	return local[:first] + "***@" + domain
}

var (
	numberSigns    = regexp.MustCompile(`[\s().\-\x{3000}]`)
	numberWhole    = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	numberMainland = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
)

// Number reads a telephone number as people type it and gives it as the networks want it (ITU-T E.164): with "+" and the country. Eleven digits without one are a
// mobile number of mainland China. ok is false for what is no number.
func Number(typed string) (number string, ok bool) {
	if len(typed) > 64 {
		return "", false
	}
	number = numberSigns.ReplaceAllString(strings.Map(plainDigit, typed), "")
	if rest, international := strings.CutPrefix(number, "00"); international {
		number = "+" + rest
	}
	if rest, china := strings.CutPrefix(number, "86"); china && numberMainland.MatchString(rest) {
		number = rest
	}
	if numberMainland.MatchString(number) {
		number = "+86" + number
	}
	return number, numberWhole.MatchString(number)
}

func plainDigit(r rune) rune {
	switch {
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case r == '＋':
		return '+'
	}
	return r
}
