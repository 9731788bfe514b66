// Package blueprints holds the objects that every installation begins with, in authentik's blueprint format. Package internal/blueprint applies them at the first start.
package blueprints

import "embed"

// Files are the blueprints. Those below "default/" are applied at the first start, in the order of their names; those below "upgrade/" to installations that began before
// the set of defaults that their name begins with.
//
//go:embed default/*.yaml upgrade/*.yaml
var Files embed.FS
