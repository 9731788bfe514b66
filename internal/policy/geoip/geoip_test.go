package geoip_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	places "github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/geoip/geoiptest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/policy/geoip"
	"github.com/weimen-id/weimen/internal/policy/policytest"
)

// The addresses of the tests.
const (
	berlin   = "192.0.2.1"
	potsdam  = "192.0.2.129" // 27 km from Berlin
	shanghai = "198.51.100.1"
	france   = "203.0.113.1" // without coordinates
	private  = "10.0.0.1"
)

func database(t *testing.T) *places.Database {
	t.Helper()
	dir := t.TempDir()
	city, asn := filepath.Join(dir, "city.mmdb"), filepath.Join(dir, "asn.mmdb")
	geoiptest.Write(t, city, map[string]map[string]any{
		"192.0.2.0/25":    geoiptest.Place("DE", "Berlin", 52.52, 13.405),
		"192.0.2.128/25":  geoiptest.Place("DE", "Potsdam", 52.3906, 13.0645),
		"198.51.100.0/24": geoiptest.Place("CN", "Shanghai", 31.2304, 121.4737),
		"203.0.113.0/24":  {"country": map[string]any{"iso_code": "FR"}},
	})
	geoiptest.Write(t, asn, map[string]map[string]any{"192.0.2.0/24": geoiptest.Network(64500, "Spree"), private + "/8": geoiptest.Network(64501, "At home")})
	d, err := places.Open(city, asn)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// logins are sign-ins, so long ago, from an address; an error if there are more than were asked for.
type logins []*model.Event

func (l logins) RecentLogins(_ context.Context, u *model.User, n int) ([]*model.Event, error) {
	if u == nil || u.ID == 0 {
		return nil, errors.New("nobody's sign-ins were asked for")
	}
	return l[:min(n, len(l))], nil
}

func ago(d time.Duration, ip string) *model.Event {
	return &model.Event{Created: policytest.Now.Add(-d), ClientIP: ip}
}

func maker(p geoip.Places, l logins) kind.Kind[policy.Driver] {
	return geoip.Kind(p, l, func() time.Time { return policytest.Now })
}

func from(ip string, u *model.User) *policy.Request {
	r := policytest.Request(u)
	r.Visitor.ClientIP = ip
	return r
}

func says(r policy.Result, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	if r.Passing {
		return "passes"
	}
	var out []string
	for _, text := range r.Texts {
		out = append(out, strings.TrimPrefix(text.Key, "policy.geoip."))
	}
	return strings.Join(out, ", ")
}

func TestCommon(t *testing.T) {
	policytest.Common(t, maker(database(t), nil), `{"countries": ["DE"], "check_history_distance": true, "check_impossible_travel": true}`)
	policytest.Common(t, maker((*places.Database)(nil), nil), `{"countries": ["DE"]}`)
}

func TestPeopleMustComeFromOneOfTheNetworksOrCountries(t *testing.T) {
	d := database(t)
	const nowhere = "error: GeoIP database of places: it does not know 10.0.0.1"
	for _, tt := range []struct{ name, config, ip, want string }{
		{"nothing is listed", `{}`, berlin, "passes"},
		{"nothing is listed, and nobody knows the address", `{}`, private, "passes"},
		{"the country", `{"countries": ["FR", "DE"]}`, berlin, "passes"},
		{"another country", `{"countries": ["FR", "DE"]}`, shanghai, "country"},
		{"the network", `{"asns": [1, 64500]}`, berlin, "passes"},
		{"another network", `{"asns": [1]}`, berlin, "network"},
		{"the country and another network", `{"countries": ["DE"], "asns": [1]}`, berlin, "passes"},
		{"the network and another country", `{"countries": ["FR"], "asns": [64500]}`, berlin, "passes"},
		{"neither", `{"countries": ["FR"], "asns": [1]}`, berlin, "network, country"},
		{"an address without a country", `{"countries": ["FR"]}`, private, nowhere},
		{"an address without a country in the network", `{"countries": ["FR"], "asns": [64501]}`, private, "passes"},
		{"an address without a country in another network", `{"countries": ["FR"], "asns": [1]}`, private, nowhere},
		{"no address", `{"countries": ["FR"]}`, "", "error: the address that the request comes from is not known"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := policytest.Open(t, maker(d, nil), tt.config).Evaluate(t.Context(), from(tt.ip, nil))
			if says(got, err) != tt.want {
				t.Errorf("%s, want %s", says(got, err), tt.want)
			}
		})
	}
}

func TestWithoutADatabaseTheAdministratorIsToldWhichSettingIsMissing(t *testing.T) {
	for config, setting := range map[string]string{
		`{"countries": ["DE"]}`:            "WEIMEN_GEOIP_DATABASE",
		`{"asns": [1]}`:                    "WEIMEN_GEOIP_ASN_DATABASE",
		`{"check_history_distance": true}`: "WEIMEN_GEOIP_DATABASE",
	} {
		_, err := policytest.Open(t, maker((*places.Database)(nil), nil), config).Evaluate(t.Context(), from(berlin, policytest.Ann()))
		if err == nil || !strings.Contains(err.Error(), setting) || !errors.Is(err, places.ErrNoDatabase) {
			t.Errorf("%s: %v", config, err)
		}
	}
}

