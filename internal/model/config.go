package model

import "log/slog"

// Config is the settings of a stage, policy, property mapping, source or provider as stored: a JSON object, its secrets sealed. Package
// kind turns it into the kind's own struct and back.
type Config []byte

// LogValue keeps log/slog from printing settings.
func (c Config) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON gives the object itself.
func (c Config) MarshalJSON() ([]byte, error) {
	if len(c) == 0 {
		return []byte("{}"), nil
	}
	return c, nil
}

// UnmarshalJSON keeps the object as it is.
func (c *Config) UnmarshalJSON(b []byte) error {
	*c = append((*c)[:0], b...)
	return nil
}
