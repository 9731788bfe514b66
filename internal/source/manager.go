package source

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"strconv"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// RequestLifetime is how long a person may take at the upstream. WeChat's QR page lives for some minutes and may be reloaded.
const RequestLifetime = 20 * time.Minute

// Store is what sources need of the database. Package store has it.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	InsertSourceRequest(ctx context.Context, r *model.SourceRequest) error
	ConsumeSourceRequest(ctx context.Context, stateHash, browser string, source model.SourceID, now time.Time) (*model.SourceRequest, error)
	SourceRequest(ctx context.Context, stateHash string) (*model.SourceRequest, error)
	SetSourceRequestOutcome(ctx context.Context, stateHash, path string) error
	Trials
	OwnersOf(ctx context.Context, ids []model.Identifier) ([]model.IdentifierOwner, error)
	Claimants(ctx context.Context, ids []model.Identifier, username string) (owners []model.IdentifierOwner, namesake model.UserID, err error)
	ConnectionOf(ctx context.Context, user model.UserID, source model.SourceID) (*model.Connection, error)
	SaveConnection(ctx context.Context, c *model.Connection) error
	User(ctx context.Context, id model.UserID) (*model.User, error)
	UserByUsername(ctx context.Context, name string) (*model.User, error)
	UsersByEmail(ctx context.Context, email string) ([]*model.User, error)
	UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error)
	Groups
	event.Writer
}

// Flows runs the source's flows. Package flow has it.
type Flows interface {
	Start(ctx context.Context, v *model.Visitor, st flow.Start) (*flow.Reply, error)
	Waiting(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*flow.Waiting, error)
	GoOn(ctx context.Context, w *flow.Waiting, back flow.Return) (*flow.Reply, error)
	Foresee(ctx context.Context, v *model.Visitor, f *model.Flow, c *model.PlanContext) (stages []string, err error)
}

// Policies decides whether a visitor may use a source. Package policy has it.
type Policies interface {
	Evaluate(ctx context.Context, s *model.Snapshot, target model.TargetID, mode model.EngineMode, r *policy.Request) (policy.Result, error)
}

// Failures limits what goes wrong from an address. Package attempt has it.
type Failures interface {
	Check(what string, v *model.Visitor) error
	Failed(ctx context.Context, what string, v *model.Visitor) error
}

// Deps is what a manager is made of.
type Deps struct {
	Snapshot func() *model.Snapshot
	Sources  *kind.Shelf[Driver]
	Box      kind.Box
	Store    Store
	Flows    Flows
	Policies Policies
	Mappings Mappings
	Failures Failures
	// Next reduces a "next" parameter to a path on our own origin, or says that it is not one.
	Next func(raw string) (string, bool)
	Now  func() time.Time
	Log  *slog.Logger
}

// Manager sends browsers to sources and deals with what they bring back.
type Manager struct{ Deps }

// New makes a manager. Its inline stage must be given to the executor, see [Manager.Stage].
func New(d Deps) *Manager { return &Manager{Deps: d} }

// Departing is a person who asks to sign in with a source.
type Departing struct {
	// Slug names the source.
	Slug string
	// Next is where they want to go afterwards, as asked for; "" for nowhere in particular.
	Next string
	// LoginHint is what they typed before.
	LoginHint string
	// Reauthenticate says that a signed-in person is asked to prove who they are, and not to connect another account.
	Reauthenticate bool
	// Flow and Step name the run that waits for the return, by its flow's slug and its step; "" for a sign-in of its own.
	Flow, Step string
	// Query is the query of that run's page; else what the page of the enrollment flow gets in its address: an invitation, for example.
	Query url.Values
}

// The engine's own entries beside what the driver keeps.
const (
	keptMode = "weimen_mode"
	// keptUser is who was signed in when the browser left: an account is connected to nobody else.
	keptUser = "weimen_user"
	// keptTrial names the trial that the browser left for: nobody is signed in by its return.
	keptTrial = "weimen_trial"
)

