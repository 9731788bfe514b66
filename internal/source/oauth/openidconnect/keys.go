package openidconnect

import (
	"context"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/weimen-id/weimen/internal/source/oauth"
)

// remoteKeys are the keys that a provider publishes. They are fetched through the upstream, with its limits; the library's own set reads without end and quotes what it
// read in its errors.
type remoteKeys struct {
	upstream oauth.Upstream
	address  string
	now      func() time.Time
	keys     kept[oidc.StaticKeySet]
}

// remoteKeys gives the key set at an address.
func (d *directory) remoteKeys(u oauth.Upstream, address string) keySet {
	d.mu.Lock()
	defer d.mu.Unlock()
	if keys, ok := d.keySets[address]; ok {
		return keys
	}
	keys := &remoteKeys{upstream: u, address: address, now: d.now}
	d.keySets[address] = keys
	return keys
}

// VerifySignature implements oidc.KeySet. A signature of an unknown key may be of a new one: the keys are fetched once more.
func (r *remoteKeys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	keys, err := r.load(ctx, keepFor)
	if err != nil {
		return nil, err
	}
	payload, err := keys.VerifySignature(ctx, jwt)
	if err == nil {
		return payload, nil
	}
	newer, fetchErr := r.load(ctx, pause)
	if fetchErr != nil || newer == keys {
		return nil, err
	}
	return newer.VerifySignature(ctx, jwt)
}

// ready fetches the keys if there are none yet, so that a provider that does not answer is told apart from a token that does not hold.
func (r *remoteKeys) ready(ctx context.Context) error {
	_, err := r.load(ctx, keepFor)
	return err
}

func (r *remoteKeys) load(ctx context.Context, age time.Duration) (*oidc.StaticKeySet, error) {
	return r.keys.get(r.now(), age, func() (*oidc.StaticKeySet, error) { return r.fetch(ctx) })
}

func (r *remoteKeys) fetch(ctx context.Context) (*oidc.StaticKeySet, error) {
	answer, err := r.upstream.Get(ctx, r.address, "Accept", "application/json")
	if err != nil {
		return nil, err
	}
	if answer.Status != http.StatusOK {
		return nil, r.upstream.BadStatus(answer)
	}
	set, err := oauth.DecodeProfile(answer.Body)
	if err != nil {
		return nil, r.upstream.BadAnswer(answer.Endpoint, "the keys are "+err.Error())
	}
	keys, err := parseKeys(set)
	if err != nil {
		return nil, r.upstream.BadAnswer(answer.Endpoint, err.Error())
	}
	return keys, nil
}
