package app_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"golang.org/x/oauth2"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// postForm sends a form as a program does.
func postForm(h *apptest.House, req *http.Request, form url.Values) (*http.Response, error) {
	body := form.Encode()
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := h.Program().Do(req)
	if err == nil {
		_ = res.Body.Close()
	}
	return res, err
}

// shopper is a house with somebody signed in and an application.
func shopper(t *testing.T, postgres bool) (*apptest.House, *apptest.Browser, *apptest.Client) {
	t.Helper()
	h := apptest.New(t, apptest.Options{Postgres: postgres})
	h.AddWeChat("wechat", apptest.WeChat{})
	client := h.AddClient("shop", nil)
	b := h.Browser("en")
	b.SignIn("wechat", "alice")
	return h, b, client
}

// TestAnAuthorizationRequestThatCannotBeTrustedGoesNowhere is RFC 6749 section 4.1.2.1: no redirect to an address that is not the client's.
func TestAnAuthorizationRequestThatCannotBeTrustedGoesNowhere(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h, b, client := shopper(t, postgres)
		for name, change := range map[string]func(url.Values){
			"another redirect URI":             func(q url.Values) { q.Set("redirect_uri", "https://evil.example/callback") },
			"a redirect URI with more":         func(q url.Values) { q.Set("redirect_uri", q.Get("redirect_uri")+"/more") },
			"a redirect URI with a user":       func(q url.Values) { q.Set("redirect_uri", "http://shop.example@evil.example/callback") },
			"a redirect URI in another case":   func(q url.Values) { q.Set("redirect_uri", "http://SHOP.example/callback") },
			"no redirect URI":                  func(q url.Values) { q.Del("redirect_uri") },
			"two redirect URIs":                func(q url.Values) { q.Add("redirect_uri", "https://evil.example/") },
			"a script for a redirect URI":      func(q url.Values) { q.Set("redirect_uri", "javascript:alert(1)") },
			"an unknown client":                func(q url.Values) { q.Set("client_id", "nobody") },
			"no client":                        func(q url.Values) { q.Del("client_id") },
			"a client id of another encoding":  func(q url.Values) { q.Set("client_id", "shop\u200b") },
			"a redirect URI with a line break": func(q url.Values) { q.Set("redirect_uri", q.Get("redirect_uri")+"\r\nSet-Cookie: a=b") },
		} {
			_, address := client.Begin()
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			change(q)
			u.RawQuery = q.Encode()
			for _, lang := range []string{"en", "zh-CN"} {
				b.Lang = lang
				p := b.Get(u.String())
				if p.To != "" || p.Status < 400 || p.Status > 499 || p.SupportCode() == "" || p.Heading() == "" {
					t.Errorf("%s: %s", name, p)
					continue
				}
				if events := h.EventsWhere("support_code", p.SupportCode()); len(events) != 1 {
					t.Errorf("%s: %d events have the support code", name, len(events))
				}
			}
		}
		if n := h.Database.Count("authorization_codes"); n != 0 {
			t.Errorf("%d codes were given out", n)
		}
	})
}

// TestACodeIsWorthNothingToAnybodyElse is RFC 6749 section 4.1.3, RFC 7636 section 4.6 and RFC 9700 section 2.1.1.
func TestACodeIsWorthNothingToAnybodyElse(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h, b, client := shopper(t, postgres)
		thief := h.AddClient("thief", nil)
		for name, steal := range map[string]func(a *apptest.Attempt, code string) error{
			"without a verifier": func(a *apptest.Attempt, code string) error {
				_, err := a.Exchange(code, oauth2.SetAuthURLParam("x", "y"))
				return err
			},
			"with another verifier": func(a *apptest.Attempt, code string) error {
				_, err := a.Exchange(code, oauth2.VerifierOption(oauth2.GenerateVerifier()))
				return err
			},
			"by another client": func(a *apptest.Attempt, code string) error {
				other, _ := thief.Begin()
				_, err := other.Exchange(code, oauth2.VerifierOption(a.Verifier))
				return err
			},
			"for another redirect URI": func(a *apptest.Attempt, code string) error {
				_, err := a.Exchange(code, oauth2.VerifierOption(a.Verifier), oauth2.SetAuthURLParam("redirect_uri", "http://shop.example/other"))
				return err
			},
			"with another secret": func(a *apptest.Attempt, code string) error {
				was := client.Config.ClientSecret
				client.Config.ClientSecret = "a guess"
				defer func() { client.Config.ClientSecret = was }()
				_, err := a.Exchange(code)
				return err
			},
		} {
			attempt, address := client.Begin()
			code := attempt.Code(b.Get(address))
			if err := steal(attempt, code); err == nil || !strings.Contains(err.Error(), "invalid_") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestACodeThatIsUsedTwiceTakesItsTokensWithIt is RFC 6749 section 4.1.2 and RFC 9700 section 4.5.
func TestACodeThatIsUsedTwiceTakesItsTokensWithIt(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		_, b, client := shopper(t, postgres)
		attempt, address := client.Begin()
		code := attempt.Code(b.Get(address))
		token, err := attempt.Exchange(code)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := attempt.Exchange(code); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
			t.Errorf("the second time: %v", err)
		}
		if _, status := client.UserInfo(token.AccessToken); status != http.StatusUnauthorized {
			t.Errorf("the access token of a stolen code is answered %d", status)
		}
	})
}

// TestARefreshTokenThatIsUsedTwiceEndsItsFamily is RFC 9700 section 4.14.2.
func TestARefreshTokenThatIsUsedTwiceEndsItsFamily(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		_, b, client := shopper(t, postgres)
		client.Config.Scopes = append(client.Config.Scopes, "offline_access")
		attempt, address := client.Begin()
		first := attempt.Finish(b.Allow(b.Get(address)))
		second, err := client.Refresh(first.RefreshToken)
		if err != nil || second.RefreshToken == first.RefreshToken {
			t.Fatalf("not rotated: %v", err)
		}
		if _, err := client.Refresh(first.RefreshToken); err == nil {
			t.Error("the first was taken twice")
		}
		if _, err := client.Refresh(second.RefreshToken); err == nil {
			t.Error("the second lives on, though the first was stolen")
		}
		if _, status := client.UserInfo(second.AccessToken); status != http.StatusUnauthorized {
			t.Errorf("the access token is answered %d", status)
		}
	})
}

func TestACodeIsExchangedOnceHoweverManyAskAtOnce(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		_, b, client := shopper(t, postgres)
		attempt, address := client.Begin()
		code := attempt.Code(b.Get(address))
		var all sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			all.Go(func() { _, errs[i] = attempt.Exchange(code) })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			}
		}
		if won > 1 {
			t.Errorf("%d of %d got tokens", won, len(errs))
		}
	})
}

func TestSigningOutAtAnApplicationEndsThere(t *testing.T) {
	t.Parallel()
	_, b, client := shopper(t, false)
	tokens := client.SignIn(b)
	raw, _ := tokens.Extra("id_token").(string)
	p := b.Get("/application/o/shop/end-session/?" + url.Values{
		"id_token_hint": {raw}, "post_logout_redirect_uri": {"https://evil.example/"}, "state": {"x"},
	}.Encode())
	if strings.Contains(p.To, "evil") || p.Status >= 500 {
		t.Errorf("signing out leads to %s", p)
	}
}
