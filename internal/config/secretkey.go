package config

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// minKey is the least length of the secret key: bytes where it is encoded, characters where it is plain text.
const minKey = 32

// keyFile is the name of the secret key in the data folder.
const keyFile = "secret.key"

// Prepare makes the data folder, for us alone, if it is absent; and where no secret key was given it reads the one in the data folder, making
// it on the first start. Several processes may start at once: all get the same key.
func (s *Settings) Prepare() error {
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if s.SecretKey.IsSet() {
		return nil
	}
	path := filepath.Join(s.Data, keyFile)
	key, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeKey(path); err == nil {
			key, err = readKey(path)
		}
	}
	if err != nil {
		return fmt.Errorf("secret key: %w", err)
	}
	s.SecretKey = key
	return nil
}

// readKey reads a key that we made. It refuses one that every user of the machine may read or change: such a key is no secret.
func readKey(path string) (model.Secret, error) {
	info, err := os.Stat(path)
	if err != nil {
		return model.Secret{}, err
	}
	if mode := info.Mode().Perm(); mode&0o007 != 0 {
		return model.Secret{}, fmt.Errorf("%s may be read or changed by every user of this machine (mode %04o). "+
			"If others may have seen it, replace it; then: chmod 600 %s", path, mode, path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return model.Secret{}, err
	}
	key, err := parseKey(strings.TrimSpace(string(content)))
	if err != nil {
		// Never replaced by a new one: what the lost key sealed would be lost without a word.
		return model.Secret{}, fmt.Errorf("%s %w. Put back the key from your backup", path, err)
	}
	return key, nil
}

// makeKey writes a new key so that the file is either absent or whole, and never replaces one that another process made meanwhile.
func makeKey(path string) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), keyFile+".*") // O_EXCL, mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	random := make([]byte, minKey)
	_, _ = rand.Read(random) // never fails (crypto/rand)
	_, err = temporary.WriteString(hex.EncodeToString(random) + "\n")
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	// Unlike a rename, a link fails where the name is taken.
	if err := os.Link(temporary.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// parseKey reads a key given as hex or base64 of at least 32 bytes, or else as a text of at least 32 characters.
func parseKey(text string) (model.Secret, error) {
	encodings := []func(string) ([]byte, error){
		hex.DecodeString,
		base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	}
	for _, decode := range encodings {
		if b, err := decode(text); err == nil && len(b) >= minKey {
			return model.NewSecret(string(b)), nil
		}
	}
	if len(text) < minKey {
		return model.Secret{}, fmt.Errorf("is shorter than %d characters", minKey)
	}
	return model.NewSecret(text), nil
}
