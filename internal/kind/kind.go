package kind

import (
	"fmt"

	"github.com/weimen-id/weimen/internal/model"
)

// Info names a kind on every surface.
type Info struct {
	// Name is the wire name, e.g. "user_login".
	Name string
	// Path is the collection below the sort's path in the API, e.g. "user_login" in /stages/user_login/. Empty means the name.
	Path string
	// VerboseName and VerboseNamePlural are for people: "User Login Stage".
	VerboseName, VerboseNamePlural string
	// Component is the form that authentik's own console would draw: "ak-stage-user-login-form".
	Component string
	// MetaModelName is authentik's label of the model: "authentik_stages_user_login.userloginstage".
	MetaModelName string
	// Schema names the kind in the OpenAPI document: "OAuth2Provider". Empty means the verbose name without blanks.
	Schema string
	// Description is one sentence for the administrator who chooses between kinds.
	Description string
}

// CollectionPath is the path of the kind's collection below that of its sort.
func (i Info) CollectionPath() string {
	if i.Path != "" {
		return i.Path
	}
	return i.Name
}

// Kind is one variety: its names, its settings with their defaults, and how to open a driver D from them.
type Kind[D any] struct {
	Info
	new  func() any
	open func(config any) (D, error)
}

// Of describes a kind whose settings are a C. The defaults are what a new object has before anything is decoded into it; open gets settings
// that have been checked, with secrets in clear.
func Of[C, D any](info Info, defaults C, open func(C) (D, error)) Kind[D] {
	return Kind[D]{
		Info: info,
		new:  func() any { c := defaults; return &c },
		open: func(config any) (D, error) { return open(*config.(*C)) },
	}
}

// New gives a pointer to fresh settings with the defaults.
func (k Kind[D]) New() any { return k.new() }

// Describe gives the kind without its driver type, for those who treat all sorts alike.
func (k Kind[D]) Describe() Description {
	return Description{Info: k.Info, New: k.new, Check: func(config any) error {
		d, err := k.open(config)
		if c, ok := any(d).(Checker); ok && err == nil {
			err = c.Check()
		}
		return err
	}}
}

// Checker is a driver that knows of faults in its settings which must not be saved, and which it can live with where they are there: what the settings need may have gone
// from the server since.
type Checker interface{ Check() error }

// Description is a kind as the API, blueprints and the console see it.
type Description struct {
	Info
	// New gives a pointer to fresh settings with the defaults.
	New func() any
	// Check opens a driver from settings and lets it go, to see what only that can tell: that an expression does not compile, for example. Such a fault is a
	// *model.Error with fields.
	Check func(config any) error
}

// Shelf holds the kinds of one sort in the order they were listed.
type Shelf[D any] struct {
	kinds  []Kind[D]
	byName map[string]Kind[D]
}

// NewShelf lists kinds. Two of one name are a programming error, and panic.
func NewShelf[D any](kinds ...Kind[D]) *Shelf[D] {
	s := &Shelf[D]{kinds: kinds, byName: make(map[string]Kind[D], len(kinds))}
	for _, k := range kinds {
		if _, dup := s.byName[k.Name]; dup {
			panic("kind listed twice: " + k.Name)
		}
		s.byName[k.Name] = k
	}
	return s
}

// All gives the kinds in the order they were listed.
func (s *Shelf[D]) All() []Kind[D] { return s.kinds }

// Get finds a kind by its wire name.
func (s *Shelf[D]) Get(name string) (Kind[D], bool) {
	k, ok := s.byName[name]
	return k, ok
}

// Describe gives the descriptions in the order the kinds were listed.
func (s *Shelf[D]) Describe() []Description {
	out := make([]Description, len(s.kinds))
	for i, k := range s.kinds {
		out[i] = k.Describe()
	}
	return out
}

// Open reads stored settings, strictly, and opens the driver. The place is the row's, as given to [Seal].
func (s *Shelf[D]) Open(name string, stored model.Config, box Box, place string) (D, error) {
	var none D
	k, ok := s.byName[name]
	if !ok {
		return none, fmt.Errorf("no kind %q in this build", name)
	}
	config := k.New()
	if err := Load(config, stored, box, place); err != nil {
		return none, fmt.Errorf("read settings of %s: %w", name, err)
	}
	return k.open(config)
}

// Open opens a driver from settings that have been checked: a pointer to the kind's struct, as New gives.
func (k Kind[D]) Open(config any) (D, error) { return k.open(config) }

// OpenDefault opens a driver from the defaults, to ask what does not depend on settings.
func (k Kind[D]) OpenDefault() (D, error) { return k.open(k.new()) }