func TestPeopleMustNotBeTooFarFromWhereTheyWere(t *testing.T) {
	d := database(t)
	far, fast := `{"check_history_distance": true}`, `{"check_impossible_travel": true}`
	for _, tt := range []struct {
		name, config, ip string
		user             *model.User
		logins           logins
		want             string
	}{
		{"no history", far, berlin, policytest.Ann(), nil, "passes"},
		{"the same place", far, berlin, policytest.Ann(), logins{ago(time.Hour, berlin)}, "passes"},
		{"the next town", far, berlin, policytest.Ann(), logins{ago(time.Hour, potsdam)}, "passes"},
		{"the next town, where that is too far", `{"check_history_distance": true, "history_max_distance_km": 10, "distance_tolerance_km": 10}`, berlin, policytest.Ann(), logins{ago(time.Hour, potsdam)}, "distance"},
		{"unless it is tolerated", `{"check_history_distance": true, "history_max_distance_km": 10, "distance_tolerance_km": 20}`, berlin, policytest.Ann(), logins{ago(time.Hour, potsdam)}, "passes"},
		{"another continent", far, shanghai, policytest.Ann(), logins{ago(time.Hour, berlin)}, "distance"},
		{"another continent, some sign-ins before", far, shanghai, policytest.Ann(), logins{ago(time.Hour, shanghai), ago(time.Hour, berlin)}, "distance"},
		{"before those that count", `{"check_history_distance": true, "history_login_count": 1}`, shanghai, policytest.Ann(), logins{ago(time.Hour, shanghai), ago(time.Hour, berlin)}, "passes"},
		{"eight thousand kilometres in an hour", fast, shanghai, policytest.Ann(), logins{ago(time.Hour, berlin)}, "travel"},
		{"in half a day", fast, shanghai, policytest.Ann(), logins{ago(12*time.Hour, berlin)}, "passes"},
		{"the next town at once", fast, potsdam, policytest.Ann(), logins{ago(0, berlin)}, "passes"},
		{"the same place at once, without tolerance", `{"check_impossible_travel": true, "impossible_tolerance_km": 0}`, berlin, policytest.Ann(), logins{ago(0, berlin)}, "passes"},
		{"a clock that is behind", fast, shanghai, policytest.Ann(), logins{ago(-100*time.Hour, berlin)}, "travel"},
		{"sign-ins from nowhere are passed over", far, shanghai, policytest.Ann(), logins{ago(0, private), ago(0, france), ago(0, ""), ago(0, shanghai)}, "passes"},
		{"nobody has no history", far, berlin, nil, logins{ago(0, shanghai)}, "passes"},
		{"nor has who is still to be", far, berlin, &model.User{}, logins{ago(0, shanghai)}, "passes"},
		{"nobody knows where this is", far, private, policytest.Ann(), nil, "error: GeoIP database of places: it does not know 10.0.0.1"},
		{"nor exactly where", far, france, policytest.Ann(), nil, "error: GeoIP database of places: it has no coordinates of 203.0.113.1"},
		{"a country that is not listed comes first", `{"countries": ["DE"], "check_history_distance": true}`, shanghai, policytest.Ann(), logins{ago(0, berlin)}, "country"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := policytest.Open(t, maker(d, tt.logins), tt.config).Evaluate(t.Context(), from(tt.ip, tt.user))
			if says(got, err) != tt.want {
				t.Errorf("%s, want %s", says(got, err), tt.want)
			}
		})
	}
}

func TestCountriesAreAnsweredWithTheirNames(t *testing.T) {
	c := maker(nil, nil).New().(*geoip.Config)
	if errs := kind.Decode(c, kind.Body{"countries": json.RawMessage(`["FR", "DE"]`), "countries_obj": json.RawMessage(`[]`)}, kind.Create); errs != nil {
		t.Fatal(errs)
	}
	if diff := cmp.Diff([]places.Country{{Code: "FR", Name: "France"}, {Code: "DE", Name: "Germany"}}, c.CountriesObj); diff != "" {
		t.Error(diff)
	}
}

func TestEveryCountryMayBeChosen(t *testing.T) {
	var all []string
	for _, c := range places.Countries() {
		all = append(all, c.Code)
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	c := maker(nil, nil).New().(*geoip.Config)
	if errs := kind.Decode(c, kind.Body{"countries": raw}, kind.Create); errs != nil || len(c.CountriesObj) != len(all) {
		t.Errorf("%v, %d names", errs, len(c.CountriesObj))
	}
	for _, f := range kind.Fields(c) {
		if f.Name == "countries" && len(f.Item.Enum) != len(all) {
			t.Errorf("%d countries are listed, %d have a name", len(f.Item.Enum), len(all))
		}
	}
}

func TestNumbersThatCannotBe(t *testing.T) {
	for config, field := range map[string]string{
		`{"asns": [0]}`:                   "asns",
		`{"history_max_distance_km": -1}`: "history_max_distance_km",
		`{"distance_tolerance_km": -1}`:   "distance_tolerance_km",
		`{"history_login_count": -1}`:     "history_login_count",
		`{"history_login_count": 101}`:    "history_login_count",
		`{"impossible_tolerance_km": -1}`: "impossible_tolerance_km",
	} {
		policytest.Refused(t, maker(nil, nil), config, field)
	}
}
