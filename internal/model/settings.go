package model

// Settings are those of the whole installation ("admin/settings/" of the API). There is one row of them.
type Settings struct {
	// How pictures of people are found: the word of a source, or several with commas between, the first that gives one counts.
	Avatars string `json:"avatars"`
	// Whether people may change their name.
	DefaultUserChangeName bool `json:"default_user_change_name"`
	// Whether people may change their e-mail address.
	DefaultUserChangeEmail bool `json:"default_user_change_email"`
	// Whether people may change their username.
	DefaultUserChangeUsername bool `json:"default_user_change_username"`
	// How long events are kept.
	EventRetention Duration `json:"event_retention"`
	// The lowest score of a reputation.
	ReputationLowerLimit int `json:"reputation_lower_limit"`
	// The highest score of a reputation.
	ReputationUpperLimit int `json:"reputation_upper_limit"`
	// How long a new token is good for.
	DefaultTokenDuration Duration `json:"default_token_duration"`
	// How many characters a new token has.
	DefaultTokenLength int `json:"default_token_length"`
}

// NewSettings are the settings of a new installation.
func NewSettings() *Settings {
	return &Settings{
		Avatars: "gravatar,initials", DefaultUserChangeName: true, EventRetention: "days=365", ReputationLowerLimit: -5, ReputationUpperLimit: 5,
		DefaultTokenDuration: "minutes=30", DefaultTokenLength: 60,
	}
}
