package scope

import (
	"strings"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
)

// Config is what a scope mapping knows beside its expression.
type Config struct {
	// The scope that clients ask for to get what this mapping gives.
	ScopeName string `json:"scope_name" required:"true"`
	// What people read when they are asked for consent. Leave it empty if this scope is not worth asking about.
	Description string `json:"description"`
}

// Validate checks that the name is one scope (RFC 6749 section 3.3).
func (c *Config) Validate() error {
	for _, r := range c.ScopeName {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"\`, r) {
			return model.Invalid("scope_name", "A scope is one word of ASCII letters, digits and signs, without quotes and backslashes.")
		}
	}
	return nil
}

// Kind describes scope mappings.
func Kind() kind.Kind[mapping.Driver] {
	return kind.Of(kind.Info{
		Name: "scope", Path: "provider/scope", VerboseName: "Scope Mapping", VerboseNamePlural: "Scope Mappings",
		Component: "ak-property-mapping-provider-scope-form", MetaModelName: "authentik_providers_oauth2.scopemapping",
		Description: "Gives an application claims about the person who signs in.",
	}, Config{}, func(c Config) (mapping.Driver, error) { return driver{c}, nil })
}

type driver struct{ config Config }

// Variables are what an expression may read.
func (driver) Variables() []string {
	return []string{"provider", "token"}
}

func (d driver) ScopeName() string   { return d.config.ScopeName }
func (d driver) Description() string { return d.config.Description }

var _ mapping.Scope = driver{}
