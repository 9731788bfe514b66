package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
)

func putStage(t *testing.T, s *store.Store, name string) {
	t.Helper()
	err := s.Change(t.Context(), func(ctx context.Context, tx *store.Change) error {
		return tx.Put(ctx, &model.Stage{Name: name, Kind: "dummy"})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits for what should be so soon.
func eventually(t *testing.T, within time.Duration, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, within)
		}
	}
}

// run keeps a store current until the test ends.
func run(t *testing.T, s *store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestAChangeReachesOtherReplicas(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		address := dsn(t)
		writer, reader := storetest.OpenDSN(t, address), storetest.OpenDSN(t, address)
		run(t, reader)
		if writer.Snapshot().Installation != reader.Snapshot().Installation {
			t.Error("two installations on one database")
		}
		putStage(t, writer, "one")
		eventually(t, 3*time.Second, "the change is seen", func() bool { return len(reader.Snapshot().Stages) == 1 })
		// The replica builds its own change on the other's.
		putStage(t, writer, "two")
		putStage(t, reader, "three")
		if n := len(reader.Snapshot().Stages); n != 3 {
			t.Errorf("%d stages, want 3", n)
		}
	})
}

func TestChangesOfTwoReplicasAreSerialised(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		address := dsn(t)
		replicas := []*store.Store{storetest.OpenDSN(t, address), storetest.OpenDSN(t, address)}
		putStage(t, replicas[0], "counter")
		const each = 10
		var wg sync.WaitGroup
		for _, s := range replicas {
			for range each {
				wg.Go(func() {
					err := s.Change(t.Context(), func(ctx context.Context, tx *store.Change) error {
						for _, x := range tx.Snapshot().Stages {
							counted := *x
							counted.Name += "x"
							return tx.Put(ctx, &counted)
						}
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		s := storetest.OpenDSN(t, address)
		for _, x := range s.Snapshot().Stages {
			if want := len("counter") + 2*each; len(x.Name) != want {
				t.Errorf("name of %d letters, want %d: a change was lost", len(x.Name), want)
			}
		}
	})
}
