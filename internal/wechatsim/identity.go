package wechatsim

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

const (
	alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	tokenLetters  = alphanumerics + "-_"
	hexDigits     = "0123456789abcdef"
)

// OpenID is the openid of a person at an application: 28 characters that depend on these two alone.
func OpenID(userID, appID string) string {
	return "o" + digest("openid", userID, appID)[:27]
}

// UnionID is the unionid of a person at an Open Platform account: 28 or 29 characters, like an openid to the eye.
// An application without an account has none: the empty string.
func UnionID(userID, account string) string {
	if account == "" {
		return ""
	}
	d := digest("unionid", userID, account)
	if d[42]%2 == 0 {
		return "o" + d[:28]
	}
	return "o" + d[:27]
}

// digest is 43 characters of [A-Za-z0-9_-].
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func newUUID() string { return randomText(16, alphanumerics) }

func newCode() string { return randomText(32, alphanumerics) }

func newToken() string { return "84_" + randomText(107, tokenLetters) }

func newAppID() string { return "wx" + randomText(16, hexDigits) }

func newSecret() string { return randomText(32, hexDigits) }

// newRequestID is the "rid" WeChat appends to error texts.
func newRequestID() string {
	digits := randomText(24, hexDigits)
	return fmt.Sprintf("%s-%s-%s", digits[:8], digits[8:16], digits[16:])
}

// randomText is n letters of the alphabet. The slight bias of the remainder does not matter for a simulator.
func randomText(n int, alphabet string) string {
	out := make([]byte, n)
	rand.Read(out) // never fails, by its documentation
	for i, b := range out {
		out[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(out)
}
