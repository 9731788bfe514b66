package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/web"
)

// call is one request to the API.
type call struct {
	*API
	w       http.ResponseWriter
	r       *http.Request
	by      resource.Actor
	visitor *model.Visitor
	// s is the configuration as it was when the request arrived.
	s *model.Snapshot
	// met are the users of whom a list speaks, read all at once.
	met map[model.UserID]*model.User
	// members are those of the groups of which a list speaks, or how many there are, read all at once.
	members      map[model.GroupID][]model.UserID
	membersCount map[model.GroupID]int
}

type handler func(c *call) error

// handle serves calls of people and programs that have proved who they are.
func (a *API) handle(method, pattern string, h handler) {
	a.route(method, pattern, func(c *call) error {
		if err := c.recognise(); err != nil {
			return err
		}
		return h(c)
	})
}

// open serves calls of anybody.
func (a *API) open(method, pattern string, h handler) { a.route(method, pattern, h) }

func (a *API) route(method, pattern string, h handler) {
	a.router.Method(method, pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		c := &call{API: a, w: w, r: r, s: a.Store.Snapshot()}
		if err := h(c); err != nil {
			a.fail(w, r, err)
		}
	}))
}

// recognise finds out who asks: by the Authorization header, else by the browser's session.
func (c *call) recognise() error {
	var p *access.Principal
	var err error
	if header := c.r.Header.Get("Authorization"); header != "" {
		p, err = c.Recogniser.Bearer(c.ctx(), header)
		c.visitor = c.program()
	} else {
		if c.visitor, err = c.Visitor(c.w, c.r); err != nil {
			return err
		}
		p, err = c.Recogniser.Browser(c.ctx(), c.visitor)
	}
	if err != nil {
		return err
	}
	c.visitor.User = p.User
	c.by = resource.Actor{Principal: p, Visitor: c.visitor, Seen: seen(c.r)}
	return nil
}

// program is the visitor of a call by token: no browser, no session.
func (c *call) program() *model.Visitor {
	client := web.ClientOf(c.ctx())
	v := &model.Visitor{
		Locale: web.Locale(c.ctx()), UserAgent: c.r.UserAgent(), RequestID: web.RequestID(c.ctx()), Origin: c.Origin, Host: client.Host, Now: c.Now(),
	}
	if client.IP.IsValid() {
		v.ClientIP = client.IP.String()
	}
	return v
}

func (c *call) ctx() context.Context { return c.r.Context() }

// need refuses who may not act on objects of a noun that belong to nobody.
func (c *call) need(a access.Action, noun string) error {
	return access.May(c.by.Principal, a, noun, 0)
}

// param gives a part of the path. What no database could hold names nothing.
func (c *call) param(name string) string {
	text := chi.URLParam(c.r, name)
	if clear, err := url.PathUnescape(text); err == nil && c.r.URL.RawPath != "" {
		text = clear
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return ""
	}
	return text
}

// number gives a part of the path that is an integer key; 0 names nothing.
func (c *call) number(name string) int64 {
	n, err := strconv.ParseInt(c.param(name), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// send answers JSON.
func (c *call) send(status int, body any) error {
	out, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(out)
	return nil
}

func (c *call) ok(body any) error { return c.send(http.StatusOK, body) }

func (c *call) done() error {
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

const (
	maxBody  = 2 << 20
	maxDepth = 100 // of nested arrays and objects; databases have limits of their own
)

// body reads a JSON object.
func (c *call) body() (kind.Body, error) {
	if t := c.r.Header.Get("Content-Type"); t != "" {
		media, _, err := mime.ParseMediaType(t)
		if err != nil || (media != "application/json" && !strings.HasSuffix(media, "+json")) {
			return nil, &statusError{http.StatusUnsupportedMediaType, fmt.Sprintf("Unsupported media type %q in request.", t)}
		}
	}
	raw, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxBody))
	if err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return nil, &statusError{http.StatusRequestEntityTooLarge, "The request is too large."}
		}
		return nil, &statusError{http.StatusBadRequest, "The request was cut off."}
	}
	return parseBody(raw)
}

func parseBody(raw []byte) (kind.Body, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return kind.Body{}, nil
	}
	if !utf8.Valid(raw) || depth(raw) > maxDepth {
		return nil, &statusError{http.StatusBadRequest, "JSON parse error - the text is not valid UTF-8 or nested too deeply."}
	}
	if raw[0] != '{' && json.Valid(raw) {
		return nil, model.Invalid("non_field_errors", "Invalid data. Expected a dictionary.")
	}
	var body kind.Body
	if err := json.Unmarshal(raw, &body); err != nil {
		return nil, &statusError{http.StatusBadRequest, "JSON parse error - " + err.Error()}
	}
	return body, nil
}

// depth tells how deeply arrays and objects are nested.
func depth(raw []byte) int {
	level, deepest, quoted := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch b := raw[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			level++
			deepest = max(deepest, level)
		case b == '}' || b == ']':
			level--
		}
	}
	return deepest
}

// read decodes a small body of an action into a struct.
func (c *call) read(dst any) error {
	body, err := c.body()
	if err != nil {
		return err
	}
	if errs := kind.Decode(dst, body, kind.Create); len(errs) > 0 {
		return &model.Error{Code: model.CodeInvalid, Message: "invalid input", Fields: errs}
	}
	return nil
}

// mode tells what the keys that a body leaves out mean.
func (c *call) mode() kind.Mode {
	if c.r.Method == http.MethodPatch {
		return kind.Patch
	}
	return kind.Replace
}
