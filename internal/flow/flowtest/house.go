package flowtest

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/session"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/testenv"
	"github.com/weimen-id/weimen/internal/user"
	"github.com/weimen-id/weimen/internal/web"
)

// Origin is the house's public origin.
const Origin = "https://id.example.org"

// House is what a test runs flows in.
type House struct {
	T         testing.TB
	Store     *store.Store
	Box       *keypair.Box
	Hasher    *keypair.Passwords
	Passwords *user.Passwords
	Guard     *attempt.Guard
	Sends     *attempt.Guard
	Failures  *attempt.Failures
	Sessions  *session.Manager
	Policies  *policy.Engine
	Executor  *flow.Executor

	dsn     string
	kinds   func(*House) []kind.Kind[stage.Driver]
	later   atomic.Int64 // nanoseconds by which the clock is ahead
	browser atomic.Int64
	order   int
}

// OnPostgres is the environment variable that puts houses on PostgreSQL, where testenv knows a server, instead of SQLite.
const OnPostgres = "WEIMEN_TEST_FLOWS_ON_POSTGRES"

// Open builds a house on an empty database. The kinds are those of its stages, next to [Script]; they may use what the house has already.
func Open(t testing.TB, kinds func(*House) []kind.Kind[stage.Driver]) *House {
	t.Helper()
	h := &House{T: t, kinds: kinds, dsn: "sqlite:" + filepath.Join(t.TempDir(), "house.db")}
	if os.Getenv(OnPostgres) != "" {
		h.dsn = testenv.Postgres(t)
	}
	var err error
	if h.Box, err = keypair.NewBox("a secret key of thirty-two bytes or more"); err != nil {
		t.Fatal(err)
	}
	if h.Hasher, err = keypair.NewPasswords(keypair.Cost{Memory: 8, Time: 1, Threads: 1}); err != nil {
		t.Fatal(err)
	}
	h.Start()
	t.Cleanup(func() { _ = h.Store.Close() })
	return h
}

// Start opens the database and builds what stands on it. After [House.Stop] it is a restart of the server.
func (h *House) Start() {
	h.T.Helper()
	ctx := context.Background()
	var err error
	if h.Store, err = store.Open(ctx, store.Options{DSN: h.dsn, Durability: store.DurabilityFast}); err != nil {
		h.T.Fatal(err)
	}
	if err := h.Store.Migrate(ctx); err != nil {
		h.T.Fatal(err)
	}
	if err := h.Store.Load(ctx); err != nil {
		h.T.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	h.Passwords = user.NewPasswords(h.Store, h.Hasher, h.Now)
	h.Guard = attempt.New(h.Store, attempt.DefaultLimits(), h.Now)
	h.Sends = attempt.New(h.Store, attempt.SendLimits(), h.Now)
	h.Failures = attempt.NewFailures(h.Store, attempt.MostFailures, h.Now)
	h.Sessions = session.NewManager(h.Store, h.Now)
	h.Policies = policy.New(kind.NewShelf(Verdict()), h.Box, h.Store, log)
	all := []kind.Kind[stage.Driver]{Script(), Away()}
	if h.kinds != nil {
		all = append(all, h.kinds(h)...)
	}
	h.Executor = flow.New(flow.Deps{
		Snapshot: h.Store.Snapshot, Stages: kind.NewShelf(all...), Box: h.Box, Policies: h.Policies, Store: h.Store, Failures: h.Failures, Next: Next, Now: h.Now, Log: log,
	})
}

// Stop closes the database.
func (h *House) Stop() {
	h.T.Helper()
	if err := h.Store.Close(); err != nil {
		h.T.Fatal(err)
	}
}

// Next is the house's check of "next" parameters.
func Next(raw string) (string, bool) {
	public, _ := url.Parse(Origin)
	return web.SafeNext(public, raw)
}

// DSN is where the database lies.
func (h *House) DSN() string { return h.dsn }

// Now is the house's clock.
func (h *House) Now() time.Time { return time.Now().Add(time.Duration(h.later.Load())) }

// Wait puts the clock forward.
func (h *House) Wait(d time.Duration) { h.later.Add(int64(d)) }

// Put writes configuration.
func (h *House) Put(nouns ...any) {
	h.T.Helper()
	err := h.Store.Change(context.Background(), func(ctx context.Context, tx *store.Change) error {
		for _, noun := range nouns {
			if err := tx.Put(ctx, noun); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.T.Fatal(err)
	}
}

// Step is a stage of a flow that [House.Flow] makes.
type Step struct {
	Name string
	Kind string
	// Config is the settings as JSON; "" is none.
	Config string
	// Bind changes the binding before it is stored; may be nil.
	Bind func(*model.FlowStageBinding)
	// Needs, if set, is an entry of the plan's context without which the binding's policy refuses.
	Needs string
}

// Flow makes a flow of stages. Settings may change it before it is stored.
func (h *House) Flow(slug string, designation model.Designation, settings func(*model.Flow), steps ...Step) *model.Flow {
	h.T.Helper()
	f := model.NewFlow()
	f.Name, f.Slug, f.Title, f.Designation = slug, slug, slug, designation
	if settings != nil {
		settings(&f)
	}
	h.Put(&f)
	for i, step := range steps {
		st := &model.Stage{Name: slug + "/" + step.Name, Kind: step.Kind, Config: model.Config(step.Config)}
		h.Put(st)
		b := model.NewFlowStageBinding()
		b.Flow, b.Stage, b.Order = f.ID, st.ID, i
		if step.Bind != nil {
			step.Bind(&b)
		}
		h.Put(&b)
		if step.Needs != "" {
			h.Bind(model.TargetID(b.ID), `{"needs": "`+step.Needs+`"}`)
		}
	}
	return &f
}

// Bind puts a [Verdict] before a target.
func (h *House) Bind(target model.TargetID, config string) *model.PolicyBinding {
	h.T.Helper()
	h.order++
	p := &model.Policy{Name: "verdict " + string(target) + time.Duration(h.order).String(), Kind: "verdict", Config: model.Config(config)}
	h.Put(p)
	b := model.NewPolicyBinding()
	b.Target, b.Policy, b.Order = target, &p.ID, h.order
	h.Put(&b)
	return &b
}

// User makes an active user with a password; "" is none.
func (h *House) User(name, password string) *model.User {
	h.T.Helper()
	u := &model.User{Username: name, Email: name + "@example.org", IsActive: true, Type: model.UserInternal, Path: "users"}
	if password != "" {
		var err error
		if u.PasswordHash, err = h.Passwords.Hash(context.Background(), password); err != nil {
			h.T.Fatal(err)
		}
	}
	if err := h.Store.InsertUser(context.Background(), u); err != nil {
		h.T.Fatal(err)
	}
	return u
}

// Users lists all users by name.
func (h *House) Users() map[string]*model.User {
	h.T.Helper()
	all, _, err := h.Store.ListUsers(context.Background(), store.List{Limit: 10_000})
	if err != nil {
		h.T.Fatal(err)
	}
	out := map[string]*model.User{}
	for _, u := range all {
		out[u.Username] = u
	}
	return out
}

// Events lists the events of an action, the oldest first; "" is all but the traces of runs.
func (h *House) Events(action model.Action) []*model.Event {
	h.T.Helper()
	all, _, err := h.Store.ListEvents(context.Background(), store.List{Limit: 10_000})
	if err != nil {
		h.T.Fatal(err)
	}
	var out []*model.Event
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Action == action || action == "" && all[i].Action != model.ActionFlowExecution {
			out = append(out, all[i])
		}
	}
	return out
}
