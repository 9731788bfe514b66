package keypair_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/keypair"
)

const (
	firstKey  = "first-secret-key-0123456789-0123456789"
	secondKey = "second-secret-key-0123456789-012345678"
)

func newBox(t *testing.T, keys ...string) *keypair.Box {
	t.Helper()
	box, err := keypair.NewBox(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestBoxOpensWhatItSealed(t *testing.T) {
	t.Parallel()
	box := newBox(t, firstKey)
	place := keypair.Place("sources", "config", "1")
	for _, plain := range []string{"", "app-secret", "密钥", strings.Repeat("x", 10_000)} {
		sealed := box.Seal(plain, place)
		if !strings.HasPrefix(sealed, "v1:") || plain != "" && strings.Contains(sealed, plain) {
			t.Errorf("sealed %q", sealed)
		}
		got, err := box.Open(sealed, place)
		if err != nil || got != plain {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if once, again := box.Seal("a", place), box.Seal("a", place); once == again {
		t.Error("the same secret is sealed alike twice")
	}
}

// TestSealedValueOpensNowhereElse holds AES-GCM to its additional data (RFC 5116 section 2.1).
func TestSealedValueOpensNowhereElse(t *testing.T) {
	t.Parallel()
	box := newBox(t, firstKey)
	sealed := box.Seal("secret", keypair.Place("sources", "config", "1"))
	for _, place := range []string{"", "sources/config/2", "sources/other/1", "tokens/config/1", "sources/config/1 "} {
		if _, err := box.Open(sealed, place); !errors.Is(err, keypair.ErrSealedChanged) {
			t.Errorf("%q: got %v", place, err)
		}
	}
}

func TestSealedValueCannotBeChanged(t *testing.T) {
	t.Parallel()
	box := newBox(t, firstKey)
	sealed := box.Seal("secret", "a/b/c")
	body := strings.LastIndex(sealed, ":") + 1
	for i := body; i < len(sealed); i++ {
		changed := []byte(sealed)
		if changed[i]++; changed[i] == 'Z'+1 || changed[i] == 'z'+1 || changed[i] == '9'+1 || changed[i] == '.' || changed[i] == '`' {
			changed[i] = 'A'
		}
		if got, err := box.Open(string(changed), "a/b/c"); err == nil {
			t.Errorf("byte %d changed: got %q", i, got)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	box := newBox(t, firstKey)
	sealed := box.Seal("secret", "a/b/c")
	tests := []struct {
		name, sealed string
		want         error
	}{
		{"nothing", "", keypair.ErrSealedFormat},
		{"clear text", "secret", keypair.ErrSealedFormat},
		{"another version", "v2" + sealed[2:], keypair.ErrSealedFormat},
		{"more parts", sealed + ":x", keypair.ErrSealedFormat},
		{"no base64", "v1:00000000:***", keypair.ErrSealedFormat},
		{"another key", newBox(t, secondKey).Seal("secret", "a/b/c"), keypair.ErrSealedKey},
		{"cut off", sealed[:20], keypair.ErrSealedChanged},
		{"empty body", sealed[:strings.LastIndex(sealed, ":")+1], keypair.ErrSealedChanged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := box.Open(tt.sealed, "a/b/c")
			if !errors.Is(err, tt.want) || got != "" {
				t.Errorf("got %q, %v; want %v", got, err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret\"") {
				t.Errorf("the error holds content: %v", err)
			}
		})
	}
}

func TestBoxRotation(t *testing.T) {
	t.Parallel()
	before := newBox(t, firstKey)
	after := newBox(t, secondKey, firstKey)
	old := before.Seal("secret", "a/b/c")
	if got, err := after.Open(old, "a/b/c"); err != nil || got != "secret" {
		t.Errorf("a former key does not open: %v", err)
	}
	renewed := after.Seal("secret", "a/b/c")
	if _, err := before.Open(renewed, "a/b/c"); !errors.Is(err, keypair.ErrSealedKey) {
		t.Errorf("the first key does not seal: %v", err)
	}
	alone := newBox(t, secondKey)
	if got, err := alone.Open(renewed, "a/b/c"); err != nil || got != "secret" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestNewBoxRefusesWeakKeys(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{
		"none": nil, "empty": {""}, "short": {"short"}, "a short former key": {firstKey, "short"}, "the same twice": {firstKey, firstKey},
	} {
		if _, err := keypair.NewBox(keys...); err == nil {
			t.Errorf("%s: want an error", name)
		} else if strings.Contains(err.Error(), "first-secret") {
			t.Errorf("%s: the error holds the key", name)
		}
	}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	derive := func(box *keypair.Box, label string) string {
		key, err := box.Derive(label)
		if err != nil || len(key) != 32 {
			t.Fatalf("%d bytes, %v", len(key), err)
		}
		return string(key)
	}
	box := newBox(t, firstKey)
	if derive(box, "cookie") != derive(newBox(t, firstKey, secondKey), "cookie") {
		t.Error("the same key and label give different results")
	}
	if derive(box, "cookie") == derive(box, "csrf") || derive(box, "cookie") == derive(newBox(t, secondKey), "cookie") {
		t.Error("different labels or keys give the same result")
	}
}

func BenchmarkSeal(b *testing.B) {
	box, err := keypair.NewBox(firstKey)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		box.Seal("0123456789abcdef0123456789abcdef", "sources/config/1")
	}
}
