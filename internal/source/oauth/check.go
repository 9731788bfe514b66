package oauth

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/weimen-id/weimen/internal/model"
)

// Validate finds what would strand people later, on a page of the upstream that we never see. It returns a *model.Error with messages by field.
func (c Config) Validate() error {
	faults := faults{}
	faults.checkAddress("authorization_url", c.AuthorizationURL)
	faults.checkAddress("access_token_url", c.AccessTokenURL)
	faults.checkAddress("profile_url", c.ProfileURL)
	faults.checkAddress("oidc_well_known_url", &c.OIDCWellKnownURL)
	faults.checkAddress("oidc_jwks_url", &c.OIDCJWKSURL)
	if c.OpenPlatformAccount != strings.TrimSpace(c.OpenPlatformAccount) {
		faults.add("open_platform_account", "Remove the blanks at the ends: labels must be equal to the letter.")
	}
	if c.types != nil {
		c.checkType(faults)
	}
	if len(faults) == 0 {
		return nil
	}
	return &model.Error{Code: model.CodeInvalid, Message: "invalid input", Fields: faults}
}

func (c Config) checkType(f faults) {
	t, ok := find(c.types, c.ProviderType)
	if !ok {
		f.add("provider_type", fmt.Sprintf("%q is not available in this version of Weimen.", c.ProviderType))
		return
	}
	// A discovery document names the addresses when they are needed.
	if c.OIDCWellKnownURL == "" && t.OIDCWellKnownURL == nil {
		used := t.Addresses(c)
		f.checkGiven("authorization_url", used.Authorization, t.Info)
		f.checkGiven("access_token_url", used.Token, t.Info)
		f.checkGiven("profile_url", used.Profile, t.Info)
	}
	if t.Check == nil {
		return
	}
	for field, messages := range t.Check(c) {
		f[field] = append(f[field], messages...)
	}
}

// faults are messages by field.
type faults map[string][]string

func (f faults) add(field, message string) { f[field] = append(f[field], message) }

func (f faults) checkGiven(field, address string, t Info) {
	if address == "" {
		f.add(field, fmt.Sprintf("%s is required for provider %s", field, t.VerboseName))
	}
}

// checkAddress accepts http as well as https: an upstream on the same machine or network is common, and the simulator is one.
func (f faults) checkAddress(field string, address *string) {
	if address == nil || *address == "" {
		return
	}
	u, err := url.Parse(*address)
	switch {
	case err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "":
		f.add(field, "Enter a valid URL, with https:// or http:// in front.")
	case u.User != nil:
		f.add(field, "Remove the user name and password from the address.")
	case u.Fragment != "" || strings.HasSuffix(*address, "#"):
		f.add(field, "Remove everything from # on: it never reaches the upstream.")
	}
}

// CheckPasted says what is wrong with a key or secret that was copied from elsewhere, "" if nothing is: blanks and quotes belong to none that we know of, and come
// along easily.
func CheckPasted(value string) string {
	if strings.ContainsFunc(value, unicode.IsSpace) {
		return "Remove the blanks: they are not part of it."
	}
	if strings.ContainsAny(value, "\"'`“”‘’「」") {
		return "Remove the quotes: they are not part of it."
	}
	return ""
}
