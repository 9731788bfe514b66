package portal

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// styleFolder is where the style sheet of previews is served, under names that hold a hash of what is in it. Other pages have it inside.
const styleFolder = "/static/portal/"

// Themes are the appearances that a preview can be asked for. The first follows the reader's device, as pages do.
func Themes() []string { return []string{"", "light", "dark"} }

// styles are the style sheets of previews.
type styles struct {
	names  map[string]string // by theme
	bodies map[string]string // by file name
}

// loadStyles settles, for each theme, what the style sheet otherwise asks the device.
func loadStyles(style string) styles {
	s := styles{names: map[string]string{}, bodies: map[string]string{}}
	for _, theme := range Themes() {
		body := style
		if theme != "" {
			applies := map[string]string{"light": "not all", "dark": "all"}[theme]
			body = strings.ReplaceAll(body, "@media (prefers-color-scheme: dark)", "@media "+applies)
			body = strings.ReplaceAll(body, "color-scheme: light dark", "color-scheme: "+theme)
		}
		sum := sha256.Sum256([]byte(body))
		name := "portal." + hex.EncodeToString(sum[:8]) + ".css"
		s.names[theme], s.bodies[name] = name, body
	}
	return s
}

// Preview draws a challenge's page for an administrator who is deciding how it shall look. It is the page itself, but nothing on it can be used, and its styles are files of ours
// rather than inside of it: the console shows it in a frame, where the console's own policy holds. The theme stands in for what a reader's device prefers.
func (r *Renderer) Preview(w io.Writer, p Page, theme string, c stage.Challenge) error {
	scheme := cmp.Or(p.Brand.Scheme, theme)
	p.styleURL = styleFolder + r.styles.names[scheme]
	if primary := p.Brand.theme.Primary; primary != "" {
		p.themeURL = styleFolder + r.assets.themeFile(model.Theme{Primary: primary, Base: cmp.Or(model.Look(scheme), model.LookAutomatic)})
	}
	var b bytes.Buffer
	if err := r.Challenge(&b, p, c); err != nil {
		return err
	}
	_, err := w.Write(focusing.ReplaceAll(b.Bytes(), []byte("$1")))
	return err
}

// focusing is a tag up to where it asks for the focus: browsers refuse that to a frame without scripts, and say so.
var focusing = regexp.MustCompile(`(<[a-z]+(?:\s+[a-z-]+(?:="[^"]*")?)*?)\s+autofocus\b`)

// styleSheet serves a style sheet. It is the same for everybody.
func (s *Server) styleSheet(w http.ResponseWriter, r *http.Request) {
	file := chi.URLParam(r, "file")
	body, ok := s.Renderer.styles.bodies[file]
	if !ok {
		body, ok = s.Renderer.assets.themeBody(file)
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write([]byte(body)) // whoever asked has gone
}
