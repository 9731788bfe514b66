package store

import (
	"context"
	"fmt"

	"github.com/weimen-id/weimen/internal/model"
)

// Change is one change of the configuration while it is made.
type Change struct {
	store   *Store
	snap    *model.Snapshot
	indexed bool
	dirty   bool
}

// Change changes the configuration in one transaction, alone in all processes. Once it is committed, Snapshot shows it. Where the context
// is in a transaction already, the change is part of it. An fn that puts and deletes nothing changes nothing, not even the version.
func (s *Store) Change(ctx context.Context, fn func(ctx context.Context, tx *Change) error) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		base, err := s.lockSnapshot(ctx)
		if err != nil {
			return wrap("lock configuration", err)
		}
		c := &Change{store: s, snap: base, indexed: true}
		if err := fn(ctx, c); err != nil {
			if c.dirty {
				return s.spoil(ctx, err)
			}
			return err
		}
		if !c.dirty {
			return nil
		}
		return s.finish(ctx, c)
	})
}

// SnapshotIn gives the configuration as a transaction has left it so far; outside of one that changes it, that is Snapshot.
func (s *Store) SnapshotIn(ctx context.Context) *model.Snapshot {
	if t := s.txn(ctx); t != nil && t.pending != nil {
		return t.pending
	}
	return s.Snapshot()
}

// lockSnapshot makes other changes wait and gives the configuration as it is now.
func (s *Store) lockSnapshot(ctx context.Context) (*model.Snapshot, error) {
	t := s.txn(ctx)
	switch {
	case t.pending != nil:
		return t.pending, nil
	case t.draft:
		return s.Snapshot(), nil
	}
	var version uint64
	// SQLite's transactions begin with the lock.
	if err := s.readOne(ctx, s.pick(readVersion, readVersion+" FOR UPDATE"), []any{&version}); err != nil {
		return nil, err
	}
	if snap := s.Snapshot(); snap != nil && snap.Version == version {
		return snap, nil
	}
	return s.readSnapshot(ctx)
}

const (
	bumpSQLite   = `UPDATE installation SET version = version + 1 WHERE id = 1 RETURNING version`
	bumpPostgres = `WITH v AS (UPDATE installation SET version = version + 1 WHERE id = 1 RETURNING version)
		SELECT version, CAST(pg_notify('` + channel + `', CAST(version AS text)) AS text) FROM v`
)

// finish gives the change its version. Other processes are told, and this one sees it, at the commit.
func (s *Store) finish(ctx context.Context, c *Change) error {
	snap := successor(c.snap)
	t := s.txn(ctx)
	var err error
	switch {
	case t.draft:
		snap.Version++
	case s.postgres:
		var nothing string
		err = s.writeOne(ctx, bumpPostgres, []any{&snap.Version, &nothing})
	default:
		err = s.writeOne(ctx, bumpSQLite, []any{&snap.Version})
	}
	if err != nil {
		return wrap("count configuration change", err)
	}
	if t.pending == nil {
		t.after = append(t.after, func() { s.publish(t.pending) })
	}
	snap.Index()
	t.pending = snap
	return nil
}

// Snapshot is the configuration with what this change has done so far. It is not changed by what the change does next.
func (c *Change) Snapshot() *model.Snapshot {
	if !c.indexed {
		c.snap.Index()
		c.indexed = true
	}
	return c.snap
}

// Put inserts a noun, or replaces the one with its id. Empty ids are made and set. noun is a pointer to one of the nouns of
// model.Snapshot; the store keeps a copy. A taken name is model.ErrConflict, a reference to nothing model.CodeInvalid, both with the field.
func (c *Change) Put(ctx context.Context, noun any) error {
	sh, err := shelfOf(noun)
	if err != nil {
		return err
	}
	if err := c.name(ctx, noun); err != nil {
		return wrap("name "+sh.tableName(), err)
	}
	next, st, err := sh.put(c.snap, noun)
	if err != nil {
		return wrap("put "+sh.tableName(), err)
	}
	return wrap("put "+sh.tableName(), c.apply(ctx, next, st))
}

// Delete deletes a noun by its id, with everything that cannot be without it; other references to it are cleared. What is not there is
// model.ErrNotFound.
func (c *Change) Delete(ctx context.Context, noun any) error {
	sh, err := shelfOf(noun)
	if err != nil {
		return err
	}
	if _, _, err := sh.remove(c.snap, noun); err != nil {
		return wrap("delete "+sh.tableName(), err)
	}
	if err := c.cascade(ctx, noun); err != nil {
		return wrap("delete what belongs to "+sh.tableName(), err)
	}
	next, st, err := sh.remove(c.snap, noun)
	if err != nil {
		return wrap("delete "+sh.tableName(), err)
	}
	return wrap("delete "+sh.tableName(), c.apply(ctx, next, st))
}

func (c *Change) apply(ctx context.Context, next *model.Snapshot, st statement) error {
	c.dirty = true
	if err := c.store.write(ctx, st); err != nil {
		return err
	}
	c.snap, c.indexed = next, false
	return nil
}

// sequence gives the next provider id. An id that was given once is never given again, for tokens remember it.
const (
	nextProvider = `UPDATE installation SET provider_sequence = provider_sequence + 1 WHERE id = 1 RETURNING provider_sequence`
	skipProvider = `UPDATE installation SET provider_sequence = $1 WHERE id = 1 AND provider_sequence < $1`
)

// name makes the ids that are empty.
func (c *Change) name(ctx context.Context, noun any) error {
	switch x := noun.(type) {
	case *model.Flow:
		fill(&x.ID)
		fill(&x.Target)
	case *model.FlowStageBinding:
		fill(&x.ID)
		fill(&x.Policy)
	case *model.Stage:
		fill(&x.ID)
	case *model.Policy:
		fill(&x.ID)
	case *model.PolicyBinding:
		fill(&x.ID)
	case *model.PropertyMapping:
		fill(&x.ID)
	case *model.Source:
		fill(&x.ID)
	case *model.Application:
		fill(&x.ID)
	case *model.ApplicationEntitlement:
		fill(&x.ID)
	case *model.Brand:
		fill(&x.ID)
	case *model.KeyPair:
		fill(&x.ID)
	case *model.Prompt:
		fill(&x.ID)
	case *model.Provider:
		if x.ID == 0 {
			c.dirty = true
			return c.store.writeOne(ctx, nextProvider, []any{&x.ID})
		}
		if c.snap.Providers[x.ID] == nil {
			c.dirty = true
			return c.store.exec(ctx, skipProvider, x.ID)
		}
	}
	return nil
}

func fill[K ~string](id *K) {
	if *id == "" {
		*id = K(newID())
	}
}

func shelfOf(noun any) (shelf, error) {
	for _, sh := range shelves() {
		if sh.holds(noun) {
			return sh, nil
		}
	}
	return nil, fmt.Errorf("%T is not configuration", noun)
}
