package source_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

func TestLinkingFromMyAccount(t *testing.T) {
	h := open(t)
	ann := h.User("ann", "")
	b := h.Browser().SignIn(ann)
	reply := h.signIn(b, "wx", "o1.u1")
	if len(reply.Messages) != 1 || reply.Messages[0].Key != "source.connected" || who(b) != "ann" {
		t.Fatalf("%+v, signed in is %q", reply, who(b))
	}
	t.Run("the same account once more is fine", func(t *testing.T) {
		reply := h.signIn(b, "wx", "o1.u1")
		if len(reply.Messages) != 1 || reply.Messages[0].Key != "source.already" || reply.Session != nil {
			t.Errorf("%+v", reply)
		}
	})
	t.Run("a second account of the source is refused", func(t *testing.T) {
		if got := refused(h.back(b, "wx", callback(h.depart(b, source.Departing{}), "o2.u2"))); got != "source.already_linked_other_account" {
			t.Errorf("refused as %q", got)
		}
	})
	t.Run("an account that is someone else's stays theirs, and nobody is switched", func(t *testing.T) {
		bob := h.Browser().SignIn(h.User("bob", ""))
		if got := refused(h.back(bob, "wx", callback(h.depart(bob, source.Departing{}), "o1.u1"))); got != "source.linked_to_other" || who(bob) != "bob" {
			t.Errorf("refused as %q, signed in is %q", got, who(bob))
		}
	})
	if links := h.Events(model.ActionSourceLinked); len(links) != 1 || links[0].User.ID != ann.ID {
		t.Errorf("link events: %+v", links)
	}
	visitor := h.Browser()
	h.signIn(visitor, "wx", "o1.u1")
	if who(visitor) != "ann" {
		t.Errorf("signed in is %q", who(visitor))
	}
}

func TestNothingIsConnectedToWhoSignedInWhileTheBrowserWasAway(t *testing.T) {
	h := open(t)
	ann, bob := h.User("ann", ""), h.User("bob", "")
	for name, left := range map[string]*flowtest.Browser{"nobody left": h.Browser(), "somebody else left": h.Browser().SignIn(ann)} {
		state := h.depart(left, source.Departing{})
		left.SignIn(bob)
		if got := refused(h.back(left, "wx", callback(state, "o1"))); got != "source.signed_in_meanwhile" || who(left) != "bob" {
			t.Errorf("%s: refused as %q, signed in is %q", name, got, who(left))
		}
	}
	if n := len(h.Events(model.ActionSourceLinked)); n != 0 {
		t.Errorf("%d links", n)
	}
}

func TestOfTwoAccountsLinkedAtOnceOneIsConnected(t *testing.T) {
	h := open(t)
	ann := h.User("ann", "")
	b := h.Browser().SignIn(ann)
	var arrived sync.WaitGroup
	arrived.Add(2)
	h.during = func() { arrived.Done(); arrived.Wait() }
	var wait sync.WaitGroup
	got := make([]string, 2)
	for i, code := range []string{"o1.u1", "o2.u2"} {
		state := h.depart(b, source.Departing{})
		wait.Go(func() {
			got[i] = refused(h.manager.Return(context.Background(), b.Visitor(), "wx", callback(state, code)))
		})
	}
	wait.Wait()
	if n := len(h.Events(model.ActionSourceLinked)); n != 1 || got[0]+got[1] != "source.already_linked_other_account" {
		t.Errorf("%d links, refused as %q", n, got)
	}
}

// A person may have two accounts upstream, one connected at each of two apps. Signing in with the one at the other's app replaces nothing.
func TestSigningInWithOnesOtherAccountReplacesNothing(t *testing.T) {
	h := open(t)
	second := h.add("service", "wx2")
	ann := h.User("ann", "")
	b := h.Browser().SignIn(ann)
	h.signIn(b, "wx", "a1.ua")
	h.signIn(b, "service", "b2.ub")
	visitor := h.Browser()
	h.signIn(visitor, "wx", "b1.ub")
	if who(visitor) != "ann" {
		t.Errorf("signed in is %q", who(visitor))
	}
	for src, want := range map[model.SourceID]string{h.source.ID: "ua", second.ID: "ub"} {
		conn, err := h.Store.ConnectionOf(t.Context(), ann.ID, src)
		if err != nil || conn.Identifier != want {
			t.Errorf("connected is %+v, %v; want %s", conn, err, want)
		}
	}
	again := h.Browser()
	h.signIn(again, "wx", "a1.ua")
	if who(again) != "ann" {
		t.Errorf("with the first account signed in is %q", who(again))
	}
}

