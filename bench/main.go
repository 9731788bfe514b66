package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

type options struct {
	binary  string
	seconds int
	workers int
	people  int
	alg     string
	only    string
	// least is the CPU time that a sign-in cannot do without on SQLite, by algorithm.
	least map[string]time.Duration
	// fill is how many users the database is filled with before it is measured.
	fill int
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/weimen", "the built server")
	flag.IntVar(&o.seconds, "seconds", 3, "how long each measurement takes")
	flag.IntVar(&o.workers, "workers", 8, "how many browsers at once")
	flag.IntVar(&o.people, "people", 1_000_000, "how many users the big database has; 0 leaves that comparison out")
	flag.StringVar(&o.only, "only", "", "measure only what has this text in its name")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures every database there is.
func run(ctx context.Context, o options) error {
	var err error
	if o.least, err = printBaseline(ctx); err != nil {
		return err
	}
	databases := []string{"sqlite"}
	if os.Getenv("WEIMEN_TEST_POSTGRES") != "" {
		databases = append(databases, "postgres")
	} else {
		fmt.Println("PostgreSQL is left out: WEIMEN_TEST_POSTGRES is not set.")
	}
	for _, database := range databases {
		for _, alg := range []string{"RS256", "ES256"} {
			o.alg = alg
			if err := measure(ctx, o, database); err != nil {
				return fmt.Errorf("%s, %s: %w", database, alg, err)
			}
		}
	}
	if err := growth(ctx, o); err != nil {
		return err
	}
	return stages(ctx, o)
}

// measure prints all numbers of one database and signing algorithm.
func measure(ctx context.Context, o options, database string) error {
	s, err := start(ctx, o, database)
	if err != nil {
		return err
	}
	defer s.stop()
	fmt.Printf("\n%s, %s: first start to ready %s, again %s; idle %s\n", database, o.alg, round(s.firstReady), round(s.ready), s.memory())
	fmt.Printf("%-34s %10s %9s %9s %12s\n", "", "per second", "p50", "p99", "CPU each")
	d := time.Duration(o.seconds) * time.Second
	for _, m := range []struct {
		name string
		work func(w *worker) func() error
	}{
		{"WeChat enrollment to ID token", (*worker).enroll},
		{"WeChat sign-in to ID token", (*worker).signIn},
		{"code flow with a live session", (*worker).codeFlow},
		{"client_credentials", (*worker).clientCredentials},
		{"refresh with rotation", (*worker).refresh},
		{"userinfo", (*worker).userinfo},
		{"introspection", (*worker).introspect},
		{"login page", (*worker).loginPage},
	} {
		if !strings.Contains(m.name, o.only) {
			continue
		}
		r, err := s.load(ctx, o.workers, d, m.work)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		ratio := ""
		if strings.HasPrefix(m.name, "WeChat") && database == "sqlite" {
			ratio = fmt.Sprintf("  %.2f times the least", float64(r.cpu)/float64(o.least[o.alg]))
		}
		fmt.Printf("%-34s %10.0f %9s %9s %12s%s\n", m.name, r.rate, round(r.p50), round(r.p99), round(r.cpu), ratio)
	}
	fmt.Printf("resident after load: %s\n", s.memory())
	return nil
}

func round(d time.Duration) time.Duration {
	switch {
	case d > 100*time.Millisecond:
		return d.Round(time.Millisecond)
	case d > time.Millisecond:
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Microsecond)
}
