package invitation_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/invitation"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

type data = map[string]any

func maker(h *flowtest.House) kind.Kind[stage.Driver] { return invitation.Kind(h.Store) }

func TestCommon(t *testing.T) { stagetest.Common(t, stagetest.Subject{Maker: maker}) }

// invite stores an invitation.
func invite(b *stagetest.Bench, change func(*model.Invitation)) *model.Invitation {
	b.T.Helper()
	i := &model.Invitation{Name: "party" + b.Now().Format("150405.000000000")}
	if change != nil {
		change(i)
	}
	if err := b.Store.InsertInvitation(b.T.Context(), i); err != nil {
		b.T.Fatal(err)
	}
	return i
}

// says is what entering comes to; an invitation that counts has the run end with its use.
func says(o stage.Outcome) string {
	if i, ok := o.(stage.Insert); ok && len(i.Stages) == 0 && len(i.Last) == 1 && i.Last[0] == invitation.Inline {
		return "let in"
	}
	return stagetest.Says(o)
}

func TestWhichInvitationsCount(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	other := b.Flow("other", model.DesignationEnrollment, nil)
	mine := b.Flow("mine", model.DesignationEnrollment, nil)
	at := func(d time.Duration) func(*model.Invitation) {
		return func(i *model.Invitation) { t := b.Now().Add(d); i.Expires = &t }
	}
	good := string(invite(b, nil).ID)
	for _, tt := range []struct{ name, query, token, want string }{
		{"none", "", "", "refuse invitation.missing"},
		{"one in the link", good, "", "let in"},
		{"one that was typed", "", good, "let in"},
		{"the link's goes first", "x", good, "refuse invitation.unknown"},
		{"one in the wrong form", "x", "", "refuse invitation.unknown"},
		{"one that nobody made", "6f1c1f7e-0000-4000-8000-000000000000", "", "refuse invitation.unknown"},
		{"one that is still good", string(invite(b, at(time.Hour)).ID), "", "let in"},
		{"one that has expired", string(invite(b, at(-time.Second)).ID), "", "refuse invitation.expired"},
		{"one for this flow", string(invite(b, func(i *model.Invitation) { i.Flow = &mine.ID }).ID), "", "let in"},
		{"one for another flow", string(invite(b, func(i *model.Invitation) { i.Flow = &other.ID }).ID), "", "refuse invitation.wrong_flow"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for config, want := range map[string]string{``: tt.want, `{"continue_flow_without_invitation": true}`: "done"} {
				b.Reopen(maker, config)
				b.Again()
				b.Visit.Flow = mine
				if tt.query != "" {
					b.Visit.Query.Set("itoken", tt.query)
				}
				if tt.token != "" {
					stage.SlotPromptData.Set(b.Visit.Context, data{"token": tt.token})
				}
				if tt.want == "let in" {
					want = tt.want
				}
				if got := says(b.Enter()); got != want {
					t.Errorf("%s: %s", config, got)
				}
				if in := stage.SlotInvitationInEffect.Value(b.Visit.Context); in != (tt.want == "let in") {
					t.Errorf("in effect: %t", in)
				}
				if len(b.Effects.Writes)+len(b.Effects.Events) > 0 {
					t.Error("looking at it writes something")
				}
			}
		})
	}
}

func TestWhatTheInvitationSaysIsCollected(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	i := invite(b, func(i *model.Invitation) {
		i.FixedData = data{"name": "Guest", "attributes": data{"team": "a", "tags": []any{"x"}}}
	})
	b.Visit.Query.Set("itoken", string(i.ID))
	stage.SlotPromptData.Set(b.Visit.Context, data{"name": "Other", "email": "e", "attributes": data{"level": 1, "team": "b"}})
	for range 2 { // a flow that is begun again with its context comes here once more
		if got := says(b.Enter()); got != "let in" {
			t.Fatal(got)
		}
	}
	want := data{"name": "Guest", "email": "e", "attributes": data{"level": 1, "team": "a", "tags": []any{"x"}}}
	if diff := cmp.Diff(want, stage.SlotPromptData.Value(b.Visit.Context)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if ref := stage.SlotInvitation.Value(b.Visit.Context); ref.ID != i.ID || ref.Name != i.Name {
		t.Errorf("%+v", ref)
	}
}

func TestTheRunUsesItsInvitationOnce(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	end := invitation.Use(b.Store)
	enter := func() error {
		t.Helper()
		if o, err := end.Enter(t.Context(), b.Visit); err != nil || stagetest.Says(o) != "done" {
			t.Fatalf("%v, %v", o, err)
		}
		return b.Commit()
	}
	if err := enter(); err != nil { // a run without an invitation
		t.Fatal(err)
	}
	once := invite(b, func(i *model.Invitation) { i.SingleUse = true })
	stage.SlotInvitation.Set(b.Visit.Context, stage.InvitationRef{ID: once.ID, Name: once.Name, SingleUse: true})
	b.Next()
	if err := enter(); err != nil {
		t.Fatal(err)
	}
	b.Next()
	if err := enter(); err != nil { // used by an earlier stage of the same run
		t.Fatal(err)
	}
	if _, err := b.Store.Invitation(t.Context(), once.ID); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("it is still there: %v", err)
	}
	if events := b.Events(model.ActionInvitationUsed); len(events) != 1 {
		t.Errorf("%d events", len(events))
	}
	b.Again()
	stage.SlotInvitation.Set(b.Visit.Context, stage.InvitationRef{ID: once.ID, Name: once.Name, SingleUse: true})
	if e, ok := enter().(*model.Error); !ok || e.Reason != "invitation.used" { //nolint:errorlint // comes bare
		t.Errorf("another run: %v", e)
	}
	if keeps := end.(stage.Closer).Keeps(); len(keeps) != 2 {
		t.Errorf("%v", keeps)
	}
}
