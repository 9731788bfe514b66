package mappingtest

import (
	"context"
	"testing"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
)

// Engine is an engine that knows the kinds, in a house without groups.
func Engine(t testing.TB, kinds ...kind.Kind[mapping.Driver]) *mapping.Engine {
	t.Helper()
	return mapping.New(kind.NewShelf(kinds...), nil, nobody{})
}

// nobody is a database in which nobody is in a group.
type nobody struct{}

func (nobody) GroupsOf(context.Context, model.UserID) ([]model.UserGroup, error) { return nil, nil }
