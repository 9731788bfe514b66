package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// printBaseline prints and gives, by algorithm, what no server can do without: a signature, and commits. A sign-in's CPU time is to be read against it.
func printBaseline(ctx context.Context) (map[string]time.Duration, error) {
	digest := sha256.Sum256([]byte("weimen"))
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	rs256, err := cpuOf(500, func() error {
		_, err := rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, digest[:])
		return err
	})
	if err != nil {
		return nil, err
	}
	es256, err := cpuOf(2000, func() error {
		_, err := ecdsa.SignASN1(rand.Reader, ecKey, digest[:])
		return err
	})
	if err != nil {
		return nil, err
	}
	commits, err := commitCost(ctx)
	if err != nil {
		return nil, err
	}
	fmt.Printf("What a sign-in cannot do without, CPU time on this machine with all cores busy: signature RS256 %s, ES256 %s; its five commits on SQLite %s.\n",
		round(rs256), round(es256), round(commits))
	fmt.Printf("Together %s (RS256) and %s (ES256); one and a half times that is %s and %s.\n",
		round(rs256+commits), round(es256+commits), round((rs256+commits)*3/2), round((es256+commits)*3/2))
	return map[string]time.Duration{"RS256": rs256 + commits, "ES256": es256 + commits}, nil
}

// commitCost is the CPU time of what a known person's sign-in writes, in its five commits.
func commitCost(ctx context.Context) (time.Duration, error) {
	folder, err := os.MkdirTemp("", "weimen-bench-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	db, err := store.Open(ctx, store.Options{DSN: "sqlite:" + filepath.Join(folder, "baseline.db")})
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(ctx); err != nil {
		return 0, err
	}
	if err := db.Load(ctx); err != nil {
		return 0, err
	}
	u := &model.User{Username: "bench", IsActive: true, Path: "users", Type: model.UserExternal, Attributes: map[string]any{}}
	if err := db.InsertUser(ctx, u); err != nil {
		return 0, err
	}
	return cpuOf(500, func() error { return signInWrites(ctx, db, u.ID) })
}

// signInWrites writes what a sign-in writes: the departure, its consumption, the session with its event, the code with its event, the token for the code.
func signInWrites(ctx context.Context, db *store.Store, user model.UserID) error {
	now := time.Now().UTC()
	later := now.Add(time.Hour)
	key := randomText(32)
	if err := db.InsertSourceRequest(ctx, &model.SourceRequest{StateHash: key, Browser: key, Source: "s", Locale: "en", Keep: "k", Created: now, Expires: later}); err != nil {
		return err
	}
	if _, err := db.ConsumeSourceRequest(ctx, key, key, "s", now); err != nil {
		return err
	}
	ev := func(action model.Action) *model.Event {
		return &model.Event{
			ID: model.EventID(uuid.NewString()), Action: action, App: "bench", Created: now, Expires: later, ClientIP: "127.0.0.1",
			User: &model.EventUser{ID: user, Username: "bench"}, Context: map[string]any{"source": "wechat", "auth_method": "source"},
		}
	}
	err := db.InTx(ctx, func(ctx context.Context) error {
		session := &model.Session{ID: model.SessionID(uuid.NewString()), TokenHash: key, User: user, Created: now, LastUsed: now, Expires: later, AuthTime: now, Browser: key}
		return errors.Join(db.InsertSession(ctx, session), db.SetSourceRequestOutcome(ctx, key, "/"), db.InsertEvents(ctx, ev(model.ActionLogin)))
	})
	if err != nil {
		return err
	}
	err = db.InTx(ctx, func(ctx context.Context) error {
		code := &model.AuthorizationCode{CodeHash: key, Grant: key, Provider: 1, User: user, Session: "s", Scopes: []string{"openid"}, AuthTime: now, Created: now, Expires: later}
		return errors.Join(db.InsertAuthorizationCode(ctx, code), db.InsertEvents(ctx, ev(model.ActionAuthorizeApplication)))
	})
	if err != nil {
		return err
	}
	return db.InTx(ctx, func(ctx context.Context) error {
		if _, _, err := db.ConsumeAuthorizationCode(ctx, key, 1, now); err != nil {
			return err
		}
		return db.InsertTokens(ctx, &model.AccessToken{TokenHash: key, Grant: key, Provider: 1, User: user, AuthTime: now, Created: now, Expires: later}, nil)
	})
}

// cpuOf is the CPU time of this process for each of n runs, with every core at it: a core that shares its caches with a busy one takes longer, as it does under load.
func cpuOf(n int, work func() error) (time.Duration, error) {
	var group errgroup.Group
	before, workers := ownCPU(), runtime.GOMAXPROCS(0)
	for range workers {
		group.Go(func() error {
			for range n {
				if err := work(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	return (ownCPU() - before) / time.Duration(n*workers), err
}

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