func TestReauthentication(t *testing.T) {
	h := open(t)
	b := h.Browser()
	h.signIn(b, "wx", "o1")
	h.signIn(h.Browser(), "wx", "o2")
	again := source.Departing{Reauthenticate: true}
	before := b.Token
	reply, err := h.back(b, "wx", callback(h.depart(b, again), "o1"))
	if err != nil || reply.Session == nil || b.Token == before || who(b) != "o1" {
		t.Fatalf("%+v, %v", reply, err)
	}
	if all, _ := h.Store.ListSessions(t.Context(), h.Users()["o1"].ID); len(all) != 1 {
		t.Errorf("%d sessions", len(all))
	}
	for code, want := range map[string]string{"o2": "source.linked_to_other", "o3": "source.already_linked_other_account"} {
		if got := refused(h.back(b, "wx", callback(h.depart(b, again), code))); got != want || who(b) != "o1" {
			t.Errorf("%s: refused as %q, signed in is %q", code, got, who(b))
		}
	}
	ann := h.Browser().SignIn(h.User("ann", ""))
	if got := refused(h.back(ann, "wx", callback(h.depart(ann, again), "o3"))); got != "source.linked_to_other" || who(ann) != "ann" {
		t.Errorf("an account that nobody has: refused as %q", got)
	}
	if len(h.Users()) != 3 || len(h.Events(model.ActionSourceLinked)) != 2 {
		t.Errorf("%d users, %d links", len(h.Users()), len(h.Events(model.ActionSourceLinked)))
	}
}

func TestARestartBetweenDepartureAndReturn(t *testing.T) {
	h := open(t)
	b := h.Browser()
	state := h.depart(b, source.Departing{Next: "/x"})
	h.Stop()
	h.Start()
	h.build()
	reply, err := h.back(b, "wx", callback(state, "o1"))
	if err != nil || reply.To != "/x" || who(b) != "o1" {
		t.Errorf("%+v, %v", reply, err)
	}
}

func TestOnePersonWhoEnrollsInTwoBrowsersAtOnceIsOnePerson(t *testing.T) {
	for _, tt := range []struct {
		name string
		anew bool
	}{
		{"with one username", false},
		{"with a username made anew each time", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			var made atomic.Int64
			if tt.anew {
				h.username = func() string { return fmt.Sprintf("user-%d", made.Add(1)) }
			}
			var arrived sync.WaitGroup
			arrived.Add(2)
			h.during = func() { arrived.Done(); arrived.Wait() }
			var lock sync.Mutex
			var wait sync.WaitGroup
			browsers := []*flowtest.Browser{h.Browser(), h.Browser()}
			for _, b := range browsers {
				state := h.depart(b, source.Departing{})
				wait.Go(func() {
					reply, err := h.manager.Return(context.Background(), b.Visitor(), "wx", callback(state, "o1.u1"))
					lock.Lock()
					defer lock.Unlock()
					b.Take(reply)
					if got := refused(reply, err); got != "" {
						t.Errorf("refused as %q", got)
					}
				})
			}
			wait.Wait()
			if who(browsers[0]) == "" || who(browsers[0]) != who(browsers[1]) || len(h.Users()) != 1 {
				t.Errorf("signed in are %q and %q of %d", who(browsers[0]), who(browsers[1]), len(h.Users()))
			}
			if n := len(h.Events(model.ActionLoginFailed)); n != 0 {
				t.Errorf("%d sign-ins that succeeded are on record as failed", n)
			}
		})
	}
}

// Two sources may give two people one name, or one person's unionid twice where the sources have no common label: nobody is stuck, and nobody is taken for somebody else.
func TestANewcomerWhoseUsernameIsTakenGetsAnother(t *testing.T) {
	h := open(t)
	ann := h.User("o1", "")
	h.User("o1-2", "")
	b := h.Browser()
	h.signIn(b, "wx", "o1")
	if who(b) != "o1-3" {
		t.Fatalf("signed in is %q", who(b))
	}
	if conn, err := h.Store.ConnectionOf(t.Context(), ann.ID, h.source.ID); err == nil {
		t.Errorf("who had the name has got the connection %+v", conn)
	}
	warnings := h.Events(model.ActionConfigurationWarning)
	if len(warnings) != 1 || warnings[0].Context["wanted"] != "o1" || warnings[0].Context["username"] != "o1-3" {
		t.Errorf("events: %+v", warnings)
	}
	again := h.Browser()
	h.signIn(again, "wx", "o1")
	if who(again) != "o1-3" || len(h.Events(model.ActionConfigurationWarning)) != 1 {
		t.Errorf("the next time signed in is %q", who(again))
	}
	t.Run("also where all names are taken there is an end", func(t *testing.T) {
		h.User("o9", "")
		for n := 2; n <= 50; n++ {
			h.User(fmt.Sprintf("o9-%d", n), "")
		}
		b := h.Browser()
		if got := refused(h.back(b, "wx", callback(h.depart(b, source.Departing{}), "o9"))); got != "source.username_taken" || who(b) != "" {
			t.Errorf("refused as %q", got)
		}
	})
}