// Depart gives the address of the upstream that the browser goes to.
func (m *Manager) Depart(ctx context.Context, v *model.Visitor, d Departing) (string, error) {
	s := m.Snapshot()
	src, driver, err := m.open(s, d.Slug)
	if err != nil {
		return "", err
	}
	if err := m.Failures.Check(attempt.Source(src.ID), v); err != nil {
		return "", detailed(err, src)
	}
	next := ""
	if d.Next != "" {
		var ok bool
		if next, ok = m.Next(d.Next); !ok {
			return "", model.Refuse(model.CodeInvalid, "next.invalid", "Invalid next URL").With("source", src.Slug)
		}
	}
	if err := m.mayDepart(ctx, s, src, v, next); err != nil {
		return "", err
	}
	kept := map[string]string{}
	if d.Reauthenticate {
		kept[keptMode] = "reauthenticate"
	}
	lifetime := RequestLifetime
	if d.Flow != "" {
		if lifetime, err = m.waiting(ctx, v, src, d, kept); err != nil {
			return "", err
		}
	} else if len(d.Query) > 0 {
		kept[keptQuery] = d.Query.Encode()
	}
	if v.SignedIn() {
		kept[keptUser] = strconv.FormatInt(int64(v.User.ID), 10)
	}
	to, request, err := m.leave(ctx, v, src, driver, d.LoginHint, kept)
	if err != nil {
		return "", err
	}
	request.Next, request.Expires = next, request.Created.Add(lifetime)
	return to, m.Store.InsertSourceRequest(ctx, request)
}

// leave asks the driver where the browser goes, and makes the request that its return is held to: with a state of its own, for this browser, with what is kept for it.
func (m *Manager) leave(
	ctx context.Context, v *model.Visitor, src *model.Source, driver Driver, hint string, kept map[string]string,
) (to string, request *model.SourceRequest, err error) {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails, see crypto/rand
	state := hex.EncodeToString(raw[:])
	departure, err := driver.Begin(ctx, Begin{CallbackURL: callbackURL(v.Origin, src), State: state, Locale: v.Locale, LoginHint: hint})
	if err != nil {
		return "", nil, detailed(err, src)
	}
	keep := maps.Clone(departure.Keep)
	if keep == nil {
		keep = map[string]string{}
	}
	maps.Copy(keep, kept)
	text, err := json.Marshal(keep)
	if err != nil {
		return "", nil, fmt.Errorf("write what to keep: %w", err)
	}
	hash, now := stateHash(state), m.Now().UTC()
	return departure.URL, &model.SourceRequest{
		StateHash: hash, Browser: v.Browser, Source: src.ID, Locale: v.Locale, Created: now,
		Keep: model.Sealed(m.Box.Seal(string(text), "source_requests/keep/"+hash)),
	}, nil
}

// Return deals with a browser that comes back: the reply says where it goes, or what it is shown. A refusal outside of a flow is the error.
func (m *Manager) Return(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*flow.Reply, error) {
	s := m.Snapshot()
	src, driver, err := m.openFor(ctx, s, slug, query.Get("state"))
	if err != nil {
		return nil, err
	}
	if err := m.Failures.Check(attempt.Source(src.ID), v); err != nil {
		return nil, detailed(err, src)
	}
	request, outcome, err := m.consume(ctx, v, src, query.Get("state"))
	if err != nil {
		return nil, detailed(m.failed(ctx, src, v, err, model.CodeInvalid), src)
	}
	if outcome != "" {
		return &flow.Reply{To: outcome, Ended: true}, nil
	}
	r := &returning{manager: m, snapshot: s, source: src, visitor: v, request: request, trace: m.trace(src, request)}
	run := r.run
	if r.keep, err = m.kept(request); r.keep[keptTrial] != "" {
		run = r.tryOut
	}
	var reply *flow.Reply
	if err == nil {
		reply, err = run(ctx, driver, query)
	}
	if err != nil {
		err = onTheWay(detailed(err, src), r.next())
	}
	r.settle(ctx, reply, err)
	return reply, err
}

