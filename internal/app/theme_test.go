package app_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

var styleElement = regexp.MustCompile(`(?s)<style>(.*?)</style>`)

// themeOf is a brand's attributes with colours.
func themeOf(colour, base string) map[string]any {
	return map[string]any{"settings": map[string]any{"theme": map[string]any{"primary_color": colour, "base": base}}, "city": "杭州"}
}

// TestABrandsColoursAreOnEveryPageUnderItsPolicy: pages that are drawn well and pages of refusals alike bear the colours, and each style sheet's hash stands in the page's policy
// (Content Security Policy Level 3, 6.7.3.2). A change shows at once.
func TestABrandsColoursAreOnEveryPageUnderItsPolicy(t *testing.T) {
	t.Parallel()
	a := newAdministrator(t, false)
	h := a.h
	h.AddWeChat("wechat", apptest.WeChat{})
	_, body := a.does(http.MethodGet, "/core/brands/", nil)
	var brands struct {
		Results []struct {
			ID string `json:"brand_uuid"`
		}
	}
	if err := json.Unmarshal([]byte(body), &brands); err != nil || len(brands.Results) != 1 {
		t.Fatalf("brands: %v %s", err, body)
	}
	for _, tt := range []struct {
		name, colour, base, want string
		sheets                   int
	}{
		{"a colour", "#07c160", "automatic", "--fill:#07c160;--fill-deep", 2},
		{"another, in the dark", "#1a237e", "dark", "--on-fill:#ffffff;--edge:", 2},
		{"none", "", "automatic", "--fill: var(--accent)", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if status, answer := a.does(http.MethodPatch, "/core/brands/"+brands.Results[0].ID+"/", map[string]any{"attributes": themeOf(tt.colour, tt.base)}); status != http.StatusOK {
				t.Fatalf("%d %s", status, answer)
			}
			for _, path := range []string{"/if/flow/default-authentication-flow/", "/if/signed-out/", "/if/flow/none/", "/nowhere/"} {
				p := h.Browser("en").Get(path)
				sheets := styleElement.FindAllStringSubmatch(p.Body, -1)
				if len(sheets) != tt.sheets || !strings.Contains(sheets[len(sheets)-1][1], tt.want) {
					t.Errorf("%s has style sheets %q, want %s", path, sheets, tt.want)
				}
				for _, sheet := range sheets {
					sum := sha256.Sum256([]byte(sheet[1]))
					if hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(p.Header.Get("Content-Security-Policy"), hash) {
						t.Errorf("%s: the policy %s lacks %s", path, p.Header.Get("Content-Security-Policy"), hash)
					}
				}
			}
			if _, current := a.does(http.MethodGet, "/core/brands/current/", nil); !strings.Contains(current, `"ui_theme":"`+tt.base+`"`) {
				t.Errorf("the look is not told: %s", current)
			}
		})
	}
}
