package mappingtest

import (
	"context"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
)

// Engine is an engine that knows the kinds, in a house without people.
func Engine(t testing.TB, kinds ...kind.Kind[mapping.Driver]) *mapping.Engine {
	t.Helper()
	return mapping.New(kind.NewShelf(kinds...), nil, Words(Nobody{}, "i"))
}

// Words are those of a house with these people, which has no configuration.
func Words(people vocabulary.Store, installation string) *vocabulary.Vocabulary {
	s := &model.Snapshot{Installation: installation, Settings: model.NewSettings()}
	s.Index()
	return vocabulary.New(vocabulary.Deps{Snapshot: func() *model.Snapshot { return s }, Store: people, Now: time.Now})
}

// Nobody is a database without people.
type Nobody struct{}

func (Nobody) GroupsOf(context.Context, model.UserID) ([]model.UserGroup, error) { return nil, nil }

func (Nobody) DevicesOf(context.Context, model.UserID) ([]*model.Device, error) { return nil, nil }

func (Nobody) User(context.Context, model.UserID) (*model.User, error) {
	return nil, model.ErrNotFound
}

func (Nobody) FindUser(context.Context, []string, string, bool) (*model.User, error) {
	return nil, model.ErrNotFound
}
