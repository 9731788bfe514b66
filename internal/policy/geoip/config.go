package geoip

import (
	"slices"

	places "github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of a GeoIP policy.
type Config struct {
	// The networks that people may come from, by the numbers of their autonomous systems. A person must come from one of these networks or countries.
	ASNs []int `json:"asns" title:"ASNs"`
	// The countries that people may come from. Empty: any, if no network is named either.
	Countries []string `json:"countries" required:"true" rule:"blank" enum:"AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"`
	// The countries with their names.
	CountriesObj []places.Country `json:"countries_obj" rule:"readonly"`
	// Refuse who is far from where they signed in before.
	CheckHistoryDistance bool `json:"check_history_distance" form:"check"`
	// How many kilometres may lie between two sign-ins.
	HistoryMaxDistanceKM int `json:"history_max_distance_km" title:"History max distance (km)" form:"check"`
	// How many kilometres more are let pass, because no address is known to the metre.
	DistanceToleranceKM int `json:"distance_tolerance_km" title:"Distance tolerance (km)" form:"check"`
	// How many of the person's last sign-ins are compared.
	HistoryLoginCount int `json:"history_login_count" form:"check"`
	// Refuse who cannot have come so far since one of the last sign-ins, at 1000 kilometres an hour.
	CheckImpossibleTravel bool `json:"check_impossible_travel" form:"check"`
	// How many kilometres more are let pass there.
	ImpossibleToleranceKM int `json:"impossible_tolerance_km" title:"Impossible tolerance (km)" form:"check"`
}

// Defaults are the settings of a new policy.
func Defaults() Config {
	return Config{HistoryMaxDistanceKM: 100, DistanceToleranceKM: 50, HistoryLoginCount: 5, ImpossibleToleranceKM: 100}
}

// mostLogins is the most sign-ins that are compared.
const mostLogins = 100

// Fill gives the countries their names.
func (c *Config) Fill() {
	c.CountriesObj = slices.DeleteFunc(places.Countries(), func(one places.Country) bool { return !slices.Contains(c.Countries, one.Code) })
}

// Validate checks the numbers.
func (c *Config) Validate() error {
	if slices.ContainsFunc(c.ASNs, func(n int) bool { return n <= 0 }) {
		return model.Invalid("asns", "Numbers of autonomous systems are greater than 0.")
	}
	for _, f := range []struct {
		name  string
		value int
	}{
		{"history_max_distance_km", c.HistoryMaxDistanceKM},
		{"distance_tolerance_km", c.DistanceToleranceKM},
		{"history_login_count", c.HistoryLoginCount},
		{"impossible_tolerance_km", c.ImpossibleToleranceKM},
	} {
		if f.value < 0 {
			return model.Invalid(f.name, "Ensure this value is greater than or equal to 0.")
		}
	}
	if c.HistoryLoginCount > mostLogins {
		return model.Invalid("history_login_count", "Ensure this value is less than or equal to 100.")
	}
	return nil
}
