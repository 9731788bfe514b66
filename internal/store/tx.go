package store

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/model"
)

// txn is a running transaction. It belongs to one goroutine at a time.
type txn struct {
	runner runner
	// err is the first failure; nothing more may be done after it.
	err error
	// after runs once the transaction is committed.
	after []func()
	// draft says that nothing is written and that all of it is forgotten.
	draft bool
	// pending is the configuration as this transaction has changed it.
	pending *model.Snapshot
}

// txnKey finds the transaction of one store in a context.
type txnKey struct{ store *Store }

func (s *Store) txn(ctx context.Context) *txn {
	t, _ := ctx.Value(txnKey{s}).(*txn)
	return t
}

// InTx runs fn in one transaction: all methods that are given fn's context take part in it. It commits if fn returns nil. Where the
// context is in a transaction already, fn joins that one. PostgreSQL may run fn again from its start (40001, 40P01), so fn must not do
// what cannot be done twice.
//
// Once a statement has failed (model.ErrConflict among others), the transaction can only be ended, in both databases.
// "No row" is not a failure.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if s.txn(ctx) != nil {
		return fn(ctx)
	}
	s.transactions.Add(1)
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.transactions.Add(1)
	}
	var t *txn
	err := s.engine.transact(ctx, func(r runner) error {
		t = &txn{runner: r}
		if err := fn(context.WithValue(ctx, txnKey{s}, t)); err != nil {
			return err
		}
		return t.err
	})
	if err != nil {
		return s.engine.fault(err)
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// Draft runs fn as InTx does, but writes nothing and waits for nobody: SnapshotIn tells what fn has made of the configuration, and it is forgotten when fn returns. What only the
// database can refuse is not refused, and what a statement would give back of what it writes is not there.
func (s *Store) Draft(ctx context.Context, fn func(ctx context.Context) error) error {
	if s.txn(ctx) != nil {
		return errors.New("a draft is no part of a transaction")
	}
	t := &txn{runner: s.engine.reads(), draft: true}
	if err := fn(context.WithValue(ctx, txnKey{s}, t)); err != nil {
		return err
	}
	return t.err
}

// spoil makes the context's transaction, if there is one, fail as a whole: part of something was done that must not stay.
func (s *Store) spoil(ctx context.Context, err error) error {
	if t := s.txn(ctx); t != nil && t.err == nil {
		t.err = err
	}
	return err
}
