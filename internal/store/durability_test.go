package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
)

// childDSN makes the test binary the child that is killed.
const childDSN = "WEIMEN_TEST_STORE_CHILD"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(childDSN); dsn != "" {
		fmt.Println(child(dsn))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child writes users from several goroutines and prints each one's name once the store has answered, until it is killed.
func child(dsn string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{DSN: dsn})
	if err != nil {
		return err
	}
	failed := make(chan error)
	var out sync.Mutex
	for worker := range 4 {
		go func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("w%d-%d", worker, i)
				if err := s.InsertUser(ctx, &model.User{Username: name}); err != nil {
					failed <- err
					return
				}
				out.Lock()
				fmt.Println("committed", name)
				out.Unlock()
			}
		}()
	}
	return <-failed
}

// TestWhatWasAnsweredSurvivesKill: kill -9 of the process loses nothing that the store had answered as done.
func TestWhatWasAnsweredSurvivesKill(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		address := dsn(t)
		s := storetest.OpenDSN(t, address)
		for round := range 3 {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childDSN+"="+address)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(time.Duration(100+50*round)*time.Millisecond, func() { _ = cmd.Process.Kill() })
			var names []string
			for lines := bufio.NewScanner(out); lines.Scan(); {
				name, ok := strings.CutPrefix(lines.Text(), "committed ")
				if !ok {
					t.Fatal(lines.Text())
				}
				names = append(names, name)
			}
			_ = cmd.Wait()
			if len(names) == 0 && round == 2 {
				t.Error("the child was killed before it wrote anything")
			}
			for _, name := range names {
				u, err := s.UserByUsername(t.Context(), name)
				if err != nil {
					t.Fatalf("%s of %d was lost: %v", name, len(names), err)
				}
				if err := s.DeleteUser(t.Context(), u.ID); err != nil {
					t.Fatal(err)
				}
			}
			// One per worker may have been written without an answer.
			rest, _, err := s.ListUsers(t.Context(), store.List{})
			if err != nil || len(rest) > 4 {
				t.Fatalf("%d users are left, %v", len(rest), err)
			}
			for _, u := range rest {
				if err := s.DeleteUser(t.Context(), u.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
