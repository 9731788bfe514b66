package app

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/session"
	"github.com/weimen-id/weimen/internal/web"
)

const (
	// burst is how many seconds' worth of requests an address may make at once: a class that comes back from the break signs in behind one address.
	burst = 30
	// remembered is how many addresses are counted.
	remembered = 100_000
)

// visitors tells who asks, and bounds how often one address may ask without being signed in: what strangers begin, and what they are refused, is written down.
type visitors struct {
	*session.Visitors
	limiter *web.Limiter // nil for no limit
}

func newVisitors(v *session.Visitors, perSecond float64) *visitors {
	if perSecond == 0 {
		return &visitors{Visitors: v}
	}
	return &visitors{Visitors: v, limiter: web.NewLimiter(perSecond, int(perSecond*burst), remembered)}
}

// Of gives who makes the request, or refuses a stranger who asks too often.
func (s *visitors) Of(w http.ResponseWriter, r *http.Request) (*model.Visitor, error) {
	v, err := s.Visitors.Of(w, r)
	if err != nil || v.SignedIn() || s.limiter == nil {
		return v, err
	}
	if wait, ok := s.limiter.Allow(web.ClientOf(r.Context()).IP); !ok {
		web.SetRetryAfter(w, wait)
		return nil, model.Refuse(model.CodeRateLimited, "rate_limited", "Too many requests came from this address.")
	}
	return v, nil
}
