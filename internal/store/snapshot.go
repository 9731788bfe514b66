package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// expireEvery is how often Run deletes what has expired.
const expireEvery = 10 * time.Minute

// Snapshot is the configuration as last read, nil before the first Load. It costs nothing.
func (s *Store) Snapshot() *model.Snapshot { return s.snapshot.Load() }

// Load reads the configuration.
func (s *Store) Load(ctx context.Context) error {
	snap, err := s.readSnapshot(ctx)
	if err != nil {
		return wrap("load configuration", err)
	}
	s.publish(snap)
	return nil
}

// publish makes a snapshot the current one, unless there is a newer one already.
func (s *Store) publish(snap *model.Snapshot) {
	for {
		old := s.snapshot.Load()
		if old != nil && old.Version >= snap.Version || s.snapshot.CompareAndSwap(old, snap) {
			return
		}
	}
}

// readSnapshot reads all tables in one statement, and so at one moment.
func (s *Store) readSnapshot(ctx context.Context) (*model.Snapshot, error) {
	snap := newSnapshot()
	byTable := map[string]shelf{}
	parts := []string{`SELECT 'installation', CAST(version AS text), uuid, '', '' FROM installation`}
	for _, sh := range shelves() {
		byTable[sh.tableName()] = sh
		parts = append(parts, sh.selectRows())
	}
	found := false
	err := s.read(ctx, statement{text: strings.Join(parts, " UNION ALL "), each: func(scan row) error {
		var r record
		if err := scan(&r.table, &r.id, &r.kind, &r.settings, &r.config); err != nil {
			return err
		}
		if sh, ok := byTable[r.table]; ok {
			return sh.load(snap, r)
		}
		version, err := strconv.ParseUint(r.id, 10, 64)
		snap.Version, snap.Installation, found = version, r.kind, true
		return err
	}})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errors.New("the database is empty: it has to be migrated first")
	}
	snap.Index()
	return snap, nil
}

const readVersion = `SELECT version FROM installation WHERE id = 1`

// refresh loads the configuration if another process has changed it.
func (s *Store) refresh(ctx context.Context) error {
	var version uint64
	if err := s.readOne(ctx, readVersion, []any{&version}); err != nil {
		return fmt.Errorf("read version of configuration: %w", err)
	}
	if snap := s.Snapshot(); snap != nil && snap.Version >= version {
		return nil
	}
	return s.Load(ctx)
}

// Run keeps the snapshot current and deletes what has expired, until the context ends. It outlives the database's absence.
func (s *Store) Run(ctx context.Context) error {
	next := s.now().Add(time.Minute)
	failing := false
	for {
		err := s.engine.wait(ctx)
		if err == nil {
			err = s.refresh(ctx)
		}
		if ctx.Err() != nil {
			return nil //nolint:nilerr // told to end
		}
		if err != nil && !failing {
			s.log.ErrorContext(ctx, "configuration cannot be refreshed", "err", err)
		}
		if failing = err != nil; failing {
			pause(ctx, time.Second)
			continue
		}
		if s.now().After(next) {
			next = s.now().Add(expireEvery)
			if n, err := s.Expire(ctx); err != nil {
				s.log.WarnContext(ctx, "expired rows not deleted", "err", err)
			} else if n > 0 {
				s.log.DebugContext(ctx, "expired rows deleted", "rows", n)
			}
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
