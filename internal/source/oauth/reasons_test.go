package oauth_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/i18n"
)

func TestEveryReasonIsExplained(t *testing.T) {
	t.Parallel()
	texts, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, reason := range []string{
		"denied", "no_code", "code_malformed", "code_rejected", "client_rejected", "refused", "timeout", "unreachable", "bad_answer", "http_status",
		"no_subject", "subject_mismatch", "issuer_mismatch", "id_token", "discovery",
	} {
		for _, part := range []string{"title", "happened", "who", "next"} {
			key := "refusal.oauth." + reason + "." + part
			for _, lang := range i18n.Languages() {
				if !texts.Has(lang, key) {
					t.Errorf("%s lacks %s", lang, key)
				}
			}
		}
	}
}
