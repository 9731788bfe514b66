package keypair

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// Alphabet is a set of at least two and at most 256 ASCII characters.
type Alphabet string

// The alphabets of the house.
const (
	// Alphanumeric is for what programs exchange: client ids, client secrets, API tokens. 5.95 bits a character.
	Alphanumeric Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	// Digits is for codes that people type from a message.
	Digits Alphabet = "0123456789"
	// Spoken is for codes that people read from one screen and type on another: no vowels and nothing that looks alike, so that
	// no code is a word (RFC 8628 section 6.1). 4.32 bits a character.
	Spoken Alphabet = "BCDFGHJKLMNPQRSTVWXZ"
)

// NewToken returns the base64url text of that many random bytes.
func NewToken(bytes int) string {
	buf := make([]byte, bytes)
	// Read never fails and never returns less; the process ends if the system has no randomness (documentation of crypto/rand).
	_, _ = rand.Read(buf)
	return base64.RawURLEncoding.EncodeToString(buf)
}

// NewText returns that many random characters of an alphabet, each as likely as any other.
func NewText(alphabet Alphabet, chars int) string {
	// Bytes at and above the largest multiple of the alphabet's size would favour its first characters.
	limit := 256 - 256%len(alphabet)
	var text strings.Builder
	text.Grow(chars)
	buf := make([]byte, chars)
	for text.Len() < chars {
		_, _ = rand.Read(buf)
		for _, b := range buf {
			if int(b) < limit && text.Len() < chars {
				text.WriteByte(alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return text.String()
}

// Hash returns the form in which a random token is stored and looked up: SHA-256 in hex. It is right only for tokens that cannot be
// guessed (128 random bits or more); passwords need [Passwords].
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
