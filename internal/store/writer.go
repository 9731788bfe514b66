package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// maxBatch bounds how many jobs share a commit, and so how long the first of them waits for the last.
const maxBatch = 64

// writer is SQLite's one writing connection. Jobs take turns; those that queue up while others run share one commit, and each returns
// only when that commit is on disk. A job that fails is undone alone, by its savepoint or, where it is a single statement, by SQLite.
type writer struct {
	db      *sql.DB
	present func() error
	turn    chan struct{}
	waiting atomic.Int32

	// The rest belongs to whoever has the turn.
	conn  *sql.Conn
	kept  *statements
	batch *batch
}

// batch is the jobs of one commit.
type batch struct {
	jobs int
	done chan struct{}
	// broken says that SQLite cannot or did not keep the transaction: all of it is lost.
	broken error
	// err is set before done is closed.
	err error
}

func newWriter(db *sql.DB, present func() error) *writer {
	return &writer{db: db, present: present, turn: make(chan struct{}, 1)}
}

// do runs a job in its turn. A job of several statements needs a savepoint of its own.
func (w *writer) do(ctx context.Context, several bool, job func(runner) error) error {
	if err := w.takeTurn(ctx); err != nil {
		return err
	}
	b, err := w.work(ctx, several, job)
	if b != nil {
		<-b.done // a refusal waits too: what stood in its way may be of this batch, and is to be seen by whoever looks for it
	}
	if err != nil {
		return err
	}
	return b.err
}

// work runs the job, ends the batch where nobody waits to join it, and passes the turn on, also when the job panics.
func (w *writer) work(ctx context.Context, several bool, job func(runner) error) (*batch, error) {
	defer w.passTurn()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := w.begin(); err != nil {
		return nil, err
	}
	b := w.batch
	b.jobs++
	if !several {
		err := job(w)
		if broken(err) {
			b.broken = err
		}
		return b, err
	}
	if b.jobs == 1 {
		return b, w.first(b, job)
	}
	return b, w.savepoint(b, job)
}

// first runs the first job of a batch. It needs no savepoint, because there is nothing else to keep if it fails: a job that meets no others costs no more than a
// transaction of its own.
func (w *writer) first(b *batch, job func(runner) error) (err error) {
	kept := false
	defer func() {
		if kept {
			return
		}
		w.batch = nil
		if undo := w.exec("ROLLBACK"); undo != nil {
			w.drop() // closing the connection rolls back
		}
		close(b.done)
	}()
	if err := job(w); err != nil {
		return err
	}
	kept = true
	return nil
}

func (w *writer) savepoint(b *batch, job func(runner) error) (err error) {
	if err := w.exec("SAVEPOINT job"); err != nil {
		b.broken = err
		return err
	}
	kept := false
	defer func() {
		if !kept {
			if undo := errors.Join(w.exec("ROLLBACK TO job"), w.exec("RELEASE job")); undo != nil {
				b.broken = errors.Join(err, undo)
			}
		}
	}()
	if err := job(w); err != nil {
		if broken(err) {
			b.broken = err
		}
		return err
	}
	kept = true // not released: the commit does that for all of the batch, and undoing goes to the newest of a name
	return nil
}

// takeTurn waits until the connection is free. Whoever gives up must still see to a batch that was left open for it to join.
func (w *writer) takeTurn(ctx context.Context) error {
	select {
	case w.turn <- struct{}{}:
		return nil
	default:
	}
	w.waiting.Add(1)
	patience := time.NewTimer(2 * busyTimeout)
	defer patience.Stop()
	var err error
	select {
	case w.turn <- struct{}{}:
		w.waiting.Add(-1)
		return nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-patience.C:
		err = model.ErrUnavailable.Because(errors.New("the queue of writers does not move"))
	}
	go func() {
		w.turn <- struct{}{}
		w.waiting.Add(-1)
		w.passTurn()
	}()
	return err
}

func (w *writer) passTurn() {
	if b := w.batch; b != nil && (w.waiting.Load() == 0 || b.jobs >= maxBatch || b.broken != nil) {
		w.commit(b)
	}
	<-w.turn
}

// begin opens a batch where none is open.
func (w *writer) begin() error {
	if w.batch != nil {
		return nil
	}
	if err := w.present(); err != nil {
		return err
	}
	if w.conn == nil {
		conn, err := w.db.Conn(context.Background())
		if err != nil {
			return err
		}
		w.conn, w.kept = conn, &statements{prepare: conn.PrepareContext}
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		if !broken(err) {
			w.drop()
		}
		return err
	}
	w.batch = &batch{done: make(chan struct{})}
	return nil
}

func (w *writer) commit(b *batch) {
	w.batch = nil
	err := b.broken
	if err == nil {
		err = w.exec("COMMIT")
	}
	if err != nil {
		b.err = model.ErrUnavailable.Because(err)
		w.drop() // closing the connection rolls back whatever is left
	}
	close(b.done)
}

// drop closes the connection; the next batch opens another.
func (w *writer) drop() {
	w.kept.close()
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = w.conn.Close()
	w.conn = nil
}

func (w *writer) exec(text string) error {
	st, err := w.kept.get(text) //nolint:sqlclosecheck // kept, and closed with the others
	if err != nil {
		return err
	}
	_, err = st.ExecContext(context.Background())
	return err
}

// query runs a statement on the connection. Contexts do not interrupt it: that would undo the jobs of others in the same batch.
func (w *writer) query(ctx context.Context, text string, args []any, keep bool) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if !keep {
		return w.conn.QueryContext(ctx, text, args...)
	}
	st, err := w.kept.get(text) //nolint:sqlclosecheck // kept, and closed with the others
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

func (w *writer) close() error {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	if w.conn != nil {
		w.kept.close()
		_ = w.conn.Close()
		w.conn = nil
	}
	return w.db.Close()
}
