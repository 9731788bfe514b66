package model

import (
	"testing"
	"time"
)

func TestDurations(t *testing.T) {
	for text, want := range map[Duration]time.Duration{
		"hours=1;minutes=30":     90 * time.Minute,
		"hours=1,minutes=30":     90 * time.Minute,
		" Hours = 1 ; minutes=0": time.Hour,
		"weeks=4":                4 * 7 * 24 * time.Hour,
		"seconds=0":              0,
		"seconds=-5":             -5 * time.Second,
		"minutes=0.5":            30 * time.Second,
		"hours=1;nonsense=9":     time.Hour,
		"hours=1;hours=1":        2 * time.Hour,
		"days=36500":             36500 * 24 * time.Hour,
	} {
		if got, err := text.Parse(); err != nil || got != want {
			t.Errorf("%q: %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []Duration{
		"", "1h", "hours", "hours=", "hours=x", "hours=NaN", "hours=Inf", "nonsense=1", "weeks=999999999", "days=36501", "days=36000;days=36000", "hours=1e308",
	} {
		if got, err := text.Parse(); err == nil {
			t.Errorf("%q: %s", text, got)
		}
		if text.Or(time.Minute) != time.Minute {
			t.Errorf("%q has no fallback", text)
		}
	}
}
