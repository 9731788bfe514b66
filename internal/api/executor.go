package api

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/web"
)

// mountExecutor serves the flow executor: the JSON face of what the pages below /if/flow/ show. The query of the flow's page comes URL-encoded in "query".
func (a *API) mountExecutor() {
	const at = "/flows/executor/{slug}/"
	a.open(http.MethodGet, at, func(c *call) error {
		return c.run(func(query url.Values) (*flow.Reply, error) {
			return c.Flows.Show(c.ctx(), c.visitor, c.param("slug"), query)
		})
	})
	a.open(http.MethodPost, at, func(c *call) error {
		if err := c.limit(); err != nil {
			return err
		}
		body, err := c.body()
		if err != nil {
			return err
		}
		return c.run(func(query url.Values) (*flow.Reply, error) {
			return c.Flows.Answer(c.ctx(), c.visitor, c.param("slug"), query, stage.Answer(body))
		})
	})
}

// limit refuses a client that answers too often.
func (c *call) limit() error {
	if c.Limiter == nil {
		return nil
	}
	if _, ok := c.Limiter.Allow(web.ClientOf(c.ctx()).IP); !ok {
		return &model.Error{Code: model.CodeRateLimited, Message: "Request was throttled."}
	}
	return nil
}

func (c *call) run(advance func(url.Values) (*flow.Reply, error)) error {
	var err error
	if c.visitor, err = c.Visitor(c.w, c.r); err != nil {
		return err
	}
	query, err := url.ParseQuery(strings.TrimPrefix(c.r.URL.Query().Get("query"), "?"))
	if err != nil {
		query = url.Values{}
	}
	reply, err := advance(query)
	if denied := refused(err); denied != nil {
		return c.ok(denied)
	}
	if err != nil {
		return err
	}
	c.Apply(c.w, c.r, reply)
	return c.ok(c.challenge(reply))
}

// refused shows an error that was meant for a person as a challenge. A flow that does not exist, and a database that does not answer, are for the program.
func refused(err error) stage.Challenge {
	var e *model.Error
	if !errors.As(err, &e) || e.Reason == "" || e.Code == model.CodeNotFound || e.Code == model.CodeUnavailable {
		return nil
	}
	return &stage.AccessDenied{Base: stage.Base{Component: "ak-stage-access-denied"}, ErrorMessage: e.Message, Reason: e.Reason, Args: e.Args}
}

// challenge is what a reply looks like to a program. A run that goes on at its page is shown here as well, for a program has no page.
func (c *call) challenge(reply *flow.Reply) stage.Challenge {
	if reply.Challenge == nil || (reply.Ended && reply.To != "") {
		return stage.NewRedirect(reply.To)
	}
	base := stage.BaseOf(reply.Challenge)
	translated := stage.Errors{}
	for field, list := range base.ResponseErrors {
		for _, e := range list {
			e.String = c.Text(c.visitor.Locale, e.String, e.Args)
			translated[field] = append(translated[field], e)
		}
	}
	if len(translated) > 0 {
		base.ResponseErrors = translated
	}
	return reply.Challenge
}
