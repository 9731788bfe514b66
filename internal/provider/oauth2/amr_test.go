package oauth2

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAMR: how the person was authenticated, in the values that RFC 8176 registers.
func TestAMR(t *testing.T) {
	for method, want := range map[string][]string{
		"password": {"pwd"}, "password otp mfa": {"pwd", "otp", "mfa"}, "source": nil, "source sms mfa": {"sms", "mfa"}, "auth_webauthn_pwl swk mfa": {"swk", "mfa"},
		"auth_webauthn_pwl": {"hwk"}, "auth_mfa": {"mfa"}, "auth_mfa otp": {"otp"}, "recovery": nil, "": nil,
	} {
		if diff := cmp.Diff(want, amr(method)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", method, diff)
		}
	}
}
