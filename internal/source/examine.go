package source

import "net/url"

// Level says how much a finding matters.
type Level string

// The levels, the gravest first.
const (
	LevelError   Level = "error"   // nobody can sign in until it is mended
	LevelWarning Level = "warning" // something will go wrong for some, or soon
	LevelInfo    Level = "info"    // worth knowing
	LevelOK      Level = "ok"      // looked at, and well
)

// Finding is something about a source that its administrator should know. Its texts are in the message catalogue, under "check.<Code>.title" and "check.<Code>.text".
type Finding struct {
	// Code is stable, for programs: the kind's own name, a dot, and what it is, as "wechat.secret_shape".
	Code  string
	Level Level
	// Args fill the texts. They hold no secret.
	Args map[string]string
}

// Examiner is a driver that can tell by looking, without asking its upstream, what in its settings cannot work, or cannot at this installation's public address. What is well it
// tells too, with LevelOK, so that nobody wonders whether it was looked at.
type Examiner interface {
	Examine(public *url.URL) []Finding
}
