package provider

// Driver is one provider, opened from its settings.
type Driver interface {
	// LaunchURL guesses where people open the application, "" if nothing tells.
	LaunchURL() string
}
