package app_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/store"
)

func TestTheLoginPageIsSeenBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		a := newAdministrator(t, postgres)
		h := a.h
		h.AddWeChat("wechat", apptest.WeChat{})
		version, rows := h.App().Store.Snapshot().Version, h.Database.Rows()
		const path = "/core/brands/preview/"
		brand := map[string]any{"branding_title": "Harbour & Sons", "branding_logo": "https://cdn.example/logo.png", "branding_favicon": "/favicon.ico"}
		tests := []struct {
			name string
			body map[string]any
			want []string
			not  []string
		}{
			{"a brand as it is drafted", map[string]any{"brand": brand, "locale": "en"}, []string{`<html lang="en">`, "Harbour &amp; Sons", "https://cdn.example/logo.png", `href="/favicon.ico"`, "Continue with", `name="uid_field"`}, []string{"<style", "<script"}},
			{"in Chinese and dark", map[string]any{"brand": brand, "locale": "zh-Hans", "theme": "dark"}, []string{`<html lang="zh-Hans">`, "Harbour &amp; Sons"}, nil},
			{"a source that is drafted", map[string]any{"brand": map[string]any{}, "source": map[string]any{"slug": "wechat", "name": "Harbour WeChat", "promoted": false}, "locale": "en"}, []string{"Harbour WeChat"}, nil},
			{"a source that is switched off has no button", map[string]any{"source": map[string]any{"slug": "wechat", "enabled": false}, "locale": "en"}, nil, []string{"/source/oauth/login/wechat/"}},
			{"a new source has its button at once", map[string]any{"locale": "en", "source": map[string]any{
				"slug": "new", "name": "New door", "provider_type": "wechat", "consumer_key": "wx0123456789abcdef", "consumer_secret": "0123456789abcdef0123456789abcdef",
			}}, []string{"/source/oauth/login/new/", "New door"}, nil},
			{"a new source has it on the default page too", map[string]any{"locale": "en", "brand": map[string]any{"flow_authentication": nil}, "source": map[string]any{
				"slug": "new", "name": "New door", "provider_type": "wechat", "consumer_key": "wx0123456789abcdef", "consumer_secret": "0123456789abcdef0123456789abcdef",
			}}, []string{"/source/oauth/login/new/", "New door"}, nil},
			{"colours that are drafted", map[string]any{"brand": map[string]any{"attributes": themeOf("#07c160", "dark")}, "theme": "light"}, []string{`href="/static/portal/theme.dark.07c160.`, `content="dark"`}, []string{"<style", " style="}},
			{"a new brand", map[string]any{"brand": map[string]any{"domain": "new.example", "branding_title": "Another"}}, []string{"Another"}, nil},
			{"a new brand whose domain is not filled in", map[string]any{"brand": map[string]any{"domain": "", "branding_title": "Another"}}, []string{"Another"}, nil},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				status, html := a.does(http.MethodPost, path, tt.body)
				if status != http.StatusOK {
					t.Fatalf("%d %s", status, html)
				}
				for _, text := range append(tt.want, "<body inert>", `<link rel="stylesheet" href="/static/portal/`) {
					if !strings.Contains(html, text) {
						t.Errorf("%s is not on the page: %s", text, html)
					}
				}
				for _, text := range tt.not {
					if strings.Contains(html, text) {
						t.Errorf("%s is on the page", text)
					}
				}
			})
		}
		wrong := map[string]map[string]any{
			"theme":               {"theme": "blue"},
			"locale":              {"locale": "fr"},
			"attributes":          {"brand": map[string]any{"attributes": themeOf("green", "automatic")}},
			"brand":               {"brand": "x"},
			"flow_authentication": {"brand": map[string]any{"flow_authentication": "00000000-0000-0000-0000-000000000000"}},
			"provider_type":       {"source": map[string]any{"slug": "wechat", "provider_type": "nonsense"}},
			"slug":                {"source": map[string]any{"slug": "a b"}},
		}
		for field, body := range wrong {
			if status, answer := a.does(http.MethodPost, path, body); status != http.StatusBadRequest || !strings.Contains(answer, `"`+field+`"`) {
				t.Errorf("%s: %d %s", field, status, answer)
			}
		}
		if now := h.App().Store.Snapshot().Version; now != version {
			t.Errorf("the configuration is at version %d, and was at %d", now, version)
		}
		if diff := cmp.Diff(rows, h.Database.Rows()); diff != "" {
			t.Errorf("something was stored (-before +after):\n%s", diff)
		}
		r := h.Browser("en").JSON(http.MethodPost, "/api/v3"+path, map[string]any{})
		if r.Status != http.StatusForbidden {
			t.Errorf("who is nobody: %d", r.Status)
		}
	})
}

func TestTheLoginPageIsSeenWithoutAnyBrand(t *testing.T) {
	t.Parallel()
	a := newAdministrator(t, false)
	h := a.h
	for id := range h.App().Store.Snapshot().Brands {
		if status, body := a.does(http.MethodDelete, "/core/brands/"+string(id)+"/", nil); status != http.StatusNoContent {
			t.Fatalf("delete a brand: %d %s", status, body)
		}
	}
	status, html := a.does(http.MethodPost, "/core/brands/preview/", map[string]any{"brand": map[string]any{}, "locale": "en"})
	if status != http.StatusOK || !strings.Contains(html, `name="uid_field"`) || !strings.Contains(html, "Weimen") {
		t.Errorf("%d %s", status, html)
	}
}

// TestAPreviewWaitsForNobody: the page is drawn anew at each change that is typed.
func TestAPreviewWaitsForNobody(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		a := newAdministrator(t, postgres)
		h := a.h
		a.does(http.MethodGet, "/core/brands/", nil) // whatever is noted once, is noted
		err := h.App().Store.Change(t.Context(), func(context.Context, *store.Change) error {
			done := make(chan string, 1)
			go func() {
				_, html := a.does(http.MethodPost, "/core/brands/preview/", map[string]any{"brand": map[string]any{"branding_title": "Meanwhile"}, "locale": "en"})
				done <- html
			}()
			select {
			case html := <-done:
				if !strings.Contains(html, "Meanwhile") {
					t.Error(html)
				}
			case <-time.After(3 * time.Second):
				t.Error("it waits for another's change")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestABrandTellsItsLoginPage, whether it names one or leaves it to the default.
func TestABrandTellsItsLoginPage(t *testing.T) {
	t.Parallel()
	a := newAdministrator(t, false)
	h := a.h
	flow := h.App().Store.Snapshot().FlowBySlug("default-authentication-flow")
	for _, named := range []any{flow.ID, nil} {
		for _, b := range h.App().Store.Snapshot().Brands {
			status, answer := a.does(http.MethodPatch, "/core/brands/"+string(b.ID)+"/", map[string]any{"flow_authentication": named})
			if status != http.StatusOK || !strings.Contains(answer, `"login_flow":"`+string(flow.ID)+`"`) {
				t.Errorf("%v: %d %s", named, status, answer)
			}
		}
	}
}
