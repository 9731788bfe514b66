package apptest

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/store"
)

// Exchange is one request that reached the house, and what it came to.
type Exchange struct {
	Method, Path string
	// URL is the address with its query.
	URL *url.URL
	// Status is 0 where the handler wrote nothing.
	Status int
	Header http.Header
	// Statements and Transactions are what it asked of the database.
	Statements, Transactions int
}

// Exchanges are the requests since the last Forget, oldest first.
func (h *House) Exchanges() []Exchange {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Exchange(nil), h.exchanges...)
}

// Forget forgets the requests.
func (h *House) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.exchanges = nil
}

// front hands a request to the server that answers now, and takes note.
func (h *House) front(w http.ResponseWriter, r *http.Request) {
	ctx, counter := store.CountStatements(r.Context())
	h.noteQuery(r)
	sw := &statusWriter{ResponseWriter: w}
	handler := http.Handler(h.elsewhere.Load())
	if h.elsewhere.Load() == nil {
		handler = h.present.Load().Handler()
	}
	handler.ServeHTTP(sw, r.WithContext(ctx))
	h.noteAnswer(sw.Header())
	h.mu.Lock()
	defer h.mu.Unlock()
	h.exchanges = append(h.exchanges, Exchange{
		Method: r.Method, Path: r.URL.Path, URL: r.URL, Status: sw.status, Header: sw.Header().Clone(),
		Statements: counter.Statements(), Transactions: counter.Transactions(),
	})
}

// noteQuery notes what a callback brings: it is secret, whoever made it up.
func (h *House) noteQuery(r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/source/oauth/callback/") {
		h.Secrets.Add("the code of WeChat", r.URL.Query()["code"]...)
		h.Secrets.Add("the state of a sign-in", r.URL.Query()["state"]...)
	}
	query := r.URL.Query()
	if inner, err := url.ParseQuery(query.Get("query")); err == nil && query.Has("query") { // the executor is told the query of the flow's page
		query = inner
	}
	h.Secrets.Add("the token of a link in a letter", query["flow_token"]...)
	h.Secrets.AddUnsaid("an invitation", query["itoken"]...)
	if strings.HasPrefix(r.URL.Path, "/link/") {
		if parts := strings.Split(r.URL.Path, "/"); len(parts) > 3 {
			h.Secrets.Add("the token of a link", parts[3])
		}
	}
}

// noteAnswer notes the secrets that the house gives out.
func (h *House) noteAnswer(header http.Header) {
	for _, c := range (&http.Response{Header: header}).Cookies() {
		if strings.HasSuffix(c.Name, "weimen_session") || strings.HasSuffix(c.Name, "weimen_browser") {
			h.Secrets.Add("the cookie "+c.Name, c.Value)
		}
	}
	to, err := url.Parse(header.Get("Location"))
	if err != nil || to.Host == "" || h.relative(to) {
		return
	}
	if strings.HasPrefix(to.String(), h.WeChatURL) {
		h.Secrets.Add("the state of a sign-in", to.Query().Get("state"))
		return
	}
	h.Secrets.Add("the code for an application", to.Query().Get("code"))
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write notes the status that is meant where none was said.
func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
