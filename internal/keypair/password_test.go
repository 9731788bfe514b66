package keypair_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/keypair"
)

// cheap keeps tests fast.
func cheap() keypair.Cost { return keypair.Cost{Memory: 64, Time: 1, Threads: 1} }

func newPasswords(t testing.TB, cost keypair.Cost) *keypair.Passwords {
	t.Helper()
	p, err := keypair.NewPasswords(cost)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	p := newPasswords(t, keypair.DefaultCost())
	for _, password := range []string{"", "correct horse", "密码一二三", strings.Repeat("x", keypair.MaxPassword)} {
		stored, err := p.Hash(t.Context(), password)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") || p.NeedsRehash(stored) {
			t.Errorf("stored as %s", stored)
		}
		if ok, err := p.Verify(t.Context(), stored, password); err != nil || !ok {
			t.Errorf("%.10q: got %t, %v", password, ok, err)
		}
		if ok, err := p.Verify(t.Context(), stored, password+"!"); err != nil || ok {
			t.Errorf("%.10q and more: got %t, %v", password, ok, err)
		}
	}
}

// TestVerifyTakesTheCostFromTheHash uses a hash made by the reference implementation of argon2 (its test.c, version 0x13, argon2id).
func TestVerifyTakesTheCostFromTheHash(t *testing.T) {
	t.Parallel()
	const stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	p := newPasswords(t, cheap())
	if ok, err := p.Verify(t.Context(), stored, "password"); err != nil || !ok {
		t.Errorf("got %t, %v", ok, err)
	}
	if ok, err := p.Verify(t.Context(), stored, "Password"); err != nil || ok {
		t.Errorf("got %t, %v", ok, err)
	}
	if !p.NeedsRehash(stored) {
		t.Error("another cost needs a new hash")
	}
}

func TestVerifyRefusesBadHashes(t *testing.T) {
	t.Parallel()
	p := newPasswords(t, cheap())
	const salt, sum = "c29tZXNhbHQ", "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	for _, stored := range []string{
		"plain", "$argon2id$", "$argon2i$v=19$m=256,t=2,p=1$" + salt + "$" + sum, "$argon2id$v=16$m=256,t=2,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=4294967295,t=2,p=1$" + salt + "$" + sum, "$argon2id$v=19$m=256,t=9999,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=256,t=0,p=1$" + salt + "$" + sum, "$argon2id$v=19$m=256,t=2,p=1,x=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=0256,t=2,p=1$" + salt + "$" + sum, "$argon2id$v=19$m=256,t=2,p=1$$" + sum, "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$YQ",
		"pbkdf2_sha256$600000$" + salt + "$" + sum,
	} {
		ok, err := p.Verify(t.Context(), stored, "password")
		if ok || !errors.Is(err, keypair.ErrPasswordHash) {
			t.Errorf("%s: got %t, %v", stored, ok, err)
		}
		if err != nil && strings.Contains(err.Error(), sum[:8]) {
			t.Errorf("the error holds the hash: %v", err)
		}
		if !p.NeedsRehash(stored) {
			t.Errorf("%s: needs a new hash", stored)
		}
	}
}

func TestNoPasswordFitsAnUnusableHash(t *testing.T) {
	t.Parallel()
	p := newPasswords(t, cheap())
	for _, stored := range []string{"", "!", "!random"} {
		for _, password := range []string{"", "!", stored} {
			if ok, err := p.Verify(t.Context(), stored, password); ok || err != nil {
				t.Errorf("%q against %q: got %t, %v", password, stored, ok, err)
			}
		}
	}
}

func TestLongPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	p := newPasswords(t, cheap())
	long := strings.Repeat("x", keypair.MaxPassword+1)
	if _, err := p.Hash(t.Context(), long); !errors.Is(err, keypair.ErrPasswordTooLong) {
		t.Errorf("got %v", err)
	}
	stored, err := p.Hash(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := p.Verify(t.Context(), stored, long); ok || err != nil {
		t.Errorf("got %t, %v", ok, err)
	}
}

func TestCostIsBounded(t *testing.T) {
	t.Parallel()
	for _, cost := range []keypair.Cost{{}, {Memory: 1 << 30, Time: 1, Threads: 1}, {Memory: 64, Time: 0, Threads: 1}, {Memory: 4, Time: 1, Threads: 1}} {
		if _, err := keypair.NewPasswords(cost); err == nil {
			t.Errorf("%+v: want an error", cost)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	p := newPasswords(b, keypair.DefaultCost())
	stored, err := p.Hash(b.Context(), "x")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Verify(b.Context(), stored, "x"); err != nil {
			b.Fatal(err)
		}
	}
}
