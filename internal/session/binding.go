package session

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/model"
)

// Places tells where an address is. Package geoip has it; both answer geoip.ErrNoDatabase where no file was configured.
type Places interface {
	Place(ip netip.Addr) (p geoip.Place, ok bool, err error)
	Network(ip netip.Addr) (n geoip.Network, ok bool, err error)
}

// WithPlaces lets sessions be bound to networks and places. Call it before the manager is used.
func (m *Manager) WithPlaces(p Places) *Manager {
	m.places = p
	return m
}

// The levels of a binding, each with all before it: first those of the network, then those of the place. The values are authentik's.
const (
	BindASN        = "bind_asn"
	BindASNNetwork = "bind_asn_network"
	BindASNIP      = "bind_asn_network_ip"
	BindContinent  = "bind_continent"
	BindCountry    = "bind_continent_country"
	BindCity       = "bind_continent_country_city"
)

// The sizes of what counts as one network: what a provider hands out to a site.
const (
	bitsV4 = 24
	bitsV6 = 48
)

// binding is where a session may be used from. What was not known at the sign-in must not be known later either: who was at an address of no place is still there.
type binding struct {
	ByNetwork string `json:"by_network,omitempty"`
	ByPlace   string `json:"by_place,omitempty"`

	ASN       uint   `json:"asn,omitempty"`
	Network   string `json:"network,omitempty"`
	IP        string `json:"ip,omitempty"`
	Continent string `json:"continent,omitempty"`
	Country   string `json:"country,omitempty"`
	City      string `json:"city,omitempty"`
}

// Bind binds a session that Begin made to where the visitor is: by network and by place, each one of the levels or anything else for not at all. It reports the
// parts that cannot be bound because the server has no database for them.
func (m *Manager) Bind(s *model.Session, v *model.Visitor, byNetwork, byPlace string) (unable []string) {
	b, unable := m.at(v.ClientIP, byNetwork, byPlace)
	if b == (binding{}) {
		return unable
	}
	raw, _ := json.Marshal(b) // texts and a number always encode
	s.Binding = string(raw)
	return unable
}

// CanBind reports the parts that the server has no database for.
func (m *Manager) CanBind(byNetwork, byPlace string) (unable []string) {
	_, unable = m.at("192.0.2.1", byNetwork, byPlace)
	return unable
}

// at is where an address is, as far as the levels ask.
func (m *Manager) at(address, byNetwork, byPlace string) (b binding, unable []string) {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return binding{}, nil
	}
	ip = ip.Unmap()
	switch byNetwork {
	case BindASNIP:
		b.ByNetwork, b.IP = byNetwork, ip.String() // one address is in one network
	case BindASN, BindASNNetwork:
		n, err := m.network(ip)
		if errors.Is(err, geoip.ErrNoDatabase) {
			unable = append(unable, "network_binding")
			break
		}
		b.ByNetwork, b.ASN = byNetwork, n.ASN
		if byNetwork == BindASNNetwork {
			b.Network = around(ip)
		}
	}
	switch byPlace {
	case BindContinent, BindCountry, BindCity:
		p, err := m.place(ip)
		if errors.Is(err, geoip.ErrNoDatabase) {
			unable = append(unable, "geoip_binding")
			break
		}
		b.ByPlace, b.Continent = byPlace, p.Continent
		if byPlace != BindContinent {
			b.Country = p.Country
		}
		if byPlace == BindCity {
			b.City = p.City
		}
	}
	return b, unable
}

func around(ip netip.Addr) string {
	bits := bitsV6
	if ip.Is4() {
		bits = bitsV4
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

func (m *Manager) network(ip netip.Addr) (geoip.Network, error) {
	if m.places == nil {
		return geoip.Network{}, geoip.ErrNoDatabase
	}
	n, _, err := m.places.Network(ip)
	return n, err
}

func (m *Manager) place(ip netip.Addr) (geoip.Place, error) {
	if m.places == nil {
		return geoip.Place{}, geoip.ErrNoDatabase
	}
	p, _, err := m.places.Place(ip)
	return p, err
}

// holds reports whether a session may be used from an address. A part whose database is gone no longer counts.
func (m *Manager) holds(s *model.Session, address string) bool {
	if s.Binding == "" {
		return true
	}
	var bound binding
	if json.Unmarshal([]byte(s.Binding), &bound) != nil {
		return false
	}
	now, _ := m.at(address, bound.ByNetwork, bound.ByPlace)
	if now.ByNetwork == "" && bound.ByNetwork != BindASNIP {
		bound.ByNetwork, bound.ASN, bound.Network = "", 0, ""
	}
	if now.ByPlace == "" {
		bound.ByPlace, bound.Continent, bound.Country, bound.City = "", "", "", ""
	}
	return now == bound
}

// moved ends a session that is used from elsewhere than it may be, and records it.
func (m *Manager) moved(ctx context.Context, s *model.Session, u *model.User, v *model.Visitor) error {
	if err := m.End(ctx, s.ID); err != nil {
		return err
	}
	ev := event.New(model.ActionSuspiciousRequest, "authentik.stages.user_login", v, map[string]any{
		"message": "A session was used from a place that it is not bound to, and ended.", "bound_to": json.RawMessage(s.Binding),
	})
	ev.User = event.UserOf(u)
	return event.NewRecorder(m.store, m.now).Record(ctx, ev)
}
