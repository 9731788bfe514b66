package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/weimen-id/weimen/internal/model"
)

// runner is what a statement runs on: a pool, the writer's connection, a transaction. A statement that is kept is prepared once and
// used again; its text must be one of few.
type runner interface {
	query(ctx context.Context, text string, args []any, keep bool) (*sql.Rows, error)
}

// row scans the current row.
type row func(dest ...any) error

// statement is one SQL statement on its way to the database.
type statement struct {
	text string
	args []any
	// each is called for every row; it may be nil.
	each func(row) error
	// adhoc statements are composed for one call and not kept prepared.
	adhoc bool
}

// read runs a statement that changes nothing, in the context's transaction if there is one.
func (s *Store) read(ctx context.Context, st statement) error {
	t := s.txn(ctx)
	if t == nil {
		return s.engine.fault(s.run(ctx, s.engine.reads(), st))
	}
	return s.runIn(ctx, t, st)
}

// write runs a statement that changes something, in the context's transaction if there is one.
func (s *Store) write(ctx context.Context, st statement) error {
	if t := s.txn(ctx); t != nil {
		if t.draft {
			return nil
		}
		return s.runIn(ctx, t, st)
	}
	return s.engine.fault(s.engine.write(ctx, func(r runner) error { return s.run(ctx, r, st) }))
}

// runIn runs a statement in a transaction. After a failed statement nothing more can be done in it, in either database.
func (s *Store) runIn(ctx context.Context, t *txn, st statement) error {
	if t.err != nil {
		return fmt.Errorf("the transaction has failed already: %w", t.err)
	}
	err := s.run(ctx, t.runner, st)
	if err != nil {
		err = s.engine.fault(err)
		t.err = err
	}
	return err
}

func (s *Store) run(ctx context.Context, r runner, st statement) (err error) {
	s.statements.Add(1)
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.statements.Add(1)
	}
	rows, err := r.query(ctx, st.text, st.args, !st.adhoc)
	if err != nil {
		return err
	}
	// All rows are stepped through, for SQLite reports a failing commit with the last step only.
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	for rows.Next() {
		if st.each == nil {
			continue
		}
		if err := st.each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// one makes each for a statement that gives at most one row, and the check to be made afterwards.
func one(dest []any) (each func(row) error, check func(error) error) {
	found := false
	each = func(scan row) error {
		found = true
		return scan(dest...)
	}
	check = func(err error) error {
		if err == nil && !found {
			return model.ErrNotFound
		}
		return err
	}
	return each, check
}

// readOne reads one row; none is model.ErrNotFound.
func (s *Store) readOne(ctx context.Context, text string, dest []any, args ...any) error {
	each, check := one(dest)
	return check(s.read(ctx, statement{text: text, args: args, each: each}))
}

// writeOne runs a writing statement that returns one row; none is model.ErrNotFound.
func (s *Store) writeOne(ctx context.Context, text string, dest []any, args ...any) error {
	each, check := one(dest)
	return check(s.write(ctx, statement{text: text, args: args, each: each}))
}

// exec runs a writing statement that returns nothing of interest.
func (s *Store) exec(ctx context.Context, text string, args ...any) error {
	return s.write(ctx, statement{text: text, args: args})
}

// hit runs a writing statement that ends in RETURNING 1 and gives the number of rows it touched.
func (s *Store) hit(ctx context.Context, text string, args ...any) (int, error) {
	n := 0
	err := s.write(ctx, statement{text: text, args: args, each: func(row) error { n++; return nil }})
	return n, err
}

// must is hit where no row means model.ErrNotFound.
func (s *Store) must(ctx context.Context, text string, args ...any) error {
	n, err := s.hit(ctx, text, args...)
	if err == nil && n == 0 {
		return model.ErrNotFound
	}
	return err
}

// wrap adds what was being done.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
