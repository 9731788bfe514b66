package wechatsim

import (
	"net/http"
	"sync"
	"time"
)

// Options are the settings of a new Simulator. The zero value is usable: people out of the box, WeChat's own times.
type Options struct {
	// BaseURL is the simulator's own address as browsers and servers reach it, such as "http://127.0.0.1:9100".
	// Empty: the address each request came to.
	BaseURL string
	// Now is the clock; nil means time.Now. Advance moves whichever clock is used.
	Now func() time.Time
	// PollHold is how long a poll is held while nothing happens; 0 means WeChat's 25 seconds.
	PollHold time.Duration
	// Users are the people on the simulated phone; nil means People.
	Users []User
	// AutoConfirm is the id of a person who confirms every sign-in at once, without a page. Empty: nobody.
	AutoConfirm string
	// SimUser lets the parameter sim_user of /connect/qrconnect name the person who confirms at once.
	SimUser bool
	// KeepCalls is how many calls are remembered: 0 means 500, a negative number none.
	KeepCalls int
}

// Simulator is one simulated WeChat. It is an http.Handler, and safe for concurrent use.
type Simulator struct {
	opts   Options
	router http.Handler
	pages  pages
	closed chan struct{}
	close  func()

	// editing lets one change to an application, a person or the behaviour be made at a time. It is taken before mu, and
	// mu is free while the caller's function runs, so that the function may ask the simulator things.
	editing sync.Mutex

	mu    sync.Mutex
	apps  ordered[App]
	users ordered[User]
	world
}

// world is what Reset forgets.
type world struct {
	behaviour Behaviour
	signIns   ordered[*signIn]
	codes     ordered[*code]
	access    ordered[*accessToken]
	refresh   ordered[*refreshToken]
	faults    map[Endpoint]armedFault
	calls     []*Call
	skew      time.Duration
}

// The oldest entries beyond these numbers are forgotten, so that a simulator under load keeps its size.
const (
	keepSignIns = 10_000
	keepGrants  = 200_000
	keepCalls   = 500
)

// New makes a simulator with its people and no application.
func New(opts Options) *Simulator {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Users == nil {
		opts.Users = People()
	}
	if opts.KeepCalls == 0 {
		opts.KeepCalls = keepCalls
	}
	s := &Simulator{opts: opts, pages: newPages(), closed: make(chan struct{})}
	s.close = sync.OnceFunc(func() { close(s.closed) })
	s.world = s.newWorld()
	for _, user := range opts.Users {
		s.users.put(user.ID, user.withDefaults())
	}
	s.router = s.routes()
	return s
}

func (s *Simulator) newWorld() world {
	b := DefaultBehaviour()
	if s.opts.PollHold > 0 {
		b.PollHold = Duration(s.opts.PollHold)
	}
	b.AutoConfirm = s.opts.AutoConfirm
	b.SimUser = s.opts.SimUser
	return world{
		behaviour: b,
		signIns:   ordered[*signIn]{limit: keepSignIns},
		codes:     ordered[*code]{limit: keepGrants},
		access:    ordered[*accessToken]{limit: keepGrants},
		refresh:   ordered[*refreshToken]{limit: keepGrants},
		faults:    map[Endpoint]armedFault{},
	}
}

// ServeHTTP answers WeChat's endpoints, the simulator's own pages and the control API.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

// Close lets go of held polls and hanging faults, so that the server around the simulator can shut down at once.
func (s *Simulator) Close() { s.close() }

// Reset forgets sign-ins, codes, tokens, faults, calls, changed behaviours and the moved clock.
// Applications and people stay.
func (s *Simulator) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, si := range s.signIns.values() {
		si.become(StatusExpired)
	}
	s.world = s.newWorld()
}

// Advance moves the simulator's clock forward, so that codes, tokens and QR codes grow old.
func (s *Simulator) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew += d
	for _, si := range s.signIns.values() {
		si.wake()
	}
}

// Now is the simulator's present time.
func (s *Simulator) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// now is Now for callers that hold the lock.
func (s *Simulator) now() time.Time { return s.opts.Now().Add(s.skew) }

func (s *Simulator) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/connect/qrconnect", s.wechat(EndpointQRConnect, s.qrconnect))
	mux.Handle("/connect/qrcode/{uuid}", s.wechat(EndpointQRCode, s.qrcode))
	mux.Handle("/connect/l/qrconnect", s.wechat(EndpointPoll, s.poll))
	mux.Handle("/sns/oauth2/access_token", s.wechat(EndpointAccessToken, s.exchange))
	mux.Handle("/sns/oauth2/refresh_token", s.wechat(EndpointRefreshToken, s.renew))
	mux.Handle("/sns/auth", s.wechat(EndpointAuth, s.auth))
	mux.Handle("/sns/userinfo", s.wechat(EndpointUserinfo, s.userinfo))
	mux.Handle("/mmopen/vi_32/{key}/{size}", s.wechat(EndpointAvatar, s.avatar))

	mux.HandleFunc("GET /connect/wait", s.wait)
	mux.HandleFunc("POST /connect/fast", s.fastLogin)
	mux.HandleFunc("GET /connect/confirm", s.phone)
	mux.HandleFunc("POST /connect/confirm", s.phoneDecision)
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /try", s.try)
	mux.HandleFunc("GET /static/{file}", s.static)
	for _, route := range s.controlRoutes() {
		mux.HandleFunc(route.Method+" "+route.Path, route.handler)
	}

	// Pages elsewhere must not press our buttons. WeChat's own endpoints change nothing but by a secret, and
	// take form posts from servers, which send no Origin and pass.
	return http.NewCrossOriginProtection().Handler(mux)
}
