// Package blueprints holds the objects that every installation begins with, in authentik's blueprint format. Package internal/blueprint applies them at the first start.
package blueprints

import "embed"

// Files are the blueprints, below "default/". They are applied in the order of their names.
//
//go:embed default/*.yaml
var Files embed.FS
