package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/weimen-id/weimen/internal/demoapp"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

const (
	demoSlug = "demo"
	// demoPollHold is how long the simulated WeChat holds a poll; WeChat itself holds it for 25 s, which would hold up the end of the demo.
	demoPollHold = 5 * time.Second
)

// Demo runs the server with a simulated WeChat and a demo application, all on loopback, until the context ends. It says on out where to click.
func (a *App) Demo(ctx context.Context, out io.Writer) error {
	sim := wechatsim.New(wechatsim.Options{BaseURL: origin(a.settings.Demo.WeChatListen), PollHold: demoPollHold})
	defer sim.Close()
	secret, err := a.demoSecret("wechat app secret")
	if err != nil {
		return err
	}
	_, err = sim.AddApp(wechatsim.App{AppID: demoAppID(), Secret: secret[:32], Name: "Weimen Demo", Domain: a.settings.URL.Hostname()})
	if err != nil {
		return fmt.Errorf("register the demo at the simulated WeChat: %w", err)
	}
	clientSecret, err := a.demoSecret("client secret")
	if err != nil {
		return err
	}
	if err := a.demoObjects(ctx, secret[:32], clientSecret); err != nil {
		return fmt.Errorf("make the demo's objects: %w", err)
	}
	box, kept := a.mail.(*mail.Mailbox)
	options := demoapp.Options{
		Issuer: a.settings.Origin() + "/application/o/" + demoSlug + "/", ClientID: demoSlug, ClientSecret: clientSecret,
		BaseURL: origin(a.settings.Demo.AppListen), Log: a.log,
	}
	if kept {
		options.Mailbox = showMailbox(box)
	}
	demo := demoapp.New(options)
	return a.serveAll(ctx, map[string]http.Handler{
		a.settings.Listen: a.handler, a.settings.Demo.AppListen: demo, a.settings.Demo.WeChatListen: sim,
	}, func() error { return a.tellDemo(ctx, out) })
}

// demoAppID is an AppID in WeChat's shape: wx and 16 hex digits.
func demoAppID() string { return "wx" + hex.EncodeToString([]byte(demoSlug + "weim"))[:16] }

// demoSecret derives a secret from the installation's key, so that the demo keeps working after a restart.
func (a *App) demoSecret(label string) (string, error) {
	key, err := a.box.Derive("demo/" + label)
	return hex.EncodeToString(key), err
}

// serveAll listens at every address before it says that it is ready, and serves until the context ends.
func (a *App) serveAll(ctx context.Context, handlers map[string]http.Handler, ready func() error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	group, ctx := errgroup.WithContext(ctx)
	err := func() error {
		for address, handler := range handlers {
			listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
			if err != nil {
				return fmt.Errorf("listen on %s: %w", address, err)
			}
			group.Go(func() error { return web.Serve(ctx, listener, handler, a.log) })
		}
		group.Go(func() error { return ignoreCancelled(a.Run(ctx)) })
		return ready()
	}()
	if err != nil {
		stop()
		return errors.Join(err, group.Wait())
	}
	return group.Wait()
}

func ignoreCancelled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// demoObjects makes the WeChat source, and the provider and application of the demo client. What is there already is brought to the present addresses.
func (a *App) demoObjects(ctx context.Context, appSecret, clientSecret string) error {
	s := a.Store.Snapshot()
	sim := origin(a.settings.Demo.WeChatListen)
	flowID := func(slug string) any {
		if f := s.FlowBySlug(slug); f != nil {
			return f.ID
		}
		return nil
	}
	err := a.Put(ctx, "authentik_sources_oauth.oauthsource", "wechat", map[string]any{
		"name": "WeChat", "slug": "wechat", "provider_type": "wechat", "promoted": true,
		"consumer_key": demoAppID(), "consumer_secret": appSecret,
		"authentication_flow": flowID("default-source-authentication"), "enrollment_flow": flowID("default-source-enrollment"),
		"authorization_url": sim + "/connect/qrconnect", "access_token_url": sim + "/sns/oauth2/access_token", "profile_url": sim + "/sns/userinfo",
	})
	if err != nil {
		return err
	}
	if err := a.ShowSource(ctx, "wechat"); err != nil {
		return err
	}
	return a.demoApplication(ctx, clientSecret, flowID)
}

