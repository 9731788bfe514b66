package store

import (
	"context"
	"sync/atomic"
)

type counterKey struct{}

// Counter counts what ran under one context.
type Counter struct{ statements, transactions atomic.Int64 }

// CountStatements returns a context under which every SQL statement is counted. Tests hold statement budgets with it.
func CountStatements(ctx context.Context) (context.Context, *Counter) {
	c := &Counter{}
	return context.WithValue(ctx, counterKey{}, c), c
}

// Statements is how many SQL statements ran, without BEGIN and COMMIT.
func (c *Counter) Statements() int { return int(c.statements.Load()) }

// Transactions is how many transactions of several statements were begun.
func (c *Counter) Transactions() int { return int(c.transactions.Load()) }
