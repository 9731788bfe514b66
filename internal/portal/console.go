package portal

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// consolePath is where the administrator's console is: authentik's address of its own.
const consolePath = "/if/admin/"

// errNoConsole answers where the console would be, were it in this binary.
func errNoConsole() error {
	return model.Refuse(model.CodeNotFound, "console.missing", "This binary was built without the console.")
}

// console sends the page of the console, whatever the address below it: which page of its own that is, the console knows. Who is not signed in does that first.
func (s *Server) console(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	if s.Console == nil {
		return errNoConsole()
	}
	if !v.SignedIn() {
		http.Redirect(w, r, withNext("/flows/-/default/authentication/", r.URL.RequestURI()), http.StatusFound)
		return nil
	}
	page, err := fs.ReadFile(s.Console, "index.html")
	if err != nil {
		return err
	}
	nonce := rand.Text()
	page = bytes.ReplaceAll(page, []byte("{{nonce}}"), []byte(nonce))
	page = bytes.ReplaceAll(page, []byte("{{locale}}"), []byte(web.Locale(r.Context())))
	// The components put their style sheets into the page while they are drawn. The preview of the login page lies in a frame that inherits this policy.
	policy := web.StrictPolicy().With("style-src", "'nonce-"+nonce+"'", s.Renderer.StyleHash()).With("img-src", "blob:")
	w.Header().Set("Content-Security-Policy", policy.String())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(page)
	return nil
}

// consoleFile sends a file of the console's build. Their names change with their content, but for the few that lie beside the page.
func (s *Server) consoleFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, consolePath)
	if s.Console == nil || !fs.ValidPath(name) {
		s.Answer(w, r, http.StatusNotFound) // anybody can ask for any name: that the console is missing, its page says and records
		return
	}
	encoding := encodingFor(r.Header.Values("Accept-Encoding"))
	body, err := consoleBody(s.Console, name, encoding)
	if err != nil {
		s.Answer(w, r, http.StatusNotFound) // an older page asks for a file of its build: it says so, and loads itself anew
		return
	}
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Vary", "Accept-Encoding")
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Cache-Control", "public, max-age=3600")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(body)
}

// encodingFor chooses from an Accept-Encoding how a file is sent: "br" or "gzip", as the build compressed it, or "" for plain (RFC 9110, section 12.5.3).
func encodingFor(accepted []string) string {
	weights := map[string]float64{}
	for part := range strings.SplitSeq(strings.Join(accepted, ","), ",") {
		name, parameters, _ := strings.Cut(part, ";")
		weight := 1.0
		for parameter := range strings.SplitSeq(parameters, ";") {
			if key, value, _ := strings.Cut(parameter, "="); strings.EqualFold(strings.TrimSpace(key), "q") {
				weight, _ = strconv.ParseFloat(strings.TrimSpace(value), 64) // what is no number is 0, and so not wanted
			}
		}
		weights[strings.ToLower(strings.TrimSpace(name))] = weight
	}
	best, most := "", weights["identity"]
	for _, name := range []string{"br", "gzip"} {
		weight, named := weights[name]
		if !named {
			weight = weights["*"]
		}
		if weight > 0 && (weight > most || best == "" && weight == most) {
			best, most = name, weight
		}
	}
	return best
}

// consoleBody reads a file as it was compressed at the build, or plain for a client that reads neither.
func consoleBody(files fs.FS, name, encoding string) ([]byte, error) {
	switch encoding {
	case "br":
		return fs.ReadFile(files, name+".br")
	case "gzip":
		return fs.ReadFile(files, name+".gz")
	}
	f, err := files.Open(name + ".gz")
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	plain, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(plain)
}