func (a *App) demoApplication(ctx context.Context, clientSecret string, flowID func(string) any) error {
	s := a.Store.Snapshot()
	app := s.ApplicationBySlug(demoSlug)
	callback := origin(a.settings.Demo.AppListen)
	var mappings []model.MappingID
	for _, name := range []string{"openid", "email", "profile"} {
		if m := s.MappingByManaged("goauthentik.io/providers/oauth2/scope-" + name); m != nil {
			mappings = append(mappings, m.ID)
		}
	}
	var key any
	for _, k := range s.KeyPairs {
		if k.Name == certificateName {
			key = k.ID
		}
	}
	values := map[string]any{
		"name": "Demo", "client_id": demoSlug, "client_secret": clientSecret, "client_type": "confidential", "signing_key": key,
		"authorization_flow": flowID("default-provider-authorization-implicit-consent"),
		// The demo is for trying several people, so signing out of its application ends Weimen's session as well.
		"invalidation_flow": flowID("default-invalidation-flow"),
		"property_mappings": mappings,
		"redirect_uris": []map[string]string{
			{"matching_mode": "strict", "url": callback + demoapp.CallbackPath}, {"matching_mode": "strict", "url": callback + "/"},
		},
	}
	providerKey := ""
	if app != nil && app.Provider != nil {
		providerKey = fmt.Sprint(*app.Provider)
	}
	if err := a.Put(ctx, "authentik_providers_oauth2.oauth2provider", providerKey, values); err != nil {
		return err
	}
	var provider model.ProviderID
	for id, p := range a.Store.Snapshot().Providers {
		if p.Name == "Demo" {
			provider = id
		}
	}
	return a.Put(ctx, "authentik_core.application", demoSlug, map[string]any{
		"name": "Demo", "slug": demoSlug, "provider": provider, "meta_description": "An ordinary OpenID Connect client", "meta_launch_url": callback + "/",
	})
}

// tellDemo says where to click.
func (a *App) tellDemo(ctx context.Context, out io.Writer) error {
	app, wechat := origin(a.settings.Demo.AppListen)+"/", origin(a.settings.Demo.WeChatListen)+"/"
	link, err := a.SetUpLink(ctx)
	if err != nil {
		return err
	}
	admin := a.settings.Origin() + "/ as " + adminName
	if link != "" {
		admin = link
	}
	letters := "go out by " + a.settings.Email.Host
	if a.mail != nil {
		letters = app + mailboxPath[1:]
	}
	_, err = fmt.Fprintf(out, `
  1. Open the demo application and choose "Sign in":  %s
  2. Choose WeChat, and open the simulated phone in a second tab.
  3. Choose a person and confirm. You come back signed in.

  Weimen                %s/
  Simulated WeChat      %s
  Letters it sends      %s
  First administrator   %s

weimen demo is ready: weimen=%s/ app=%s wechat=%s
`, app, a.settings.Origin(), wechat, letters, admin, a.settings.Origin(), app, wechat)
	return err
}

// CheckDemo refuses addresses that are not on loopback: the demo's secrets are no secrets, and its WeChat lets anybody be anybody.
func CheckDemo(addresses ...string) error {
	for _, address := range addresses {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return fmt.Errorf("%s is not on loopback: the demo lets anybody sign in as anybody, so it stays on this machine", address)
		}
	}
	return nil
}

// origin is the address of a listener on loopback.
func origin(address string) string { return (&url.URL{Scheme: "http", Host: address}).String() }
