package config_test

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/weimen-id/weimen/internal/config"
)

func TestSecretKeyForms(t *testing.T) {
	t.Parallel()
	raw := "0123456789\xff\xfe\xfd\xfc\xfb\xfa6789012345678901"
	tests := []struct{ name, give, want string }{
		{"hex", hex.EncodeToString([]byte(raw)), raw},
		{"base64", base64.StdEncoding.EncodeToString([]byte(raw)), raw},
		{"base64 without padding", base64.RawStdEncoding.EncodeToString([]byte(raw)), raw},
		{"base64 for URLs", base64.URLEncoding.EncodeToString([]byte(raw)), raw},
		{"a text of 32 letters", strings.Repeat("ab!d", 8), strings.Repeat("ab!d", 8)},
		{"too few bytes as hex are a text", strings.Repeat("ab", 16), strings.Repeat("ab", 16)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := load(t, config.Config{}, "WEIMEN_SECRET_KEY="+tt.give)
			if got := s.SecretKey.Reveal(); got != tt.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestSecretKeyIsMadeOnceAndForUsAlone(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "new", "data")
	const starts = 8
	keys := make([]string, starts)
	var wg sync.WaitGroup
	for i := range starts {
		wg.Go(func() {
			s, err := config.Load(config.Config{Data: data}, nil)
			if err == nil {
				err = s.Prepare()
			}
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = s.SecretKey.Reveal()
		})
	}
	wg.Wait()
	for _, k := range keys {
		if len(k) != 32 || k != keys[0] {
			t.Fatal("starts at once got different keys, or one that is not 32 bytes long")
		}
	}
	entries, err := os.ReadDir(data)
	if err != nil || len(entries) != 1 {
		t.Fatalf("the data folder holds %v, %v; want the key alone", entries, err)
	}
	for path, want := range map[string]os.FileMode{data: 0o700, filepath.Join(data, "secret.key"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v, want mode %o", path, info.Mode(), err, want)
		}
	}
}

func TestSecretKeyFileThatIsNoSecretOrNoKeyIsRefused(t *testing.T) {
	t.Parallel()
	good := strings.Repeat("0a", 32) + "\n"
	tests := []struct {
		name    string
		content string
		mode    os.FileMode
		want    string // part of the error; empty for none
	}{
		{"ours alone", good, 0o600, ""},
		{"shared with a group on purpose", good, 0o640, ""},
		{"readable by everybody", good, 0o644, "may be read or changed by every user"},
		{"writable by everybody", good, 0o602, "may be read or changed by every user"},
		{"cut off", "0a0a", 0o600, "Put back the key from your backup"},
		{"empty", "", 0o600, "Put back the key from your backup"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := load(t, config.Config{Data: t.TempDir()})
			path := filepath.Join(s.Data, "secret.key")
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, tt.mode); err != nil {
				t.Fatal(err)
			}
			err := s.Prepare()
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if got, _ := os.ReadFile(path); string(got) != tt.content {
				t.Error("the file was changed")
			}
		})
	}
}

func TestAGivenSecretKeyIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	s := load(t, config.Config{Data: t.TempDir()}, "WEIMEN_SECRET_KEY="+strings.Repeat("k", 32))
	if err := s.Prepare(); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(s.Data); len(entries) != 0 {
		t.Errorf("the data folder holds %v", entries)
	}
}
