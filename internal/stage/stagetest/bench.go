package stagetest

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
)

// Maker makes the kind under test from what the house has.
type Maker func(*flowtest.House) kind.Kind[stage.Driver]

// Bench is one stage before a visitor.
type Bench struct {
	*flowtest.House
	Driver  stage.Driver
	Visit   *stage.Visit
	Effects *stage.Effects
	Browser *flowtest.Browser
}

// Open opens a stage of the kind from settings in JSON; "" is the defaults.
func Open(t testing.TB, maker Maker, config string) *Bench {
	t.Helper()
	b := &Bench{House: flowtest.Open(t, nil)}
	b.Reopen(maker, config)
	b.Again()
	return b
}

// Reopen opens another stage in the same house.
func (b *Bench) Reopen(maker Maker, config string) {
	b.T.Helper()
	k := maker(b.House)
	var err error
	if b.Driver, err = kind.NewShelf(k).Open(k.Name, model.Config(config), b.Box, "p"); err != nil {
		b.T.Fatal(err)
	}
}

// Again begins a new visit of a new browser, in an empty context.
func (b *Bench) Again() *Bench {
	b.Browser = b.House.Browser()
	b.visit(model.NewPlanContext())
	return b
}

// Next begins the next request of the same run, for whoever is signed in at the browser now.
func (b *Bench) Next() { b.visit(b.Visit.Context) }

func (b *Bench) visit(c *model.PlanContext) {
	b.Effects = &stage.Effects{}
	b.Visit = stage.NewVisit(b.Browser.Visitor(), b.Effects)
	b.Visit.Snapshot, b.Visit.Context, b.Visit.Query = b.Store.Snapshot(), c, url.Values{}
	b.Visit.Flow = &model.Flow{ID: "f", Slug: "f", Designation: model.DesignationAuthentication}
	b.Visit.Stage = &model.Stage{ID: "s", Name: "the stage"}
	b.Visit.Binding = &model.FlowStageBinding{ID: "b", Flow: "f", Stage: "s"}
}

// Enter enters the stage.
func (b *Bench) Enter() stage.Outcome {
	b.T.Helper()
	o, err := b.Driver.Enter(context.Background(), b.Visit)
	if err != nil {
		b.T.Fatalf("enter: %v", err)
	}
	return o
}

// Submit answers with pairs of names and values.
func (b *Bench) Submit(pairs ...any) stage.Outcome {
	b.T.Helper()
	a := stage.Answer{}
	for i := 0; i+1 < len(pairs); i += 2 {
		raw, err := json.Marshal(pairs[i+1])
		if err != nil {
			b.T.Fatal(err)
		}
		a[pairs[i].(string)] = raw
	}
	o, err := b.Driver.Submit(context.Background(), b.Visit, a)
	if err != nil {
		b.T.Fatalf("submit: %v", err)
	}
	return o
}

// Commit does what the visit wants written, as the executor does, and keeps the browser's cookie.
func (b *Bench) Commit() error {
	b.T.Helper()
	err := b.Store.InTx(context.Background(), func(ctx context.Context) error {
		for _, write := range b.Effects.Writes {
			if err := write(ctx); err != nil {
				return err
			}
		}
		for _, ev := range b.Effects.Events {
			event.Complete(ev, b.Now())
		}
		return b.Store.InsertEvents(ctx, b.Effects.Events...)
	})
	if err == nil && b.Effects.Session != nil {
		b.Browser.Token = b.Effects.SessionToken.Reveal()
	}
	if err == nil && b.Effects.SignOut {
		b.Browser.Token = ""
	}
	return err
}

// Pending makes a user the plan's.
func (b *Bench) Pending(u *model.User) *Bench {
	stage.SlotPendingUser.Set(b.Visit.Context, u)
	return b
}

// Authenticated says that the plan's user has proved who they are.
func (b *Bench) Authenticated(u *model.User) *Bench {
	stage.SlotUserBackend.Set(b.Visit.Context, "authentik.core.auth.InbuiltBackend")
	return b.Pending(u)
}

// Reason is the reason of a refusal, "" for any other outcome.
func Reason(o stage.Outcome) string {
	if r, ok := o.(stage.Refuse); ok {
		return r.Err.Reason
	}
	return ""
}

// Says is what an outcome is: "done", "ask <component>", "refuse <reason>", "leave <url>", "switch <slug>", and after "!" the fields with errors.
func Says(o stage.Outcome) string {
	switch o := o.(type) {
	case stage.Done:
		return "done"
	case stage.Ask:
		text := "ask " + stage.BaseOf(o.Challenge).Component
		for field, errs := range o.Errors {
			text += " !" + field + " " + errs[0].String
		}
		return text
	case stage.Refuse:
		return "refuse " + o.Err.Reason
	case stage.Leave:
		return "leave " + o.URL
	case stage.Switch:
		return "switch " + o.Flow.Slug
	}
	return "nothing"
}

// Rows tells what people's data holds, so that a test sees whether anything was written.
func (b *Bench) Rows() string {
	b.T.Helper()
	ctx := context.Background()
	var parts []any
	for name, u := range b.Users() {
		sessions, err := b.Store.ListSessions(ctx, u.ID)
		if err != nil {
			b.T.Fatal(err)
		}
		consents, err := b.Store.ListConsents(ctx, u.ID)
		if err != nil {
			b.T.Fatal(err)
		}
		parts = append(parts, map[string]any{name: u, "hash": u.PasswordHash, "sessions": len(sessions), "consents": consents})
	}
	_, groups, err := b.Store.ListGroups(ctx, store.List{})
	if err != nil {
		b.T.Fatal(err)
	}
	text, err := json.Marshal([]any{len(parts), groups, len(b.Events("")), sorted(parts)})
	if err != nil {
		b.T.Fatal(err)
	}
	return string(text)
}
