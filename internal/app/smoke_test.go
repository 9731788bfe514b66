package app

import (
	"context"
	"log/slog"
	"testing"

	"github.com/weimen-id/weimen/internal/config"
)

func TestSmoke(t *testing.T) {
	s, err := config.Load(config.Config{Data: t.TempDir()}, []string{"WEIMEN_BOOTSTRAP_PASSWORD=correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Prepare(); err != nil {
		t.Fatal(err)
	}
	a, err := New(context.Background(), Options{Settings: s, Log: slog.Default()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	t.Log(len(a.Store.Snapshot().Flows), len(a.Store.Snapshot().Bindings))
}
