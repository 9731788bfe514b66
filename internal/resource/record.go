package resource

import "strings"

// cut takes "authentik_flows.flow" apart.
func cut(modelName string) (app, noun string, ok bool) { return strings.Cut(modelName, ".") }

// dotted turns an app's label into the module name that events bear: "authentik_flows" into "authentik.flows".
func dotted(app string) string { return strings.Replace(app, "_", ".", 1) }
