// Package blueprints holds the objects that every installation begins with, in authentik's blueprint format. Package internal/blueprint applies them at the first start.
package blueprints

import (
	"embed"
	"io/fs"
	"strings"
)

// Files are the blueprints. Those below "default/" are applied at the first start, in the order of their names; those below "upgrade/" to installations that began before
// the set of defaults that their name begins with.
//
//go:embed default/*.yaml upgrade/*.yaml
var Files embed.FS

// Names are those of the default blueprints, as their metadata has them.
func Names() []string {
	var out []string
	_ = fs.WalkDir(Files, "default", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := Files.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(raw)) {
			if name, ok := strings.CutPrefix(line, "  name: "); ok {
				out = append(out, strings.TrimSpace(name))
				break
			}
		}
		return nil
	})
	return out
}
