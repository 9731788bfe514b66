package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// commitsOfSignIn is how many commits a sign-in with a code and a token makes: the request to the source, its consumption, the sign-in itself, the code, the
// tokens. A test of package app counts them.
const commitsOfSignIn = 6

// printBaseline prints what no server can do without: a signature, and commits. A sign-in's CPU time is to be read against it.
func printBaseline(ctx context.Context) error {
	digest := sha256.Sum256([]byte("weimen"))
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	rs256, err := cpuOf(500, func() error {
		_, err := rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, digest[:])
		return err
	})
	if err != nil {
		return err
	}
	es256, err := cpuOf(2000, func() error {
		_, err := ecdsa.SignASN1(rand.Reader, ecKey, digest[:])
		return err
	})
	if err != nil {
		return err
	}
	commit, err := commitCost(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("What a sign-in cannot do without, CPU time on this machine: signature RS256 %s, ES256 %s; commit on SQLite %s.\n", round(rs256), round(es256), round(commit))
	fmt.Printf("With %d commits that is %s (RS256) and %s (ES256) for each sign-in.\n", commitsOfSignIn, round(rs256+commitsOfSignIn*commit), round(es256+commitsOfSignIn*commit))
	return nil
}

// commitCost is the CPU time of one durable commit of one row.
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
	return cpuOf(500, func() error {
		return db.InsertEvents(ctx, &model.Event{
			ID: model.EventID(uuid.NewString()), Action: model.ActionLogin, App: "bench", Created: time.Now(), Expires: time.Now().Add(time.Hour),
		})
	})
}

// cpuOf is the CPU time of this process for each of n runs.
func cpuOf(n int, work func() error) (time.Duration, error) {
	before := ownCPU()
	for range n {
		if err := work(); err != nil {
			return 0, err
		}
	}
	return (ownCPU() - before) / time.Duration(n), nil
}

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