// failed counts an error of that code, which whoever has sent it may have made up: a state that is none of theirs, a code that the upstream does not know. What is the upstream's
// fault, or that of the settings, counts against nobody. It gives the error.
func (m *Manager) failed(ctx context.Context, src *model.Source, v *model.Visitor, err error, code model.Code) error {
	if model.CodeOf(err) != code {
		return err
	}
	return cmp.Or(m.Failures.Failed(ctx, attempt.Source(src.ID), v), err)
}

// open finds an enabled source and its driver, opened once per snapshot.
func (m *Manager) open(s *model.Snapshot, slug string) (*model.Source, Driver, error) {
	src := s.SourceBySlug(slug)
	if src == nil || !src.Enabled {
		refusal := model.Refuse(model.CodeNotFound, "source.disabled", "There is no such source, or it is switched off.")
		if src == nil {
			return nil, nil, refusal.With("slug", slug) // not as a source: events are counted by those, and anybody may ask for any name
		}
		refusal.Args = map[string]string{"source": src.Name}
		return nil, nil, refusal.With("source", slug)
	}
	driver, err := m.driver(s, src)
	if err != nil {
		m.Log.Error("source cannot be opened", "source", slug, "err", err)
		return nil, nil, unopened(src, err)
	}
	return src, driver, nil
}

// unopened refuses what a source's settings do not allow.
func unopened(src *model.Source, err error) error {
	refusal := model.Refuse(model.CodeNotFound, "source.disabled", "The source is not configured completely.").
		With("source", src.Slug).With("cause", err.Error()).With("action", model.ActionConfigurationError)
	refusal.Args = map[string]string{"source": src.Name}
	return refusal
}

// driver opens a source's driver, once per snapshot.
func (m *Manager) driver(s *model.Snapshot, src *model.Source) (Driver, error) {
	type opened struct {
		driver Driver
		err    error
	}
	type key struct{ id model.SourceID }
	o := model.Derive(s, key{src.ID}, func() opened {
		d, err := m.Sources.Open(src.Kind, src.Config, m.Box, "sources/config/"+string(src.ID))
		return opened{d, err}
	})
	return o.driver, o.err
}

// callbackURL is where the upstream sends browsers back to.
func callbackURL(origin string, src *model.Source) string {
	return origin + "/source/" + src.Kind + "/callback/" + src.Slug + "/"
}

// detailed notes with a refusal which source it was, for the audit trail and for the page.
func detailed(err error, src *model.Source) error {
	var e *model.Error
	if !errors.As(err, &e) || e.Reason == "" {
		return err
	}
	e = e.With("source", src.Slug).With("source_name", src.Name)
	args := map[string]string{"source": src.Name}
	maps.Copy(args, e.Args)
	e.Args = args
	return e
}

// onTheWay notes with a refusal where the person was going, so that a new attempt leads there.
func onTheWay(err error, next string) error {
	var e *model.Error
	if !errors.As(err, &e) || e.Reason == "" || e.Next != "" {
		return err
	}
	going := *e
	going.Next = next
	return &going
}

func stateHash(state string) string {
	sum := sha256.Sum256([]byte(state))
	return hex.EncodeToString(sum[:])
}

// Button tells how a source is shown on the login page and in "my account". ok is false for one that cannot be opened.
func (m *Manager) Button(s *model.Snapshot, src *model.Source) (b Button, ok bool) {
	if !src.Enabled {
		return Button{}, false
	}
	_, driver, err := m.open(s, src.Slug)
	if err != nil {
		return Button{}, false
	}
	b = Button{URL: "/source/" + src.Kind + "/login/" + src.Slug + "/", IconURL: src.Icon}
	if v, has := driver.(Varied); has {
		b.Type = v.Variety()
	}
	return b, true
}

// Identifiers types an identifier that an administrator gives for a connection by hand.
func (m *Manager) Identifiers(s *model.Snapshot, src *model.Source, value string) []model.Identifier {
	if driver, err := m.driver(s, src); err == nil {
		if d, ok := driver.(Identifying); ok {
			return d.IdentifiersOf(src.ID, value)
		}
	}
	return []model.Identifier{{Kind: model.IdentifierSubject, Namespace: string(src.ID), Value: value}}
}
