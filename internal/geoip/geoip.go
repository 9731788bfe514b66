package geoip

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
)

// ErrNoDatabase says that no file was configured that could answer.
var ErrNoDatabase = errors.New("no such database is configured")

// Place is where an address is, as far as the database knows.
type Place struct {
	Continent string `json:"continent"` // two letters: "AS"
	Country   string `json:"country"`   // ISO 3166-1 alpha-2: "CN"
	City      string `json:"city"`      // in English
	// Latitude and Longitude are in degrees. Located says that they are known.
	Latitude  float64 `json:"lat"`
	Longitude float64 `json:"long"`
	Located   bool    `json:"-"`
}

// Network is who announces an address.
type Network struct {
	// ASN is the number of the autonomous system (RFC 1930).
	ASN          uint   `json:"asn"`
	Organisation string `json:"as_org"`
}

// Database answers from the files. Without any it answers ErrNoDatabase; so does a nil Database.
type Database struct {
	places, networks *file
}

// Open opens the files; "" is none. A file that cannot be read or is no database is an error.
func Open(places, networks string) (*Database, error) {
	d := &Database{}
	for _, f := range []struct {
		path string
		into **file
	}{{places, &d.places}, {networks, &d.networks}} {
		if f.path == "" {
			continue
		}
		opened, err := open(f.path)
		if err != nil {
			return nil, fmt.Errorf("open GeoIP database: %w", err)
		}
		*f.into = opened
	}
	return d, nil
}

// Place finds an address. ok is false for one that the database does not know, as those of private networks.
func (d *Database) Place(ip netip.Addr) (p Place, ok bool, err error) {
	if d == nil || d.places == nil {
		return Place{}, false, ErrNoDatabase
	}
	var row struct {
		Continent struct {
			Code string `maxminddb:"code"`
		} `maxminddb:"continent"`
		Country struct {
			Code string `maxminddb:"iso_code"`
		} `maxminddb:"country"`
		City struct {
			Names map[string]string `maxminddb:"names"`
		} `maxminddb:"city"`
		Location struct {
			Latitude  *float64 `maxminddb:"latitude"`
			Longitude *float64 `maxminddb:"longitude"`
		} `maxminddb:"location"`
	}
	if ok, err = d.places.find(ip, &row); !ok || err != nil {
		return Place{}, false, err
	}
	p = Place{Continent: row.Continent.Code, Country: row.Country.Code, City: row.City.Names["en"]}
	if row.Location.Latitude != nil && row.Location.Longitude != nil {
		p.Latitude, p.Longitude, p.Located = *row.Location.Latitude, *row.Location.Longitude, true
	}
	return p, true, nil
}

// Network finds who announces an address. ok is false for one that the database does not know.
func (d *Database) Network(ip netip.Addr) (n Network, ok bool, err error) {
	if d == nil || d.networks == nil {
		return Network{}, false, ErrNoDatabase
	}
	var row struct {
		ASN          uint   `maxminddb:"autonomous_system_number"`
		Organisation string `maxminddb:"autonomous_system_organization"`
	}
	if ok, err = d.networks.find(ip, &row); !ok || err != nil {
		return Network{}, false, err
	}
	return Network(row), true, nil
}

// earthRadius is the mean radius of the Earth in kilometres.
const earthRadius = 6371.0088

// Distance is the length of the shortest way between two places over the Earth taken as a sphere, in kilometres (the haversine formula).
func Distance(a, b Place) float64 {
	rad := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	lat, long := math.Sin(rad(b.Latitude-a.Latitude)/2), math.Sin(rad(b.Longitude-a.Longitude)/2)
	h := lat*lat + math.Cos(rad(a.Latitude))*math.Cos(rad(b.Latitude))*long*long
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}
