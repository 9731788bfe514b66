package stage

import (
	"slices"

	"github.com/weimen-id/weimen/internal/model"
)

// Entrance is a driver that is part of a way in. What the stages of a flow open together decides whether anybody can sign in by it: a change that would leave no
// administrator a way in is refused.
type Entrance interface{ Opens(s *model.Snapshot) Ways }

// Ways are what people may sign in by.
type Ways struct {
	// Names: people may type who they are. Passwords: their password is checked. Passkeys: a passkey is enough. SignsIn: they are signed in.
	Names, Passwords, Passkeys, SignsIn bool
	// Demands are sets of authenticators: without one of each set nobody gets past.
	Demands [][]model.DeviceClass
	// Shut: nobody gets past the stage, so that what comes after it opens nothing, and nobody is signed in.
	Shut bool
	// Sources are those that are offered.
	Sources []model.SourceID
}

// And adds what another stage of the flow opens.
func (w Ways) And(o Ways) Ways {
	return Ways{
		Names: w.Names || o.Names, Passwords: w.Passwords || o.Passwords, Passkeys: w.Passkeys || o.Passkeys, SignsIn: w.SignsIn || o.SignsIn,
		Demands: append(w.Demands[:len(w.Demands):len(w.Demands)], o.Demands...),
		Sources: append(w.Sources[:len(w.Sources):len(w.Sources)], o.Sources...),
	}
}

// Meets reports whether somebody with these authenticators gets past all stages that demand one.
func (w Ways) Meets(devices []model.DeviceClass) bool {
	for _, set := range w.Demands {
		if !slices.ContainsFunc(devices, func(c model.DeviceClass) bool { return slices.Contains(set, c) }) {
			return false
		}
	}
	return true
}
