package geoip_test

import (
	"errors"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/geoip/geoiptest"
)

type records = map[string]map[string]any

func TestPlacesAndNetworksAreFound(t *testing.T) {
	dir := t.TempDir()
	places, networks := filepath.Join(dir, "city.mmdb"), filepath.Join(dir, "asn.mmdb")
	geoiptest.Write(t, places, records{
		"192.0.2.0/24":    geoiptest.Place("CN", "Shanghai", 31.2, 121.5),
		"2001:db8::/32":   geoiptest.Place("DE", "Berlin", 52.5, 13.4),
		"198.51.100.0/25": {"country": map[string]any{"iso_code": "FR"}},
	})
	geoiptest.Write(t, networks, records{"192.0.2.0/24": geoiptest.Network(64500, "Example")})
	d, err := geoip.Open(places, networks)
	if err != nil {
		t.Fatal(err)
	}
	shanghai := geoip.Place{Continent: "EU", Country: "CN", City: "Shanghai", Latitude: 31.2, Longitude: 121.5, Located: true}
	for _, tt := range []struct {
		name, ip string
		want     geoip.Place
		ok       bool
	}{
		{"IPv4", "192.0.2.7", shanghai, true},
		{"IPv4 in IPv6 clothes", "::ffff:192.0.2.7", shanghai, true},
		{"IPv6", "2001:db8::1", geoip.Place{Continent: "EU", Country: "DE", City: "Berlin", Latitude: 52.5, Longitude: 13.4, Located: true}, true},
		{"IPv6 with a zone", "2001:db8::1%eth0", geoip.Place{Continent: "EU", Country: "DE", City: "Berlin", Latitude: 52.5, Longitude: 13.4, Located: true}, true},
		{"a place without coordinates", "198.51.100.1", geoip.Place{Country: "FR"}, true},
		{"an address that nobody knows", "10.0.0.1", geoip.Place{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok, err := d.Place(netip.MustParseAddr(tt.ip))
			if err != nil || ok != tt.ok {
				t.Fatalf("%v, %v", ok, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	n, ok, err := d.Network(netip.MustParseAddr("192.0.2.1"))
	if err != nil || !ok || n != (geoip.Network{ASN: 64500, Organisation: "Example"}) {
		t.Errorf("%+v, %v, %v", n, ok, err)
	}
	if _, ok, err := d.Place(netip.Addr{}); ok || err != nil {
		t.Errorf("no address at all: %v, %v", ok, err)
	}
}

func TestWithoutAFileThereIsNoAnswer(t *testing.T) {
	empty, err := geoip.Open("", "")
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]*geoip.Database{"none": nil, "empty": empty} {
		_, _, place := d.Place(netip.MustParseAddr("192.0.2.1"))
		_, _, network := d.Network(netip.MustParseAddr("192.0.2.1"))
		if !errors.Is(place, geoip.ErrNoDatabase) || !errors.Is(network, geoip.ErrNoDatabase) {
			t.Errorf("%s: %v, %v", name, place, network)
		}
	}
}

func TestAFileThatIsNoDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.mmdb")
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, path + ".gone"} {
		if _, err := geoip.Open(p, ""); err == nil {
			t.Errorf("%s was opened", p)
		}
		if _, err := geoip.Open("", p); err == nil {
			t.Errorf("%s was opened", p)
		}
	}
}

func TestAReplacedFileIsTakenUpAndABrokenOneIsNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "city.mmdb")
	geoiptest.Write(t, path, records{"192.0.2.0/24": geoiptest.Place("CN", "Shanghai", 31.2, 121.5)})
	d, err := geoip.Open(path, "")
	if err != nil {
		t.Fatal(err)
	}
	country := func() string {
		geoip.LookAgain(d)
		p, ok, err := d.Place(netip.MustParseAddr("192.0.2.1"))
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		return p.Country
	}
	geoiptest.Write(t, path, records{"192.0.2.0/24": geoiptest.Place("JP", "Tokyo", 35.7, 139.7)})
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	if got := country(); got != "JP" {
		t.Errorf("after a replacement: %s", got)
	}
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if got := country(); got != "JP" {
		t.Errorf("after the file went: %s", got)
	}
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := country(); got != "JP" {
		t.Errorf("after the file broke: %s", got)
	}
}

func TestDistance(t *testing.T) {
	shanghai, berlin := geoip.Place{Latitude: 31.2304, Longitude: 121.4737}, geoip.Place{Latitude: 52.52, Longitude: 13.405}
	for _, tt := range []struct {
		name string
		a, b geoip.Place
		want float64
	}{
		{"none", berlin, berlin, 0},
		{"half round the world", shanghai, berlin, 8410},
		{"across the date line", geoip.Place{Longitude: 179.5}, geoip.Place{Longitude: -179.5}, 111.2},
		{"from pole to pole", geoip.Place{Latitude: 90}, geoip.Place{Latitude: -90}, 20015},
	} {
		if got := geoip.Distance(tt.a, tt.b); math.Abs(got-tt.want) > tt.want*0.01 {
			t.Errorf("%s: %.1f km, want %.1f", tt.name, got, tt.want)
		}
	}
}

func TestCountries(t *testing.T) {
	all, seen := geoip.Countries(), map[string]bool{}
	for _, c := range all {
		if len(c.Code) != 2 || c.Name == "" || seen[c.Code] {
			t.Errorf("%+v", c)
		}
		seen[c.Code] = true
	}
	if len(all) != 249 {
		t.Errorf("%d countries", len(all))
	}
}
