package main

import (
	"context"
	"slices"
	"sync"
	"time"
)

// result is what a measurement saw.
type result struct {
	rate     float64
	p50, p99 time.Duration
	// cpu is the server's CPU time for each operation.
	cpu time.Duration
}

// load lets workers do the same over and over for some time. What prepare does is not measured.
func (s *server) load(ctx context.Context, workers int, d time.Duration, prepare func(w *worker) func() error) (result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	works := make([]func() error, workers)
	for i := range works {
		works[i] = prepare(newWorker(ctx, s))
		if err := works[i](); err != nil { // warm
			return result{}, err
		}
	}
	var mu sync.Mutex
	var all []time.Duration
	var group sync.WaitGroup
	before, began := s.cpu(), time.Now()
	for _, work := range works {
		group.Go(func() {
			var own []time.Duration
			for time.Since(began) < d && ctx.Err() == nil {
				start := time.Now()
				if err := work(); err != nil {
					cancel(err)
					break
				}
				own = append(own, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, own...)
		})
	}
	group.Wait()
	took, used := time.Since(began), s.cpu()-before
	if ctx.Err() != nil {
		return result{}, context.Cause(ctx)
	}
	slices.Sort(all)
	return result{
		rate: float64(len(all)) / took.Seconds(), p50: all[len(all)/2], p99: all[len(all)*99/100], cpu: used / time.Duration(len(all)),
	}, nil
}
