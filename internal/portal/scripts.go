package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/web"
)

// scriptFolder is where the scripts of stages' pages are served. Their names hold a hash of what is in them, so browsers may keep them for good.
const scriptFolder = "/static/stage/"

// scripts are the few scripts that pages need, where the browser demands one: for passkeys, for example.
type scripts struct {
	names  map[string]string // by the screen's name
	bodies map[string]string // by the file's name
}

func loadScripts(screens []stage.Screen) scripts {
	s := scripts{names: map[string]string{}, bodies: map[string]string{}}
	for _, screen := range screens {
		if screen.Script == "" {
			continue
		}
		sum := sha256.Sum256([]byte(screen.Script))
		name := screen.Name + "." + hex.EncodeToString(sum[:8]) + ".js"
		s.names[screen.Name], s.bodies[name] = name, screen.Script
	}
	return s
}

// address is where the script of a challenge's page is, "" for a page without one.
func (s scripts) address(c stage.Challenge) string {
	if x, ok := c.(stage.Scripted); ok && !x.NeedsScript() {
		return ""
	}
	if name, ok := s.names[stage.BaseOf(c).Component]; ok {
		return scriptFolder + name
	}
	return ""
}

// ChallengePolicy is the policy that a challenge's page lives under: that of all pages, and where the stage has a script of ours or loads those of others, what these
// need and nothing else.
func (r *Renderer) ChallengePolicy(b Brand, c stage.Challenge, formTargets ...string) string {
	policy := r.ContentSecurityPolicy(b, formTargets...)
	var own, foreign []string
	if r.scripts.address(c) != "" {
		own = []string{"'self'"}
	}
	if f, ok := c.(stage.Foreign); ok {
		for _, origin := range f.Origins() {
			if source, ok := web.SourceOf(origin); ok && strings.Contains(source, "//") {
				foreign = append(foreign, source)
			}
		}
	}
	if len(own)+len(foreign) == 0 {
		return policy
	}
	policy += "; script-src " + strings.Join(append(own, foreign...), " ")
	if len(foreign) > 0 {
		others := " " + strings.Join(foreign, " ")
		policy = strings.Replace(policy, "style-src "+r.assets.styleHash, "style-src "+r.assets.styleHash+others, 1)
		policy = strings.Replace(policy, "img-src 'self' data: https:", "img-src 'self' data: https:"+others, 1)
		policy += "; frame-src" + others + "; connect-src" + others
	}
	return policy
}

// script serves the script of a stage's page. It is the same for everybody: no cookie goes with it, and caches may keep it.
func (s *Server) script(w http.ResponseWriter, r *http.Request) {
	body, ok := s.Renderer.scripts.bodies[chi.URLParam(r, "file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write([]byte(body)) // whoever asked has gone
}
