package keypair_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/keypair"
)

func TestNewToken(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		token := keypair.NewToken(32)
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(raw) != 32 || seen[token] {
			t.Fatalf("%q: %v", token, err)
		}
		seen[token] = true
	}
}

func TestNewTextIsEven(t *testing.T) {
	t.Parallel()
	for _, alphabet := range []keypair.Alphabet{keypair.Alphanumeric, keypair.Digits, keypair.Spoken} {
		const perLetter = 2000
		text := keypair.NewText(alphabet, perLetter*len(alphabet))
		if len(text) != perLetter*len(alphabet) {
			t.Fatalf("%d characters", len(text))
		}
		for _, letter := range string(alphabet) {
			// The standard deviation is about 45; ten of them never happen by chance.
			if n := strings.Count(text, string(letter)); n < perLetter-450 || n > perLetter+450 {
				t.Errorf("%c of %s occurs %d times, want about %d", letter, alphabet, n, perLetter)
			}
		}
	}
	if keypair.NewText(keypair.Digits, 0) != "" {
		t.Error("want no characters")
	}
}

// TestHash uses the example of FIPS 180-2 appendix B.1.
func TestHash(t *testing.T) {
	t.Parallel()
	if got := keypair.Hash("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Error(got)
	}
}
