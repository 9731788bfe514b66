package sourceoauth

import (
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
)

// Config is what a mapping of OAuth sources knows beside its expression: nothing.
type Config struct{}

// Kind describes mappings of OAuth sources.
func Kind() kind.Kind[mapping.Driver] {
	return kind.Of(kind.Info{
		Name: "source_oauth", Path: "source/oauth",
		VerboseName: "OAuth Source Property Mapping", VerboseNamePlural: "OAuth Source Property Mappings",
		Component: "ak-property-mapping-source-oauth-form", MetaModelName: "authentik_sources_oauth.oauthsourcepropertymapping",
		Description: "Makes a user's properties, or a group's, of the profile that an OAuth source gives.",
	}, Config{}, func(Config) (mapping.Driver, error) { return driver{}, nil })
}

type driver struct{}

var _ mapping.OfSource = driver{}

// Variables are what an expression may read.
func (driver) Variables() []string { return mapping.SourceVariables() }

// SourceKind is the kind of source that these mappings are for.
func (driver) SourceKind() string { return "oauth" }
