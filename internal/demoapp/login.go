package demoapp

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// attemptCookie and the state make the name of the cookie that holds an attempt, so that tabs do not disturb each other.
const (
	attemptCookie = "demoapp_login_"
	attemptLife   = 15 * time.Minute
)

// attempt is what we must remember of a sign-in while the browser is away.
type attempt struct {
	state    string // ties the answer to this browser (RFC 6749 section 10.12)
	nonce    string // ties the ID token to this attempt (OpenID Connect Core 1.0 section 3.1.2.1)
	verifier string // ties the code to this attempt (RFC 7636)
}

func newAttempt() attempt {
	return attempt{state: oauth2.GenerateVerifier(), nonce: oauth2.GenerateVerifier(), verifier: oauth2.GenerateVerifier()}
}

// login sends the browser to the provider.
func (a *app) login(w http.ResponseWriter, r *http.Request) {
	p, err := a.discover(r.Context())
	if err != nil {
		a.fail(w, r, http.StatusBadGateway, away, err)
		return
	}
	t := newAttempt()
	http.SetCookie(w, a.cookie(attemptCookie+t.state, t.nonce+"."+t.verifier, CallbackPath, attemptLife))
	address := a.flow(p).AuthCodeURL(t.state, oidc.Nonce(t.nonce), oauth2.S256ChallengeOption(t.verifier))
	http.Redirect(w, r, address, http.StatusFound)
}

// callback takes the browser back.
func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	answer := r.URL.Query()
	// First of all: is this an answer to a question that this browser asked? Nothing else in the address counts before that is clear.
	t, ok := a.takeAttempt(w, r, answer.Get("state"))
	if !ok {
		a.fail(w, r, http.StatusBadRequest, unexpected, errors.New("state is missing, unknown, used or of another browser"))
		return
	}
	p, err := a.discover(r.Context())
	if err != nil {
		a.fail(w, r, http.StatusBadGateway, away, err)
		return
	}
	if iss := answer.Get("iss"); iss != a.issuer && (iss != "" || p.issInAnswer) { // RFC 9207 section 2.4
		a.fail(w, r, http.StatusBadRequest, unexpected, errors.New("the answer is of another issuer"))
		return
	}
	if code := answer.Get("error"); code != "" { // RFC 6749 section 4.1.2.1
		a.fail(w, r, http.StatusForbidden, refused, &oauth2.RetrieveError{ErrorCode: code, ErrorDescription: answer.Get("error_description")})
		return
	}
	s, err := a.redeem(r.Context(), p, answer.Get("code"), t)
	if err != nil {
		a.fail(w, r, http.StatusBadGateway, unproven, err)
		return
	}
	http.SetCookie(w, a.cookie(sessionCookie, a.open(s), "/", sessionLife))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// takeAttempt finds the attempt that a state belongs to and takes its cookie away, for it counts once.
func (a *app) takeAttempt(w http.ResponseWriter, r *http.Request, state string) (attempt, bool) {
	c, err := r.Cookie(attemptCookie + state)
	if state == "" || err != nil {
		return attempt{}, false
	}
	http.SetCookie(w, a.cookie(c.Name, "", CallbackPath, 0))
	nonce, verifier, ok := strings.Cut(c.Value, ".")
	return attempt{state: state, nonce: nonce, verifier: verifier}, ok && nonce != "" && verifier != ""
}

// redeem exchanges the code and returns who signed in, proved by an ID token: signed by the provider, for this application, now, in answer to this attempt (OpenID
// Connect Core 1.0 section 3.1.3.7).
func (a *app) redeem(ctx context.Context, p *provider, code string, t attempt) (session, error) {
	ctx = a.outgoing(ctx)
	tokens, err := a.flow(p).Exchange(ctx, code, oauth2.VerifierOption(t.verifier))
	if err != nil {
		return session{}, fmt.Errorf("exchange the code: %w", err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := p.Verifier(&oidc.Config{ClientID: a.clientID, Now: a.now}).Verify(ctx, raw)
	switch {
	case raw == "":
		return session{}, errors.New("the answer to the code has no ID token")
	case err != nil:
		return session{}, fmt.Errorf("verify the ID token: %w", err)
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(t.nonce)) != 1:
		return session{}, errors.New("verify the ID token: its nonce is of another sign-in")
	case id.AccessTokenHash != "" && id.VerifyAccessToken(tokens.AccessToken) != nil:
		return session{}, errors.New("verify the ID token: it belongs to another access token")
	}
	s := session{rawIDToken: raw}
	if s.idToken, err = decodeClaims(id); err != nil {
		return session{}, fmt.Errorf("read the ID token: %w", err)
	}
	s.userInfo, err = a.askUserInfo(ctx, p, tokens, id.Subject)
	return s, err
}

// askUserInfo returns what the provider tells beyond the ID token, nil if it has no such endpoint.
func (a *app) askUserInfo(ctx context.Context, p *provider, tokens *oauth2.Token, subject string) (claims, error) {
	if p.UserInfoEndpoint() == "" {
		return nil, nil
	}
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return nil, fmt.Errorf("ask for the user info: %w", err)
	}
	// The answer is not signed: it counts for nobody else than the ID token's subject (OpenID Connect Core 1.0 section 5.3.2).
	if info.Subject != subject {
		return nil, errors.New("the user info is of someone else")
	}
	return decodeClaims(info)
}

// decodeClaims reads claims as they were written: large numbers stay exact.
func decodeClaims(from interface{ Claims(v any) error }) (claims, error) {
	var raw json.RawMessage
	if err := from.Claims(&raw); err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var c claims
	return c, dec.Decode(&c)
}
