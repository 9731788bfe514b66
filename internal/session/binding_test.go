package session_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/session"
	"github.com/weimen-id/weimen/internal/web"
)

// world knows where the addresses of the tests are; one that is not in it is unknown.
type world map[string]struct {
	geoip.Network
	geoip.Place
}

func (w world) Place(ip netip.Addr) (geoip.Place, bool, error) {
	x, ok := w[ip.String()]
	return x.Place, ok, nil
}

func (w world) Network(ip netip.Addr) (geoip.Network, bool, error) {
	x, ok := w[ip.String()]
	return x.Network, ok, nil
}

const (
	home, neighbour, sameProvider, elsewhere = "198.51.100.7", "198.51.100.8", "203.0.113.9", "192.0.2.10"
	private, privateToo                      = "10.0.0.1", "10.9.0.1"
)

func places() world {
	w := world{}
	set := func(ip string, asn uint, continent, country, city string) {
		w[ip] = struct {
			geoip.Network
			geoip.Place
		}{geoip.Network{ASN: asn}, geoip.Place{Continent: continent, Country: country, City: city}}
	}
	set(home, 1, "AS", "CN", "Shanghai")
	set(neighbour, 1, "AS", "CN", "Shanghai")
	set(sameProvider, 1, "AS", "CN", "Beijing")
	set(elsewhere, 2, "AS", "JP", "Tokyo")
	return w
}

// OWASP ASVS 7.5: a session that is bound to a network or a place is worth nothing elsewhere.
func TestABoundSessionEndsWhereItIsNotBoundTo(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann := h.User("ann", "")
	origin, _ := url.Parse(flowtest.Origin)
	for _, tt := range []struct {
		name, network, place string
		from, to             string
		gone                 bool // the databases are gone when it is used
		stays                bool
	}{
		{"no binding", "no_binding", "no_binding", home, elsewhere, false, true},
		{"the provider, from the same one", session.BindASN, "", home, sameProvider, false, true},
		{"the provider, from another", session.BindASN, "", home, elsewhere, false, false},
		{"the network, from next door", session.BindASNNetwork, "", home, neighbour, false, true},
		{"the network, from another of the provider", session.BindASNNetwork, "", home, sameProvider, false, false},
		{"the address, from it", session.BindASNIP, "", home, home, false, true},
		{"the address, from next door", session.BindASNIP, "", home, neighbour, false, false},
		{"the address as IPv4 in IPv6", session.BindASNIP, "", home, "::ffff:" + home, false, true},
		{"the address, without databases", session.BindASNIP, "", home, neighbour, true, false},
		{"the continent, from another country", "", session.BindContinent, home, elsewhere, false, true},
		{"the country, from another city", "", session.BindCountry, home, sameProvider, false, true},
		{"the country, from another", "", session.BindCountry, home, elsewhere, false, false},
		{"the city, from another", "", session.BindCity, home, sameProvider, false, false},
		{"both, where one does not hold", session.BindASN, session.BindCity, home, sameProvider, false, false},
		{"a private network, from another", session.BindASN, session.BindCity, private, privateToo, false, true},
		{"a private network, from outside", session.BindASN, "", private, home, false, false},
		{"the provider, without databases", session.BindASN, session.BindCity, home, elsewhere, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			manager := session.NewManager(h.Store, h.Now).WithPlaces(places())
			v := h.Browser().Visitor()
			v.ClientIP = tt.from
			s, token := manager.Begin(v, time.Hour)
			if unable := manager.Bind(s, v, tt.network, tt.place); len(unable) > 0 {
				t.Fatal(unable)
			}
			s.User = ann.ID
			if err := manager.Insert(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			if tt.gone {
				manager = session.NewManager(h.Store, h.Now)
			}
			before := len(h.Events(model.ActionSuspiciousRequest))
			visitor := asked(t, session.NewVisitors(manager, web.NewCookies(origin), flowtest.Origin), origin, token.Reveal(), tt.to)
			if visitor.SignedIn() != tt.stays {
				t.Errorf("signed in: %t", visitor.SignedIn())
			}
			if after := len(h.Events(model.ActionSuspiciousRequest)); (after == before) != tt.stays {
				t.Errorf("%d events", after-before)
			}
			if !tt.stays { // it has ended, and is not good where it was either
				back := asked(t, session.NewVisitors(manager, web.NewCookies(origin), flowtest.Origin), origin, token.Reveal(), tt.from)
				if back.SignedIn() {
					t.Error("it lives on where it came from")
				}
			}
		})
	}
}

func TestWhatCannotBeBoundIsTold(t *testing.T) {
	m := session.NewManager(nil, time.Now)
	for _, tt := range []struct {
		network, place string
		want           int
	}{
		{"no_binding", "no_binding", 0},
		{session.BindASNIP, "no_binding", 0},
		{session.BindASN, "no_binding", 1},
		{session.BindASNNetwork, session.BindCity, 2},
	} {
		if got := m.CanBind(tt.network, tt.place); len(got) != tt.want {
			t.Errorf("%s, %s: %v", tt.network, tt.place, got)
		}
	}
}

// asked is who a request with a session's cookie from an address comes from.
func asked(t *testing.T, v *session.Visitors, origin *url.URL, token, ip string) *model.Visitor {
	t.Helper()
	var visitor *model.Visitor
	router := web.NewRouter(web.Options{Public: origin, Log: slog.New(slog.DiscardHandler), Answer: func(w http.ResponseWriter, _ *http.Request, status int) { w.WriteHeader(status) }})
	router.Get("/", func(w http.ResponseWriter, r *http.Request) {
		var err error
		if visitor, err = v.Of(w, r); err != nil {
			t.Error(err)
		}
	})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, flowtest.Origin+"/", nil)
	r.RemoteAddr = netip.AddrPortFrom(netip.MustParseAddr(ip), 1).String()
	recorder := httptest.NewRecorder()
	web.NewCookies(origin).Set(recorder, "weimen_session", token, time.Hour)
	for _, c := range recorder.Result().Cookies() {
		r.AddCookie(c)
	}
	router.ServeHTTP(httptest.NewRecorder(), r)
	if visitor == nil {
		t.Fatal("the request was not answered")
	}
	return visitor
}
