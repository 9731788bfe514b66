package web

import (
	"container/list"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter bounds how often each client may ask, in this process. What must hold across replicas is counted in the database.
type Limiter struct {
	every rate.Limit
	burst int
	most  int
	now   func() time.Time

	mu      sync.Mutex
	clients map[netip.Prefix]*list.Element
	recent  *list.List // of *limited, the latest asker first
}

type limited struct {
	client netip.Prefix
	bucket *rate.Limiter
}

// NewLimiter lets each client ask burst times at once and perSecond times a second from then on. It remembers the most clients that asked
// last; one forgotten starts anew.
func NewLimiter(perSecond float64, burst, most int) *Limiter {
	return &Limiter{
		every:   rate.Limit(perSecond),
		burst:   burst,
		most:    most,
		now:     time.Now,
		clients: map[netip.Prefix]*list.Element{},
		recent:  list.New(),
	}
}

// Allow reports whether the client may ask now, and if not, how long it has to wait.
func (l *Limiter) Allow(ip netip.Addr) (wait time.Duration, ok bool) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.bucket(networkOf(ip))
	if bucket.AllowN(now, 1) {
		return 0, true
	}
	missing := 1 - bucket.TokensAt(now)
	return time.Duration(missing / float64(l.every) * float64(time.Second)), false
}

// Middleware answers 429 with Retry-After to a client that asks too often.
func (l *Limiter) Middleware(answer Answerer) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if wait, ok := l.Allow(ClientOf(r.Context()).IP); !ok {
				SetRetryAfter(w, wait)
				answer(w, r, http.StatusTooManyRequests)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func (l *Limiter) bucket(client netip.Prefix) *rate.Limiter {
	if e, ok := l.clients[client]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*limited).bucket
	}
	if l.recent.Len() >= l.most {
		oldest := l.recent.Back()
		delete(l.clients, oldest.Value.(*limited).client)
		l.recent.Remove(oldest)
	}
	entry := &limited{client, rate.NewLimiter(l.every, l.burst)}
	l.clients[client] = l.recent.PushFront(entry)
	return entry.bucket
}

// networkOf gives what one person has: a whole address of IPv4, a /64 network of IPv6 (RFC 6177).
func networkOf(ip netip.Addr) netip.Prefix {
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	network, _ := ip.Prefix(bits) // an unknown address gives the zero Prefix, which all such clients share
	return network
}
