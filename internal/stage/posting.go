package stage

// Posting is a driver that sends letters.
type Posting interface {
	// WritesByInstallation reports whether they go by the mail server of the installation's settings, and not by one of the stage's own.
	WritesByInstallation() bool
}
