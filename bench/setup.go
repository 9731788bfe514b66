package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/weimen-id/weimen/internal/wechatsim"
)

const (
	appID       = "wx00000000000be7c4"
	appSecret   = "0123456789abcdef0123456789abcdef"
	redirectURI = "http://127.0.0.1:1/callback"
)

// clientSettings is the application that signs people in.
type clientSettings struct{ id, secret string }

type object = map[string]any

// setUp makes the WeChat source, and a provider with its application, over the API as an administrator would.
func (s *server) setUp(ctx context.Context) error {
	if _, err := s.sim.AddApp(wechatsim.App{AppID: appID, Secret: appSecret, Name: "Bench", Domain: "127.0.0.1"}); err != nil {
		return err
	}
	flows := map[string]any{}
	for _, slug := range []string{
		"default-source-authentication", "default-source-enrollment", "default-provider-authorization-implicit-consent", "default-provider-invalidation-flow",
	} {
		flow, err := s.call(ctx, http.MethodGet, "/flows/instances/"+slug+"/", nil)
		if err != nil {
			return err
		}
		flows[slug] = flow["pk"]
	}
	source, err := s.call(ctx, http.MethodPost, "/sources/oauth/", object{
		"name": "WeChat", "slug": "wechat", "provider_type": "wechat", "consumer_key": appID, "consumer_secret": appSecret,
		"authentication_flow": flows["default-source-authentication"], "enrollment_flow": flows["default-source-enrollment"],
		"authorization_url": s.simOrigin + "/connect/qrconnect", "access_token_url": s.simOrigin + "/sns/oauth2/access_token",
		"profile_url": s.simOrigin + "/sns/userinfo",
	})
	if err != nil {
		return err
	}
	stage, err := s.first(ctx, "/stages/identification/?name=default-authentication-identification")
	if err != nil {
		return err
	}
	_, err = s.call(ctx, http.MethodPatch, fmt.Sprintf("/stages/identification/%v/", stage["pk"]), object{"sources": []any{source["pk"]}})
	if err != nil {
		return err
	}
	return s.setUpApplication(ctx, flows)
}

func (s *server) setUpApplication(ctx context.Context, flows object) error {
	var mappings []any
	for _, name := range []string{"openid", "email", "profile", "offline_access"} {
		m, err := s.first(ctx, "/propertymappings/provider/scope/?managed=goauthentik.io/providers/oauth2/scope-"+name)
		if err != nil {
			return err
		}
		mappings = append(mappings, m["pk"])
	}
	algorithm := map[string]string{"RS256": "rsa", "ES256": "ecdsa"}[s.options.alg]
	key, err := s.call(ctx, http.MethodPost, "/crypto/certificatekeypairs/generate/", object{"common_name": "bench", "validity_days": 30, "alg": algorithm})
	if err != nil {
		return err
	}
	s.client = clientSettings{id: "bench", secret: randomText(32)}
	provider, err := s.call(ctx, http.MethodPost, "/providers/oauth2/", object{
		"name": "bench", "client_id": s.client.id, "client_secret": s.client.secret, "signing_key": key["pk"], "property_mappings": mappings,
		"authorization_flow": flows["default-provider-authorization-implicit-consent"], "invalidation_flow": flows["default-provider-invalidation-flow"],
		"redirect_uris": []object{{"matching_mode": "strict", "url": redirectURI}},
	})
	if err != nil {
		return err
	}
	_, err = s.call(ctx, http.MethodPost, "/core/applications/", object{"name": "bench", "slug": "bench", "provider": provider["pk"]})
	return err
}

// first gives the first result of a list.
func (s *server) first(ctx context.Context, path string) (object, error) {
	list, err := s.call(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	results, _ := list["results"].([]any)
	if len(results) == 0 {
		return nil, fmt.Errorf("%s: nothing found", path)
	}
	return results[0].(object), nil
}

// call calls the API as administrator.
func (s *server) call(ctx context.Context, method, path string, body object) (object, error) {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.origin+"/api/v3"+path, reader)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+adminToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, raw)
	}
	var out object
	return out, json.Unmarshal(raw, &out)
}
