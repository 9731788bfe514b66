package keypair

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// The ways in which a sealed value cannot be opened.
var (
	ErrSealedFormat  = errors.New("not a sealed value")
	ErrSealedKey     = errors.New("sealed with a secret key that is not configured")
	ErrSealedChanged = errors.New("sealed value was changed, or belongs to another place")
)

// minSecretKey is the length of an installation's secret key in bytes. Keys are derived from it without any stretching, so it must
// be random, as from "openssl rand -base64 36".
const minSecretKey = 32

// sealVersion starts every sealed value: AES-256-GCM under a random nonce of 96 bits, with a key from HKDF-SHA-256 (RFC 5869).
const sealVersion = "v1"

// Box seals secrets for the database. It is safe for many goroutines.
type Box struct {
	keys []boxKey // the first one seals
}

// boxKey is what is derived from one secret key of the installation.
type boxKey struct {
	id     string // tells keys apart in sealed values
	aead   cipher.AEAD
	secret []byte
}

// NewBox derives the keys from the installation's secret keys: the present one, then former ones that can still open.
func NewBox(secretKeys ...string) (*Box, error) {
	if len(secretKeys) == 0 {
		return nil, errors.New("no secret key")
	}
	box := &Box{}
	for i, secret := range secretKeys {
		if len(secret) < minSecretKey {
			return nil, fmt.Errorf("secret key %d has %d bytes, it must have at least %d random ones", i+1, len(secret), minSecretKey)
		}
		key, err := newBoxKey([]byte(secret))
		if err != nil {
			return nil, fmt.Errorf("secret key %d: %w", i+1, err)
		}
		if box.find(key.id) != nil {
			return nil, fmt.Errorf("secret key %d is there twice", i+1)
		}
		box.keys = append(box.keys, key)
	}
	return box, nil
}

func newBoxKey(secret []byte) (boxKey, error) {
	id, err := hkdf.Key(sha256.New, secret, nil, "weimen key id", 4)
	if err != nil {
		return boxKey{}, err
	}
	sealing, err := hkdf.Key(sha256.New, secret, nil, "weimen seal "+sealVersion, 32)
	if err != nil {
		return boxKey{}, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return boxKey{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return boxKey{}, err
	}
	return boxKey{id: hex.EncodeToString(id), aead: aead, secret: secret}, nil
}

func (b *Box) find(id string) *boxKey {
	for i := range b.keys {
		if b.keys[i].id == id {
			return &b.keys[i]
		}
	}
	return nil
}

// Place names where a sealed value lies; a value opens only there.
func Place(table, column, row string) string { return table + "/" + column + "/" + row }

// Seal encrypts a value for its place. The result is text: v1:<key id>:<base64url>.
func (b *Box) Seal(plain, place string) string {
	key := &b.keys[0]
	sealed := key.aead.Seal(nil, nil, []byte(plain), key.bind(place))
	return sealVersion + ":" + key.id + ":" + base64.RawURLEncoding.EncodeToString(sealed)
}

// Open decrypts a value that was sealed for this place by any of the keys. Otherwise the error is [ErrSealedFormat],
// [ErrSealedKey] or [ErrSealedChanged].
func (b *Box) Open(sealed, place string) (string, error) {
	id, body, err := splitSealed(sealed)
	if err != nil {
		return "", err
	}
	key := b.find(id)
	if key == nil {
		return "", ErrSealedKey
	}
	plain, err := key.aead.Open(nil, nil, body, key.bind(place))
	if err != nil {
		return "", ErrSealedChanged
	}
	return string(plain), nil
}

// Derive returns a key of 32 bytes for another purpose, from the present secret key. The same label gives the same key until the
// secret key is changed; different labels give keys that say nothing about one another.
func (b *Box) Derive(label string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, b.keys[0].secret, nil, "weimen derive "+label, 32)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	return key, nil
}

// bind returns what is authenticated along with the value.
func (k *boxKey) bind(place string) []byte {
	return []byte(sealVersion + ":" + k.id + ":" + place)
}

func splitSealed(sealed string) (id string, body []byte, err error) {
	parts := strings.Split(sealed, ":")
	if len(parts) != 3 || parts[0] != sealVersion {
		return "", nil, ErrSealedFormat
	}
	body, err = base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return "", nil, ErrSealedFormat
	}
	return parts[1], body, nil
}
