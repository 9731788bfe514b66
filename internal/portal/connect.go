package portal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// connectParameter proves that "my account" of this very session led to a source. Without it a signed-in person is not sent there: another site could have signed the
// browser in to the upstream with an account of its own, which would then be connected, and lead here ever after.
const connectParameter = "connect"

// connectURL is where "my account" begins the connecting of an account.
func connectURL(x *model.Session, src *model.Source, b source.Button) string {
	return b.URL + "?" + url.Values{"next": {accountPath}, connectParameter: {connectProof(x, src.Slug)}}.Encode()
}

// connectProof is bound to the session by the hash of its token, which nobody outside of the server knows. It opens nothing by itself.
func connectProof(x *model.Session, slug string) string {
	mac := hmac.New(sha256.New, []byte(x.TokenHash))
	mac.Write([]byte("connect/" + slug))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func mayConnect(x *model.Session, slug, proof string) bool {
	return hmac.Equal([]byte(proof), []byte(connectProof(x, slug)))
}
