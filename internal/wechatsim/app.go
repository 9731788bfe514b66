package wechatsim

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// What went wrong with a call to the simulator, for errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
	ErrConflict = errors.New("conflict")
)

// Kind is what WeChat would call the kind of an application.
type Kind string

// KindWebsite is a website application (网站应用), the one kind simulated today.
const KindWebsite Kind = "website"

// App is an application registered at the simulated Open Platform.
type App struct {
	// AppID is "wx" and 16 hex digits; made up if empty.
	AppID string `json:"app_id"`
	// Secret is the AppSecret; made up if empty.
	Secret string `json:"secret"`
	// Kind is KindWebsite if empty.
	Kind Kind `json:"kind"`
	// Name is what the person reads when asked to confirm.
	Name string `json:"name"`
	// Domain is the callback domain (授权回调域), a bare host. See Behaviour.DomainCheck for ports.
	Domain string `json:"domain"`
	// Account is the Open Platform account the application is bound to. Applications of one account see the
	// same unionid for a person; an unbound one sees none.
	Account string `json:"account"`
	// NoLogin takes away the permission to sign people in: the scope error page.
	NoLogin bool `json:"no_login,omitempty"`
}

func (a App) validate() error {
	switch {
	case a.Kind != KindWebsite:
		return fmt.Errorf("kind %q is not simulated: %w", a.Kind, ErrInvalid)
	case a.AppID == "" || strings.ContainsAny(a.AppID, "/?# "):
		return fmt.Errorf("app_id %q has characters an AppID cannot have: %w", a.AppID, ErrInvalid)
	case strings.ContainsAny(a.Domain, "/?#@ "):
		return fmt.Errorf("domain %q is not a bare host: %w", a.Domain, ErrInvalid)
	}
	return nil
}

func (a App) withDefaults() App {
	if a.AppID == "" {
		a.AppID = newAppID()
	}
	if a.Secret == "" {
		a.Secret = newSecret()
	}
	if a.Kind == "" {
		a.Kind = KindWebsite
	}
	if a.Name == "" {
		a.Name = a.AppID
	}
	return a
}

// AddApp registers an application and returns it with what was filled in. ErrConflict if the AppID is taken.
func (s *Simulator) AddApp(app App) (App, error) {
	app = app.withDefaults()
	if err := app.validate(); err != nil {
		return App{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.apps.get(app.AppID); taken {
		return App{}, fmt.Errorf("app %s exists already: %w", app.AppID, ErrConflict)
	}
	s.apps.put(app.AppID, app)
	return app, nil
}

// UpdateApp changes an application: bind it to an account, reset its secret. The AppID stays. ErrNotFound if absent.
func (s *Simulator) UpdateApp(appID string, change func(*App)) (App, error) {
	s.editing.Lock()
	defer s.editing.Unlock()
	app, err := s.App(appID)
	if err != nil {
		return App{}, err
	}
	change(&app)
	app.AppID = appID
	app = app.withDefaults()
	if err := app.validate(); err != nil {
		return App{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps.put(appID, app)
	return app, nil
}

// DeleteApp removes an application. ErrNotFound if absent.
func (s *Simulator) DeleteApp(appID string) error {
	s.editing.Lock()
	defer s.editing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.apps.remove(appID) {
		return fmt.Errorf("app %s: %w", appID, ErrNotFound)
	}
	return nil
}

// App is the application with this AppID. ErrNotFound if absent.
func (s *Simulator) App(appID string) (App, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	app, ok := s.apps.get(appID)
	if !ok {
		return App{}, fmt.Errorf("app %s: %w", appID, ErrNotFound)
	}
	return app, nil
}

// Apps are all applications, oldest first.
func (s *Simulator) Apps() []App {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.apps.values()
}

// allows says whether a redirect URI lies in the application's callback domain.
func (a App) allows(redirectURI string, check DomainCheck) bool {
	u, err := url.Parse(redirectURI)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return false
	}
	switch check {
	case DomainOff:
		return true
	case DomainStrict:
		return strings.EqualFold(u.Hostname(), a.Domain) && strings.Contains(a.Domain, ".") && defaultPort(u)
	default:
		return a.Domain != "" && (strings.EqualFold(u.Host, a.Domain) || strings.EqualFold(u.Hostname(), a.Domain))
	}
}

func defaultPort(u *url.URL) bool {
	switch u.Port() {
	case "":
		return true
	case "80":
		return u.Scheme == "http"
	case "443":
		return u.Scheme == "https"
	}
	return false
}
