package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

func (a *API) mountSessions() {
	const list, item = "/core/authenticated_sessions/", "/core/authenticated_sessions/{uuid}/"
	a.handle(http.MethodGet, list, (*call).listSessions)
	a.handle(http.MethodGet, item, func(c *call) error {
		x, err := c.ownSession()
		if err != nil {
			return err
		}
		return c.ok(c.sessionRow(x))
	})
	a.handle(http.MethodDelete, item, func(c *call) error {
		var owner model.UserID
		if !c.by.Superuser() {
			x, err := c.ownSession()
			if err != nil {
				return err
			}
			owner = x.User
		}
		if err := c.Resources.EndSession(c.ctx(), c.by, model.SessionID(c.param("uuid")), owner); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.ok([]any{}) })
	a.handle(http.MethodDelete, list+"bulk_delete/", func(c *call) error {
		if err := c.need(access.Delete, resource.ModelSession); err != nil {
			return err
		}
		deleted := 0
		for _, text := range c.r.URL.Query()["user_pks"] {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return model.Invalid("user_pks", "A valid integer is required.")
			}
			n, err := c.Resources.EndSessionsOf(c.ctx(), c.by, model.UserID(id))
			if err != nil {
				return err
			}
			deleted += n
		}
		return c.ok(row{"deleted": deleted})
	})
}

// listSessions lists the sessions of who asks, or of the user whom a superuser names.
func (c *call) listSessions() error {
	p, err := c.page()
	if err != nil {
		return err
	}
	user := c.by.UserID()
	if name := c.r.URL.Query().Get("user__username"); name != "" && c.by.Superuser() {
		u, err := c.Store.UserByUsername(c.ctx(), name)
		if err := ignoreAbsence(err); err != nil {
			return err
		}
		user = 0
		if u != nil {
			user = u.ID
		}
	}
	sessions, err := c.Store.ListSessions(c.ctx(), user)
	if err != nil {
		return err
	}
	var results []any
	for _, x := range sessions {
		results = append(results, c.sessionRow(x))
	}
	return c.answerAll(p, results)
}

func (c *call) ownSession() (*model.Session, error) {
	sessions, err := c.Store.ListSessions(c.ctx(), c.by.UserID())
	if err != nil {
		return nil, err
	}
	for _, x := range sessions {
		if string(x.ID) == c.param("uuid") {
			return x, nil
		}
	}
	return nil, model.ErrNotFound
}

// sessionRow is authentik's AuthenticatedSession. The user agent is told as it came; nothing is guessed from it.
func (c *call) sessionRow(x *model.Session) row {
	return row{
		"uuid": x.ID, "current": c.by.Session != nil && c.by.Session.ID == x.ID, "geo_ip": nil, "asn": nil, "user": x.User,
		"last_ip": x.ClientIP, "last_user_agent": x.UserAgent, "last_used": x.LastUsed, "expires": x.Expires,
		"user_agent": row{
			"device": row{"brand": "", "family": "", "model": ""}, "os": row{"family": "", "major": "", "minor": "", "patch": "", "patch_minor": ""},
			"user_agent": row{"family": "", "major": "", "minor": "", "patch": ""}, "string": x.UserAgent,
		},
		"source": x.Source, "auth_method": firstWord(x.AuthMethod), "created": x.Created,
	}
}

// firstWord is the method of authentication without what is noted behind it.
func firstWord(method string) string {
	first, _, _ := strings.Cut(method, " ")
	return first
}
