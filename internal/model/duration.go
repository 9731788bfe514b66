package model

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is a span of time in authentik's notation: "unit=number" pairs joined by ";", for example "hours=1;minutes=30". It is kept as it
// was written, because clients compare what they sent with what comes back. Numbers may be negative.
type Duration string

var durationUnits = map[string]time.Duration{
	"microseconds": time.Microsecond,
	"milliseconds": time.Millisecond,
	"seconds":      time.Second,
	"minutes":      time.Minute,
	"hours":        time.Hour,
	"days":         24 * time.Hour,
	"weeks":        7 * 24 * time.Hour,
}

// longestDuration leaves room for a sum, which would otherwise turn negative.
const longestDuration = 100 * 365 * 24 * time.Hour

// Parse gives the length. Unknown units are passed over as authentik does, but one valid pair must be there.
func (d Duration) Parse() (time.Duration, error) {
	var sum time.Duration
	var valid bool
	for _, pair := range strings.FieldsFunc(string(d), func(r rune) bool { return r == ';' || r == ',' }) {
		unit, number, ok := strings.Cut(pair, "=")
		size, known := durationUnits[strings.ToLower(strings.TrimSpace(unit))]
		if !ok || !known {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || n != n || n > 1e9 || n < -1e9 {
			return 0, fmt.Errorf("%q is not a number of %s", number, unit)
		}
		length := n * float64(size)
		if math.Abs(length) > float64(longestDuration) || (sum+time.Duration(length)).Abs() > longestDuration {
			return 0, fmt.Errorf("%q is longer than 100 years", string(d))
		}
		sum += time.Duration(length)
		valid = true
	}
	if !valid {
		return 0, fmt.Errorf("%q is not in the form of hours=1;minutes=2;seconds=3", string(d))
	}
	return sum, nil
}

// Or gives the length, or the fallback where the text is not valid.
func (d Duration) Or(fallback time.Duration) time.Duration {
	if v, err := d.Parse(); err == nil {
		return v
	}
	return fallback
}

// Validate reports why the text is not a duration.
func (d Duration) Validate() error {
	_, err := d.Parse()
	return err
}
