package app

import (
	"fmt"
	"maps"
	"slices"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// stageFinder tells a stage about others. The shelf is made after the stages that ask.
type stageFinder struct{ app *App }

// describe gives the names of a kind of stage.
func (f stageFinder) describe(name string) kind.Info {
	k, _ := f.app.shelves.Stages.Get(name)
	return k.Info
}

// sender finds the stage that sends codes to a class of device: the one that set the device up, where it still is, else the first by name. nil for none.
func (f stageFinder) sender(s *model.Snapshot, class model.DeviceClass, id model.StageID) (stage.CodeSender, error) {
	if st := s.Stages[id]; st != nil {
		if sender, err := f.open(s, st); err != nil || sender != nil && sender.SendsTo() == class {
			return sender, err
		}
	}
	all := slices.SortedFunc(maps.Values(s.Stages), func(a, b *model.Stage) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	for _, st := range all {
		k, ok := f.app.shelves.Stages.Get(st.Kind)
		if !ok {
			continue
		}
		d, err := k.OpenDefault()
		if err != nil {
			continue
		}
		if sender, ok := d.(stage.CodeSender); ok && sender.SendsTo() == class {
			return f.open(s, st)
		}
	}
	return nil, nil
}

// open opens a stage that may send codes. nil for one that sends none.
func (f stageFinder) open(s *model.Snapshot, st *model.Stage) (stage.CodeSender, error) {
	d, err := f.stage(s, st.ID)
	sender, _ := d.(stage.CodeSender)
	return sender, err
}

type openedStage struct {
	driver stage.Driver
	err    error
}

// stage opens a stage, once per snapshot; nil for one that is gone.
func (f stageFinder) stage(s *model.Snapshot, id model.StageID) (stage.Driver, error) {
	st := s.Stages[id]
	if st == nil {
		return nil, nil
	}
	type key struct{ id model.StageID }
	o := model.Derive(s, key{id}, func() openedStage {
		d, err := f.app.shelves.Stages.Open(st.Kind, st.Config, f.app.box, "stages/config/"+string(id))
		if err != nil {
			return openedStage{err: fmt.Errorf("open stage %s: %w", st.Name, err)}
		}
		return openedStage{driver: d}
	})
	return o.driver, o.err
}
