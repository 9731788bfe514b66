package flowtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Browser is someone at a browser. It keeps the cookie of a session as a browser does.
type Browser struct {
	House *House
	// ID is what binds runs to this browser.
	ID string
	// Token is the session's cookie; "" for none.
	Token string
}

// Browser opens a new browser without cookies.
func (h *House) Browser() *Browser {
	return &Browser{House: h, ID: fmt.Sprintf("browser-%d", h.browser.Add(1))}
}

// SignIn gives the browser a session of the user, without any flow.
func (b *Browser) SignIn(u *model.User) *Browser {
	b.House.T.Helper()
	s, token := b.House.Sessions.Begin(b.Visitor(), 0)
	s.User = u.ID
	if err := b.House.Sessions.Insert(context.Background(), s); err != nil {
		b.House.T.Fatal(err)
	}
	b.Token = token.Reveal()
	return b
}

// Visitor is the browser's next request, with whoever is signed in read from the database.
func (b *Browser) Visitor() *model.Visitor {
	b.House.T.Helper()
	v := &model.Visitor{
		Browser: b.ID, Locale: "en", ClientIP: "192.0.2.1", UserAgent: "test", RequestID: "r", Origin: Origin, Host: "id.example.org", Now: b.House.Now(),
	}
	if b.Token == "" {
		return v
	}
	s, u, err := b.House.Sessions.Find(context.Background(), b.Token)
	if errors.Is(err, model.ErrNotFound) {
		return v
	}
	if err != nil {
		b.House.T.Fatal(err)
	}
	v.Session, v.User = s, u
	return v
}

// Take keeps what a reply says about the cookie.
func (b *Browser) Take(reply *flow.Reply) {
	switch {
	case reply == nil:
	case reply.SignOut:
		b.Token = ""
	case reply.Session != nil:
		b.Token = reply.SessionToken.Reveal()
	}
}

// Get opens a flow's page. The address is a slug, perhaps with a query: "login?next=/x".
func (b *Browser) Get(address string) *flow.Reply {
	b.House.T.Helper()
	slug, query := b.split(address)
	reply, err := b.House.Executor.Show(context.Background(), b.Visitor(), slug, query)
	if err != nil {
		b.House.T.Fatalf("GET %s: %v", address, err)
	}
	b.Take(reply)
	return reply
}

// Post answers a flow's page with pairs of names and values.
func (b *Browser) Post(address string, pairs ...string) *flow.Reply {
	b.House.T.Helper()
	reply, err := b.TryPost(address, pairs...)
	if err != nil {
		b.House.T.Fatalf("POST %s: %v", address, err)
	}
	b.Take(reply)
	return reply
}

// TryPost is Post that leaves the error, and the cookie, to the caller. It may be called from many goroutines.
func (b *Browser) TryPost(address string, pairs ...string) (*flow.Reply, error) {
	slug, query := b.split(address)
	a := stage.Answer{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]], _ = json.Marshal(pairs[i+1])
	}
	return b.House.Executor.Answer(context.Background(), b.Visitor(), slug, query, a)
}

// split takes "slug?query" and "/if/flow/slug/?query" apart.
func (b *Browser) split(address string) (slug string, query url.Values) {
	path, raw, _ := strings.Cut(address, "?")
	query, err := url.ParseQuery(raw)
	if err != nil {
		b.House.T.Fatal(err)
	}
	return strings.Trim(strings.TrimPrefix(path, "/if/flow/"), "/"), query
}

// Component is what a reply shows, or "→ <address>" for one that goes elsewhere.
func Component(reply *flow.Reply) string {
	if reply.Challenge == nil {
		return "→ " + reply.To
	}
	return stage.BaseOf(reply.Challenge).Component
}

// Reason is the key of a refusal, "" for none.
func Reason(reply *flow.Reply) string {
	if reply.Refusal == nil {
		return ""
	}
	return reply.Refusal.Reason
}
