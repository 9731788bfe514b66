package devicetest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// The flags of authenticator data (Web Authentication Level 3, section 6.1).
const (
	flagPresent  = 1 << 0
	flagVerified = 1 << 2
	flagEligible = 1 << 3
	flagBackedUp = 1 << 4
	flagAttested = 1 << 6
)

// Authenticator is a passkey provider with a browser around it: it answers the options that our pages hand to navigator.credentials. Its attestation is "none".
type Authenticator struct {
	T      testing.TB
	Origin string
	AAGUID [16]byte
	// Count is the signature counter; it grows by Step with every answer. A Step of 0 keeps it at 0, as synced passkeys do.
	Count, Step uint32
	// Unverified leaves the check of who holds it out.
	Unverified bool
	// Synced says that its keys live on several devices.
	Synced bool

	keys []*key
}

type key struct {
	id, user []byte
	private  *ecdsa.PrivateKey
	rp       string
}

// New makes an authenticator in front of a page of an origin.
func New(t testing.TB, origin string) *Authenticator {
	return &Authenticator{T: t, Origin: origin, Step: 1, AAGUID: [16]byte{0xaa, 0xbb, 0xcc}}
}

// options are what the two dictionaries have in common, and what each has besides.
type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Allow   []struct{ ID string } `json:"allowCredentials"`
	Exclude []struct{ ID string } `json:"excludeCredentials"`
}

func (a *Authenticator) read(raw []byte) (o options) {
	a.T.Helper()
	if err := json.Unmarshal(raw, &o); err != nil {
		a.T.Fatalf("options: %v", err)
	}
	return o
}

// Create answers navigator.credentials.create.
func (a *Authenticator) Create(raw []byte) string {
	a.T.Helper()
	o := a.read(raw)
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.T.Fatal(err)
	}
	k := &key{id: make([]byte, 32), user: decode(a.T, o.User.ID), private: private, rp: o.RP.ID}
	_, _ = rand.Read(k.id)
	a.keys = append(a.keys, k)
	public, err := private.PublicKey.Bytes()
	if err != nil {
		a.T.Fatal(err)
	}
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: public[1:33], -3: public[33:]}) // RFC 9053 section 2.1, 7.1
	if err != nil {
		a.T.Fatal(err)
	}
	var attested bytes.Buffer
	attested.Write(a.AAGUID[:])
	_ = binary.Write(&attested, binary.BigEndian, uint16(len(k.id)))
	attested.Write(k.id)
	attested.Write(cose)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(o.RP.ID, flagAttested, attested.Bytes())})
	if err != nil {
		a.T.Fatal(err)
	}
	return a.answer(k, map[string]any{
		"clientDataJSON": encode(a.client("webauthn.create", o.Challenge)), "attestationObject": encode(object), "transports": []string{"internal"},
	})
}

// Get answers navigator.credentials.get with the first key that is allowed, or with the newest where none is named.
func (a *Authenticator) Get(raw []byte) string {
	a.T.Helper()
	o := a.read(raw)
	if len(a.keys) == 0 {
		a.T.Fatal("the authenticator has no key")
	}
	k := a.keys[len(a.keys)-1]
	for _, allowed := range o.Allow {
		for _, x := range a.keys {
			if encode(x.id) == allowed.ID {
				k = x
			}
		}
	}
	a.Count += a.Step
	client, data := a.client("webauthn.get", o.Challenge), a.data(o.RPID, 0, nil)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(bytes.Clone(data), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, digest[:])
	if err != nil {
		a.T.Fatal(err)
	}
	return a.answer(k, map[string]any{
		"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(k.user),
	})
}

// data is authenticator data (section 6.1).
func (a *Authenticator) data(rp string, flags byte, attested []byte) []byte {
	flags |= flagPresent
	if !a.Unverified {
		flags |= flagVerified
	}
	if a.Synced {
		flags |= flagEligible | flagBackedUp
	}
	sum := sha256.Sum256([]byte(rp))
	out := binary.BigEndian.AppendUint32(append(sum[:], flags), a.Count)
	return append(out, attested...)
}

// client is what the browser adds of its own (section 5.8.1).
func (a *Authenticator) client(ceremony, challenge string) []byte {
	raw, err := json.Marshal(map[string]any{"type": ceremony, "challenge": challenge, "origin": a.Origin, "crossOrigin": false})
	if err != nil {
		a.T.Fatal(err)
	}
	return raw
}

// answer is PublicKeyCredential.toJSON.
func (a *Authenticator) answer(k *key, response map[string]any) string {
	raw, err := json.Marshal(map[string]any{
		"id": encode(k.id), "rawId": encode(k.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
		"authenticatorAttachment": "platform",
	})
	if err != nil {
		a.T.Fatal(err)
	}
	return string(raw)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func decode(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
