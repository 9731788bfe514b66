package geoip

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	places "github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// fastest is how many kilometres a person makes in an hour, by the fastest airliner.
const fastest = 1000

// Places finds addresses. Package internal/geoip has it.
type Places interface {
	Place(ip netip.Addr) (p places.Place, ok bool, err error)
	Network(ip netip.Addr) (n places.Network, ok bool, err error)
}

// Logins reads the audit trail. Package store has it.
type Logins interface {
	// RecentLogins gives the events of a user's last n sign-ins, the newest first.
	RecentLogins(ctx context.Context, u *model.User, n int) ([]*model.Event, error)
}

// Kind describes the policy.
func Kind(p Places, l Logins, now func() time.Time) kind.Kind[policy.Driver] {
	return kind.Of(kind.Info{
		Name: "geoip", VerboseName: "GeoIP Policy", VerboseNamePlural: "GeoIP Policies",
		Component: "ak-policy-geoip-form", MetaModelName: "authentik_policies_geoip.geoippolicy",
		Description: "Judges by where a person is. It needs a database of places on this machine.",
	}, Defaults(), func(c Config) (policy.Driver, error) { return &driver{c, p, l, now}, nil })
}

type driver struct {
	Config
	places Places
	logins Logins
	now    func() time.Time
}

var _ policy.Driver = (*driver)(nil)

// Evaluate looks at where the person is, and if that is a place to come from, at where they were.
func (d *driver) Evaluate(ctx context.Context, r *policy.Request) (policy.Result, error) {
	ip, err := addressOf(r)
	if err != nil {
		return policy.Result{}, err
	}
	result, err := d.listed(ip)
	if err != nil || !result.Passing {
		return result, err
	}
	if !d.CheckHistoryDistance && !d.CheckImpossibleTravel || r.User == nil || r.User.ID == 0 {
		return result, nil
	}
	return d.history(ctx, ip, r.User)
}

func addressOf(r *policy.Request) (netip.Addr, error) {
	if r.Visitor == nil {
		return netip.Addr{}, errors.New("it is not known where the request comes from")
	}
	ip, err := netip.ParseAddr(r.Visitor.ClientIP)
	if err != nil {
		return netip.Addr{}, errors.New("the address that the request comes from is not known")
	}
	return ip, nil
}

// listed passes who comes from one of the networks or countries. A database that does not know the address decides nothing, unless the other one lets pass.
func (d *driver) listed(ip netip.Addr) (policy.Result, error) {
	var refused policy.Result
	var unknown error
	for _, check := range []struct {
		wanted bool
		in     func(netip.Addr) (bool, error)
		text   string
	}{
		{len(d.ASNs) > 0, d.inNetworks, "policy.geoip.network"},
		{len(d.Countries) > 0, d.inCountries, "policy.geoip.country"},
	} {
		if !check.wanted {
			continue
		}
		switch in, err := check.in(ip); {
		case in:
			return policy.Result{Passing: true}, nil
		case err != nil:
			unknown = err
		default:
			refused.Texts = append(refused.Texts, policy.Text{Key: check.text})
		}
	}
	if unknown != nil {
		return policy.Result{}, unknown
	}
	refused.Passing = len(refused.Texts) == 0
	return refused, nil
}

func (d *driver) inNetworks(ip netip.Addr) (bool, error) {
	n, ok, err := d.places.Network(ip)
	if err = unknown("autonomous systems", "WEIMEN_GEOIP_ASN_DATABASE", ip, ok, err); err != nil {
		return false, err
	}
	return slices.Contains(d.ASNs, int(n.ASN)), nil
}

func (d *driver) inCountries(ip netip.Addr) (bool, error) {
	p, err := d.place(ip)
	return err == nil && slices.Contains(d.Countries, p.Country), err
}

func (d *driver) place(ip netip.Addr) (places.Place, error) {
	p, ok, err := d.places.Place(ip)
	return p, unknown("places", "WEIMEN_GEOIP_DATABASE", ip, ok, err)
}

// unknown says for the administrator why there is no answer, nil where there is one.
func unknown(what, setting string, ip netip.Addr, ok bool, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("GeoIP database of %s (%s): %w", what, setting, err)
	case !ok:
		return fmt.Errorf("GeoIP database of %s: it does not know %s", what, ip)
	}
	return nil
}

// history compares with where the person was.
func (d *driver) history(ctx context.Context, ip netip.Addr, u *model.User) (policy.Result, error) {
	here, err := d.place(ip)
	if err != nil {
		return policy.Result{}, err
	}
	if !here.Located {
		return policy.Result{}, fmt.Errorf("GeoIP database of places: it has no coordinates of %s", ip)
	}
	logins, err := d.logins.RecentLogins(ctx, u, d.HistoryLoginCount)
	if err != nil {
		return policy.Result{}, err
	}
	for _, login := range logins {
		from, err := netip.ParseAddr(login.ClientIP)
		if err != nil {
			continue
		}
		there, ok, err := d.places.Place(from)
		if err != nil {
			return policy.Result{}, err
		}
		if !ok || !there.Located {
			continue
		}
		if text := d.judge(places.Distance(here, there), d.now().Sub(login.Created)); text != "" {
			return policy.Result{Texts: []policy.Text{{Key: text}}}, nil
		}
	}
	return policy.Result{Passing: true}, nil
}

// judge says what is wrong with having gone so far in such a time, "" for nothing.
func (d *driver) judge(distance float64, since time.Duration) string {
	switch {
	case d.CheckHistoryDistance && distance >= float64(d.HistoryMaxDistanceKM+d.DistanceToleranceKM):
		return "policy.geoip.distance"
	case d.CheckImpossibleTravel && distance >= fastest*max(since.Hours(), 0)+float64(d.ImpossibleToleranceKM) && distance > 0:
		return "policy.geoip.travel"
	}
	return ""
}
