package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

func (a *API) mountCertificates() {
	n := a.noun("authentik_crypto.certificatekeypair")
	a.mount(collection{noun: n, path: "crypto/certificatekeypairs", order: []string{"name"}})
	a.handle(http.MethodPost, "/crypto/certificatekeypairs/generate/", (*call).generateCertificate)
	a.handle(http.MethodGet, "/crypto/certificatekeypairs/{key}/view_certificate/", func(c *call) error {
		return c.viewPEM(n, func(k *model.KeyPair) (string, error) { return k.Certificate, nil })
	})
	a.handle(http.MethodGet, "/crypto/certificatekeypairs/{key}/view_private_key/", func(c *call) error {
		return c.viewPEM(n, func(k *model.KeyPair) (string, error) { return c.Resources.ViewPrivateKey(c.ctx(), c.by, k) })
	})
}

// viewPEM answers a certificate or a key. Clients append a newline, so it goes without.
func (c *call) viewPEM(n *resource.Noun, read func(*model.KeyPair) (string, error)) error {
	o, err := c.object(n, access.View)
	if err != nil {
		return err
	}
	k, _ := o.Value.(*model.KeyPair)
	text, err := read(k)
	if err != nil {
		return err
	}
	return c.ok(row{"data": strings.TrimRight(text, "\n")})
}

// generation is the body of a request for a new certificate.
type generation struct {
	CommonName     string `json:"common_name" required:"true"`
	SubjectAltName string `json:"subject_alt_name"`
	ValidityDays   int    `json:"validity_days" required:"true"`
	Algorithm      string `json:"alg" enum:"rsa ecdsa ed25519 ed448"`
}

func (c *call) generateCertificate() error {
	n := c.noun("authentik_crypto.certificatekeypair")
	if err := c.need(access.Add, n.Model); err != nil {
		return err
	}
	g := generation{Algorithm: string(keypair.RSA)}
	if err := c.read(&g); err != nil {
		return err
	}
	names := strings.FieldsFunc(g.SubjectAltName, func(r rune) bool { return r == ',' || r == ' ' })
	certificate, key, err := keypair.Generate(keypair.Request{
		CommonName: g.CommonName, Names: names, Days: g.ValidityDays, Algorithm: keypair.Algorithm(g.Algorithm),
	}, c.Now())
	if err != nil {
		return model.Invalid("non_field_errors", err.Error())
	}
	body := kind.Body{}
	for name, text := range map[string]string{"name": g.CommonName, "certificate_data": certificate, "key_data": key} {
		body[name], _ = json.Marshal(text) // a string always encodes
	}
	o, err := c.Resources.Create(c.ctx(), c.by, n, body)
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, n, o)
}

// decorateKeyPair tells what stands in a certificate.
func (c *call) decorateKeyPair(k *model.KeyPair, out row) error {
	type opened struct {
		pair *keypair.Pair
		err  error
	}
	type key struct{ id model.KeyPairID }
	o := model.Derive(c.s, key{k.ID}, func() opened {
		pair, err := keypair.Parse(k.Certificate, "")
		return opened{pair, err}
	})
	if o.err != nil {
		return o.err
	}
	out["fingerprint_sha256"], out["fingerprint_sha1"] = o.pair.FingerprintSHA256(), o.pair.FingerprintSHA1()
	out["cert_expiry"], out["cert_subject"] = o.pair.Expires().UTC(), o.pair.Subject()
	out["private_key_available"], out["key_type"] = k.Key != "", nil
	if t := o.pair.KeyType(); t != keypair.KeyUnknown {
		out["key_type"] = t
	}
	base := "/api/v3/crypto/certificatekeypairs/" + url.PathEscape(string(k.ID))
	out["certificate_download_url"] = base + "/view_certificate/?download"
	out["private_key_download_url"] = base + "/view_private_key/?download"
	return nil
}
