package device

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// hash is a keyed hash of short things that could be guessed from a plain one: codes, telephone numbers. The purpose keeps those of one from serving as those of another.
func (d *Devices) hash(purpose string, parts ...string) (string, error) {
	key, err := d.box.Derive("devices " + purpose)
	if err != nil {
		return "", fmt.Errorf("hash: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		fmt.Fprintf(mac, "%d:%s;", len(part), part)
	}
	return hex.EncodeToString(mac.Sum(nil)), nil
}
