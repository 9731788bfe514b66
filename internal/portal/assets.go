package portal

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// assets is what lies inside of pages.
type assets struct {
	style     template.CSS
	styleHash string // as a Content-Security-Policy names it
	light     palette
	dark      palette
	mark      template.HTML
	icons     map[string]template.HTML
	sources   map[string]template.HTML // by source type
}

func loadAssets() (*assets, error) {
	raw, err := assetFiles.ReadFile("assets/portal.css")
	if err != nil {
		return nil, err
	}
	style := squeeze(string(raw))
	a := &assets{style: template.CSS(style), styleHash: policyHash(style)}
	if a.light, a.dark, err = palettes(style); err != nil {
		return nil, err
	}
	marks, err := drawings("assets")
	if err != nil {
		return nil, err
	}
	a.mark = marks["mark"]
	if a.icons, err = drawings("assets/icons"); err != nil {
		return nil, err
	}
	a.sources, err = drawings("assets/sources")
	return a, err
}

// drawings reads the SVG files of a folder, by their names.
func drawings(folder string) (map[string]template.HTML, error) {
	files, err := fs.Glob(assetFiles, folder+"/*.svg")
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	out := map[string]template.HTML{}
	for _, file := range files {
		raw, err := assetFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(path.Base(file), ".svg")] = template.HTML(strings.TrimSpace(string(raw)))
	}
	return out, nil
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssBlank   = regexp.MustCompile(`\s+`)
	cssAround  = regexp.MustCompile(` ?([{};,]) ?`)
)

// squeeze takes comments and blanks out of our own style sheet. It is no general minifier: it knows nothing of strings.
func squeeze(css string) string {
	css = cssComment.ReplaceAllString(css, "")
	css = cssBlank.ReplaceAllString(css, " ")
	css = cssAround.ReplaceAllString(css, "$1")
	return strings.TrimSpace(strings.ReplaceAll(css, ";}", "}"))
}
