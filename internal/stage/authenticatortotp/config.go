package authenticatortotp

import (
	"strconv"

	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of the stage.
type Config struct {
	// How many digits the app's codes have. Most apps know 6; few know 8.
	Digits string `json:"digits" required:"true" enum:"6 8"`
	// The flow by which a signed-in person sets up an app.
	ConfigureFlow *model.FlowID `json:"configure_flow" ref:"flow" form:",widget=where:designation=stage_configuration"`
	// What the new device is called. Empty: "Authenticator app".
	FriendlyName string `json:"friendly_name"`
}

// Defaults are the settings of a new stage.
func Defaults() Config { return Config{Digits: "6"} }

func (c Config) digits() int {
	if n, err := strconv.Atoi(c.Digits); err == nil {
		return n
	}
	return 6
}
